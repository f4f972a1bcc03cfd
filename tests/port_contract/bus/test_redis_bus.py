"""The bus on Redis when Redis is cut off, killed, or silent."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog

from prickle.storage.bus.redis import RedisBus
from prickle.storage.documents import StoreRefused
from tests.port_contract.bus.test_bus import until
from tests.redis_server import RedisServer, running_redis


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[RedisServer]:
    async with running_redis(tmp_path) as server:
        yield server


@pytest.fixture
async def two(server: RedisServer) -> AsyncIterator[tuple[RedisBus, RedisBus]]:
    here, there = (RedisBus(server.url, structlog.get_logger()) for _ in range(2))
    for bus in (here, there):
        await bus.open()
    await until(lambda: here.healthy and there.healthy)
    yield here, there
    for bus in (here, there):
        await bus.close()


async def test_a_redis_that_is_not_there_is_refused() -> None:
    with pytest.raises(StoreRefused, match="bus_url"):
        await RedisBus("redis://127.0.0.1:1/0", structlog.get_logger()).open()


async def test_subscribers_that_are_cut_off_listen_again_and_say_so(
    server: RedisServer, two: tuple[RedisBus, RedisBus]
) -> None:
    here, there = two
    heard: list[bytes] = []
    returns: list[None] = []
    there.on_return(lambda: returns.append(None))
    await there.subscribe("room:a", heard.append)
    for cut in range(1, 6):
        await server.cut_subscribers()
        await until(lambda cut=cut: len(returns) >= cut)
        here.publish("room:a", str(cut).encode())
        await until(lambda cut=cut: str(cut).encode() in heard)


async def test_a_redis_that_dies_and_comes_back_is_found_again(
    server: RedisServer, two: tuple[RedisBus, RedisBus]
) -> None:
    here, there = two
    heard: list[bytes] = []
    await there.subscribe("room:a", heard.append)
    await server.kill()
    await until(lambda: not here.healthy and not there.healthy)
    here.publish("room:a", b"while away")
    await there.subscribe("room:b", heard.append)
    await server.start()
    await until(lambda: here.healthy and there.healthy)
    here.publish("room:b", b"after")
    await until(lambda: b"after" in heard)


async def test_a_redis_that_hangs_makes_nobody_wait_and_is_noticed(
    server: RedisServer, two: tuple[RedisBus, RedisBus]
) -> None:
    here, there = two
    server.freeze()
    for _ in range(20_000):
        here.publish("room:a", b"x")
    async with asyncio.timeout(5):
        await there.subscribe("room:b", lambda _: None)
    await until(lambda: not here.healthy)
    server.thaw()
    await until(lambda: here.healthy and there.healthy)


async def test_a_bus_that_is_just_coming_back_can_be_closed(server: RedisServer) -> None:
    dice = random.Random(3)
    rooms = [f"room:{number}" for number in range(4)]
    for _ in range(25):
        bus = RedisBus(server.url, structlog.get_logger())
        await bus.open()
        opening = [asyncio.create_task(bus.subscribe(room, lambda _: None)) for room in rooms]
        for _ in range(dice.randint(1, 3)):
            await server.cut_subscribers()
            await asyncio.sleep(dice.choice((0, 0.01, 0.1, 0.3)))
        for room in rooms:
            bus.unsubscribe(room)
        await asyncio.sleep(dice.choice((0, 0.001, 0.01)))
        async with asyncio.timeout(20):
            await bus.close()
            await asyncio.wait(opening)
