"""Numbers and writes the entries of one room: optimistic inserts on a unique (room, seq), batched, in one order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from prickle.contract.documents import Documents, DuplicateKey, in_
from prickle.contract.payload import epoch_ms
from prickle.contract.ports import Clock
from prickle.contract.types import RoomId, UserId
from prickle.log.models import LogEntry
from prickle.log.reader import LogReader

MAX_BATCH = 256


@dataclass(slots=True)
class Draft:
    """An entry that has no number yet."""

    event: str
    author: UserId
    body: Any
    once: str | None
    kind: str
    done: asyncio.Future[LogEntry]

    @property
    def key(self) -> str | None:
        """What makes a retry known, as `LogEntry.once` has it."""
        return None if self.once is None else f"{self.author}:{self.once}"

    def numbered(self, room: RoomId, seq: int, at_ms: int, records: int, **extra: Any) -> LogEntry:
        """Return the entry; `records` is how many there are before it."""
        return LogEntry(
            room=room,
            seq=seq,
            event=self.event,
            author=self.author,
            at_ms=at_ms,
            once=self.key or f"#{seq}",
            body=self.body,
            kind=self.kind,
            records=records + (self.kind == "record"),
            **extra,
        )


@dataclass(slots=True)
class Turn:
    """Work that has the room's end for itself, such as a revision."""

    run: Callable[[], Awaitable[Any]]
    done: asyncio.Future[Any]


class RoomWriter:
    """The one writer of a room on this replica. Other replicas have theirs; the unique index decides between them."""

    def __init__(
        self,
        room: RoomId,
        documents: Documents,
        reader: LogReader,
        clock: Clock,
        written: Callable[[Sequence[LogEntry]], None],
    ) -> None:
        self.room = room
        self._documents = documents
        self._reader = reader
        self._clock = clock
        self._written = written
        self._queue: deque[Draft | Turn] = deque()
        self._tail: int | None = None
        self._records = 0
        """How many records there are up to the tail; known with it."""
        self._told = (0, 0)
        """The newest entry of another replica that was told of, and how many records there are up to it."""
        self._task: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        return self._task is None

    def put(self, item: Draft | Turn) -> None:
        self._queue.append(item)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=f"log writer of {self.room}")

    def tell(self, seq: int, records: int) -> None:
        """Another replica has written `seq`, up to which there are so many records: the next number is not tried in vain."""
        self._told = max(self._told, (seq, records))

    async def add_next(self, draft: Draft, **extra: Any) -> LogEntry | None:
        """Write `draft` as the next entry. `None`: another replica was faster, so what the caller knew is stale.

        Only inside a turn.
        """
        seq = await self._next()
        row = draft.numbered(self.room, seq, self._now_ms(), self._records, **extra)
        try:
            await self._documents.insert(row)
        except DuplicateKey as refused:
            self._tail = None
            if draft.once is None or "once" not in refused.fields:  # without its own, `once` is made of the same number
                return None
            raise
        except BaseException:
            self._tail = None  # whether it was written is not known
            raise
        self._tail, self._records = seq, row.records
        return row

    async def first_of(self, draft: Draft) -> LogEntry | None:
        """Return the entry that has the draft's `once` already."""
        return await self._documents.find_one(LogEntry, LogEntry.room == self.room, LogEntry.once == draft.key)

    async def _run(self) -> None:
        while self._queue:
            if isinstance(self._queue[0], Turn):
                await self._take_turn(self._queue.popleft())  # type: ignore[arg-type]  # it was looked at above
            else:
                await self._write(self._next_batch())
        self._task = None

    def _next_batch(self) -> list[Draft]:
        batch: list[Draft] = []
        while self._queue and len(batch) < MAX_BATCH and isinstance(self._queue[0], Draft):
            batch.append(self._queue.popleft())  # type: ignore[arg-type]  # it was looked at in the condition
        return batch

    async def _take_turn(self, turn: Turn) -> None:
        self._catch_up()  # not later: what the turn has read must be as new as the number that it takes
        try:
            _resolve(turn.done, await turn.run())
        except Exception as error:  # noqa: BLE001  # the caller gets it; the room's other writes go on
            _refuse(turn.done, error)

    async def _write(self, batch: list[Draft]) -> None:
        try:
            while batch:
                batch = await self._write_some(batch)
        except Exception as error:  # noqa: BLE001  # each caller gets it; the room's other writes go on
            self._tail = None  # whether they were written is not known
            for draft in batch:
                _refuse(draft.done, error)

    async def _write_some(self, batch: list[Draft]) -> list[Draft]:
        """Insert `batch` behind the tail; returns what is still to be written."""
        self._catch_up()
        rows = self._numbered(batch, await self._next())
        count, taken = len(rows), None
        try:
            await self._documents.insert(*rows)
        except DuplicateKey as error:  # not kept: it holds this frame, which would hold it
            count, taken = error.inserted, error.fields
        if count:
            self._tail, self._records = rows[count - 1].seq, rows[count - 1].records
            self._written(rows[:count])
        for draft, row in zip(batch[:count], rows[:count], strict=True):
            _resolve(draft.done, row)
        rest = batch[count:]
        if taken is not None:
            rest = await self._answer_retries(rest) if "once" in taken else rest
            if self._told[0] < rows[count].seq:
                self._tail = None  # somebody else has written here, and it is not known how much
        return rest

    def _catch_up(self) -> None:
        if self._tail is not None and self._told[0] > self._tail:
            self._tail, self._records = self._told

    def _numbered(self, batch: list[Draft], first: int) -> list[LogEntry]:
        now_ms, records, rows = self._now_ms(), self._records, []
        for place, draft in enumerate(batch):
            rows.append(draft.numbered(self.room, first + place, now_ms, records))
            records = rows[-1].records
        return rows

    async def _answer_retries(self, rest: list[Draft]) -> list[Draft]:
        """The first of `rest` repeats an entry that is there: its caller gets that one.

        Retries come in crowds, after an outage: whoever else of `rest` repeats one is answered by the same query.
        """
        keys = [draft.key for draft in rest if draft.key is not None]
        rows = await self._documents.find(LogEntry, LogEntry.room == self.room, in_(LogEntry.once, keys))
        known = {row.once: row for row in rows}
        for draft in rest:
            if draft.key in known:
                _resolve(draft.done, known[draft.key])
        return [draft for draft in rest if draft.key not in known]

    async def _next(self) -> int:
        if self._tail is None:
            last = await self._reader.last(self.room)
            self._tail, self._records = (last.seq, last.records) if last else (0, 0)
            self._told = (0, 0)  # the store knows best
        return self._tail + 1

    async def know_tail(self) -> None:
        """Inside a turn: what is read after this is as new as the entry that `add_next` writes, or that one is refused."""
        await self._next()

    def forget_tail(self) -> None:
        """The room's log was erased."""
        self._tail, self._told = None, (0, 0)

    def _now_ms(self) -> int:
        return epoch_ms(self._clock.now())


def _resolve(done: asyncio.Future[Any], result: Any) -> None:
    with suppress(asyncio.InvalidStateError):  # the caller has gone; what is written stays written
        done.set_result(result)


def _refuse(done: asyncio.Future[Any], error: Exception) -> None:
    with suppress(asyncio.InvalidStateError):
        done.set_exception(error)
