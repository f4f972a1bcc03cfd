"""The room log on every engine: two replicas that write at once leave no gap, and a retry on either gets the first entry."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import structlog

from prickle.clock import SystemClock
from prickle.contract.types import RoomId, Seq, UserId
from prickle.log.models import LogEntry
from prickle.log.room_log import RoomLog
from prickle.log.tests.replicas import SAID, Ears
from prickle.storage.bus.memory import MemoryBus, MemoryHub
from tests.port_contract.documents.engines import Place

ROOM, ANN = RoomId("room"), UserId("guest_ann")
WRITES = 30
CROWD = 130
"""More than go to a server in one command."""


@asynccontextmanager
async def replica(place: Place, hub: MemoryHub) -> AsyncIterator[RoomLog]:
    documents, bus, ears = place.store([LogEntry]), MemoryBus(hub), Ears()
    await documents.open()
    log = RoomLog(documents, bus, ears.fan_out, ears, SystemClock(), structlog.get_logger())
    yield log
    await documents.close()


@pytest.fixture
async def pair(place: Place) -> AsyncIterator[tuple[RoomLog, RoomLog]]:
    hub = MemoryHub()
    async with AsyncExitStack() as stack:
        yield tuple([await stack.enter_async_context(replica(place, hub)) for _ in range(2)])  # type: ignore[misc]


async def say(log: RoomLog, text: str) -> Seq:
    return (await log.record(ROOM, SAID, {"text": text}, author=ANN, once=text)).seq


async def written(log: RoomLog) -> list[str]:
    """Return what stands in the log, in order, after looking for gaps."""
    entries = (await log.entries(ROOM, Seq(0))).entries
    assert [entry["seq"] for _, entry in entries] == list(range(1, len(entries) + 1))
    return [entry["text"] for _, entry in entries]


async def test_two_writers_at_once_leave_no_gap(pair: tuple[RoomLog, RoomLog]) -> None:
    async def talk(log: RoomLog, name: str) -> list[Seq]:
        return [await say(log, f"{name}{number}") for number in range(WRITES)]

    told = await asyncio.gather(talk(pair[0], "a"), talk(pair[1], "b"))
    assert sorted([*told[0], *told[1]]) == list(range(1, 2 * WRITES + 1))
    texts = await written(pair[0])
    for name in "ab":
        assert [text for text in texts if text.startswith(name)] == [f"{name}{number}" for number in range(WRITES)]


async def crowd(log: RoomLog, name: str, size: int) -> list[Seq]:
    return await asyncio.gather(*(say(log, f"{name}{number}") for number in range(size)))


async def test_a_crowd_that_comes_too_late_for_its_number_leaves_no_gap(pair: tuple[RoomLog, RoomLog]) -> None:
    await say(pair[1], "first")
    await crowd(pair[0], "a", 20)
    assert await crowd(pair[1], "b", CROWD) == list(range(22, 22 + CROWD))
    assert len(await written(pair[0])) == 21 + CROWD


async def test_a_crowd_of_retries_on_the_other_replica_gets_what_is_there(pair: tuple[RoomLog, RoomLog]) -> None:
    first = await crowd(pair[0], "a", CROWD)
    assert await crowd(pair[1], "a", CROWD + 1) == [*first, CROWD + 1]
    assert await written(pair[1]) == [f"a{number}" for number in range(CROWD + 1)]
