"""When people were last there: kept only where the settings say so, told only to those who share the room."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from plugins.presence.tests.conftest import ENABLED, QUICK, hang_up, until_told
from prickle.testing import Answer, Chat, Guest, running_chat
from prickle.testing.clock import TurnableClock
from prickle.testing.rooms import inhabitant, new_room

KEPT = [ENABLED, QUICK, "plugins.presence.last_seen=true"]


@pytest.fixture
async def keeping(tmp_path: Path, clock: TurnableClock) -> AsyncIterator[Chat]:
    async with running_chat(tmp_path, settings=KEPT, clock=clock) as chat:
        yield chat


async def seen(asker: Guest, room: str, *users: str) -> Answer:
    return await asker.get(f"/api/rooms/{room}/presence/seen?users={','.join(users)}")


async def test_those_who_share_a_room_see_when_somebody_was_last_there(keeping: Chat, clock: TurnableClock) -> None:
    room, (ann, bob) = await new_room(keeping, "Ann", "Bob")
    await until_told(ann.device, bob.id, "online")
    assert (await seen(ann.guest, room, ann.id, bob.id)).body == {"users": {}}
    left_at = clock.now()
    await hang_up(keeping, bob.device, bob.id)
    clock.turn(16)
    await until_told(ann.device, bob.id, "offline")
    times = (await seen(ann.guest, room, ann.id, bob.id)).body["users"]
    assert list(times) == [bob.id]
    assert abs(datetime.fromisoformat(times[bob.id]) - left_at) < timedelta(seconds=10)
    assert (await ann.guest.get(f"/api/rooms/{room}/presence")).body["last_seen"] is True


async def test_strangers_and_former_members_are_neither_told_nor_told_of(keeping: Chat, clock: TurnableClock) -> None:
    room, (ann, bob, cid) = await new_room(keeping, "Ann", "Bob", "Cid")
    await until_told(ann.device, bob.id, "online")
    await hang_up(keeping, bob.device, bob.id)
    clock.turn(16)
    await until_told(ann.device, bob.id, "offline")
    other, (eve,) = await new_room(keeping, "Eve")
    await cid.device.ok("rooms.leave", {"room": room})
    for outsider in (eve, cid):
        assert (await seen(outsider.guest, room, bob.id)).status == 404
    assert (await seen(eve.guest, other, bob.id)).body == {"users": {}}
    await bob.guest.delete(f"/api/rooms/{room}/members/{bob.id}")
    assert (await seen(ann.guest, room, bob.id)).body == {"users": {}}


async def test_a_server_that_stops_notes_who_was_there(tmp_path: Path, clock: TurnableClock) -> None:
    async with running_chat(tmp_path, settings=KEPT, clock=clock) as chat:
        room, (ann, bob) = await new_room(chat, "Ann", "Bob")
    async with running_chat(tmp_path, settings=KEPT, clock=clock) as chat:
        again = Guest(chat, ann.id, ann.guest.token)
        assert list((await seen(again, room, bob.id)).body["users"]) == [bob.id]


async def test_nothing_is_kept_unless_the_settings_say_so(tmp_path: Path, clock: TurnableClock) -> None:
    async with running_chat(tmp_path, settings=[ENABLED, QUICK], clock=clock) as chat:
        room, (ann, bob) = await new_room(chat, "Ann", "Bob")
        await until_told(ann.device, bob.id, "online")
        await hang_up(chat, bob.device, bob.id)
        clock.turn(16)
        await until_told(ann.device, bob.id, "offline")
        assert (await seen(ann.guest, room, bob.id)).body == {"users": {}}
        assert "last_seen" not in (await ann.guest.get(f"/api/rooms/{room}/presence")).body
    async with running_chat(tmp_path, settings=KEPT, clock=clock) as chat:
        again = await inhabitant(Guest(chat, ann.id, ann.guest.token), room)
        assert (await seen(again.guest, room, bob.id)).body == {"users": {}}


async def test_another_list_of_people_is_refused(keeping: Chat) -> None:
    room, (ann,) = await new_room(keeping, "Ann")
    for users in ("", ",", "a b", "%00", ",".join(["a"] * 101)):
        assert (await ann.guest.get(f"/api/rooms/{room}/presence/seen?users={users}")).status == 400
