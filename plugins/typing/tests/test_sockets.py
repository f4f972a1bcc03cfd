"""Typing as its clients see it."""

from pathlib import Path

import pytest

from plugins.typing.tests.conftest import SETTINGS
from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.testing import Chat, running_chat
from prickle.testing.clock import TurnableClock
from prickle.testing.rooms import Inhabitant, inhabitant, new_room
from tests.source_tree import all_but

UPDATED = "typing.updated"


async def typing_seen_by(inhabitant: Inhabitant) -> list[list[str]]:
    """Return whom each notice so far named."""
    await inhabitant.device.settled()
    return [notice["users"] for notice in inhabitant.device.received(UPDATED)]


async def test_the_others_in_the_room_hear_who_is_writing_and_nobody_else_does(chat: Chat) -> None:
    room, (ann, bob) = await new_room(chat, "Ann", "Bob")
    closed = await bob.guest.connect()
    _, (elsewhere,) = await new_room(chat, "Eve")
    former = await inhabitant(await chat.guest("Cid"), room)
    await former.device.ok("rooms.leave", {"room": room})
    assert await ann.device.ok("typing.start", {"room": room}) == {}
    assert await bob.device.notice(UPDATED) == {"room": room, "users": [ann.id]}
    for device in (ann.device, closed, elsewhere.device, former.device):
        await device.settled()
        assert not device.received(UPDATED)


async def test_stopping_is_told_and_stopping_again_is_not(chat: Chat) -> None:
    room, (ann, bob) = await new_room(chat, "Ann", "Bob")
    assert await ann.device.ok("typing.stop", {"room": room}) == {}
    await ann.device.ok("typing.start", {"room": room})
    await ann.device.ok("typing.stop", {"room": room})
    await ann.device.ok("typing.stop", {"room": room})
    assert await typing_seen_by(bob) == [[ann.id], []]


async def test_repeating_costs_a_notice_only_when_receivers_would_soon_forget(chat: Chat, clock: TurnableClock) -> None:
    room, (ann, bob) = await new_room(chat, "Ann", "Bob")
    for turned_s in (0, 1, 1, 1):
        clock.turn(turned_s)
        await ann.device.ok("typing.start", {"room": room})
    assert await typing_seen_by(bob) == [[ann.id], [ann.id]]


async def test_ones_own_message_ends_it_without_a_notice(chat: Chat) -> None:
    room, (ann, bob) = await new_room(chat, "Ann", "Bob")
    await ann.device.ok("typing.start", {"room": room})
    await ann.device.ok("messages.create", {"room": room, "text": "hi", "client_id": "1"})
    await ann.device.ok("typing.stop", {"room": room})
    assert await typing_seen_by(bob) == [[ann.id]]
    await ann.device.ok("typing.start", {"room": room})
    assert await typing_seen_by(bob) == [[ann.id], [ann.id]]


async def test_somebody_elses_message_ends_nothing(chat: Chat) -> None:
    room, (ann, bob) = await new_room(chat, "Ann", "Bob")
    await ann.device.ok("typing.start", {"room": room})
    await bob.device.ok("messages.create", {"room": room, "text": "hi", "client_id": "1"})
    await ann.device.ok("typing.stop", {"room": room})
    assert await typing_seen_by(bob) == [[ann.id], []]


async def test_whoever_went_away_while_writing_is_named_no_longer_than_six_seconds(
    chat: Chat, clock: TurnableClock
) -> None:
    room, (ann, bob, cid) = await new_room(chat, "Ann", "Bob", "Cid")
    await ann.device.ok("typing.start", {"room": room})
    await ann.device.close()
    clock.turn(6)
    await bob.device.ok("typing.start", {"room": room})
    assert await typing_seen_by(cid) == [[ann.id], [bob.id]]


async def test_at_most_three_are_named_and_the_next_one_moves_up(chat: Chat) -> None:
    room, (ann, bob, cid, dee, eve) = await new_room(chat, "Ann", "Bob", "Cid", "Dee", "Eve")
    for writer in (ann, bob, cid, dee):
        await writer.device.ok("typing.start", {"room": room})
    await ann.device.ok("typing.stop", {"room": room})
    seen = await typing_seen_by(eve)
    assert seen == [[ann.id], [ann.id, bob.id], [ann.id, bob.id, cid.id], [bob.id, cid.id, dee.id]]


async def test_a_removed_member_is_named_no_longer(chat: Chat) -> None:
    room, (ann, bob, cid) = await new_room(chat, "Ann", "Bob", "Cid")
    await bob.device.ok("typing.start", {"room": room})
    assert (await ann.guest.delete(f"/api/rooms/{room}/members/{bob.id}")).status == 204
    await ann.device.ok("typing.start", {"room": room})
    assert (await typing_seen_by(cid))[-1] == [ann.id]


@pytest.mark.parametrize("command", ["typing.start", "typing.stop"])
async def test_strangers_former_members_and_bad_payloads_are_refused(chat: Chat, command: str) -> None:
    room, (ann, bob) = await new_room(chat, "Ann", "Bob")
    stranger = await (await chat.guest("Eve")).connect()
    assert (await stranger.refusal(command, {"room": room}))["code"] == "rooms.room_not_found"
    await bob.device.ok("rooms.leave", {"room": room})
    assert (await bob.device.refusal(command, {"room": room}))["code"] == "rooms.room_not_found"
    for payload in ({}, {"room": {"$ne": 1}}, {"room": room, "users": []}, {"room": ""}, [room]):
        assert (await ann.device.refusal(command, payload))["kind"] == "invalid_input"


async def test_a_large_room_shows_nobody_typing(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=[*SETTINGS, "plugins.typing.max_open_sockets=2"]) as chat:
        room, (ann, bob) = await new_room(chat, "Ann", "Bob")
        await ann.device.ok("typing.start", {"room": room})
        assert len(await typing_seen_by(bob)) == 1
        cid = await inhabitant(await chat.guest("Cid"), room)
        assert await cid.device.ok("typing.start", {"room": room}) == {}
        assert len(await typing_seen_by(bob)) == 1
        await cid.device.ok("rooms.close", {"room": room})
        await bob.device.ok("typing.start", {"room": room})
        assert len(await typing_seen_by(ann)) == 1


async def test_it_reaches_the_other_replica(tmp_path: Path) -> None:
    hub = MemoryHub()
    async with (
        running_chat(tmp_path, settings=SETTINGS, bus=MemoryBus(hub)) as here,
        running_chat(tmp_path, settings=SETTINGS, bus=MemoryBus(hub)) as there,
    ):
        room, (ann,) = await new_room(here, "Ann")
        bob = await there.guest("Bob")
        bob_there = await inhabitant(bob, room)
        await ann.device.ok("typing.start", {"room": room})
        assert (await bob_there.device.notice(UPDATED))["users"] == [ann.id]


async def test_without_the_plugin_the_chat_works(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=[all_but("typing")]) as chat:
        room, (ann, bob) = await new_room(chat, "Ann", "Bob")
        assert (await ann.device.refusal("typing.start", {"room": room}))["code"] == "core.unknown_command"
        await ann.device.ok("messages.create", {"room": room, "text": "hi", "client_id": "1"})
        assert (await bob.device.notice("messages.created"))["text"] == "hi"
