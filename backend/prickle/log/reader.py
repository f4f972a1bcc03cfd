"""Reads a room's log: the tail, one record, a page, and what a client missed, each with unsettled revisions laid over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from prickle.contract.documents import Documents, asc, desc, in_
from prickle.contract.errors import NotFound
from prickle.contract.log import Catchup, Page, Record, Window
from prickle.contract.types import RoomId, Seq, UserId
from prickle.log.models import IS_PENDING, LogEntry, notice_fields, record_of

MAX_CATCHUP = 500
"""Further behind than this, loading the newest page again costs fewer bytes than the entries."""


class LogReader:
    """All reads of the log. None of them takes a lock: the order of the reads is what keeps them right."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def last_seq(self, room: RoomId) -> Seq:
        last = await self.last(room)
        return Seq(last.seq if last else 0)

    async def last(self, room: RoomId) -> LogEntry | None:
        return await self._documents.find_one(LogEntry, LogEntry.room == room, sort=[desc(LogEntry.seq)])

    async def get(self, room: RoomId, seq: Seq) -> Record:
        records = await self._current(room, [seq])
        if not records:
            raise NotFound("log.no_record", "There is no such message in this room.")
        return records[seq]

    async def find(self, room: RoomId, author: UserId, once: str) -> Record | None:
        where = (LogEntry.room == room, LogEntry.once == f"{author}:{once}", LogEntry.kind == "record")
        row = await self._documents.find_one(LogEntry, *where)
        return await self.get(room, Seq(row.seq)) if row else None

    async def page(self, room: RoomId, window: Window) -> Page:
        # The tail first: what is written after this read may be missing from the page, as `last_seq` says.
        last_seq = await self.last_seq(room)
        newer_states = await self._unsettled(room)
        rows = await self._window(room, window)
        before = Seq(rows[-1].seq) if rows and await self._older(room, Seq(rows[-1].seq), 1) else None
        return Page([_current_record(row, newer_states) for row in rows], before, last_seq)

    async def entries(self, room: RoomId, after: Seq, limit: int = MAX_CATCHUP) -> Catchup:
        rows = await self.rows(room, after, limit + 1)
        if len(rows) > limit:
            return Catchup([], await self.last_seq(room), reload=True)
        if not rows and after > (last_seq := await self.last_seq(room)):
            return Catchup([], last_seq, reload=True)  # the client knows more than the store: data was put back
        return Catchup(await self.payloads(rows), Seq(rows[-1].seq if rows else after))

    async def rows(self, room: RoomId, after: Seq, limit: int) -> list[LogEntry]:
        return await self._documents.find(
            LogEntry, LogEntry.room == room, LogEntry.seq > after, sort=[asc(LogEntry.seq)], limit=limit
        )

    async def payloads(self, rows: Sequence[LogEntry]) -> list[tuple[str, Mapping[str, Any]]]:
        """Return rows of one room as `(event, payload)`."""
        wanted = {row.target for row in rows if row.target is not None and row.body["fields"] is None}
        current = await self._current(RoomId(rows[0].room), wanted) if wanted else {}
        return [(row.event, notice_fields(row, current.get(row.target or 0))) for row in rows]

    async def _current(self, room: RoomId, seqs: Iterable[int]) -> dict[int, Record]:
        newer_states = await self._unsettled(room)
        rows = await self._documents.find(
            LogEntry, LogEntry.room == room, LogEntry.kind == "record", in_(LogEntry.seq, sorted(seqs))
        )
        return {row.seq: _current_record(row, newer_states) for row in rows}

    async def _unsettled(self, room: RoomId) -> dict[int, LogEntry]:
        """Return the newest unsettled revision per record. Read before the records: one that is settled in between is in both."""
        pending = await self._documents.find(LogEntry, IS_PENDING, LogEntry.room == room, sort=[asc(LogEntry.seq)])
        return {entry.target: entry for entry in pending if entry.target is not None}

    async def _window(self, room: RoomId, window: Window) -> list[LogEntry]:
        """Return rows newest first."""
        if window.side == "newest":
            return await self._older(room, None, window.limit)
        if window.side == "before":
            return await self._older(room, window.seq, window.limit)
        newer = await self._newer(room, window.seq, window.limit if window.side == "after" else window.limit // 2)
        if window.side == "after":
            return newer
        return newer + await self._older(room, Seq(window.seq + 1), window.limit - len(newer))

    async def _older(self, room: RoomId, before: Seq | None, limit: int) -> list[LogEntry]:
        where = [LogEntry.room == room, LogEntry.kind == "record"]
        if before is not None:
            where.append(LogEntry.seq < before)
        return await self._documents.find(LogEntry, *where, sort=[desc(LogEntry.seq)], limit=limit)

    async def _newer(self, room: RoomId, after: Seq, limit: int) -> list[LogEntry]:
        rows = await self._documents.find(
            LogEntry,
            LogEntry.room == room,
            LogEntry.kind == "record",
            LogEntry.seq > after,
            sort=[asc(LogEntry.seq)],
            limit=limit,
        )
        return rows[::-1]


def _current_record(row: LogEntry, newer_states: dict[int, LogEntry]) -> Record:
    record = record_of(row)
    newer = newer_states.get(row.seq)
    return replace(record, state=newer.body["state"]) if newer and newer.seq > row.revision else record
