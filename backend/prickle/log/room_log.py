"""The `Log` of the contract: one writer per room, one feed per open room, reads straight from the store."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from prickle.contract.documents import Documents, DuplicateKey
from prickle.contract.errors import ChatError
from prickle.contract.gateway import Connection, Notice
from prickle.contract.log import Catchup, Entry, Page, Place, Record, Revision, Window
from prickle.contract.plugin import Logger
from prickle.contract.ports import Clock
from prickle.contract.types import RoomId, Seq, UserId
from prickle.log.feed import Arrival, FanOut, Feed, Feeds, arrival_of
from prickle.log.models import LogEntry, notice_fields, record_of, record_wire
from prickle.log.places import LogPlaces
from prickle.log.reader import LogReader
from prickle.log.settle import Settlement, entry_of
from prickle.log.writer import Draft, RoomWriter, Turn
from prickle.storage.bus.port import Bus
from prickle.storage.outage import Outage

HEAL_EVERY_S = 3.0
MAX_IDLE_WRITERS = 4096


class RoomSockets(Protocol):
    """What the log asks of the gateway: to put a socket among those that have a room open."""

    def open_room(self, connection: Connection, room: RoomId) -> bool:
        """Add the socket; false if it had the room open already.

        Raises:
            Conflict: `core.too_many_open_rooms`.
        """


class RoomLog:
    """See `prickle.contract.log.Log`, which it implements."""

    def __init__(
        self, documents: Documents, bus: Bus, fan_out: FanOut, sockets: RoomSockets, clock: Clock, logger: Logger
    ) -> None:
        self._documents = documents
        self._sockets = sockets
        self._clock = clock
        self._logger = logger
        self._reader = LogReader(documents)
        self._places = LogPlaces(documents, self._reader)
        self._settlement = Settlement(documents, clock, logger)
        self._feeds = Feeds(documents, self._reader, bus, fan_out, self._written_elsewhere, logger)
        self._writers: dict[RoomId, RoomWriter] = {}
        self._healing: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._outage = Outage(logger, began="log_not_healed", ended="log_healed_again")
        bus.on_return(self._wake.set)

    async def start(self) -> None:
        """Finish what a crash left, then keep healing."""
        await self._settlement.sweep(grace_ms=0)
        self._healing = asyncio.create_task(self._heal_for_ever(), name="log healing")

    async def stop(self) -> None:
        if self._healing is not None:
            self._healing.cancel()

    async def append(
        self, room: RoomId, notice: Notice[Any], fields: Mapping[str, Any], *, author: UserId, once: str | None = None
    ) -> Entry:
        draft = self._draft(notice, fields, author, once, "change")
        if self._settlement.needs(notice.name):
            await self._in_turn(room, lambda writer: self._append_with_effect(writer, draft))
        else:
            self._writer(room).put(draft)
        return entry_of(await draft.done)

    async def record(
        self, room: RoomId, notice: Notice[Any], state: Mapping[str, Any], *, author: UserId, once: str | None = None
    ) -> Record:
        draft = self._draft(notice, state, author, once, "record")
        self._writer(room).put(draft)
        return record_of(await draft.done)

    async def revise(
        self,
        room: RoomId,
        seq: Seq,
        notice: Notice[Any],
        change: Callable[[Record], Revision | None],
        *,
        author: UserId,
    ) -> Record:
        return await self._in_turn(room, lambda writer: self._revise(writer, seq, notice, change, author))  # type: ignore[no-any-return]

    async def find(self, room: RoomId, author: UserId, once: str) -> Record | None:
        return await self._reader.find(room, author, once)

    def effect(self, notice: Notice[Any], apply: Callable[[Entry], Awaitable[None]]) -> None:
        self._settlement.add_effect(notice.name, apply)

    def watch(self, notice: Notice[Any], handler: Callable[[Entry], None]) -> Callable[[], None]:
        return self._feeds.watch(notice.name, handler)

    async def follow(self, room: RoomId) -> Callable[[], None]:
        await self._feeds.acquire(room)
        return lambda: self._feeds.release(room)

    async def last_seq(self, room: RoomId) -> Seq:
        return await self._reader.last_seq(room)

    async def ends(self, rooms: Collection[RoomId]) -> Mapping[RoomId, Place]:
        return await self._places.ends(rooms)

    async def places(self, entries: Collection[tuple[RoomId, Seq]]) -> Mapping[tuple[RoomId, Seq], Place]:
        return await self._places.at(entries)

    async def entries(self, room: RoomId, after: Seq) -> Catchup:
        return await self._reader.entries(room, after)

    async def page(self, room: RoomId, window: Window) -> Page:
        return await self._reader.page(room, window)

    async def get(self, room: RoomId, seq: Seq) -> Record:
        return await self._reader.get(room, seq)

    async def open(self, connection: Connection, room: RoomId, after: Seq | None) -> Catchup:
        feed = await self._feeds.acquire(room)
        try:
            if after is not None:
                await self._feeds.reach(feed, after)
            catchup = await self._up_to_feed(feed, after)
            # No await from here on: what comes after `last_seq` reaches this socket as notices.
            is_new = self._sockets.open_room(connection, room)
        except BaseException:
            self._feeds.release(room)
            raise
        if not is_new:
            self._feeds.release(room)
        return catchup

    async def _up_to_feed(self, feed: Feed, after: Seq | None) -> Catchup:
        """Return what lies between `after` and what this replica's sockets have been sent by now, no more and no less."""
        if after is None:
            return Catchup([], Seq(feed.delivered or 0))
        while True:
            catchup = await self._reader.entries(feed.room, after)
            end = Seq(feed.delivered or 0)
            if catchup.reload:
                return Catchup([], end, reload=True)
            if catchup.last_seq >= end:
                entries = [entry for entry in catchup.entries if entry[1]["seq"] <= end]
                return Catchup(entries, max(end, after))

    def closed(self, room: RoomId) -> None:
        """One socket has `room` open no longer."""
        self._feeds.release(room)

    async def erase(self, room: RoomId) -> None:
        await self._documents.delete(LogEntry, LogEntry.room == room)
        self._writer(room).forget_tail()
        self._feeds.restart(room)
        self._places.forget(room)

    def wire(self, record: Record) -> dict[str, Any]:
        return record_wire(record)

    def _writer(self, room: RoomId) -> RoomWriter:
        writer = self._writers.get(room)
        if writer is None:
            if len(self._writers) >= MAX_IDLE_WRITERS:
                self._writers = {room: writer for room, writer in self._writers.items() if not writer.idle}
            writer = self._writers[room] = RoomWriter(room, self._documents, self._reader, self._clock, self._written)
        return writer

    def _draft(
        self, notice: Notice[Any], body: Mapping[str, Any], author: UserId, once: str | None, kind: str
    ) -> Draft:
        return Draft(notice.name, author, dict(body), once, kind, asyncio.get_running_loop().create_future())

    async def _in_turn(self, room: RoomId, run: Callable[[RoomWriter], Awaitable[Any]]) -> Any:
        writer = self._writer(room)
        turn = Turn(lambda: run(writer), asyncio.get_running_loop().create_future())
        writer.put(turn)
        return await turn.done

    def _written(self, rows: Sequence[LogEntry]) -> None:
        self._feeds.written([arrival_of(row, notice_fields(row)) for row in rows])

    def _written_elsewhere(self, room: RoomId, arrival: Arrival) -> None:
        if writer := self._writers.get(room):
            writer.tell(arrival.seq, arrival.records)

    async def _append_with_effect(self, writer: RoomWriter, draft: Draft) -> None:
        row = None
        while row is None:
            try:
                row = await writer.add_next(draft, pending=True)
            except DuplicateKey:  # a retry; a crash may have come between the first one and its effect
                row = await writer.first_of(draft)
                if row is not None:
                    if row.pending:
                        await self._settlement.settle(row)
                    draft.done.set_result(row)
                    return
        try:
            await self._settlement.settle(row)
        finally:
            self._written([row])
        draft.done.set_result(row)

    async def _revise(
        self,
        writer: RoomWriter,
        seq: Seq,
        notice: Notice[Any],
        change: Callable[[Record], Revision | None],
        author: UserId,
    ) -> Record:
        while True:
            await writer.know_tail()
            record = await self._reader.get(writer.room, seq)
            revision = change(record)
            if revision is None:
                return record
            body = {"state": dict(revision.state), "fields": revision.fields and dict(revision.fields)}
            draft = self._draft(notice, body, author, None, "change")
            row = await writer.add_next(draft, target=seq, pending=True)
            if row is not None:
                break
        changed = replace(record, state=dict(revision.state))
        try:
            await self._settlement.settle(row)
        finally:
            self._feeds.written([arrival_of(row, notice_fields(row, changed))])
        return changed

    async def _heal_for_ever(self) -> None:
        while True:
            try:
                async with asyncio.timeout(HEAL_EVERY_S):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            try:
                await self._feeds.heal()
                await self._settlement.sweep()
            except ChatError as error:  # the store is away; the next round finds what this one could not
                self._outage.goes_on(error.code)
            except Exception as error:  # healing must outlive any defect
                self._logger.exception("log_healing_failed", error=repr(error))
            else:
                self._outage.is_over()
