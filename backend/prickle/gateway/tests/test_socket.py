"""Socket.IO v5: who is connected, in which order packets go, and what a client may not do."""

import asyncio

import pytest

from prickle.contract.gateway import Delivery
from prickle.gateway.tests.conftest import Running, running_gateway, until


async def test_what_on_connect_emits_comes_after_connect(gateway: Running) -> None:
    wire = await gateway.open()
    assert (await wire.text()).startswith("0{")
    wire.send('40{"name":"ann"}')
    assert (await wire.text()).startswith('40{"sid":')
    assert await wire.text() == '42["welcome",{"name":"ann"}]'


async def test_a_group_that_is_joined_in_on_connect_waits_for_connect_too(gateway: Running) -> None:
    wire = await gateway.open()
    await wire.text()
    wire.send('40{"slow":0.2}')
    await asyncio.sleep(0.05)
    client = next(iter(gateway.server._endpoints[0][0].sessions.values())).handler
    gateway.server.join(client.sockets["/"], "room")  # type: ignore[union-attr]
    gateway.server.broadcast("room", "x", b"1", Delivery.DURABLE)
    assert [(await wire.text())[:5] for _ in range(3)] == ['40{"s', '42["w', '42["x']


async def test_a_refusal_carries_message_and_data(gateway: Running) -> None:
    wire = await gateway.open()
    await wire.text()
    wire.send('40{"refuse":true}')
    assert await wire.text() == '44{"message":"not today","data":{"kind":"unauthenticated"}}'
    assert not gateway.owner.connected
    assert not gateway.owner.gone


async def test_an_unknown_namespace_is_refused_and_the_main_one_goes_on(gateway: Running) -> None:
    wire = await gateway.wire()
    wire.send("40/other,{}")
    assert await wire.text() == '44/other,{"message":"Invalid namespace"}'
    wire.send('421["x"]')
    assert await wire.text() == '431[{"bytes":[]}]'


async def test_an_event_before_connect_has_no_effect(gateway: Running) -> None:
    wire = await gateway.open()
    await wire.text()
    wire.send('421["early"]')
    wire.send("40{}")
    assert (await wire.text()).startswith('40{"sid":')
    assert not gateway.owner.events


async def test_a_second_connect_changes_nobody(gateway: Running) -> None:
    wire = await gateway.wire({"name": "ann"})
    wire.send('40{"name":"eve"}')
    wire.send('421["x"]')
    assert await wire.text() == '431[{"bytes":[]}]'
    assert [socket.context for socket in gateway.owner.connected] == [{"name": "ann"}]


async def test_who_does_not_connect_in_time_is_closed() -> None:
    async with running_gateway(connect_timeout_s=0.2) as gateway:
        wire = await gateway.open()
        assert (await wire.ended()).close_code == 1008
        stays = await gateway.wire()
        await asyncio.sleep(0.5)
        stays.send('421["x"]')
        assert await stays.text() == '431[{"bytes":[]}]'


@pytest.mark.parametrize(
    "packet",
    [
        "4",
        "4abc",
        "47",
        "42{}",
        "42",
        '42abc["x"]',
        '4212345678901234567["x"]',
        "44{}",
        "43",
        '45-["x"]',
        '4517-["x"]',
        '45999999999999-["x"]',
        "2",
        "x",
        "",
    ],
)
async def test_a_malformed_packet_ends_that_client_alone(gateway: Running, packet: str) -> None:
    bystander, wire = await gateway.wire(), await gateway.wire()
    wire.send(packet)
    await wire.ended()
    await until(lambda: gateway.owner.gone == ["parse error"])
    bystander.send('421["x"]')
    assert await bystander.text() == '431[{"bytes":[]}]'


@pytest.mark.parametrize("auth", ["[" * 20_000, '{"a":' * 20_000, '{"a":"\\ud83d"}', "[]", '{"a":NaN}', '"x"'])
async def test_a_connect_payload_that_is_no_object_ends_the_client(gateway: Running, auth: str) -> None:
    wire = await gateway.open()
    await wire.text()
    wire.send("40" + auth)
    assert (await wire.ended()).close_code == 1002
    assert not gateway.owner.connected


async def test_an_event_is_handed_over_as_it_came(gateway: Running) -> None:
    wire = await gateway.wire()
    nested = '["x",' + "[" * 20_000 + "]"
    wire.send("42" + nested)
    wire.send('42["x","\\ud83d"]')
    await until(lambda: len(gateway.owner.events) == 2)
    assert gateway.owner.events == [nested, '["x","\\ud83d"]']


async def test_acks_nobody_asked_for_are_ignored(gateway: Running) -> None:
    wire = await gateway.wire()
    wire.send('437[{"x":1}]')
    wire.send('461-7[{"_placeholder":true,"num":0}]')
    wire.raw(0x82, b"x")
    wire.send('421["x"]')
    assert await wire.text() == '431[{"bytes":[]}]'


async def test_binary_attachments_are_collected_in_order(gateway: Running) -> None:
    wire = await gateway.wire()
    wire.send('452-9["f",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]')
    wire.raw(0x82, b"abc")
    wire.raw(0x82, b"de")
    assert await wire.text() == '439[{"bytes":[3,2]}]'


@pytest.mark.parametrize("announced", [True, False])
async def test_attachments_that_do_not_match_end_the_client(gateway: Running, announced: bool) -> None:
    wire = await gateway.wire()
    if announced:
        wire.send('451-["f",{"_placeholder":true,"num":0}]')
        wire.send('42["x"]')
    else:
        wire.raw(0x82, b"abc")
    assert (await wire.ended()).close_code == 1002


async def test_a_disconnect_is_told_once_whatever_comes_after(gateway: Running) -> None:
    wire = await gateway.wire()
    wire.send("41")
    wire.send("41")
    wire.send('42["late"]')
    await until(lambda: gateway.owner.gone == ["client namespace disconnect"])
    await wire.close()
    await asyncio.sleep(0.05)
    assert gateway.owner.gone == ["client namespace disconnect"]
    assert not gateway.owner.events
    assert not gateway.server.all_sockets()


async def test_close_sends_what_is_due_then_the_hint_then_disconnect(gateway: Running) -> None:
    wire = await gateway.wire()
    gateway.socket().emit("last", b"1", Delivery.DURABLE)
    gateway.socket().close("kicked", hint=b'{"why":"kicked"}')
    assert [await wire.text() for _ in range(3)] == ['42["last",1]', '42["core.closed",{"why":"kicked"}]', "41"]
    assert (await wire.ended()).close_code == 1000
    assert gateway.owner.gone == ["kicked"]


async def test_stop_sends_everybody_off_without_telling_clients_to_stay_away(gateway: Running) -> None:
    wires = [await gateway.wire() for _ in range(5)]
    await gateway.server.stop("server shutdown")
    for wire in wires:
        assert (await wire.frame()).close_code == 1001
    assert gateway.owner.gone == ["server shutdown"] * 5
    late = await gateway.open()
    assert late.head.startswith("HTTP/1.1 503")


async def test_a_client_that_does_not_answer_pings_is_given_up() -> None:
    async with running_gateway(ping_interval_s=1, ping_timeout_s=1) as gateway:
        answers, silent = await gateway.wire(), await gateway.wire()
        assert await answers.text() == "2"
        answers.send("3")
        await silent.ended()
        await until(lambda: gateway.owner.gone == ["ping timeout"])
        assert await answers.text() == "2"
