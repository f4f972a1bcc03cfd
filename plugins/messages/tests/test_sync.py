"""An old snapshot and what came since make the fresh snapshot: by live notices, by `messages.sync`, and by `rooms.join`."""

import asyncio
from pathlib import Path
from typing import Any

from plugins.messages.tests.conftest import SETTINGS, Crew
from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.testing import Device, running_chat

Snapshot = dict[int, dict[str, Any]]


async def snapshot(crew: Crew) -> Snapshot:
    return {message["seq"]: message for message in (await crew.bob_guest.get(f"{crew.path}?limit=100")).body}


def applied(before: Snapshot, event: str, payload: dict[str, Any]) -> Snapshot:
    """Do what a client does with a notice or an entry: it sees no difference."""
    message = payload if event == "messages.created" else payload["message"]
    return {**before, message["seq"]: message}


def live_after(device: Device, seq: int) -> list[list[Any]]:
    return [[event, payload] for event, payload in device.notices if payload.get("seq", 0) > seq]


async def change_much(crew: Crew) -> None:
    first = await crew.send(crew.ann, "one", "a1")
    second = await crew.send(crew.bob, "two", "b1", reply_to=first)
    await crew.ann.ok("messages.update", {"room": crew.room, "seq": first, "text": "one, better"})
    await crew.bob.ok("messages.delete", {"room": crew.room, "seq": second})
    await asyncio.gather(*(crew.send(crew.ann, f"many {n}", f"m{n}") for n in range(10)))


async def test_live_notices_bring_an_old_snapshot_up_to_date(crew: Crew) -> None:
    await crew.send(crew.ann, "before", "b0")
    old, seq = await snapshot(crew), await crew.chat.app.log.last_seq(crew.room)
    await change_much(crew)
    await crew.bob.notice("messages.created", place=12)
    assert [payload["seq"] for _, payload in live_after(crew.bob, seq)] == list(range(seq + 1, seq + 15))
    for event, payload in live_after(crew.bob, seq):
        old = applied(old, event, payload)
    assert old == await snapshot(crew)


async def test_missed_entries_bring_an_old_snapshot_up_to_date(crew: Crew) -> None:
    old, seq = await snapshot(crew), await crew.chat.app.log.last_seq(crew.room)
    await change_much(crew)
    synced = await crew.bob.ok("messages.sync", {"room": crew.room, "after": seq})
    joined = await (await crew.bob_guest.connect()).ok("rooms.join", {"room": crew.room, "after": seq})
    assert synced == {"entries": joined["entries"], "last_seq": joined["last_seq"], "reload": False}
    for event, payload in synced["entries"]:
        old = applied(old, event, payload)
    assert old == await snapshot(crew)


async def test_who_is_up_to_date_missed_nothing(crew: Crew) -> None:
    seq = await crew.send(crew.ann)
    assert await crew.bob.ok("messages.sync", {"room": crew.room, "after": seq}) == {
        "entries": [], "last_seq": seq, "reload": False,
    }  # fmt: skip


async def test_who_is_too_far_behind_or_ahead_loads_again(crew: Crew) -> None:
    for place in range(501):
        await crew.send(crew.ann, "x", f"c{place}")
    last_seq = await crew.chat.app.log.last_seq(crew.room)
    for after in (0, last_seq + 1):
        assert await crew.bob.ok("messages.sync", {"room": crew.room, "after": after}) == {
            "entries": [], "last_seq": last_seq, "reload": True,
        }  # fmt: skip


async def test_two_replicas_show_one_order_without_a_gap(tmp_path: Path) -> None:
    hub = MemoryHub()
    async with (
        running_chat(tmp_path, settings=SETTINGS, bus=MemoryBus(hub)) as here,
        running_chat(tmp_path, settings=SETTINGS, bus=MemoryBus(hub)) as there,
    ):
        ann = await here.guest("Ann")
        room = (await ann.post("/api/rooms", {"name": "x"})).body["id"]
        devices = [await here.device(ann.token), await there.device(ann.token)]
        for device in devices:
            await device.ok("rooms.join", {"room": room})
        sends = [
            devices[place % 2].ok("messages.create", {"room": room, "text": "x", "client_id": f"c{place // 2}"})
            for place in range(100)
        ]
        acks = await asyncio.gather(*sends)
        assert sorted({ack["seq"] for ack in acks}) == list(range(2, 52))
        for device in devices:
            await device.notice("messages.created", place=49)
            assert [payload["seq"] for _, payload in live_after(device, 1)] == list(range(2, 52))
