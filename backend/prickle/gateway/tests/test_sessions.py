"""The life of a socket: who may connect and how often, whose it is, and when it ends."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from prickle.contract.events import Event, RoomClosed, RoomOpened, SocketClosed, SocketOpened
from prickle.testing import Chat, Device, running_chat
from prickle.testing.clock import TurnableClock
from prickle.testing.device import Refused
from prickle.testing.rooms import new_room

SETTINGS = ["plugins.enabled=auth,rooms,messages", "limits.sockets_per_user=3", "limits.open_rooms_per_socket=2"]
A_MONTH_S = 31 * 86_400.0


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
async def chat(tmp_path: Path, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Chat]:
    monkeypatch.setattr("prickle.gateway.sessions.EXPIRY_CHECK_EVERY_S", 0.05)
    async with running_chat(tmp_path, settings=SETTINGS, clock=clock) as chat:
        yield chat


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def answer_to_connect(chat: Chat, *packets: str) -> list[str]:
    """Send raw packets on a new websocket; return what comes back until an answer to a CONNECT, or the end."""
    got: list[str] = []
    async with connect(chat.url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket") as websocket:
        await websocket.recv()
        for packet in packets:
            await websocket.send(packet)
        try:
            while not got or got[-1][:2] not in {"40", "44"}:
                got.append(str(await websocket.recv()))
        except ConnectionClosed:
            got.append("closed")
    return got


@pytest.mark.parametrize(
    "auth",
    [
        "",
        "{}",
        '{"token":""}',
        '{"token":7}',
        '{"token":null}',
        '{"token":{"$ne":1}}',
        '{"token":["a"]}',
        '{"token":"a.b.c"}',
    ],
)
async def test_who_brings_no_good_token_is_told_so_in_the_contracts_words(chat: Chat, auth: str) -> None:
    answer = (await answer_to_connect(chat, "40" + auth))[-1]
    assert answer.startswith("44")
    told = orjson.loads(answer[2:])
    assert told["message"] == told["data"]["message"]
    assert set(told["data"]) == {"kind", "code", "message", "details", "trace_id"}
    assert told["data"]["kind"] == "unauthenticated"


async def test_a_token_that_is_too_long_is_not_even_looked_at(chat: Chat) -> None:
    with pytest.raises(Refused) as refused:
        await Device.connect(chat.url, "x" * 4097)
    assert refused.value.data["code"] == "core.no_token"


@pytest.mark.parametrize("auth", ["[" * 20_000, '{"token":' * 20_000, "[]", '"x"', "{", '{"token":NaN}'])
async def test_a_broken_connect_ends_that_socket_alone(chat: Chat, auth: str) -> None:
    other = await (await chat.guest()).connect()
    assert (await answer_to_connect(chat, "40" + auth))[-1] == "closed"
    await other.settled()


async def test_an_expired_and_a_revoked_token_are_refused(chat: Chat, clock: TurnableClock) -> None:
    ann, bob = await chat.guest("Ann"), await chat.guest("Bob")
    await bob.post("/api/auth/logout")
    clock.turn(A_MONTH_S)
    for guest in (ann, bob):
        with pytest.raises(Refused) as refused:
            await guest.connect()
        assert refused.value.data["kind"] == "unauthenticated"


async def test_a_guest_has_a_bounded_number_of_sockets(chat: Chat) -> None:
    ann, bob = await chat.guest("Ann"), await chat.guest("Bob")
    devices = [await ann.connect() for _ in range(3)]
    with pytest.raises(Refused) as refused:
        await ann.connect()
    assert refused.value.data["code"] == "core.too_many_sockets"
    await bob.connect()
    await devices[0].close()
    await eventually(lambda: len(chat.app.connections.of_user(ann.id)) == 2)
    await ann.connect()


async def test_of_many_connects_at_once_no_more_than_may_be_are_taken(chat: Chat) -> None:
    ann = await chat.guest("Ann")
    taken = await asyncio.gather(*[ann.connect() for _ in range(10)], return_exceptions=True)
    assert sum(isinstance(each, Device) for each in taken) == 3
    assert sum(isinstance(each, Refused) for each in taken) == 7


async def test_a_socket_opens_a_bounded_number_of_rooms(chat: Chat) -> None:
    ann = await chat.guest("Ann")
    device = await ann.connect()
    rooms = [(await ann.post("/api/rooms", {"name": "Den"})).body["id"] for _ in range(3)]
    for room in [*rooms[:2], rooms[0]]:
        await device.ok("rooms.join", {"room": room})
    error = await device.refusal("rooms.join", {"room": rooms[2]})
    assert (error["kind"], error["code"], error["details"]) == ("conflict", "core.too_many_open_rooms", {"max": 2})
    await device.ok("rooms.close", {"room": rooms[0]})
    await device.ok("rooms.join", {"room": rooms[2]})
    assert chat.app.log._feeds._feeds.keys() == set(rooms[1:])


async def test_an_event_before_connect_has_no_effect(chat: Chat) -> None:
    ann = await chat.guest("Ann")
    token = orjson.dumps({"token": ann.token}).decode()
    got = await answer_to_connect(chat, '420["rooms.join",{"room":"x"}]', f"40{token}")
    assert [packet[:2] for packet in got] == ["40"]


async def test_a_second_connect_changes_nobody_into_somebody_else(chat: Chat) -> None:
    ann, cid = await chat.guest("Ann"), await chat.guest("Cid")
    room = (await ann.post("/api/rooms", {"name": "Den"})).body["id"]
    device = await ann.connect()
    await device.send_raw("40" + orjson.dumps({"token": cid.token}).decode())
    await device.ok("rooms.join", {"room": room})
    assert not chat.app.connections.of_user(cid.id)
    assert len(chat.app.connections.of_user(ann.id)) == 1


async def test_a_socket_ends_soon_after_its_token_and_is_told_why(chat: Chat, clock: TurnableClock) -> None:
    device = await (await chat.guest()).connect()
    clock.turn(A_MONTH_S)
    await device.closed.wait()
    assert device.received("core.closed") == [{"reason": "core.token_expired"}]


async def test_a_token_that_has_just_expired_is_good_for_the_leeway(chat: Chat, clock: TurnableClock) -> None:
    device = await (await chat.guest()).connect()
    (connection,) = chat.app.connections.all()
    left_s = (connection.identity.expires_at - clock.now()).total_seconds()
    clock.turn(left_s + 5)
    await asyncio.sleep(0.15)
    await device.settled()
    clock.turn(6)
    await device.closed.wait()


async def test_logging_out_ends_the_sockets_of_that_sign_in_only(chat: Chat) -> None:
    ann = await chat.guest("Ann")
    link = (await ann.post("/api/auth/link")).body["token"]
    phone = (await chat.request("POST", "/api/auth/redeem", json={"token": link})).body["token"]
    here, there = await ann.connect(), await chat.device(phone)
    await ann.post("/api/auth/logout")
    await here.closed.wait()
    assert here.received("core.closed") == [{"reason": "auth.logged_out"}]
    await there.settled()


async def test_plugins_hear_of_a_socket_and_its_rooms_in_order(chat: Chat) -> None:
    heard: list[tuple[type[Event], Any]] = []

    async def slow(event: Any) -> None:
        await asyncio.sleep(0.01 if isinstance(event, RoomOpened | RoomClosed) else 0)
        heard.append((type(event), getattr(event, "room", None)))

    for kind in (SocketOpened, SocketClosed, RoomOpened, RoomClosed):
        chat.app.events.subscribe(kind, slow, chat.app._logger)
    room, (ann,) = await new_room(chat, "Ann")
    await ann.device.ok("rooms.close", {"room": room})
    await ann.device.ok("rooms.join", {"room": room})
    await ann.device.close()
    await eventually(lambda: len(heard) == 6)
    opened, closed = (RoomOpened, room), (RoomClosed, room)
    assert heard == [(SocketOpened, None), opened, closed, opened, closed, (SocketClosed, None)]


async def test_nothing_is_left_of_sockets_that_have_gone(chat: Chat) -> None:
    _room, people = await new_room(chat, "Ann", "Bob", "Cid")
    for each in people:
        await each.device.close()
    await eventually(lambda: not chat.app.connections.all() and not chat.app.log._feeds._feeds)
    await eventually(lambda: not chat.app.realtime._tasks)
    assert not chat.app.connections._by_user
    assert {name for name in chat.app.engines.bus._receivers if name.startswith(("room:", "notices:"))} == set()
