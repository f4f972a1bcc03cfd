"""The guests who are connected to this replica, and who of a room's members has a socket that does not have it open."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from prickle.contract.log import Place
from prickle.contract.types import RoomId, Seq, UserId


@dataclass(slots=True)
class Guest:
    """A connected guest."""

    sockets: dict[str, set[RoomId]] = field(default_factory=dict)
    """Which rooms each socket has open."""
    rooms: dict[RoomId, Seq] = field(default_factory=dict)
    """The guest's rooms, with the entry by which they became a member."""


@dataclass(slots=True)
class Room:
    """A room with connected members."""

    members: set[UserId] = field(default_factory=set)
    elsewhere: set[UserId] = field(default_factory=set)
    """Those with a socket that does not have the room open."""
    end: Place | None = None
    """The last message; `None` until it has been read."""
    early: list[tuple[Seq, datetime]] = field(default_factory=list)
    """Messages that were heard before that."""
    unfollow: Callable[[], None] | None = None


class Connected:
    """Kept up to date by what happens to sockets and memberships; holds nothing that the store does not know better."""

    def __init__(self) -> None:
        self._guests: dict[UserId, Guest] = {}
        self._rooms: dict[RoomId, Room] = {}

    def room(self, room: RoomId) -> Room | None:
        return self._rooms.get(room)

    def sockets_of(self, user: UserId) -> int:
        guest = self._guests.get(user)
        return len(guest.sockets) if guest else 0

    def since(self, room: RoomId, user: UserId) -> Seq | None:
        """Return the entry by which a connected member became one."""
        guest = self._guests.get(user)
        return guest.rooms.get(room) if guest else None

    def socket_opened(self, user: UserId, connection: str) -> None:
        guest = self._guests.setdefault(user, Guest())
        guest.sockets[connection] = set()
        for room in guest.rooms:
            self._rooms[room].elsewhere.add(user)

    def socket_closed(self, user: UserId, connection: str) -> None:
        guest = self._guests[user]
        del guest.sockets[connection]
        for room in tuple(guest.rooms):
            self._look(room, user)
            if not guest.sockets:
                self.leave(room, user)
        if not guest.sockets:
            del self._guests[user]

    def room_opened(self, user: UserId, connection: str, room: RoomId) -> None:
        for opened in self._opened_by(user, connection):
            opened.add(room)
        self._look(room, user)

    def room_closed(self, user: UserId, connection: str, room: RoomId) -> None:
        for opened in self._opened_by(user, connection):
            opened.discard(room)
        self._look(room, user)

    def enter(self, room: RoomId, user: UserId, since: Seq) -> bool:
        """Note a membership of a connected guest; true if it is the first one here of that room."""
        guest = self._guests.get(user)
        if guest is None:
            return False
        is_first = room not in self._rooms
        found = self._rooms.setdefault(room, Room())
        found.members.add(user)
        guest.rooms[room] = since
        self._look(room, user)
        return is_first

    def leave(self, room: RoomId, user: UserId) -> None:
        """Forget a membership; a room without connected members is followed no longer."""
        if guest := self._guests.get(user):
            guest.rooms.pop(room, None)
        found = self._rooms.get(room)
        if found is None:
            return
        found.members.discard(user)
        found.elsewhere.discard(user)
        if not found.members:
            del self._rooms[room]
            if found.unfollow is not None:
                found.unfollow()

    def _opened_by(self, user: UserId, connection: str) -> Iterator[set[RoomId]]:
        guest = self._guests.get(user)
        if guest and connection in guest.sockets:
            yield guest.sockets[connection]

    def _look(self, room: RoomId, user: UserId) -> None:
        guest, found = self._guests.get(user), self._rooms.get(room)
        if guest is None or found is None or room not in guest.rooms:
            return
        if all(room in opened for opened in guest.sockets.values()):
            found.elsewhere.discard(user)
        else:
            found.elsewhere.add(user)
