"""Logging out counts on every replica."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from plugins.auth.tests.conftest import SETTINGS
from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.testing import Chat, running_chat
from prickle.testing.clock import TurnableClock


@asynccontextmanager
async def two_replicas(data_dir: Path, clock: TurnableClock, *buses: MemoryBus) -> AsyncIterator[list[Chat]]:
    here, there = (running_chat(data_dir, settings=SETTINGS, clock=clock, bus=bus) for bus in buses)
    async with here as one, there as other:
        yield [one, other]


async def test_a_session_that_ended_here_ends_there_at_once(tmp_path: Path, clock: TurnableClock) -> None:
    hub = MemoryHub()
    async with two_replicas(tmp_path, clock, MemoryBus(hub), MemoryBus(hub)) as [here, there]:
        ann = await here.guest("Ann")
        device = await there.device(ann.token)
        assert (await there.request("GET", "/api/me", token=ann.token)).status == 200
        assert (await ann.post("/api/auth/logout")).status == 204
        await asyncio.wait_for(device.closed.wait(), 5)
        assert (await there.request("GET", "/api/me", token=ann.token)).status == 401


async def test_a_replica_that_was_not_told_asks_the_store_after_some_seconds(
    tmp_path: Path, clock: TurnableClock
) -> None:
    async with two_replicas(tmp_path, clock, MemoryBus(), MemoryBus()) as [here, there]:
        ann = await here.guest("Ann")
        assert (await there.request("GET", "/api/me", token=ann.token)).status == 200
        assert (await ann.post("/api/auth/logout")).status == 204
        clock.turn(4)
        assert (await there.request("GET", "/api/me", token=ann.token)).status == 401
