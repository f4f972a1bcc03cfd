"""Shows rooms to a guest: with the log's end, and a direct room under the other one's name."""

import asyncio
from collections.abc import Sequence

from plugins.auth.api import GuestDirectory
from plugins.rooms.backend.models import Room
from plugins.rooms.backend.online import OnlineNumbers
from plugins.rooms.backend.payloads import OpenRoomView, RoomView
from prickle.contract.log import Log
from prickle.contract.types import Seq, UserId

GONE = "?"
"""The name of a direct room whose other guest is gone; clients have their own words for it."""


class RoomViews:
    """Makes `RoomView`s."""

    def __init__(self, guests: GuestDirectory, log: Log, online: OnlineNumbers) -> None:
        self._guests = guests
        self._log = log
        self._online = online

    async def one(self, room: Room, viewer: UserId, *, last_seq: Seq | None = None) -> RoomView:
        """Return `room` as `viewer` sees it; the log is asked for its end unless the caller knows `last_seq`."""
        [title] = await self.titles([room], viewer)
        end = await self._log.last_seq(room.room) if last_seq is None else last_seq
        return _view(room, title, _other(room, viewer), end, None)

    async def several(self, rooms: Sequence[Room], viewer: UserId) -> list[RoomView]:
        """Return `rooms` in their order as `viewer` sees them."""
        titles = await self.titles(rooms, viewer)
        ends = await asyncio.gather(*(self._log.last_seq(room.room) for room in rooms))
        online = await self._online.of([room.room for room in rooms])
        return [
            _view(room, title, _other(room, viewer), last_seq, online.get(room.room))
            for room, title, last_seq in zip(rooms, titles, ends, strict=True)
        ]

    async def open(self, rooms: Sequence[Room]) -> list[OpenRoomView]:
        """Return public `rooms` in their order as strangers see them."""
        online = await self._online.of([room.room for room in rooms])
        return [
            OpenRoomView(
                id=room.id,
                name=room.name,
                icon=room.icon,
                member_count=room.member_count,
                online=online.get(room.room),
            )
            for room in rooms
        ]

    async def titles(self, rooms: Sequence[Room], viewer: UserId) -> list[str]:
        """Return under which name `viewer` sees each of `rooms`."""
        others = [_other(room, viewer) for room in rooms]
        names = await self._guests.names({other for other in others if other})
        return [names.get(other, GONE) if other else room.name for room, other in zip(rooms, others, strict=True)]


def _other(room: Room, viewer: UserId) -> UserId | None:
    """Return the other guest of a direct room."""
    if room.pair is None:
        return None
    return room.pair[1] if room.pair[0] == viewer else room.pair[0]


def _view(room: Room, title: str, direct: UserId | None, last_seq: Seq, online: int | None) -> RoomView:
    return RoomView(
        id=room.id,
        name=title,
        visibility=room.visibility,
        icon=room.icon,
        created_by=room.created_by,
        created_at=room.created_at,
        member_count=room.member_count,
        last_seq=last_seq,
        direct=direct,
        online=online,
    )
