"""Memberships follow the log, on every replica, and a replay changes nothing."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from plugins.auth.events import GuestExpired
from plugins.rooms.backend.membership import MembershipCache
from plugins.rooms.backend.notices import JOINED, LEFT
from plugins.rooms.backend.store import MemberStore
from plugins.rooms.tests.conftest import SETTINGS, Crew
from prickle.contract.log import Entry
from prickle.contract.types import RoomId, Seq, UserId
from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.testing import Chat, running_chat
from prickle.testing.clock import TurnableClock

ROOM, ANN = RoomId("room_1"), UserId("guest_ann")


def entry(seq: int, event: str) -> Entry:
    return Entry(ROOM, Seq(seq), event, {"user": ANN}, datetime.now(UTC))


async def test_an_older_entry_that_is_replayed_changes_nothing(chat: Chat) -> None:
    members = MemberStore(chat.app.documents)
    joined, left = entry(1, "rooms.joined"), entry(2, "rooms.left")
    for replayed, present in ((joined, True), (left, False)):
        await members.apply(replayed, present=present)
    await members.apply(joined, present=True)
    member = await members.get(ROOM, ANN)
    assert member is not None
    assert (member.present, member.changed_seq) == (False, 2)


def test_what_was_read_before_something_was_forgotten_is_not_kept(clock: TurnableClock) -> None:
    cache = MembershipCache(clock, 5)
    read_at = cache.forgotten
    cache.forget(ROOM, ANN)
    cache.keep(ROOM, ANN, read_at=read_at)
    assert not cache.holds(ROOM, ANN)
    cache.keep(ROOM, ANN, read_at=cache.forgotten)
    assert cache.holds(ROOM, ANN)
    clock.turn(6)
    assert not cache.holds(ROOM, ANN)


async def test_a_removal_here_counts_there_at_once_where_the_room_is_open(tmp_path: Path) -> None:
    hub = MemoryHub()
    async with (
        running_chat(tmp_path, settings=SETTINGS, bus=MemoryBus(hub)) as here,
        running_chat(tmp_path, settings=SETTINGS, bus=MemoryBus(hub)) as there,
    ):
        ann, bob = await here.guest("Ann"), await here.guest("Bob")
        room = (await ann.post("/api/rooms", {"name": "x", "visibility": "public"})).body["id"]
        device = await there.device(bob.token)
        await device.ok("rooms.join", {"room": room})
        assert (await ann.patch(f"/api/rooms/{room}", {"visibility": "private"})).status == 200
        assert (await ann.delete(f"/api/rooms/{room}/members/{bob.id}")).status == 204
        assert (await ann.patch(f"/api/rooms/{room}", {"name": "y"})).status == 200
        await device.notice("rooms.removed")
        await device.settled()
        assert [event for event, _ in device.notices if event != "rooms.added"] == [
            "rooms.updated", "rooms.left", "rooms.removed",
        ]  # fmt: skip
        assert (await device.refusal("rooms.close", {"room": room}))["code"] == "rooms.room_not_found"


async def test_the_entry_of_a_removal_alone_shuts_the_room_before_the_next_entry(crew: Crew) -> None:
    device = await crew.bob.connect()
    await device.ok("rooms.join", {"room": crew.room})
    for notice in (LEFT, JOINED):
        await crew.chat.app.log.append(RoomId(crew.room), notice, {"user": crew.bob.id}, author=UserId(crew.bob.id))
    await device.settled()
    assert [event for event, _ in device.notices] == ["rooms.left"]


async def test_a_removal_here_counts_there_where_nobody_has_the_room_open(tmp_path: Path) -> None:
    hub = MemoryHub()
    async with (
        running_chat(tmp_path, settings=SETTINGS, bus=MemoryBus(hub)) as here,
        running_chat(tmp_path, settings=SETTINGS, bus=MemoryBus(hub)) as there,
    ):
        ann, bob = await here.guest("Ann"), await here.guest("Bob")
        path = f"/api/rooms/{(await ann.post('/api/rooms', {'direct': bob.id})).body['id']}/messages"
        assert (await there.request("GET", path, token=bob.token)).status == 200
        assert (await bob.delete(path.replace("messages", f"members/{bob.id}"))).status == 204
        assert (await there.request("GET", path, token=bob.token)).status == 404


async def test_limits_of_rooms_and_members_hold(tmp_path: Path) -> None:
    settings = [*SETTINGS, "plugins.rooms.max_rooms_per_guest=1", "plugins.rooms.max_members=2"]
    async with running_chat(tmp_path, settings=settings) as chat:
        ann, bob, cat = [await chat.guest(name) for name in ("Ann", "Bob", "Cat")]
        room = (await ann.post("/api/rooms", {"name": "x", "visibility": "public"})).body["id"]
        assert (await ann.post("/api/rooms", {"name": "y"})).body["code"] == "rooms.too_many_rooms"
        await (await bob.connect()).ok("rooms.join", {"room": room})
        assert (await (await cat.connect()).refusal("rooms.join", {"room": room}))["code"] == "rooms.room_full"


async def test_a_guest_who_is_forgotten_leaves_all_rooms(crew: Crew) -> None:
    host = next(host for host in crew.chat.app.plugins if host.id == "auth")
    for _ in range(2):
        await host.plugin.context.events.publish(GuestExpired(user=UserId(crew.bob.id)))
    assert await crew.members() == [crew.ann.id]
    assert len(await crew.entries("rooms.left")) == 1


async def test_many_who_join_at_once_are_all_counted(crew: Crew) -> None:
    await crew.ann.patch(crew.path, {"visibility": "public"})
    guests = [await crew.chat.guest(f"Guest {number}") for number in range(20)]
    devices = [await guest.connect() for guest in guests]
    await asyncio.gather(*(device.ok("rooms.join", {"room": crew.room}) for device in devices))
    assert (await crew.ann.get(crew.path)).body["member_count"] == 22
