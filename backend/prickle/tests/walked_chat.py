"""A chat with every plugin, people in every relation to one room, and a look at all that is stored."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prickle.log.models import LogEntry
from prickle.testing import Chat, Device, Guest, running_chat
from prickle.testing.clock import TurnableClock

A_MONTH_S = 31 * 86_400.0
ERROR_FIELDS = {"kind", "code", "message", "details", "trace_id"}
MEANT_FOR_CLIENTS = {"invalid_input", "unauthenticated", "forbidden", "not_found", "conflict", "rate_limited"}


@dataclass
class WalkedChat:
    """Ann made the private room and is in it with Bob; Cid is a stranger to it, Dan was removed from it."""

    chat: Chat
    clock: TurnableClock
    ann: Guest
    bob: Guest
    cid: Guest
    dan: Guest
    room: str
    other_room: str
    """Cid's own, which Ann is no member of."""
    message: int
    file: str
    watching: Device
    """Bob has the room open on it."""
    devices: dict[str, Device] = field(default_factory=dict)

    @property
    def examples(self) -> dict[str, Any]:
        """Return valid values by the name of the field, of the path's placeholder or of the model."""
        return {
            "room": self.room,
            "seq": self.message,
            "file": self.file,
            "upload": "upload_00000000000000000000",
            "user": self.bob.id,
            "users": self.bob.id,
            "ids": self.bob.id,
            "text": "hello",
            "client_id": "walk",
            "after": 0,
            "name": "Den",
            "token": "no-such-token",
            "emoji": "\N{THUMBS UP SIGN}",
            "RoomCreate": {"name": "Den"},
        }

    async def device(self, guest: Guest) -> Device:
        """Return this guest's device, connected anew where the last one has gone."""
        device = self.devices.get(guest.id)
        if device is None or device.closed.is_set():
            device = self.devices[guest.id] = await guest.connect()
        return device

    async def heard(self) -> list[tuple[str, Any]]:
        """Return what Bob has heard so far, but for who is there: that comes later, and is no answer to a command."""
        await self.watching.settled()
        return [notice for notice in self.watching.notices if notice[0] != "presence.updated"]

    async def stored(self) -> dict[str, list[str]]:
        """Return every document of every declared collection."""
        app = self.chat.app
        models = [LogEntry, *(model for host in app.plugins for model in host.plugin.collections)]
        found = {}
        for model in models:
            documents = await app.documents.find(model)
            found[model.__name__] = sorted(document.model_dump_json() for document in documents)
        return found


@asynccontextmanager
async def untouched(walked: WalkedChat) -> AsyncIterator[None]:
    """Hold that the block writes nothing, and that the others in the room hear nothing of it."""
    stored, heard = await walked.stored(), await walked.heard()
    yield
    assert await walked.stored() == stored
    assert await walked.heard() == heard


@asynccontextmanager
async def walked_chat(data_dir: Path) -> AsyncIterator[WalkedChat]:
    """Run the chat; nothing is limited, so that the walk meets every other check."""
    clock = TurnableClock()
    async with running_chat(data_dir, settings=["limits.enabled=false"], clock=clock) as chat:
        ann, bob, cid, dan = [await chat.guest(name) for name in ("Ann", "Bob", "Cid", "Dan")]
        room = (await ann.post("/api/rooms", {"name": "Den", "visibility": "private"})).body["id"]
        other_room = (await cid.post("/api/rooms", {"name": "Elsewhere"})).body["id"]
        invite = (await ann.post(f"/api/rooms/{room}/invites", {})).body["token"]
        for guest in (bob, dan):
            assert (await guest.post(f"/api/invites/{invite}/accept", {})).status == 200
        assert (await ann.delete(f"/api/rooms/{room}/members/{dan.id}")).status == 204
        watching, anns = await bob.connect(), await ann.connect()
        await watching.ok("rooms.join", {"room": room})
        sent = await anns.ok("messages.create", {"room": room, "text": "first", "client_id": "first"})
        await watching.notice("messages.created")
        yield WalkedChat(
            chat,
            clock,
            *(ann, bob, cid, dan),
            room,
            other_room,
            message=sent["seq"],
            file=await uploaded(ann, room),
            watching=watching,
            devices={ann.id: anns},
        )


HEADERS = {"tus-resumable": "1.0.0", "upload-length": "5", "upload-offset": "0"}
"""What some route wants in its headers, sent to all of them."""
UPLOAD = {**HEADERS, "x-file-name": "notes.txt", "content-type": "application/offset+octet-stream"}


async def uploaded(guest: Guest, room: str) -> str:
    """Upload a small file and return its id."""
    path = f"/api/rooms/{room}/files"
    answer = await guest.chat.request("POST", path, json=b"hello", token=guest.token, headers=UPLOAD)
    assert answer.status == 201, answer
    return str(answer.body["id"])


def complaint(error: Any, where: str, *, kinds: set[str] = MEANT_FOR_CLIENTS) -> list[str]:
    """Return what is wrong with an error object of the contract: one line, or none."""
    if not isinstance(error, dict) or set(error) != ERROR_FIELDS:
        return [f"{where}: no error object: {str(error)[:200]}"]
    if error["kind"] not in kinds:
        return [f"{where}: {error['kind']} {error['code']} is none of {sorted(kinds)}"]
    return []
