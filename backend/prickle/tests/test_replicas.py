"""Two replicas of the whole server on one store, and clients who notice nothing of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog

from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.storage.bus.port import Bus
from prickle.storage.bus.redis import RedisBus
from prickle.testing import Chat, Device, Guest, running_chat
from prickle.testing.rooms import Inhabitant, inhabitant, new_room
from tests.redis_server import RedisServer, running_redis

SETTINGS = ["plugins.enabled=auth,rooms,messages", "limits.enabled=false"]


class LossyBus:
    """A bus that loses everything while `loses` is set."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.loses = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)

    def publish(self, channel: str, message: bytes) -> None:
        if not self.loses:
            self._bus.publish(channel, message)


@asynccontextmanager
async def two_replicas(data_dir: Path, new_bus: Callable[[], Bus]) -> AsyncIterator[tuple[Chat, Chat]]:
    buses: list[Any] = [LossyBus(new_bus()), LossyBus(new_bus())]
    async with (
        running_chat(data_dir, settings=SETTINGS, bus=buses[0]) as one,
        running_chat(data_dir, settings=SETTINGS, bus=buses[1]) as other,
    ):
        yield one, other


@pytest.fixture(autouse=True)
def heals_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prickle.log.room_log.HEAL_EVERY_S", 0.1)


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[RedisServer]:
    async with running_redis(tmp_path) as server:
        yield server


@pytest.fixture(params=["memory", "redis"])
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Chat, Chat]]:
    if request.param == "memory":
        hub = MemoryHub()
        async with two_replicas(tmp_path, lambda: MemoryBus(hub)) as pair:
            yield pair
    else:
        async with running_redis(tmp_path) as server, two_replicas(tmp_path, lambda: redis_bus(server)) as pair:
            yield pair


def redis_bus(server: RedisServer) -> Bus:
    return RedisBus(server.url, structlog.get_logger())


def on(chat: Chat, guest: Guest) -> Guest:
    return Guest(chat, guest.id, guest.token)


async def one_on_each(pair: tuple[Chat, Chat]) -> tuple[str, Inhabitant, Inhabitant]:
    room, (ann,) = await new_room(pair[0], "Ann")
    return room, ann, await inhabitant(await pair[1].guest("Bob"), room)


async def send(device: Device, room: str, *texts: str) -> list[int]:
    calls = [device.ok("messages.create", {"room": room, "text": text, "client_id": text}) for text in texts]
    return [answer["seq"] for answer in await asyncio.gather(*calls)]


def lose_everything(chat: Chat, lost: bool = True) -> None:
    bus: Any = chat.app.engines.bus
    bus.loses = lost


def seen(device: Device) -> list[tuple[int, str]]:
    return [(payload["seq"], payload["text"]) for payload in device.received("messages.created")]


async def complete(device: Device, last_seq: int) -> None:
    while not seen(device) or seen(device)[-1][0] < last_seq:
        await asyncio.sleep(0.01)


async def test_everybody_sees_every_message_once_and_in_one_order(pair: tuple[Chat, Chat]) -> None:
    room, ann, bob = await one_on_each(pair)
    many = [[f"{name}{number}" for number in range(200)] for name in "ab"]
    seqs = await asyncio.gather(send(ann.device, room, *many[0]), send(bob.device, room, *many[1]))
    acked = sorted([*seqs[0], *seqs[1]])
    first, last = acked[0], acked[-1]
    assert acked == list(range(first, first + 400))
    await asyncio.wait_for(asyncio.gather(complete(ann.device, last), complete(bob.device, last)), 20)
    assert seen(ann.device) == seen(bob.device)
    assert [seq for seq, _ in seen(ann.device)] == acked
    for name in "ab":
        assert [text for _, text in seen(bob.device) if text.startswith(name)] == [f"{name}{n}" for n in range(200)]


async def test_a_send_is_repeated_on_the_other_replica_without_a_second_message(pair: tuple[Chat, Chat]) -> None:
    room, ann, bob = await one_on_each(pair)
    elsewhere = await on(pair[1], ann.guest).connect()
    for number in range(20):
        both = await asyncio.gather(send(ann.device, room, str(number)), send(elsewhere, room, str(number)))
        assert both[0] == both[1]
    await asyncio.wait_for(complete(bob.device, both[0][0]), 20)
    assert [text for _, text in seen(bob.device)] == [str(number) for number in range(20)]


async def test_what_the_bus_loses_arrives_all_the_same(pair: tuple[Chat, Chat]) -> None:
    room, ann, bob = await one_on_each(pair)
    lose_everything(pair[0])
    last = (await send(ann.device, room, *[str(number) for number in range(30)]))[-1]
    await asyncio.wait_for(complete(bob.device, last), 20)
    lose_everything(pair[0], lost=False)
    last = (await send(ann.device, room, "after"))[-1]
    await asyncio.wait_for(complete(bob.device, last), 20)
    assert seen(bob.device) == seen(ann.device)


async def test_a_member_removed_while_the_bus_is_away_soon_hears_nothing_more(pair: tuple[Chat, Chat]) -> None:
    room, ann, bob = await one_on_each(pair)
    lose_everything(pair[0])
    await ann.guest.delete(f"/api/rooms/{room}/members/{bob.id}")
    await send(ann.device, room, *[str(number) for number in range(10)])
    await asyncio.wait_for(bob.device.notice("rooms.left"), 20)
    await bob.device.settled()
    assert seen(bob.device) == []
    assert not pair[1].app.connections.of_user(bob.id)[0].rooms  # type: ignore[index]


