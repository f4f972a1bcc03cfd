"""One connected socket as plugins see it."""

from collections import deque
from typing import TYPE_CHECKING

from prickle.contract.errors import Forbidden
from prickle.contract.gateway import Delivery, Notice
from prickle.contract.payload import Payload
from prickle.contract.ports import Clock, Identity

if TYPE_CHECKING:
    import asyncio

    from prickle.contract.types import RoomId
    from prickle.gateway.server import Socket


EXPIRED = "core.token_expired"


class Closed(Payload):
    """Why the server ends this socket for good, such as `core.token_expired` or `auth.logged_out`."""

    reason: str


CLOSED = Notice("core.closed", Closed, Delivery.STATE, "The last word before the server ends the connection for good.")


class SocketConnection:
    """A socket with who it is, what waits to be done for it, and which rooms it has open."""

    __slots__ = ("_clock", "_expires", "_identity", "busy", "ended", "gone", "rooms", "socket", "told", "waiting")

    def __init__(self, socket: "Socket", identity: Identity, clock: Clock) -> None:
        self.socket = socket
        self.rooms: set[RoomId] = set()
        self.waiting: deque[tuple[str, int | None]] = deque()
        self.busy = False
        self.gone = False
        self.ended = False
        """We have ended it: what it has sent is not done any more."""
        self.told: asyncio.Task[None] | None = None
        """The last event that was published about it."""
        self._clock = clock
        self._identity = identity
        self._expires = 0.0
        self._note_expiry()

    @property
    def id(self) -> str:
        return self.socket.id

    @property
    def identity(self) -> Identity:
        return self._identity

    def renew(self, identity: Identity) -> None:
        if (identity.user, identity.session) != (self._identity.user, self._identity.session):
            raise Forbidden("core.other_identity", "This token belongs to somebody else.")
        self._identity = identity
        self._note_expiry()

    def end(self, reason: str) -> None:
        """Close for good; what has been acked leaves first, then `core.closed` tells the client why."""
        self.ended = True
        self.socket.close(reason, hint=Closed(reason=reason).model_dump_json().encode())

    def expired(self, leeway_s: float) -> bool:
        return self._clock.monotonic() > self._expires + leeway_s

    def _note_expiry(self) -> None:
        # On the monotonic clock: the check runs at every command, and a clock that is set back gives nobody more time.
        left_s = (self._identity.expires_at - self._clock.now()).total_seconds()
        self._expires = self._clock.monotonic() + left_s
