"""Groups: who gets a notice, in which order, and what gives way when a client or the link cannot keep up."""

import asyncio
import os
from typing import Any

import orjson
import pytest

from prickle.contract.gateway import Delivery
from prickle.gateway.outbox import Outbox
from prickle.gateway.tests.conftest import Running, running_gateway, until
from prickle.gateway.tests.wire import DEFLATE, Wire


async def members(gateway: Running, count: int, **options: Any) -> list[Wire]:
    wires = [await gateway.wire(**options) for _ in range(count)]
    for socket in gateway.owner.connected[-count:]:
        gateway.server.join(socket, "room")
    return wires


def pace(gateway: Running, **values: Any) -> None:
    """Set what the governor would under load; it does not look while the test runs."""
    assert gateway.server._clock
    gateway.server._clock.cancel()
    for name, value in values.items():
        setattr(gateway.server._pacer, name, value)


async def test_members_get_a_notice_and_others_do_not(gateway: Running) -> None:
    [wire] = await members(gateway, 1)
    outsider = await gateway.wire()
    gateway.server.broadcast("room", "x", b'{"a":1}', Delivery.DURABLE)
    gateway.server.leave(gateway.socket(0), "room")
    gateway.server.broadcast("room", "x", b'{"a":2}', Delivery.DURABLE)
    assert await wire.text() == '42["x",{"a":1}]'
    for each in (wire, outsider):
        each.send('421["ping"]')
        assert await each.text() == '431[{"bytes":[]}]'


@pytest.mark.parametrize("extensions", ["", DEFLATE])
async def test_acks_and_notices_arrive_in_the_order_of_their_calls(gateway: Running, extensions: str) -> None:
    wires = await members(gateway, 3, extensions=extensions)
    for number in range(200):
        gateway.server.broadcast("room", "x", b"%d" % number, Delivery.DURABLE)
        gateway.socket(number % 3).ack(number, b"0")
        if number % 10 == 0:
            await asyncio.sleep(0)
    for index, wire in enumerate(wires):
        expected = []
        for number in range(200):
            expected += [f'42["x",{number}]'] + ([f"43{number}[0]"] if number % 3 == index else [])
        assert [await wire.text() for _ in expected] == expected


@pytest.mark.parametrize("delivery", [Delivery.STATE, Delivery.EPHEMERAL])
async def test_the_one_who_caused_it_is_left_out(gateway: Running, delivery: Delivery) -> None:
    one, two = await members(gateway, 2, extensions=DEFLATE)
    gateway.server.broadcast("room", "typing.updated", b"1", delivery, without=gateway.socket(0).id)
    gateway.server.broadcast("room", "x", b"2", Delivery.DURABLE)
    assert sorted([await two.text(), await two.text()]) == ['42["typing.updated",1]', '42["x",2]']
    assert await one.text() == '42["x",2]'
    one.send('421["ping"]')
    assert await one.text() == '431[{"bytes":[]}]'


async def test_state_of_one_key_is_sent_once_a_turn_with_its_latest_value(gateway: Running) -> None:
    [wire] = await members(gateway, 1)
    for value in range(5):
        gateway.server.broadcast("room", "presence.updated", b"%d" % value, Delivery.STATE, key="ann")
    gateway.server.broadcast("room", "presence.updated", b"9", Delivery.STATE, key="bob")
    assert [await wire.text() for _ in range(2)] == ['42["presence.updated",4]', '42["presence.updated",9]']


async def test_on_a_busy_link_typing_rides_with_the_next_message_in_one_write(gateway: Running) -> None:
    [wire] = await members(gateway, 1)
    pace(gateway, ride_s=30.0)
    gateway.server.broadcast("room", "typing.updated", b"1", Delivery.EPHEMERAL)
    await asyncio.sleep(0.05)
    writes = gateway.server.traffic.near.segments_out
    gateway.server.broadcast("room", "x", b"2", Delivery.DURABLE)
    assert [await wire.text() for _ in range(2)] == ['42["typing.updated",1]', '42["x",2]']
    assert gateway.server.traffic.near.segments_out == writes + 1


