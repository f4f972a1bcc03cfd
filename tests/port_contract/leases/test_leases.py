"""What all leases promise, in memory and on a real Redis."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from prickle.contract.errors import Unavailable
from prickle.storage.leases import redis as redis_leases
from prickle.storage.leases.memory import MemoryLeaseHub, MemoryLeases
from prickle.storage.leases.port import SharedLeases
from prickle.storage.leases.redis import RedisLeases
from tests.redis_server import running_redis


@dataclass
class Deployment:
    """Three replicas, and how one of them dies."""

    replicas: list[SharedLeases]
    crash: Callable[[SharedLeases], Awaitable[None]]


@pytest.fixture(params=["memory", "redis"])
async def deployment(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Deployment]:
    if request.param == "memory":
        hub = MemoryLeaseHub()
        replicas: list[SharedLeases] = [MemoryLeases(hub) for _ in range(3)]

        async def crash(replica: SharedLeases) -> None:
            assert isinstance(replica, MemoryLeases)
            hub.crash(replica)

        async for started in _started(Deployment(replicas, crash)):
            yield started
        return
    monkeypatch.setattr(redis_leases, "RENEW_EVERY_S", 0.1)
    monkeypatch.setattr(redis_leases, "TTL_S", 1)
    async with running_redis(tmp_path) as server:
        replicas = [RedisLeases(server.url, structlog.get_logger()) for _ in range(3)]
        async for started in _started(Deployment(replicas, _stop_renewing)):
            yield started


async def _started(deployment: Deployment) -> AsyncIterator[Deployment]:
    for replica in deployment.replicas:
        await replica.open()
    yield deployment
    for replica in deployment.replicas:
        await replica.close()


async def _stop_renewing(replica: SharedLeases) -> None:
    assert isinstance(replica, RedisLeases)
    assert replica._renewing is not None
    replica._renewing.cancel()


async def test_what_is_held_is_seen_by_all_until_it_is_replaced_or_dropped(deployment: Deployment) -> None:
    one, other, third = deployment.replicas
    await one.hold({"ann": "online", "bob": "away"})
    await other.hold({"ann": "away"})
    held = await third.held(["ann", "bob", "cid"])
    assert {key: sorted(values) for key, values in held.items()} == {"ann": ["away", "online"], "bob": ["away"]}
    await one.hold({"bob": "online"})
    await one.drop(["ann", "cid"])
    assert await other.held(["ann", "bob"]) == {"ann": ["away"], "bob": ["online"]}


async def test_asking_for_nothing_and_holding_nothing_is_fine(deployment: Deployment) -> None:
    one, *_ = deployment.replicas
    await one.hold({})
    await one.drop([])
    assert await one.held([]) == {}


async def test_a_replica_that_stops_holds_nothing_and_is_not_lost(deployment: Deployment) -> None:
    one, other, _ = deployment.replicas
    lost: list[str] = []
    other.on_loss(lost.extend)
    await one.hold({"ann": "online"})
    await one.close()
    assert await other.held(["ann"]) == {}
    await one.open()
    assert not lost


async def test_what_a_crashed_replica_held_is_gone_and_told_once_to_somebody(deployment: Deployment) -> None:
    one, other, third = deployment.replicas
    lost: list[str] = []
    for survivor in (other, third):
        survivor.on_loss(lost.extend)
    await one.hold({"ann": "online", "bob": "away"})
    await other.hold({"bob": "online"})
    await deployment.crash(one)
    async with asyncio.timeout(20):
        while not lost:
            await asyncio.sleep(0.02)
    assert await third.held(["ann", "bob"]) == {"bob": ["online"]}
    assert sorted(lost) == ["ann", "bob"]


async def test_what_was_held_while_redis_was_away_is_there_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_leases, "RENEW_EVERY_S", 0.1)
    async with running_redis(tmp_path) as server:
        leases = RedisLeases(server.url, structlog.get_logger())
        await leases.open()
        await leases.hold({"ann": "online"})
        await server.kill()
        await leases.hold({"bob": "away"})
        with pytest.raises(Unavailable):
            await leases.held(["ann"])
        await server.start()
        held: Mapping[str, Collection[str]] = {}
        async with asyncio.timeout(20):
            while len(held) < 2:
                await asyncio.sleep(0.05)
                held = await leases.held(["ann", "bob"])
        assert held == {"ann": ["online"], "bob": ["away"]}
        await leases.close()


async def test_an_outage_of_redis_is_told_once_and_so_is_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_leases, "RENEW_EVERY_S", 0.02)
    failed: list[Exception] = []
    renew = RedisLeases._renew

    async def counted(self: RedisLeases) -> None:
        try:
            await renew(self)
        except Exception as error:
            failed.append(error)
            raise

    monkeypatch.setattr(RedisLeases, "_renew", counted)
    async with running_redis(tmp_path) as server, asyncio.timeout(30):
        leases = RedisLeases(server.url, structlog.get_logger())
        await leases.open()
        with capture_logs() as lines:
            await server.kill()
            while len(failed) < 3:
                await asyncio.sleep(0.02)
            await server.start()
            while len(lines) < 2:
                await asyncio.sleep(0.02)
        assert [line["event"] for line in lines] == ["leases_not_renewed", "leases_renewed_again"]
        await leases.close()
