"""Who is seen as what, by whom, and after which delay."""

from pathlib import Path

import pytest

from plugins.presence.tests.conftest import ENABLED, QUICK, UPDATED, hang_up, told_of, until_told
from prickle.testing import Chat, running_chat
from prickle.testing.clock import TurnableClock
from prickle.testing.rooms import inhabitant, new_room, room_of
from tests.source_tree import all_but


async def test_those_who_look_at_a_shared_room_hear_who_comes_and_nobody_else_does(chat: Chat) -> None:
    room, (ann, bob) = await new_room(chat, "Ann", "Bob")
    outsider = await (await chat.guest("Eve")).connect()
    closed = await ann.guest.connect()
    cid = await inhabitant(await chat.guest("Cid"), room)
    await until_told(ann.device, cid.id, "online")
    assert told_of(bob.device, cid.id) == ["online"]
    for device in (outsider, closed):
        await device.settled()
        assert not device.received(UPDATED)
    assert (await ann.guest.get(f"/api/rooms/{room}/presence")).body == {
        "users": dict.fromkeys(sorted((ann.id, bob.id, cid.id)), "online"),
        "online": 3,
    }


async def test_whoever_has_just_come_sees_themselves_at_once(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=[ENABLED, "plugins.presence.notice_interval_s=60"]) as chat:
        room, (_, bob) = await new_room(chat, "Ann", "Bob")
        assert (await bob.guest.get(f"/api/rooms/{room}/presence")).body["users"][bob.id] == "online"


async def test_a_guest_is_gone_only_after_the_grace(chat: Chat, clock: TurnableClock) -> None:
    room, (ann, bob) = await new_room(chat, "Ann", "Bob")
    await until_told(ann.device, bob.id, "online")
    await hang_up(chat, bob.device, bob.id)
    clock.turn(14)
    assert (await ann.guest.get(f"/api/rooms/{room}/presence")).body["users"][bob.id] == "online"
    clock.turn(2)
    assert await until_told(ann.device, bob.id, "offline") == ["online", "offline"]
    assert bob.id not in (await ann.guest.get(f"/api/rooms/{room}/presence")).body["users"]


async def test_a_reload_of_the_page_is_seen_by_nobody(chat: Chat, clock: TurnableClock) -> None:
    room, (ann, bob) = await new_room(chat, "Ann", "Bob")
    await until_told(ann.device, bob.id, "online")
    for _ in range(3):
        await hang_up(chat, bob.device, bob.id)
        clock.turn(10)
        bob = await inhabitant(bob.guest, room)
    cid = await inhabitant(await chat.guest("Cid"), room)
    await until_told(ann.device, cid.id, "online")
    assert told_of(ann.device, bob.id) == ["online"]


async def test_a_guest_is_away_when_all_their_devices_are(chat: Chat) -> None:
    _, (ann, bob) = await new_room(chat, "Ann", "Bob")
    await until_told(ann.device, bob.id, "online")
    phone = await bob.guest.connect()
    assert await bob.device.ok("presence.update", {"state": "away"}) == {}
    await phone.ok("presence.update", {"state": "away"})
    assert await until_told(ann.device, bob.id, "away") == ["online", "away"]
    await phone.ok("presence.update", {"state": "online"})
    assert await until_told(ann.device, bob.id, "online") == ["online", "away", "online"]
    await hang_up(chat, phone, bob.id)
    assert await until_told(ann.device, bob.id, "away") == ["online", "away", "online", "away"]


async def test_what_a_device_says_as_it_goes_outlives_it_not(chat: Chat) -> None:
    room, (ann, bob) = await new_room(chat, "Ann", "Bob")
    await until_told(ann.device, bob.id, "online")
    phone = await bob.guest.connect()
    message = f'{{"room":"{room}","text":"Bye","client_id":"bye"}}'
    await phone.send_raw(f'42["messages.create",{message}]')
    await phone.send_raw('42["presence.update",{"state":"online"}]')
    await hang_up(chat, phone, bob.id)
    await ann.device.notice("messages.created")
    await bob.device.ok("presence.update", {"state": "away"})
    assert await until_told(ann.device, bob.id, "away") == ["online", "away"]