@pytest.mark.parametrize("alone", [True, False])
async def test_typing_that_finds_no_ride_leaves_alone_or_not_at_all(gateway: Running, alone: bool) -> None:
    [wire] = await members(gateway, 1)
    pace(gateway, ride_s=0.05, ephemeral_alone=alone)
    gateway.server.broadcast("room", "typing.updated", b"1", Delivery.EPHEMERAL)
    await asyncio.sleep(0.15)
    gateway.server.broadcast("room", "x", b"2", Delivery.DURABLE)
    assert await wire.text() == ('42["typing.updated",1]' if alone else '42["x",2]')
    assert gateway.server.stats().dropped == ({} if alone else {"ephemeral": 1})


async def test_on_a_tight_link_typing_rides_once_in_a_while(gateway: Running) -> None:
    [wire] = await members(gateway, 1)
    pace(gateway, ride_s=30.0, ride_gap_s=30.0)
    for number in range(3):
        gateway.server.broadcast("room", "typing.updated", b"%d" % number, Delivery.EPHEMERAL)
        gateway.server.broadcast("room", "x", b"%d" % number, Delivery.DURABLE)
    texts = [await wire.text() for _ in range(4)]
    assert texts == ['42["typing.updated",0]', '42["x",0]', '42["x",1]', '42["x",2]']


async def test_on_a_busy_link_a_ping_leaves_with_the_next_message() -> None:
    async with running_gateway(ping_interval_s=1) as gateway:
        [wire] = await members(gateway, 1)
        pace(gateway, ride_s=30.0)
        outbox = gateway.socket().session.channel
        assert isinstance(outbox, Outbox)
        await until(lambda: bool(outbox.pending))
        gateway.server.broadcast("room", "x", b"1", Delivery.DURABLE)
        assert [await wire.text() for _ in range(2)] == ["2", '42["x",1]']


async def test_what_is_due_within_the_wait_leaves_in_one_write(gateway: Running) -> None:
    [wire] = await members(gateway, 1)
    pace(gateway, wait_s=0.1)
    writes = gateway.server.traffic.near.segments_out
    for number in range(5):
        gateway.server.broadcast("room", "x", b"%d" % number, Delivery.DURABLE)
        gateway.socket().ack(number, b"0")
        await asyncio.sleep(0.01)
    assert [await wire.text() for _ in range(10)]
    assert gateway.server.traffic.near.segments_out == writes + 1


async def test_who_never_reads_is_cut_off_and_costs_the_others_nothing() -> None:
    async with running_gateway(max_buffer_bytes=300_000) as gateway:
        reads, deaf = await members(gateway, 2, extensions=DEFLATE)
        deaf.writer.transport.pause_reading()  # type: ignore[attr-defined]
        sent = 0
        while not gateway.owner.gone:
            gateway.server.broadcast("room", "x", orjson.dumps([sent, os.urandom(25_000).hex()]), Delivery.DURABLE)
            assert (await reads.text()).startswith(f'42["x",[{sent},')
            sent += 1
            assert sent < 2000, "never cut off"
        assert gateway.owner.gone == ["too slow"]


async def test_a_slow_client_misses_typing_and_gets_the_latest_state_when_it_reads_again(gateway: Running) -> None:
    [wire] = await members(gateway, 1, extensions=DEFLATE)
    outbox = gateway.socket().session.channel
    assert isinstance(outbox, Outbox)
    outbox.pause()
    gateway.server.broadcast("room", "typing.updated", b"1", Delivery.EPHEMERAL)
    for value in range(3):
        gateway.server.broadcast("room", "presence.updated", b"%d" % value, Delivery.STATE, key="ann")
        await asyncio.sleep(0)
    gateway.server.broadcast("room", "x", b"7", Delivery.DURABLE)
    assert await wire.text() == '42["x",7]'
    outbox.resume()
    assert await wire.text() == '42["presence.updated",2]'


async def test_bytes_are_counted_by_event_and_class_as_they_leave(gateway: Running) -> None:
    gateway.server.traffic.declare(["messages.create"])
    wires = await members(gateway, 2, extensions=DEFLATE)
    gateway.server.broadcast("room", "messages.created", b'{"text":"hello"}', Delivery.DURABLE)
    sizes = [(await wire.frame()).size for wire in wires]
    wires[0].send('42["messages.create",1]')
    wires[0].send('42["made up by a client",1]')
    await until(lambda: len(gateway.owner.events) == 2)
    stats = gateway.server.stats()
    counted = next(count for count in stats.events_out if count.event == "messages.created")
    assert (counted.delivery, counted.packets, counted.bytes) == ("durable", 2, sum(sizes))
    assert {count.event: count.packets for count in stats.events_in} == {"messages.create": 1, "other": 1}
