"""The guests who are connected to this replica: what their sockets say, and which rooms they belong to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from plugins.presence.backend.models import Shown, together
from prickle.contract.types import RoomId, UserId


@dataclass(slots=True)
class Guest:
    """A guest with a socket here, or who had one a moment ago."""

    sockets: dict[str, Shown] = field(default_factory=dict)
    rooms: set[RoomId] | None = None
    """`None` until they have been loaded."""
    shown: str | None = None
    """What was last shown of the guest, kept while the last socket is gone and may come back."""


class Connected:
    """One state per guest over all sockets of this replica. Whoever has gone stays as they were until `forget_gone`."""

    def __init__(self) -> None:
        self._guests: dict[UserId, Guest] = {}
        self._leaving: dict[UserId, float] = {}
        """Those without a socket, who went first stands first."""
        self.in_room: Counter[RoomId] = Counter()
        """How many of these guests belong to each room."""

    def __contains__(self, user: UserId) -> bool:
        return user in self._guests

    @property
    def users(self) -> list[UserId]:
        return list(self._guests)

    @property
    def is_anybody_leaving(self) -> bool:
        return bool(self._leaving)

    def shown(self, user: UserId) -> str | None:
        """Return what this replica's sockets say of the guest; `None` if none does."""
        guest = self._guests.get(user)
        return guest.shown if guest else None

    def rooms_of(self, user: UserId) -> set[RoomId] | None:
        """Return the guest's rooms; `None` if they are not known here."""
        guest = self._guests.get(user)
        return guest.rooms if guest else None

    def socket_opened(self, user: UserId, connection: str) -> None:
        self._leaving.pop(user, None)
        _say(self._guests.setdefault(user, Guest()), connection, "online")

    def socket_says(self, user: UserId, connection: str, state: Shown) -> None:
        guest = self._guests.get(user)
        if guest and connection in guest.sockets:  # it may have gone before its word was heard
            _say(guest, connection, state)

    def socket_closed(self, user: UserId, connection: str, now: float) -> None:
        guest = self._guests[user]
        del guest.sockets[connection]
        if guest.sockets:
            guest.shown = together(guest.sockets.values())
        else:
            self._leaving[user] = now

    def enter(self, rooms: Mapping[UserId, set[RoomId]]) -> set[RoomId]:
        """Note memberships of connected guests; returns the rooms where somebody is new."""
        changed = set()
        for user, entered in rooms.items():
            if guest := self._guests.get(user):
                known = guest.rooms or set()
                new = entered - known
                guest.rooms = known | new
                self.in_room.update(new)
                changed |= new
        return changed

    def leave(self, room: RoomId, user: UserId) -> bool:
        guest = self._guests.get(user)
        if guest is None or guest.rooms is None or room not in guest.rooms:
            return False
        guest.rooms.remove(room)
        self._count_down({room})
        return True

    def forget_gone(self, before: float) -> dict[UserId, set[RoomId] | None]:
        """Forget those whose last socket went before that moment; returns them with their rooms, where these are known."""
        forgotten = {}
        while self._leaving and (oldest := next(iter(self._leaving.items())))[1] <= before:
            user = oldest[0]
            del self._leaving[user]
            rooms = forgotten[user] = self._guests.pop(user).rooms
            self._count_down(rooms or set())
        return forgotten

    def _count_down(self, rooms: set[RoomId]) -> None:
        self.in_room.subtract(rooms)
        for room in rooms:
            if not self.in_room[room]:
                del self.in_room[room]


def _say(guest: Guest, connection: str, state: Shown) -> None:
    guest.sockets[connection] = state
    guest.shown = together(guest.sockets.values())
