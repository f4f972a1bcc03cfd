"""A room where Ann writes and looks, and Bob's phone that has no room open."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from prickle.testing import Chat, Device, Guest, running_chat
from prickle.testing.clock import TurnableClock
from prickle.testing.rooms import Inhabitant, new_room

ENABLED = "plugins.enabled=auth,rooms,messages,reactions,unread"
QUICK = "plugins.unread.notice_interval_s=0.1"

_client_ids = count(1)


async def say(device: Device, room: str, text: str = "hi") -> int:
    """Send a message and return its `seq`."""
    payload = {"room": room, "text": text, "client_id": str(next(_client_ids))}
    seq: int = (await device.ok("messages.create", payload))["seq"]
    return seq


async def unread_of(guest: Guest, room: str) -> dict[str, Any]:
    """Return the snapshot's count of one room."""
    counts: dict[str, Any] = (await guest.get("/api/unread")).body["rooms"][room]
    return counts


async def told(device: Device, room: str, **wanted: int) -> dict[str, Any]:
    """Wait until the device is told a count of `room` with these fields."""
    place = 0
    while True:
        counts: dict[str, Any] = (await device.notice("unread.updated", place=place))["rooms"].get(room, {})
        if counts and wanted.items() <= counts.items():
            return counts
        place += 1


@dataclass(frozen=True)
class Scene:
    """Ann has the room open; Bob, a member too, is connected and has closed it."""

    chat: Chat
    room: str
    ann: Inhabitant
    bob: Inhabitant


async def scene_in(chat: Chat) -> Scene:
    room, (ann, bob) = await new_room(chat, "Ann", "Bob")
    await bob.device.ok("rooms.close", {"room": room})
    return Scene(chat, room, ann, bob)


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with running_chat(tmp_path, settings=[ENABLED, QUICK]) as chat:
        yield await scene_in(chat)