async def come_and_go(guest: Guest, room: str, until: asyncio.Event) -> list[tuple[str, Any]]:
    """Reconnect again and again, each time with the last seq; return all entries and notices in order."""
    merged: dict[int, tuple[str, Any]] = {}
    while True:
        is_last = until.is_set()
        device = await guest.connect()
        after = max(merged, default=0)
        joined = await device.ok("rooms.join", {"room": room, "after": after})
        told = [(event, payload) for event, payload in joined["entries"]]
        assert [payload["seq"] for _, payload in told] == list(range(after + 1, joined["last_seq"] + 1))
        await asyncio.sleep(0.01)
        await device.settled()
        await device.close()
        for event, payload in [*told, *device.notices]:
            if "seq" in payload:
                merged.setdefault(payload["seq"], (event, payload))
        if is_last:
            return [merged[seq] for seq in sorted(merged)]


async def test_who_comes_and_goes_misses_nothing(pair: tuple[Chat, Chat]) -> None:
    room, ann, bob = await one_on_each(pair)
    done = asyncio.Event()
    guest = await pair[1].guest("Cid")
    coming = asyncio.create_task(come_and_go(guest, room, done))
    for start in range(0, 200, 20):
        texts = [str(number) for number in range(start, start + 20)]
        await asyncio.gather(send(ann.device, room, *texts), send(bob.device, room, *texts))
    done.set()
    merged = await coming
    assert [payload["seq"] for _, payload in merged] == list(range(1, len(merged) + 1))
    assert len([event for event, _ in merged if event == "messages.created"]) == 400


async def test_of_two_edits_at_once_everybody_ends_with_the_same(pair: tuple[Chat, Chat]) -> None:
    room, ann, bob = await one_on_each(pair)
    elsewhere = await on(pair[1], ann.guest).connect()
    (seq,) = await send(ann.device, room, "old")
    for number in range(10):
        edits = [
            device.ok("messages.update", {"room": room, "seq": seq, "text": f"{name}{number}"})
            for name, device in (("here", ann.device), ("there", elsewhere))
        ]
        await asyncio.gather(*edits)
    now = (await ann.guest.get(f"/api/rooms/{room}/messages/{seq}")).body["text"]
    for person in (ann, bob):
        last = await person.device.notice("messages.updated", place=19)
        assert last["message"]["text"] == now
        assert [payload["seq"] for payload in person.device.received("messages.updated")] == list(
            range(seq + 1, seq + 21)
        )


async def test_a_replica_that_goes_takes_nothing_with_it(tmp_path: Path) -> None:
    hub = MemoryHub()
    async with running_chat(tmp_path, settings=SETTINGS, bus=MemoryBus(hub)) as stays:
        async with running_chat(tmp_path, settings=SETTINGS, bus=MemoryBus(hub)) as goes:
            room, (ann,) = await new_room(goes, "Ann")
            bob = await inhabitant(await stays.guest("Bob"), room)
            seqs = await send(ann.device, room, *[str(number) for number in range(50)])
        await asyncio.wait_for(complete(bob.device, seqs[-1]), 20)
        again = await inhabitant(on(stays, ann.guest), room)
        assert await send(again.device, room, "after") == [seqs[-1] + 1]
        await asyncio.wait_for(complete(bob.device, seqs[-1] + 1), 20)
        assert [seq for seq, _ in seen(bob.device)] == [*seqs, seqs[-1] + 1]


async def test_a_redis_that_is_killed_and_comes_back_costs_nobody_a_message(tmp_path: Path, redis: RedisServer) -> None:
    async with two_replicas(tmp_path, lambda: redis_bus(redis)) as pair:
        room, ann, bob = await one_on_each(pair)
        first = (await send(ann.device, room, "before"))[0]
        await redis.kill()
        await send(ann.device, room, *[f"a{number}" for number in range(20)])
        await send(bob.device, room, *[f"b{number}" for number in range(20)])
        await redis.start()
        last = (await send(ann.device, room, "after"))[0]
        await asyncio.wait_for(asyncio.gather(*[complete(each.device, last) for each in (ann, bob)]), 20)
        assert [seq for seq, _ in seen(bob.device)] == list(range(first, last + 1))
        assert seen(ann.device) == seen(bob.device)


async def test_subscribers_that_redis_cuts_off_again_and_again_miss_nothing(tmp_path: Path, redis: RedisServer) -> None:
    async with two_replicas(tmp_path, lambda: redis_bus(redis)) as pair:
        room, ann, bob = await one_on_each(pair)
        seqs: list[int] = []
        for cut in range(10):
            await redis.cut_subscribers()
            seqs += await send(ann.device, room, *[f"{cut}-{number}" for number in range(10)])
        await asyncio.wait_for(complete(bob.device, seqs[-1]), 20)
        assert [seq for seq, _ in seen(bob.device)] == seqs


async def test_who_logs_out_while_redis_is_away_is_sent_off_everywhere_when_it_is_back(
    tmp_path: Path, redis: RedisServer
) -> None:
    async with two_replicas(tmp_path, lambda: redis_bus(redis)) as pair:
        _, ann, bob = await one_on_each(pair)
        elsewhere = await on(pair[1], ann.guest).connect()
        await redis.kill()
        assert (await ann.guest.post("/api/auth/logout")).status == 204
        await ann.device.closed.wait()
        await elsewhere.settled()
        await redis.start()
        await asyncio.wait_for(elsewhere.closed.wait(), 20)
        assert elsewhere.received("core.closed") == [{"reason": "auth.logged_out"}]
        await bob.device.settled()
