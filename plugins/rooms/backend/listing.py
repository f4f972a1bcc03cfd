"""Lists and searches rooms.

Stores offer no search for part of a name, so a search reads the names themselves: of public rooms the youngest
`search_scan`, then it answers with a cursor from which the next request goes on. A page may thus be short, or empty,
and still have one after it; no room is left out.
"""

from dataclasses import dataclass

from plugins.rooms.backend.models import Room, folded
from plugins.rooms.backend.settings import RoomSettings
from plugins.rooms.backend.store import MemberStore, RoomStore
from plugins.rooms.backend.views import RoomViews
from prickle.contract.types import UserId

ROOMS_PER_READ = 200


@dataclass(frozen=True, slots=True)
class RoomPage:
    """Rooms, the youngest first; `cursor` goes on behind them and is `None` at the end."""

    rooms: list[Room]
    cursor: str | None


class RoomListing:
    """Pages of rooms whose name contains `q`, in any case."""

    def __init__(self, rooms: RoomStore, members: MemberStore, views: RoomViews, settings: RoomSettings) -> None:
        self._rooms = rooms
        self._members = members
        self._views = views
        self._search_scan = settings.search_scan

    async def mine(self, user: UserId, q: str, *, cursor: str | None, limit: int) -> RoomPage:
        """Return rooms that `user` is a member of; there are few enough to be read at once."""
        rooms = await self._rooms.several(await self._members.rooms_of(user))
        if cursor is not None:
            rooms = [room for room in rooms if room.id < cursor]
        if q:
            titles = await self._views.titles(rooms, user)
            rooms = [room for room, title in zip(rooms, titles, strict=True) if folded(q) in folded(title)]
        return _cut(rooms, limit)

    async def public(self, q: str, *, cursor: str | None, limit: int) -> RoomPage:
        """Return public rooms."""
        found: list[Room] = []
        per_read = ROOMS_PER_READ if q else limit + 1
        for _ in range(0, self._search_scan, per_read):
            rooms = await self._rooms.public(cursor, per_read)
            found += [room for room in rooms if folded(q) in room.folded_name]
            if len(found) > limit or len(rooms) < per_read:
                return _cut(found, limit)
            cursor = rooms[-1].id
        return RoomPage(found, cursor)


def _cut(rooms: list[Room], limit: int) -> RoomPage:
    return RoomPage(rooms[:limit], rooms[limit - 1].id if len(rooms) > limit else None)
