"""How many people are there, in lists of rooms and in rooms of many."""

import asyncio
from pathlib import Path

from plugins.presence.tests.conftest import ENABLED, QUICK, UPDATED, hang_up, until_told
from prickle.testing import Chat, running_chat
from prickle.testing.clock import TurnableClock
from prickle.testing.rooms import new_room


async def until_listed(chat: Chat, number: int) -> None:
    """Wait until strangers see so many online in the only room."""
    async with asyncio.timeout(10):
        while (await chat.request("GET", "/api/rooms/open")).body[0]["online"] != number:
            await asyncio.sleep(0.02)


async def test_lists_of_rooms_show_how_many_are_online(chat: Chat, clock: TurnableClock) -> None:
    room, (ann, bob) = await new_room(chat, "Ann", "Bob")
    await until_listed(chat, 2)
    stranger = await chat.guest("Eve")
    for answer in (await ann.guest.get("/api/rooms?scope=mine"), await stranger.get("/api/rooms?scope=public")):
        assert [(shown["id"], shown["online"]) for shown in answer.body] == [(room, 2)]
    await hang_up(chat, bob.device, bob.id)
    clock.turn(16)
    await until_listed(chat, 1)


async def test_those_who_were_told_a_number_are_told_it_when_there_are_few_again(
    tmp_path: Path, clock: TurnableClock
) -> None:
    settings = [ENABLED, QUICK, "plugins.presence.max_listed=2"]
    async with running_chat(tmp_path, settings=settings, clock=clock) as chat:
        room, (ann, _, cid) = await new_room(chat, "Ann", "Bob", "Cid")
        while not any(told.get("online") == 3 for told in ann.device.received(UPDATED)):
            await ann.device.notice(UPDATED, place=len(ann.device.received(UPDATED)))
        await hang_up(chat, cid.device, cid.id)
        clock.turn(16)
        await until_told(ann.device, cid.id, "offline")
        assert ann.device.received(UPDATED)[-1] == {"users": {cid.id: "offline"}, "room": room, "online": 2}