async def test_many_changes_of_a_moment_are_one_notice(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=[ENABLED, "plugins.presence.notice_interval_s=1"]) as chat:
        room, (ann,) = await new_room(chat, "Ann")
        await until_told(ann.device, ann.id, "online")
        before = len(ann.device.received(UPDATED))
        guests = [await inhabitant(await chat.guest(f"Guest {number}"), room) for number in range(20)]
        for guest in guests:
            await until_told(ann.device, guest.id, "online")
        assert len(ann.device.received(UPDATED)) - before < 10


async def test_a_room_of_many_is_told_a_number(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=[ENABLED, QUICK, "plugins.presence.max_listed=2"]) as chat:
        room, (ann, bob) = await new_room(chat, "Ann", "Bob")
        await until_told(ann.device, bob.id, "online")
        cid = await inhabitant(await chat.guest("Cid"), room)
        while not (numbers := [notice for notice in ann.device.received(UPDATED) if "online" in notice]):
            await ann.device.notice(UPDATED, place=len(ann.device.received(UPDATED)))
        assert numbers == [{"users": {}, "room": room, "online": 3}]
        assert not told_of(ann.device, cid.id)
        answer = (await ann.guest.get(f"/api/rooms/{room}/presence")).body
        assert (answer["online"], len(answer["users"])) == (3, 2)


async def test_a_former_member_is_told_nothing_and_not_shown(chat: Chat) -> None:
    room, (ann, bob, cid) = await new_room(chat, "Ann", "Bob", "Cid")
    await until_told(ann.device, cid.id, "online")
    await bob.device.ok("rooms.leave", {"room": room})
    assert bob.id not in (await ann.guest.get(f"/api/rooms/{room}/presence")).body["users"]
    assert (await bob.guest.get(f"/api/rooms/{room}/presence")).status == 404
    await bob.device.settled()
    heard = len(bob.device.received(UPDATED))
    for person in (bob, cid):
        await person.device.ok("presence.update", {"state": "away"})
    await until_told(ann.device, cid.id, "away")
    await bob.device.settled()
    assert len(bob.device.received(UPDATED)) == heard
    assert "away" not in told_of(ann.device, bob.id)


async def test_a_guest_in_several_rooms_is_told_in_each(chat: Chat) -> None:
    ann, bob, cid = [await chat.guest(name) for name in ("Ann", "Bob", "Cid")]
    _, (ann_one, bob_there) = await room_of(ann, bob)
    _, (ann_two, cid_there) = await room_of(ann, cid)
    await until_told(bob_there.device, bob.id, "online")
    for each in (ann_one, ann_two):
        await each.device.ok("presence.update", {"state": "away"})
    for watcher in (bob_there, cid_there):
        await until_told(watcher.device, ann.id, "away")
    assert not told_of(bob_there.device, cid.id)


@pytest.mark.parametrize(
    "payload", [{}, {"state": "offline"}, {"state": "busy"}, {"state": None}, {"state": "away", "a": 1}]
)
async def test_another_state_is_refused(chat: Chat, payload: object) -> None:
    device = await (await chat.guest("Ann")).connect()
    assert (await device.refusal("presence.update", payload))["kind"] == "invalid_input"


async def test_strangers_see_nobody(chat: Chat) -> None:
    room, _ = await new_room(chat, "Ann")
    stranger = await chat.guest("Eve")
    assert (await stranger.get(f"/api/rooms/{room}/presence")).status == 404
    assert (await chat.request("GET", f"/api/rooms/{room}/presence")).status == 401


async def test_without_the_plugin_the_chat_works(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=[all_but("presence")]) as chat:
        room, (ann, bob) = await new_room(chat, "Ann", "Bob")
        assert (await ann.guest.get(f"/api/rooms/{room}/presence")).status == 404
        assert "online" not in (await ann.guest.get("/api/rooms")).body[0]
        await ann.device.ok("messages.create", {"room": room, "text": "hi", "client_id": "1"})
        assert (await bob.device.notice("messages.created"))["text"] == "hi"
