"""How a plugin sees sockets: declared commands and notices, audiences, connections. Nothing here knows the transport."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from prickle.contract.payload import Payload
from prickle.contract.ports import Identity
from prickle.contract.types import RoomId, SessionId, UserId

P = TypeVar("P", bound=Payload)


class Delivery(StrEnum):
    """What the gateway may do with a notice when the link or a socket is short of room."""

    DURABLE = "durable"
    """An entry of the room's log: never dropped, in order, healed by `seq`. Sent through `Log`, never by hand."""
    STATE = "state"
    """Only the latest value per key counts: coalesced, never replayed."""
    EPHEMERAL = "ephemeral"
    """May be dropped, or ride with the next frame."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `burst` at once, `per_s` on average, per guest; where nobody has signed in, per address."""

    per_s: float
    burst: int


@dataclass(frozen=True, slots=True)
class Notice(Generic[P]):
    """Server to client: `<plugin>.<past participle>`."""

    name: str
    payload: type[P]
    delivery: Delivery
    summary: str = ""


class Connection(Protocol):
    """One connected socket."""

    @property
    def id(self) -> str:
        """Unique among all replicas while the socket lives."""

    @property
    def identity(self) -> Identity:
        """Who it is; dispatch has checked that the token still holds."""

    def renew(self, identity: Identity) -> None:
        """Go on under a renewed token of the same guest and session.

        Raises:
            Forbidden: `core.other_identity`: the identity is another one; the socket keeps the one it has.
        """


COMMAND_RATE = Rate(per_s=10, burst=30)

CommandHandler = Callable[[Connection, Any], Awaitable[Payload | None]]


@dataclass(frozen=True, slots=True)
class Command(Generic[P]):
    """Client to server, `<plugin>.<imperative>`, always acked.

    `handler(connection, payload)` returns the ack's data (`None` is `{}`) or raises a `ChatError`. With
    `member_of="room"` dispatch has checked that the caller is a member of the room which that field names. Commands of
    one connection run one after the other, in the order in which they were sent.
    """

    name: str
    payload: type[P]
    handler: CommandHandler
    result: type[Payload] | None = None
    member_of: str | None = None
    rate: Rate = COMMAND_RATE
    max_bytes: int = 64 * 1024
    time_limit_s: float = 10.0
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets a notice: the sockets that have a room open, or all sockets of one guest."""

    room: RoomId | None = None
    user: UserId | None = None
    without: str | None = field(default=None)
    """A connection id that is left out where that costs nothing: the one who caused it. It may get the notice all the same,
    since nobody can miss a frame of a stream that a room shares; a client knows its own doing."""


class Gateway(Protocol):
    """Sends `state` and `ephemeral` notices, and ends what a socket may no longer see. On all replicas."""

    def send(self, notice: Notice[P], audience: Audience, payload: P, *, key: str = "") -> None:
        """Send to every socket in `audience`; returns at once. `key` tells state values apart (the latest per key counts).

        Raises:
            ValueError: a durable notice; those go through `Log`.
        """

    def shut_room(self, room: RoomId, user: UserId) -> None:
        """Close the room on every socket that `user` has: after this returns, none here gets its notices."""

    def disconnect(self, *, user: UserId | None = None, session: SessionId | None = None, reason: str) -> None:
        """End all sockets of a guest or of one session."""

    def spare_bytes_per_s(self) -> float | None:
        """Return what all bulk transfers of this replica may use together just now; `None` while the link has room."""

    def close_room(self, connection: Connection, room: RoomId) -> None:
        """End the notices of `room` on this socket; a room that is not open is fine."""
