"""A running chat with one room: Ann made it, Bob is a member, Cat is a stranger, Dan was a member."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from prickle.testing import Chat, Device, Guest, running_chat

SETTINGS = ["plugins.enabled=auth,rooms,messages", "limits.enabled=false"]
"""Without the plugins that build on these."""


@dataclass(frozen=True)
class Crew:
    """Who is who; `ann` and `bob` have the room open on their devices, the others are connected only."""

    chat: Chat
    room: str
    ann_guest: Guest
    bob_guest: Guest
    cat_guest: Guest
    dan_guest: Guest
    ann: Device
    bob: Device
    cat: Device
    dan: Device

    @property
    def path(self) -> str:
        return f"/api/rooms/{self.room}/messages"

    @property
    def outsiders(self) -> tuple[Device, Device]:
        return self.cat, self.dan

    async def send(self, device: Device, text: str = "hi", client_id: str = "c1", **more: Any) -> int:
        payload = {"room": self.room, "text": text, "client_id": client_id, **more}
        seq: int = (await device.ok("messages.create", payload))["seq"]
        return seq


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    async with running_chat(tmp_path, settings=SETTINGS) as chat:
        yield chat


@pytest.fixture
async def crew(chat: Chat) -> Crew:
    guests = [await chat.guest(name) for name in ("Ann", "Bob", "Cat", "Dan")]
    ann, bob, cat, dan = [await guest.connect() for guest in guests]
    room = (await guests[0].post("/api/rooms", {"name": "Trail crew", "visibility": "public"})).body["id"]
    for device in (ann, bob, dan):
        await device.ok("rooms.join", {"room": room})
    await dan.ok("rooms.leave", {"room": room})
    assert (await guests[0].patch(f"/api/rooms/{room}", {"visibility": "private"})).status == 200
    return Crew(chat, room, *guests, ann, bob, cat, dan)
