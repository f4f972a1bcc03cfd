"""What is expected of a replica's health while a dependency is away, on a real server."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from loadtest.faults import health
from loadtest.faults.health import HealthWatch
from ops.children import free_port
from prickle.storage.bus.memory import MemoryBus
from prickle.testing import Chat, running_chat


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests answers late, and that is not the point here."""
    monkeypatch.setattr(health, "LIVE_WITHIN_S", 60.0)
    monkeypatch.setattr(health, "READY_WITHIN_S", 60.0)


@pytest.fixture
def bus() -> MemoryBus:
    return MemoryBus()


@pytest.fixture
async def chat(tmp_path: Path, bus: MemoryBus) -> AsyncIterator[Chat]:
    async with running_chat(tmp_path, settings=["plugins.enabled=auth,rooms"], bus=bus) as chat:
        yield chat


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


def watch_of(chat: Chat, http: aiohttp.ClientSession) -> HealthWatch:
    return HealthWatch(http, urlsplit(chat.url).port or 0, "bus")


async def test_a_dependency_that_is_named_and_comes_back_is_as_it_should_be(
    chat: Chat, http: aiohttp.ClientSession, bus: MemoryBus
) -> None:
    watch, healed = watch_of(chat, http), asyncio.Event()
    bus.healthy = False
    running = asyncio.create_task(watch.run(healed))
    while not watch.has_named_it:
        await asyncio.sleep(0.01)
    bus.healthy = True
    healed.set()
    await running
    assert watch.complaints == []


async def test_a_dependency_that_nobody_names_is_noticed(chat: Chat, http: aiohttp.ClientSession) -> None:
    watch, healed = watch_of(chat, http), asyncio.Event()
    healed.set()
    await watch.run(healed)
    assert watch.complaints == ["/health/ready did not name bus"]


async def test_a_replica_that_does_not_become_ready_again_is_noticed(
    chat: Chat, http: aiohttp.ClientSession, bus: MemoryBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "BACK_WITHIN_S", 0.05)
    watch, healed = watch_of(chat, http), asyncio.Event()
    bus.healthy = False
    healed.set()
    await watch.run(healed)
    assert "not ready again" in watch.complaints


async def test_a_replica_that_is_not_there_is_noticed(http: aiohttp.ClientSession) -> None:
    watch, healed = HealthWatch(http, free_port(), "bus"), asyncio.Event()
    running = asyncio.create_task(watch.run(healed))
    while not watch.complaints:
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert watch.complaints[0] == "/health did not answer 200"
