"""Presence over two replicas, and after one of them is gone."""

from pathlib import Path

from plugins.presence.tests.conftest import ENABLED, QUICK, hang_up, told_of, until_told
from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.testing import Chat, running_chat
from prickle.testing.clock import TurnableClock
from prickle.testing.rooms import inhabitant, new_room


async def test_devices_on_two_replicas_are_one_guest(replicas: tuple[Chat, Chat], clock: TurnableClock) -> None:
    here, there = replicas
    room, (ann, bob) = await new_room(here, "Ann", "Bob")
    await until_told(ann.device, bob.id, "online")
    phone = await there.device(bob.guest.token)
    await bob.device.ok("presence.update", {"state": "away"})
    await hang_up(here, bob.device, bob.id)
    clock.turn(16)
    cid = await inhabitant(await here.guest("Cid"), room)
    await until_told(ann.device, cid.id, "online")
    assert set(told_of(ann.device, bob.id)) == {"online"}
    await hang_up(there, phone, bob.id)
    clock.turn(16)
    assert set(await until_told(ann.device, bob.id, "offline")) == {"online", "offline"}


async def test_both_replicas_give_one_snapshot(replicas: tuple[Chat, Chat]) -> None:
    here, there = replicas
    room, (ann,) = await new_room(here, "Ann")
    bob = await there.guest("Bob")
    there_bob = await inhabitant(bob, room)
    await until_told(ann.device, bob.id, "online")
    for chat in replicas:
        answer = await chat.request("GET", f"/api/rooms/{room}/presence", token=there_bob.guest.token)
        assert set(answer.body["users"]) == {ann.id, bob.id}


async def test_after_a_crash_those_who_do_not_come_back_are_gone_and_the_others_do_not_flicker(tmp_path: Path) -> None:
    hub = MemoryHub()
    settings = [ENABLED, QUICK]
    async with running_chat(tmp_path, settings=settings, bus=MemoryBus(hub)) as here:
        room, (ann, bob) = await new_room(here, "Ann", "Bob")
        async with running_chat(tmp_path, settings=settings, bus=MemoryBus(hub)) as there:
            cid = await inhabitant(await there.guest("Cid"), room)
            dee = await inhabitant(await there.guest("Dee"), room)
            for person in (bob, cid, dee):
                await until_told(ann.device, person.id, "online")
            await here.device(cid.guest.token)
            engines = there.app.engines
            hub.crash(engines.bus, engines.leases)  # type: ignore[arg-type]  # they are the memory adapters
            assert await until_told(ann.device, dee.id, "offline") == ["online", "offline"]
            for person in (bob, cid):
                assert told_of(ann.device, person.id) == ["online"]
            answer = await ann.guest.get(f"/api/rooms/{room}/presence")
            assert set(answer.body["users"]) == {ann.id, bob.id, cid.id}


async def test_after_a_stop_those_who_come_back_elsewhere_do_not_flicker(tmp_path: Path, clock: TurnableClock) -> None:
    hub = MemoryHub()
    settings = [ENABLED, QUICK]
    async with running_chat(tmp_path, settings=settings, clock=clock, bus=MemoryBus(hub)) as here:
        room, (ann,) = await new_room(here, "Ann")
        async with running_chat(tmp_path, settings=settings, clock=clock, bus=MemoryBus(hub)) as there:
            cid = await inhabitant(await there.guest("Cid"), room)
            dee = await inhabitant(await there.guest("Dee"), room)
            for person in (cid, dee):
                await until_told(ann.device, person.id, "online")
        await here.device(cid.guest.token)
        eve = await inhabitant(await here.guest("Eve"), room)
        await until_told(ann.device, eve.id, "online")  # and so of all who came before her
        clock.turn(16)
        assert await until_told(ann.device, dee.id, "offline") == ["online", "offline"]
        assert told_of(ann.device, cid.id) == ["online"]
