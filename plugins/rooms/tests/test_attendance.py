"""Which rooms the guests of a replica belong to, as other plugins hear it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from plugins.rooms.events import MemberJoined, MemberLeft, MembersConnected
from prickle.contract.events import Event
from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.testing import Chat, running_chat
from prickle.testing.rooms import inhabitant, new_room

ENABLED = "plugins.enabled=auth,rooms"


class Listener:
    """Hears the events of one replica."""

    def __init__(self, chat: Chat, *kinds: type[Event]) -> None:
        self.heard: asyncio.Queue[Any] = asyncio.Queue()
        for kind in kinds:
            chat.app.events.subscribe(kind, self.heard.put, structlog.get_logger())

    async def next(self) -> Any:
        return await asyncio.wait_for(self.heard.get(), 5)


@pytest.fixture
async def replicas(tmp_path: Path) -> AsyncIterator[tuple[Chat, Chat]]:
    hub = MemoryHub()
    async with (
        running_chat(tmp_path, settings=[ENABLED], bus=MemoryBus(hub)) as here,
        running_chat(tmp_path, settings=[ENABLED], bus=MemoryBus(hub)) as there,
    ):
        yield here, there


async def test_a_guests_rooms_are_told_once_with_their_first_socket(replicas: tuple[Chat, Chat]) -> None:
    here, there = replicas
    room, (ann, bob) = await new_room(here, "Ann", "Bob")
    listener = Listener(there, MembersConnected)
    for guest in (ann.guest, bob.guest, ann.guest):
        await there.device(guest.token)
    told: dict[str, Any] = {}
    while len(told) < 2:
        told.update((await listener.next()).members)
    assert told == {ann.id: {room: 1}, bob.id: {room: 2}}
    assert listener.heard.empty()


async def test_joining_and_leaving_is_told_on_every_replica(replicas: tuple[Chat, Chat]) -> None:
    here, there = replicas
    listeners = [Listener(chat, MemberJoined, MemberLeft) for chat in replicas]
    room, (ann,) = await new_room(here, "Ann")
    bob = await inhabitant(await there.guest("Bob"), room)
    await ann.guest.delete(f"/api/rooms/{room}/members/{bob.id}")
    for listener in listeners:
        heard = [await listener.next() for _ in range(3)]
        assert [(type(event).__name__, event.user) for event in heard] == [
            ("MemberJoined", ann.id),
            ("MemberJoined", bob.id),
            ("MemberLeft", bob.id),
        ]


async def test_a_deleted_room_is_left_by_all(replicas: tuple[Chat, Chat]) -> None:
    here, there = replicas
    room, (ann, bob) = await new_room(here, "Ann", "Bob")
    listener = Listener(there, MemberLeft)
    assert (await ann.guest.delete(f"/api/rooms/{room}")).status == 204
    assert {(await listener.next()).user for _ in range(2)} == {ann.id, bob.id}
