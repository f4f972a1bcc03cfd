"""What the core asks of a plugin, and the small things it lends to all of them."""

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


class Clock(Protocol):
    """The time, so that tests can turn it."""

    def now(self) -> datetime:
        """Return the aware UTC time."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""
