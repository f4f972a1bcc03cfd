"""A running chat with one private room: Ann made it, Bob is a member, Cat is a stranger."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from prickle.testing import Chat, Guest, running_chat
from prickle.testing.clock import TurnableClock

SETTINGS = ["plugins.enabled=auth,rooms,messages", "limits.enabled=false"]
"""Without the plugins that build on these."""


@dataclass(frozen=True)
class Crew:
    """Who is who."""

    chat: Chat
    ann: Guest
    bob: Guest
    cat: Guest
    room: str

    @property
    def path(self) -> str:
        return f"/api/rooms/{self.room}"

    async def remove_bob(self) -> None:
        answer = await self.ann.delete(f"{self.path}/members/{self.bob.id}")
        assert answer.status == 204

    async def members(self) -> list[str]:
        return [member["user"] for member in (await self.ann.get(f"{self.path}/members")).body]

    async def entries(self, event: str) -> list[Any]:
        """Return the payloads of all entries of `event` in the room's log."""
        caught_up = await self.chat.app.log.entries(self.room, 0)
        return [payload for name, payload in caught_up.entries if name == event]


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
async def chat(tmp_path: Path, clock: TurnableClock) -> AsyncIterator[Chat]:
    async with running_chat(tmp_path, settings=SETTINGS, clock=clock) as chat:
        yield chat


@pytest.fixture
async def crew(chat: Chat) -> Crew:
    ann, bob, cat = await chat.guest("Ann"), await chat.guest("Bob"), await chat.guest("Cat")
    room = (await ann.post("/api/rooms", {"name": "Trail crew"})).body["id"]
    invite = (await ann.post(f"/api/rooms/{room}/invites", {})).body
    assert (await bob.post(f"/api/invites/{invite['token']}/accept")).status == 200
    return Crew(chat, ann, bob, cat, room)
