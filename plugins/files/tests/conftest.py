"""A running chat with a room, its maker, a member and a stranger."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from prickle.contract.ports import Clock
from prickle.testing import Answer, Chat, Guest, running_chat

SETTINGS = ["plugins.files.min_free_bytes=0", "plugins.files.max_file_bytes=200000", "limits.enabled=false"]


@dataclass(slots=True)
class House:
    """One room and who is in it."""

    chat: Chat
    ann: Guest
    bob: Guest
    eve: Guest
    room: str

    async def upload(self, body: bytes, name: str = "a.bin", who: Guest | None = None) -> Answer:
        return await self.chat.request(
            "POST",
            f"/api/rooms/{self.room}/files",
            json=body,
            token=(who or self.ann).token,
            headers={"x-file-name": quote(name), "content-type": "application/octet-stream"},
        )

    async def uploaded(self, body: bytes, name: str = "a.bin") -> dict[str, Any]:
        answer = await self.upload(body, name)
        assert answer.status == 201, answer
        return dict(answer.body)

    async def sent(self, body: bytes, name: str = "a.bin") -> tuple[dict[str, Any], int]:
        """Upload and send; returns the file and the message's number."""
        file = await self.uploaded(body, name)
        device = await self.ann.connect()
        payload = {"room": self.room, "text": "", "client_id": file["id"], "files": [file["id"]]}
        ack = await device.ok("messages.create", payload)
        await device.close()
        return file, ack["seq"]

    async def download(self, file_id: str, who: Guest | None = None, **headers: str) -> Answer:
        return await self.raw("GET", f"/api/files/{file_id}", who or self.bob, headers)

    async def raw(self, method: str, path: str, who: Guest, headers: Mapping[str, str]) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.chat.request(method, path, token=who.token, headers=named)


@asynccontextmanager
async def open_house(folder: Path, settings: list[str], clock: Clock | None = None) -> AsyncIterator[House]:
    """Run a chat with a room."""
    async with running_chat(folder, settings=settings, clock=clock) as chat:
        yield await new_house(chat)


async def new_house(chat: Chat) -> House:
    """Make a room, its members and a stranger."""
    ann, bob, eve = await chat.guest("Ann"), await chat.guest("Bob"), await chat.guest("Eve")
    room = (await ann.post("/api/rooms", {"name": "Den", "visibility": "public"})).body["id"]
    device = await bob.connect()
    await device.ok("rooms.join", {"room": room})
    await device.close()
    return House(chat, ann, bob, eve, room)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, SETTINGS) as house:
        yield house
