"""Who is writing where, in memory alone: it is worth nothing after six seconds."""

from collections import Counter, OrderedDict

from plugins.typing.backend.notices import UPDATED
from plugins.typing.backend.payloads import MAX_NAMES, TypingUpdated
from prickle.contract.events import RoomClosed, RoomOpened
from prickle.contract.gateway import Audience, Connection, Gateway
from prickle.contract.log import Entry
from prickle.contract.ports import Clock
from prickle.contract.types import RoomId, UserId

FORGOTTEN_AFTER_S = 6.0
"""A second more than a receiver's 5 s: whoever is listed here is shown there, or has gone by itself."""
REPEATED_AFTER_S = 2.5
"""Clients repeat `typing.start` every 3 s; half a second is left for a late one before, so that nobody flickers."""


class Typists:
    """The guests of this replica who are writing. Nothing here waits, reads a store or keeps a timer."""

    def __init__(self, gateway: Gateway, clock: Clock, max_open_sockets: int) -> None:
        self._gateway = gateway
        self._clock = clock
        self._max_open_sockets = max_open_sockets
        self._open_sockets: Counter[RoomId] = Counter()
        self._until: OrderedDict[tuple[RoomId, UserId], float] = OrderedDict()
        """The next one to be forgotten stands first."""
        self._rooms: dict[RoomId, dict[UserId, float]] = {}
        """Who is writing, longest first, and when the room was last told so."""

    def start(self, connection: Connection, room: RoomId) -> None:
        """Note that the guest is writing; the others are told when they do not know, or would soon forget."""
        if self._open_sockets[room] > self._max_open_sockets:
            return
        now, user = self._clock.monotonic(), connection.identity.user
        self._forget_expired(now)
        self._until[room, user] = now + FORGOTTEN_AFTER_S
        self._until.move_to_end((room, user))
        told_at = self._rooms.setdefault(room, {}).setdefault(user, float("-inf"))
        if now - told_at >= REPEATED_AFTER_S and user in self._shown(room):
            self._tell(connection, room, now)

    def stop(self, connection: Connection, room: RoomId) -> None:
        """Note that the guest writes no more; whoever is not taken for writing costs nothing."""
        now = self._clock.monotonic()
        self._forget_expired(now)
        was_shown = connection.identity.user in self._shown(room)
        self._forget(room, connection.identity.user)
        if was_shown:
            self._tell(connection, room, now)

    def message_created(self, entry: Entry) -> None:
        """A message ends its author's typing; receivers know that without being told."""
        self._forget(entry.room, UserId(entry.fields["author"]))

    def member_left(self, entry: Entry) -> None:
        """Somebody who is no longer in the room is not named in it either."""
        self._forget(entry.room, UserId(entry.fields["user"]))

    async def room_opened(self, event: RoomOpened) -> None:
        self._open_sockets[event.room] += 1

    async def room_closed(self, event: RoomClosed) -> None:
        self._open_sockets[event.room] -= 1
        if not self._open_sockets[event.room]:
            del self._open_sockets[event.room]

    def _shown(self, room: RoomId) -> list[UserId]:
        return list(self._rooms.get(room, ()))[:MAX_NAMES]

    def _tell(self, connection: Connection, room: RoomId, now: float) -> None:
        users = self._shown(room)
        self._rooms.get(room, {}).update(dict.fromkeys(users, now))  # one notice refreshes all whom it names
        audience = Audience(room=room, without=connection.id)
        self._gateway.send(UPDATED, audience, TypingUpdated(room=room, users=[*users]), key=room)

    def _forget_expired(self, now: float) -> None:
        while self._until and (oldest := next(iter(self._until.items())))[1] <= now:
            self._forget(*oldest[0])

    def _forget(self, room: RoomId, user: UserId) -> None:
        if self._until.pop((room, user), None) is None:
            return
        del self._rooms[room][user]
        if not self._rooms[room]:
            del self._rooms[room]
