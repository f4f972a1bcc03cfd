"""Notices and orders, on one replica and on the other: who gets them, and who does not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from prickle.contract.gateway import Audience, Delivery, Notice
from prickle.contract.payload import Payload
from prickle.contract.types import RoomId
from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.testing import Chat, Guest, running_chat
from prickle.testing.rooms import Inhabitant, inhabitant, new_room

SETTINGS = ["plugins.enabled=auth,rooms,messages", "limits.enabled=false"]


class Weather(Payload):
    """A payload."""

    litres: int
    where: str | None = None


STATE: Notice[Weather] = Notice("tests.updated", Weather, Delivery.STATE)
EPHEMERAL: Notice[Weather] = Notice("tests.started", Weather, Delivery.EPHEMERAL)
DURABLE: Notice[Weather] = Notice("tests.created", Weather, Delivery.DURABLE)


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[tuple[Chat, Chat]]:
    """Two replicas."""
    hub = MemoryHub()
    async with (
        running_chat(tmp_path, settings=SETTINGS, bus=MemoryBus(hub)) as one,
        running_chat(tmp_path, settings=SETTINGS, bus=MemoryBus(hub)) as other,
    ):
        yield one, other


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


def on(chat: Chat, guest: Guest) -> Guest:
    """Return the same guest as they use another replica."""
    return Guest(chat, guest.id, guest.token)


async def a_room_on_both(pair: tuple[Chat, Chat]) -> tuple[str, Inhabitant, Inhabitant, Inhabitant]:
    """Ann has it open here and Bob there; Cid is elsewhere, on the second replica."""
    one, other = pair
    room, (ann,) = await new_room(one, "Ann")
    bob = await inhabitant(await other.guest("Bob"), room)
    _, (cid,) = await new_room(other, "Cid")
    return room, ann, bob, cid


async def heard(*people: Inhabitant, event: str = "tests.updated") -> list[list[int]]:
    for each in people:
        await each.device.settled()
    return [[payload["litres"] for payload in each.device.received(event)] for each in people]


async def test_a_room_hears_on_both_replicas_and_nobody_else_does(pair: tuple[Chat, Chat]) -> None:
    room, ann, bob, cid = await a_room_on_both(pair)
    pair[0].app.realtime.send(STATE, Audience(room=RoomId(room)), Weather(litres=1))
    await bob.device.notice("tests.updated")
    assert await heard(ann, bob, cid) == [[1], [1], []]
    assert ann.device.received("tests.updated") == [{"litres": 1}]


async def test_a_guest_hears_on_all_their_devices_and_nobody_else_does(pair: tuple[Chat, Chat]) -> None:
    _, ann, bob, cid = await a_room_on_both(pair)
    phone = await on(pair[1], ann.guest).connect()
    pair[1].app.realtime.send(EPHEMERAL, Audience(user=ann.id), Weather(litres=2))
    await phone.notice("tests.started")
    await ann.device.notice("tests.started")
    assert await heard(bob, cid, event="tests.started") == [[], []]


async def test_the_one_who_caused_it_can_be_left_out(pair: tuple[Chat, Chat]) -> None:
    room, ann, bob, _ = await a_room_on_both(pair)
    for chat in pair:
        (cause,) = pair[0].app.connections.of_user(ann.id)
        chat.app.realtime.send(EPHEMERAL, Audience(room=RoomId(room), without=cause.id), Weather(litres=3))
    await bob.device.notice("tests.started", place=0)
    assert (await heard(ann, event="tests.started")) == [[]]


async def test_a_durable_notice_and_an_audience_of_nothing_are_refused(pair: tuple[Chat, Chat]) -> None:
    send = pair[0].app.realtime.send
    with pytest.raises(ValueError, match="durable"):
        send(DURABLE, Audience(room=RoomId("room_1")), Weather(litres=1))
    for audience in (Audience(), Audience(room=RoomId("room_1"), user="guest_1")):
        with pytest.raises(ValueError, match="either a room or a guest"):
            send(STATE, audience, Weather(litres=1))


async def test_a_closed_room_is_quiet(pair: tuple[Chat, Chat]) -> None:
    room, ann, bob, _ = await a_room_on_both(pair)
    await bob.device.ok("rooms.close", {"room": room})
    pair[0].app.realtime.send(STATE, Audience(room=RoomId(room)), Weather(litres=1))
    await ann.device.ok("messages.create", {"room": room, "text": "x", "client_id": "1"})
    await ann.device.notice("tests.updated")
    assert await heard(bob) == [[]]
    assert bob.device.received("messages.created") == []


async def test_shutting_a_room_ends_it_on_every_device_and_replica(pair: tuple[Chat, Chat]) -> None:
    room, ann, bob, _ = await a_room_on_both(pair)
    here = await inhabitant(on(pair[0], bob.guest), room)
    pair[0].app.realtime.shut_room(RoomId(room), bob.id)
    pair[0].app.realtime.send(STATE, Audience(room=RoomId(room)), Weather(litres=1))
    await ann.device.notice("tests.updated")
    assert await heard(bob, here) == [[], []]
    await bob.device.ok("rooms.join", {"room": room})


async def test_a_removed_member_hears_so_and_nothing_after_it_anywhere(pair: tuple[Chat, Chat]) -> None:
    room, ann, bob, _ = await a_room_on_both(pair)
    here = await inhabitant(on(pair[0], bob.guest), room)
    assert (await ann.guest.delete(f"/api/rooms/{room}/members/{bob.id}")).status == 204
    for number in range(5):
        await ann.device.ok("messages.create", {"room": room, "text": "x", "client_id": str(number)})
    for each in (bob, here):
        await each.device.notice("rooms.left")
        await each.device.settled()
        assert each.device.received("messages.created") == []


async def test_a_guest_is_sent_off_on_every_replica(pair: tuple[Chat, Chat]) -> None:
    _, ann, bob, _ = await a_room_on_both(pair)
    phone = await on(pair[1], ann.guest).connect()
    pair[0].app.realtime.disconnect(user=ann.id, reason="tests.kicked")
    for device in (ann.device, phone):
        await device.closed.wait()
        assert device.received("core.closed") == [{"reason": "tests.kicked"}]
    await bob.device.settled()


async def test_nobody_can_be_sent_off_by_naming_nobody(pair: tuple[Chat, Chat]) -> None:
    with pytest.raises(ValueError, match="not everybody"):
        pair[0].app.realtime.disconnect(reason="tests.kicked")


async def test_a_session_is_ended_on_every_replica(pair: tuple[Chat, Chat]) -> None:
    _, ann, bob, _ = await a_room_on_both(pair)
    phone = await on(pair[1], ann.guest).connect()
    assert (await on(pair[1], ann.guest).post("/api/auth/logout")).status == 204
    await asyncio.gather(ann.device.closed.wait(), phone.closed.wait())
    await bob.device.settled()


async def test_a_room_opened_and_closed_in_one_tick_leaves_no_ear_behind(pair: tuple[Chat, Chat]) -> None:
    _, ann, _, _ = await a_room_on_both(pair)
    app = pair[0].app
    (connection,) = app.connections.of_user(ann.id)
    app.realtime.open_room(connection, RoomId("room_x"))
    app.realtime.close_room(connection, RoomId("room_x"))
    await eventually(lambda: not app.realtime._tasks)
    assert "notices:room:room_x" not in app.engines.bus._receivers
