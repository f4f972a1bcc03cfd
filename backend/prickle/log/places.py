"""Finds places in many logs at once: how many records there are up to them, which is what counts of messages are made of."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from prickle.contract.documents import Documents, and_, asc, desc, or_
from prickle.contract.log import Place
from prickle.contract.types import RoomId, Seq
from prickle.log.models import LogEntry
from prickle.log.reader import LogReader

PER_QUERY = 100
MAX_ROWS = 1000
REMEMBERED_ENDS = 20_000

T = TypeVar("T")


class LogPlaces:
    """Asks once per hundred rooms. The first time that a replica meets a room it asks for that room's end alone."""

    def __init__(self, documents: Documents, reader: LogReader) -> None:
        self._documents = documents
        self._reader = reader
        self._ends: dict[RoomId, Place] = {}
        """Ends that were right once: from there on is read."""

    async def at(self, wanted: Collection[tuple[RoomId, Seq]]) -> dict[tuple[RoomId, Seq], Place]:
        """Return the place of each entry of `wanted` that there is."""
        found = {}
        for some in _chunks(sorted(wanted)):
            which = [and_(LogEntry.room == room, LogEntry.seq == seq) for room, seq in some]
            for row in await self._documents.find(LogEntry, _any(which)):
                found[RoomId(row.room), Seq(row.seq)] = _place(row)
        return found

    async def ends(self, rooms: Collection[RoomId]) -> dict[RoomId, Place]:
        """Return the end of each log."""
        if len(self._ends) > REMEMBERED_ENDS:
            self._ends.clear()
        unknown = [room for room in rooms if room not in self._ends]
        lasts = await asyncio.gather(*(self._reader.last(room) for room in unknown))
        ends = {room: _place(last) if last else Place(Seq(0), 0) for room, last in zip(unknown, lasts, strict=True)}
        for some in _chunks([room for room in rooms if room not in ends]):
            ends.update({room: self._ends.get(room, Place(Seq(0), 0)) for room in some})
            await self._move_up(ends, some)
        self._ends.update(ends)
        return ends

    def forget(self, room: RoomId) -> None:
        """The log of `room` was erased."""
        self._ends.pop(room, None)

    async def _move_up(self, ends: dict[RoomId, Place], rooms: Sequence[RoomId]) -> None:
        order = [asc(LogEntry.room), desc(LogEntry.seq)]
        while True:
            newer = [and_(LogEntry.room == room, LogEntry.seq > ends[room].seq) for room in rooms]
            rows = await self._documents.find(LogEntry, _any(newer), sort=order, limit=MAX_ROWS)
            for row in reversed(rows):
                ends[RoomId(row.room)] = _place(row)
            if len(rows) < MAX_ROWS:  # else at least one more room has come to its end
                return


def _place(row: LogEntry) -> Place:
    return Place(Seq(row.seq), row.records, row.created_at)


def _any(conditions: Sequence[Any]) -> Any:
    return or_(*conditions) if len(conditions) > 1 else conditions[0]


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    items = list(items)
    return (items[start : start + PER_QUERY] for start in range(0, len(items), PER_QUERY))
