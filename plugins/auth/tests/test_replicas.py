"""Logging out counts on every replica."""

import asyncio
from pathlib import Path

from plugins.auth.tests.conftest import SETTINGS
from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.testing import running_chat
from prickle.testing.clock import TurnableClock


async def test_a_session_that_ended_here_ends_there(tmp_path: Path, clock: TurnableClock) -> None:
    hub = MemoryHub()
    async with (
        running_chat(tmp_path, settings=SETTINGS, clock=clock, bus=MemoryBus(hub)) as here,
        running_chat(tmp_path, settings=SETTINGS, clock=clock, bus=MemoryBus(hub)) as there,
    ):
        ann = await here.guest("Ann")
        device = await there.device(ann.token)
        assert (await there.request("GET", "/api/me", token=ann.token)).status == 200
        assert (await ann.post("/api/auth/logout")).status == 204
        await asyncio.wait_for(device.closed.wait(), 5)
        clock.turn(4)
        assert (await there.request("GET", "/api/me", token=ann.token)).status == 401
