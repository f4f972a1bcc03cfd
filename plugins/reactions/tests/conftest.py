"""A running chat with a room and one message in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from prickle.testing import Chat, running_chat
from prickle.testing.rooms import Inhabitant, new_room


@dataclass(frozen=True)
class Scene:
    """Ann, who made the room and wrote its message `seq`, and Bob."""

    chat: Chat
    room: str
    ann: Inhabitant
    bob: Inhabitant
    seq: int

    def reaction(self, emoji: str) -> dict[str, object]:
        return {"room": self.room, "seq": self.seq, "emoji": emoji}

    async def message(self) -> dict[str, object]:
        message: dict[str, object] = (await self.ann.guest.get(f"/api/rooms/{self.room}/messages/{self.seq}")).body
        return message


async def scene_in(chat: Chat) -> Scene:
    room, (ann, bob) = await new_room(chat, "Ann", "Bob")
    sent = await ann.device.ok("messages.create", {"room": room, "text": "hi", "client_id": "1"})
    return Scene(chat, room, ann, bob, sent["seq"])


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    settings = [
        "plugins.enabled=auth,rooms,messages,reactions",
        "plugins.reactions.max_kinds=5",
        "plugins.reactions.max_users=2",
    ]
    async with running_chat(tmp_path, settings=settings) as chat:
        yield await scene_in(chat)
