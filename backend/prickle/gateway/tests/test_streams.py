"""Shared compression: whoever comes and goes, everybody inflates exactly what was sent, in order."""

import asyncio
import random

import orjson
import pytest

from prickle.contract.gateway import Delivery
from prickle.gateway import streams
from prickle.gateway.tests.conftest import Running
from prickle.gateway.tests.wire import DEFLATE, Wire

AUTHORS = ["guest_01hf8m2z4k9q7w3e5r6t", "guest_01hf8m30b2c4d6f8g0h1"]


def notice(seq: int) -> bytes:
    return orjson.dumps(
        {"room": "room_01hf8m2xv7p3n5k9q1w2", "seq": seq, "author": AUTHORS[seq % 2], "text": f"Hello {seq}"}
    )


async def seqs(wire: Wire, count: int) -> list[int]:
    return [orjson.loads((await wire.text())[2:])[1]["seq"] for _ in range(count)]


async def test_one_compressor_serves_all_who_joined_before_the_first_notice(gateway: Running) -> None:
    wires = [await gateway.wire(extensions=DEFLATE) for _ in range(10)]
    for socket in gateway.owner.connected:
        gateway.server.join(socket, "room")
    for seq in range(50):
        gateway.server.broadcast("room", "messages.created", notice(seq), Delivery.DURABLE)
    assert gateway.server.stats().compressors == 1
    for wire in wires:
        assert await seqs(wire, 50) == list(range(50))


async def test_a_notice_costs_a_fraction_once_the_window_is_warm(gateway: Running) -> None:
    wires = [await gateway.wire(extensions=DEFLATE) for _ in range(2)]
    for socket in gateway.owner.connected:
        gateway.server.join(socket, "room")
    for seq in range(20):
        gateway.server.broadcast("room", "messages.created", notice(seq), Delivery.DURABLE)
    frames = [await wires[0].frame() for _ in range(20)]
    assert all(frame.compressed for frame in frames)
    assert frames[-1].size < frames[0].size / 4


async def test_personal_frames_between_them_leave_the_shared_window_alone(gateway: Running) -> None:
    wires = [await gateway.wire(extensions=DEFLATE) for _ in range(3)]
    for socket in gateway.owner.connected:
        gateway.server.join(socket, "room")
    for seq in range(30):
        gateway.server.broadcast("room", "messages.created", notice(seq), Delivery.DURABLE)
        gateway.socket(seq % 3).emit("unread.updated", b'{"text":"%s"}' % (b"mine " * 300), Delivery.STATE)
    for wire in wires:
        texts = [await wire.text() for _ in range(40)]
        assert [orjson.loads(text[2:])[1]["seq"] for text in texts if "created" in text] == list(range(30))


@pytest.mark.parametrize("seed", range(4))
async def test_everybody_reads_all_notices_of_their_stay_in_order(
    gateway: Running, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MAX_FRAMES", 60)
    monkeypatch.setattr(streams, "WARM_BYTES", 400)
    monkeypatch.setattr(streams, "PATIENCE_FRAMES", 10)
    chance = random.Random(seed)
    wires = [await gateway.wire(extensions=DEFLATE if index % 4 else "") for index in range(12)]
    due: dict[int, list[int]] = {index: [] for index in range(12)}
    inside: set[int] = set()
    for seq in range(400):
        for index in chance.sample(range(12), 1):
            socket = gateway.socket(index)
            (gateway.server.leave if index in inside else gateway.server.join)(socket, "room")
            inside ^= {index}
        gateway.server.broadcast("room", "messages.created", notice(seq), Delivery.DURABLE)
        for index in inside:
            due[index].append(seq)
        if seq % 7 == 0:
            await asyncio.sleep(0)
    for index, wire in enumerate(wires):
        assert await seqs(wire, len(due[index])) == due[index]


async def test_the_group_with_more_to_say_fills_the_window(gateway: Running) -> None:
    wire, _ = await gateway.wire(extensions=DEFLATE), await gateway.wire(extensions=DEFLATE)
    for socket in gateway.owner.connected:
        gateway.server.join(socket, "quiet")
        gateway.server.join(socket, "busy")
    gateway.server.broadcast("quiet", "rooms.updated", notice(0), Delivery.DURABLE)
    for seq in range(1, 101):
        gateway.server.broadcast("busy", "messages.created", notice(seq), Delivery.DURABLE)
    frames = [await wire.frame() for _ in range(101)]
    assert [orjson.loads(frame.data[2:])[1]["seq"] for frame in frames] == list(range(101))
    assert all(frame.compressed for frame in frames[-60:])


async def test_compressors_are_given_back_when_a_group_is_quiet_or_empty(gateway: Running) -> None:
    wires = [await gateway.wire(extensions=DEFLATE) for _ in range(2)]
    for socket in gateway.owner.connected:
        gateway.server.join(socket, "room")
    gateway.server.broadcast("room", "messages.created", notice(1), Delivery.DURABLE)
    assert gateway.server.stats().compressors == 1
    for socket in gateway.owner.connected:
        gateway.server.leave(socket, "room")
    assert gateway.server.stats().compressors == 0
    assert [await seqs(wire, 1) for wire in wires] == [[1], [1]]
