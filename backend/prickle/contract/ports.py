"""What the core asks of a plugin, and the small things it lends to all of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from prickle.contract.types import RoomId, SessionId, UserId


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token speaks for, and until when."""

    user: UserId
    session: SessionId
    expires_at: datetime


class Authenticator(Protocol):
    """Turns a token into an identity; the core asks at every request and every socket connect."""

    async def authenticate(self, token: str) -> Identity:
        """Return the identity behind `token`.

        Raises:
            Unauthenticated: malformed, forged, expired, revoked, or its guest is gone.
        """


class Membership(Protocol):
    """Tells who belongs to a room; `dispatch` and the HTTP edge ask before a handler that names a room runs."""

    async def require_member(self, user: UserId, room: RoomId) -> None:
        """Return if `user` is a member of `room` now.

        Raises:
            NotFound: `rooms.room_not_found`: no such room, or not a member (the two are not distinguished).
        """


class Leases(Protocol):
    """What this replica holds for as long as it lives: short texts by key, which all replicas can read.

    What a replica held is gone when it stops, and 20 s after it crashed at the latest. Keys belong to one plugin.
    """

    async def hold(self, values: Mapping[str, str]) -> None:
        """Hold these texts; each replaces what this replica held under its key. While the store is away nothing is lost: it
        has them when it is back."""

    async def drop(self, keys: Collection[str]) -> None:
        """Hold nothing under these keys; unknown ones are fine."""

    async def held(self, keys: Collection[str]) -> Mapping[str, Collection[str]]:
        """Return what the living replicas, this one among them, hold under those of `keys` where there is something.

        Raises:
            Unavailable: the store is away.
        """

    def on_loss(self, callback: Callable[[Collection[str]], None]) -> None:
        """Call `callback` with the keys of a replica that has died; one of those that live on is told, once."""


class Clock(Protocol):
    """The time, so that tests can turn it."""

    def now(self) -> datetime:
        """Return the aware UTC time."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""
