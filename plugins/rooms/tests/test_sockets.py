"""Joining, closing and leaving on a socket, and who hears of it."""

import asyncio

import pytest

from plugins.rooms.backend.payloads import RoomJoin
from plugins.rooms.backend.sockets import RoomCommands
from plugins.rooms.tests.conftest import Crew
from prickle.contract.errors import NotFound
from prickle.contract.gateway import Connection
from prickle.contract.log import Catchup
from prickle.contract.types import RoomId, Seq


async def test_a_member_opens_a_room_and_gets_what_was_missed(crew: Crew) -> None:
    device = await crew.bob.connect()
    joined = await device.ok("rooms.join", {"room": crew.room, "after": 1})
    assert (joined["room"]["id"], joined["last_seq"], joined["room"]["last_seq"]) == (crew.room, 2, 2)
    assert joined["entries"] == [["rooms.joined", {"room": crew.room, "seq": 2, "user": crew.bob.id}]]
    assert "reload" not in joined
    assert "entries" not in await device.ok("rooms.join", {"room": crew.room})


async def test_a_public_room_makes_a_member_of_whoever_opens_it(crew: Crew) -> None:
    await crew.ann.patch(crew.path, {"visibility": "public"})
    here, outside = await crew.ann.connect(), await crew.bob.connect()
    await here.ok("rooms.join", {"room": crew.room})
    joined = await (await crew.cat.connect()).ok("rooms.join", {"room": crew.room})
    assert joined["room"]["member_count"] == 3
    assert (await here.notice("rooms.joined"))["user"] == crew.cat.id
    await outside.settled()
    assert outside.received("rooms.joined") == []


async def test_two_devices_that_join_in_one_tick_are_one_member(crew: Crew) -> None:
    await crew.ann.patch(crew.path, {"visibility": "public"})
    devices = [await crew.cat.connect() for _ in range(4)]
    await asyncio.gather(*(device.ok("rooms.join", {"room": crew.room}) for device in devices))
    assert [entry["user"] for entry in await crew.entries("rooms.joined")].count(crew.cat.id) == 1


async def test_a_stranger_cannot_open_close_or_leave_a_private_room(crew: Crew) -> None:
    device = await crew.cat.connect()
    for command in ("rooms.join", "rooms.close", "rooms.leave"):
        for room in (crew.room, "room_00000000000000000000"):
            assert (await device.refusal(command, {"room": room}))["code"] == "rooms.room_not_found"


@pytest.mark.parametrize(
    "payload",
    [
        {},
        [],
        "x",
        None,
        {"room": 1},
        {"room": ""},
        {"room": {"$ne": 1}},
        {"room": "a b"},
        {"room": "r" * 65},
        {"room": "r", "x": 1},
    ],
)
async def test_another_shape_is_refused_and_the_socket_stays(crew: Crew, payload: object) -> None:
    device = await crew.bob.connect()
    for command in ("rooms.join", "rooms.close", "rooms.leave"):
        assert (await device.refusal(command, payload))["kind"] == "invalid_input"
    assert await device.ok("rooms.join", {"room": crew.room})


async def test_a_closed_room_is_quiet_on_that_socket_alone(crew: Crew) -> None:
    closing, open_one = await crew.bob.connect(), await crew.bob.connect()
    for device in (closing, open_one):
        await device.ok("rooms.join", {"room": crew.room})
    await closing.ok("rooms.close", {"room": crew.room})
    await crew.ann.patch(crew.path, {"name": "Night crew"})
    assert (await open_one.notice("rooms.updated"))["name"] == "Night crew"
    await closing.settled()
    assert closing.received("rooms.updated") == []
    assert (await crew.bob.get(crew.path)).status == 200


async def test_a_removed_member_hears_so_and_nothing_later(crew: Crew) -> None:
    removed, stays, unopened = await crew.bob.connect(), await crew.ann.connect(), await crew.bob.connect()
    for device in (removed, stays):
        await device.ok("rooms.join", {"room": crew.room})
    await crew.remove_bob()
    await crew.ann.patch(crew.path, {"name": "Without Bob"})
    assert (await stays.notice("rooms.updated"))["name"] == "Without Bob"
    await removed.settled()
    assert [event for event, _ in removed.notices] == ["rooms.left", "rooms.removed"]
    assert await unopened.notice("rooms.removed") == {"room": crew.room}
    assert stays.received("rooms.removed") == []


async def test_leaving_ends_the_membership_on_all_devices_of_the_guest(crew: Crew) -> None:
    one, other = await crew.bob.connect(), await crew.bob.connect()
    for device in (one, other):
        await device.ok("rooms.join", {"room": crew.room})
    assert await one.ok("rooms.leave", {"room": crew.room}) == {}
    assert (await other.notice("rooms.left"))["user"] == crew.bob.id
    assert (await other.refusal("rooms.leave", {"room": crew.room}))["code"] == "rooms.room_not_found"
    assert await crew.members() == [crew.ann.id]


class SlowLog:
    """The room's log, when a member is removed just before a room opens."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew

    async def open(self, connection: Connection, room: RoomId, after: Seq | None) -> Catchup:
        await self._crew.remove_bob()
        return await self._crew.chat.app.log.open(connection, room, after)


async def test_a_member_removed_while_joining_has_the_room_open_no_longer(crew: Crew) -> None:
    app = crew.chat.app
    rooms = next(host.plugin for host in app.plugins if host.id == "rooms")
    await crew.bob.connect()
    [connection] = app.connections.of_user(crew.bob.id)
    commands = RoomCommands(rooms._service, rooms._memberships, rooms._views, SlowLog(crew), app.realtime)
    with pytest.raises(NotFound):
        await commands.join(connection, RoomJoin(room=crew.room))
    assert connection.rooms == set()
