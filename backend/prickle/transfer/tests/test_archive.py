"""Everything goes out and comes in equal, and nothing is written over."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from prickle.app import Prickle
from prickle.config.refusal import Refusal
from prickle.testing import Chat, running_chat
from prickle.transfer import export_to, import_from
from tests.port_contract.ferretdb import is_available, running

SETTINGS = ["limits.enabled=false", "plugins.files.min_free_bytes=0"]


def silent(_name: str, _count: int) -> None:
    """No progress is shown."""


async def transferred(app: Prickle, transfer: Any, path: Path) -> None:
    await transfer(path, app.engines.documents, app.engines.blobs, app.models, silent)


async def filled(chat: Chat) -> tuple[str, str]:
    """Put people, messages, an edit and a file into `chat`; returns a token and a room."""
    ann = await chat.guest("Ann 고슴")
    room = (await ann.post("/api/rooms", {"name": "Den", "visibility": "private"})).body["id"]
    headers = {"x-file-name": "a.txt", "content-type": "text/plain"}
    file = await chat.request("POST", f"/api/rooms/{room}/files", json=b"hello", token=ann.token, headers=headers)
    device = await ann.connect()
    for number in range(30):
        await device.ok("messages.create", {"room": room, "text": f"{number} 🦔", "client_id": str(number)})
    await device.ok("messages.create", {"room": room, "text": "", "client_id": "f", "files": [file.body["id"]]})
    await device.ok("messages.update", {"room": room, "seq": 3, "text": "edited"})
    return ann.token, room


async def seen(chat: Chat, token: str, room: str) -> Any:
    history = (await chat.request("GET", f"/api/rooms/{room}/messages?limit=100", token=token)).body
    files = [message["files"][0]["id"] for message in history if "files" in message]
    bodies = [(await chat.request("GET", f"/api/files/{file}", token=token)).body for file in files]
    return history, bodies, (await chat.request("GET", f"/api/rooms/{room}", token=token)).body


@asynccontextmanager
async def other_engines(folder: Path) -> AsyncIterator[list[str]]:
    """A second data folder; its documents are on a MongoDB server where one can be had."""
    if is_available():
        with running(folder) as url:
            yield [*SETTINGS, f"storage.documents_url={url}"]
    else:
        yield SETTINGS


async def test_everything_goes_to_other_engines_and_back(tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    out, back = tmp_path / "out.zip", tmp_path / "back.zip"
    async with running_chat(first, settings=SETTINGS) as chat:
        token, room = await filled(chat)
        before = await seen(chat, token, room)
        await transferred(chat.app, export_to, out)
    secret = f"security.secret={(first / 'secret').read_text().strip()}"
    async with other_engines(tmp_path) as settings, running_chat(second, settings=[*settings, secret]) as chat:
        await transferred(chat.app, import_from, out)
        assert await seen(chat, token, room) == before
        await transferred(chat.app, export_to, back)
    async with running_chat(third, settings=[*SETTINGS, secret]) as chat:
        await transferred(chat.app, import_from, back)
        assert await seen(chat, token, room) == before


async def test_a_store_that_is_not_empty_is_refused_and_not_touched(tmp_path: Path) -> None:
    out = tmp_path / "out.zip"
    async with running_chat(tmp_path / "data", settings=SETTINGS) as chat:
        token, room = await filled(chat)
        await transferred(chat.app, export_to, out)
        before = await seen(chat, token, room)
        with pytest.raises(Refusal, match="not empty"):
            await transferred(chat.app, import_from, out)
        assert await seen(chat, token, room) == before


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
async def test_what_is_no_export_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    async with running_chat(tmp_path / "data", settings=SETTINGS) as chat:
        with pytest.raises(Refusal):
            await transferred(chat.app, import_from, path)
