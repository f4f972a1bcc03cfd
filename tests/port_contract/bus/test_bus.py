"""What every bus promises, on the memory hub and on a real Redis."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import structlog

from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.storage.bus.port import Bus
from prickle.storage.bus.redis import RedisBus
from tests.redis_server import running_redis


@pytest.fixture(params=["memory", "redis"])
async def make_bus(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Callable[[], Bus]]:
    """Give a function that makes a bus; all of one test are of one deployment."""
    if request.param == "memory":
        hub = MemoryHub()
        yield lambda: MemoryBus(hub)
    else:
        async with running_redis(tmp_path) as server:
            yield lambda: RedisBus(server.url, structlog.get_logger())


@pytest.fixture
async def two(make_bus: Callable[[], Bus]) -> AsyncIterator[tuple[Bus, Bus]]:
    here, there = make_bus(), make_bus()
    for bus in (here, there):
        await bus.open()
    await until(lambda: here.healthy and there.healthy)
    yield here, there
    for bus in (here, there):
        await bus.close()


async def until(condition: Callable[[], bool], timeout_s: float = 10) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.01)


async def test_messages_arrive_in_order_and_whole(two: tuple[Bus, Bus]) -> None:
    here, there = two
    heard: list[bytes] = []
    await there.subscribe("room:a", heard.append)
    sent = [f"{number} \x00 고슴도치".encode() for number in range(500)]
    for message in sent:
        here.publish("room:a", message)
    await until(lambda: len(heard) == len(sent))
    assert heard == sent


async def test_a_replica_does_not_hear_itself_nor_other_channels(two: tuple[Bus, Bus]) -> None:
    here, there = two
    mine: list[bytes] = []
    theirs: list[bytes] = []
    await here.subscribe("room:a", mine.append)
    await there.subscribe("room:a", theirs.append)
    here.publish("room:b", b"elsewhere")
    here.publish("room:a", b"hello")
    await until(lambda: bool(theirs))
    there.publish("room:a", b"back")
    await until(lambda: bool(mine))
    assert (mine, theirs) == ([b"back"], [b"hello"])


async def test_nothing_is_heard_after_unsubscribing_and_again_after_subscribing(two: tuple[Bus, Bus]) -> None:
    here, there = two
    heard: list[bytes] = []
    await there.subscribe("room:a", heard.append)
    there.unsubscribe("room:a")
    there.unsubscribe("never")
    here.publish("room:a", b"lost")
    await there.subscribe("room:a", heard.append)
    here.publish("room:a", b"heard")
    await until(lambda: b"heard" in heard)
    assert heard[-1] == b"heard"
    assert heard.count(b"heard") == 1
