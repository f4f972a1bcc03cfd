"""Replicas of the log alone: real SQLite on one file, a bus that may lose messages, and ears in place of sockets."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import structlog

from prickle.clock import SystemClock
from prickle.contract.documents import DuplicateKey
from prickle.contract.errors import Unavailable
from prickle.contract.gateway import Connection, Delivery, Notice
from prickle.contract.log import Catchup, Revision
from prickle.contract.payload import Payload
from prickle.contract.types import RoomId, Seq, UserId
from prickle.log.models import LogEntry
from prickle.log.room_log import RoomLog
from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.storage.documents import SqliteDocuments

ROOM = RoomId("room_1")
ANN, BOB = UserId("guest_ann"), UserId("guest_bob")


class Anything(Payload):
    """The log does not look into payloads."""


SAID: Notice[Anything] = Notice("tests.said", Anything, Delivery.DURABLE)
CHANGED: Notice[Anything] = Notice("tests.changed", Anything, Delivery.DURABLE)
JOINED: Notice[Anything] = Notice("tests.joined", Anything, Delivery.DURABLE)


class LossyBus(MemoryBus):
    """Loses what `loses` picks by the running number of the message, as Redis does while it restarts."""

    def __init__(self, hub: MemoryHub) -> None:
        super().__init__(hub)
        self.loses: Callable[[int], bool] = lambda _number: False
        self._number = 0
        self._returned: Callable[[], None] = lambda: None

    def publish(self, channel: str, message: bytes) -> None:
        self._number += 1
        if not self.loses(self._number):
            super().publish(channel, message)

    def on_return(self, callback: Callable[[], None]) -> None:
        self._returned = callback

    def come_back(self) -> None:
        self.loses = lambda _number: False
        self._returned()


class BreakingDocuments(SqliteDocuments):
    """Goes away at a chosen moment: as the engine does, and as a crash looks to whatever would have come after it."""

    breaks_before_update = False
    breaks_after_insert = False
    refused = 0
    """How many inserts found their number or key taken."""
    meanwhile: Callable[[], Awaitable[None]] | None = None
    """Happens once, after the next read that finds something and before its answer is used."""

    async def find(self, *arguments: Any, **options: Any) -> Any:
        found = await super().find(*arguments, **options)
        if found and (happens := self.meanwhile) is not None:
            self.meanwhile = None
            await happens()
        return found

    async def update(self, *arguments: Any, **options: Any) -> Any:
        if self.breaks_before_update:
            raise Unavailable("core.store_unavailable", "Gone.")
        return await super().update(*arguments, **options)

    async def insert(self, *documents: Any) -> None:
        try:
            await super().insert(*documents)
        except DuplicateKey:
            self.refused += 1
            raise
        if self.breaks_after_insert:
            raise Unavailable("core.store_unavailable", "The answer was lost.")


class Ears:
    """Hears what the sockets of open rooms would be sent."""

    def __init__(self) -> None:
        self.heard: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        self._news = asyncio.Condition()

    def fan_out(self, room: RoomId, event: str, payload: bytes) -> None:
        self.heard[room].append((event, orjson.loads(payload)))

    def open_room(self, _connection: Connection, _room: RoomId) -> bool:
        return True

    def seqs(self, room: RoomId = ROOM) -> list[int]:
        return [payload["seq"] for _, payload in self.heard[room]]


class Replica:
    """One replica's log."""

    def __init__(self, data_dir: Path, hub: MemoryHub) -> None:
        self.documents = BreakingDocuments(data_dir / "log.db", [LogEntry])
        self.bus = LossyBus(hub)
        self.ears = Ears()
        logger = structlog.get_logger()
        self.log = RoomLog(self.documents, self.bus, self.ears.fan_out, self.ears, SystemClock(), logger)

    async def say(self, text: str, *, once: str | None = None, author: UserId = ANN, room: RoomId = ROOM) -> Seq:
        return (await self.log.record(room, SAID, {"text": text}, author=author, once=once)).seq

    async def edit(self, seq: Seq, text: str) -> Any:
        return await self.log.revise(ROOM, seq, CHANGED, lambda _: Revision({"text": text}), author=ANN)

    async def open(self, after: Seq | None = None, room: RoomId = ROOM) -> Catchup:
        connection: Any = object()
        return await self.log.open(connection, room, after)

    async def rows(self, room: RoomId = ROOM) -> list[LogEntry]:
        found = await self.documents.find(LogEntry, LogEntry.room == room)
        return sorted(found, key=lambda row: row.seq)


@asynccontextmanager
async def replica(data_dir: Path, hub: MemoryHub) -> AsyncIterator[Replica]:
    """Run one more replica."""
    made = Replica(data_dir, hub)
    await made.documents.open()
    await made.bus.open()
    await made.log.start()
    try:
        yield made
    finally:
        await made.log.stop()
        await made.bus.close()
        await made.documents.close()


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds; a limit only so that a failure ends."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)
