"""Running chats whose clock can be turned, and what their devices have been told."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog

from prickle.contract.events import SocketClosed
from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.testing import Chat, Device, running_chat
from prickle.testing.clock import TurnableClock

ENABLED = "plugins.enabled=auth,rooms,messages,presence"
QUICK = "plugins.presence.notice_interval_s=0.05"
UPDATED = "presence.updated"


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
async def chat(tmp_path: Path, clock: TurnableClock) -> AsyncIterator[Chat]:
    async with running_chat(tmp_path, settings=[ENABLED, QUICK], clock=clock) as chat:
        yield chat


@pytest.fixture
async def replicas(tmp_path: Path, clock: TurnableClock) -> AsyncIterator[tuple[Chat, Chat]]:
    hub = MemoryHub()
    async with (
        running_chat(tmp_path, settings=[ENABLED, QUICK], clock=clock, bus=MemoryBus(hub)) as here,
        running_chat(tmp_path, settings=[ENABLED, QUICK], clock=clock, bus=MemoryBus(hub)) as there,
    ):
        yield here, there


async def hang_up(chat: Chat, device: Device, user: str) -> None:
    """Close a device, and wait until the server's plugins have noticed."""
    noticed = asyncio.Event()

    async def notice(event: SocketClosed) -> None:
        if event.user == user:
            noticed.set()

    unsubscribe = chat.app.events.subscribe(SocketClosed, notice, structlog.get_logger())
    await device.close()
    await noticed.wait()
    unsubscribe()


def told_of(device: Device, user: str) -> list[str]:
    """Return the states of `user` that the device has been told so far."""
    return [notice["users"][user] for notice in device.received(UPDATED) if user in notice["users"]]


async def until_told(device: Device, user: str, state: str) -> list[str]:
    """Wait until the last that the device was told of `user` is `state`; returns all it was told."""
    place = 0
    while told_of(device, user)[-1:] != [state]:
        place = max(place, len(device.received(UPDATED)))
        await device.notice(UPDATED, place=place)
    return told_of(device, user)
