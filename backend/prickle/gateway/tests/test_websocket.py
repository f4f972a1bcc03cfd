"""The websocket itself: whatever a client sends, it is answered as RFC 6455 says, and nobody else notices."""

import asyncio
import os
import zlib
from collections.abc import Callable

import pytest

from prickle.contract.gateway import Delivery
from prickle.gateway.tests.conftest import Running, running_gateway, until
from prickle.gateway.tests.wire import DEFLATE, Wire


def deflated(data: bytes) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


BREACHES: dict[str, tuple[Callable[[Wire], None], int]] = {
    "unmasked": (lambda wire: wire.raw(0x81, b"2", masked=False), 1002),
    "reserved bit 2": (lambda wire: wire.raw(0xA1, b"2"), 1002),
    "reserved opcode": (lambda wire: wire.raw(0x83, b"2"), 1002),
    "reserved control opcode": (lambda wire: wire.raw(0x8B, b""), 1002),
    "fragmented ping": (lambda wire: wire.raw(0x09, b""), 1002),
    "long ping": (lambda wire: wire.raw(0x89, b"x" * 126), 1002),
    "continuation of nothing": (lambda wire: wire.raw(0x80, b"x"), 1002),
    "message within a message": (lambda wire: (wire.raw(0x01, b"4"), wire.raw(0x81, b"4"))[0], 1002),
    "text that is no UTF-8": (lambda wire: wire.raw(0x81, b"4\xff"), 1007),
    "a surrogate in UTF-8": (lambda wire: wire.raw(0x81, b"42\xed\xa0\x80"), 1007),
    "broken deflate": (lambda wire: wire.raw(0xC1, b"\xff\xff\xff\xff"), 1002),
    "compressed ping": (lambda wire: wire.raw(0xC9, b""), 1002),
    "compressed continuation": (lambda wire: (wire.raw(0x01, b"4"), wire.raw(0xC0, b"4"))[0], 1002),
    "too big": (lambda wire: wire.raw(0x81, b"4" * 20_001), 1009),
    "too big in pieces": (lambda wire: [wire.raw(0x01 if n == 0 else 0, b"4" * 5000) for n in range(5)].clear(), 1009),
    "a bomb": (lambda wire: wire.raw(0xC1, deflated(b"4" * 8_000_000)), 1009),
    "a bomb of blocks": (lambda wire: wire.raw(0xC1, b"\x03\x00" * 5000), 1002),
}


@pytest.mark.parametrize("breach", BREACHES)
async def test_a_breach_gets_its_close_code_and_ends_that_client_alone(breach: str) -> None:
    async with running_gateway(max_frame_bytes=20_000) as gateway:
        bystander, wire = await gateway.wire(), await gateway.wire(extensions=DEFLATE)
        act, code = BREACHES[breach]
        act(wire)
        assert (await wire.ended()).close_code == code
        await until(lambda: gateway.owner.gone == ["parse error"])
        bystander.send('421["x"]')
        assert await bystander.text() == '431[{"bytes":[]}]'


async def test_nothing_follows_the_close_frame(gateway: Running) -> None:
    wire = await gateway.wire()
    wire.raw(0x88, (1000).to_bytes(2) + b"bye")
    assert (await wire.ended()).close_code == 1000
    assert await wire.reader.read() == b""


@pytest.mark.parametrize(
    ("payload", "code"),
    [(b"\x03", 1002), ((1005).to_bytes(2), 1002), ((999).to_bytes(2), 1002), (b"\x03\xe8\xff", 1007)],
)
async def test_a_malformed_close_is_told_so(gateway: Running, payload: bytes, code: int) -> None:
    wire = await gateway.wire()
    wire.raw(0x88, payload)
    assert (await wire.ended()).close_code == code


async def test_a_frame_may_come_byte_by_byte_and_a_message_in_fragments(gateway: Running) -> None:
    wire = await gateway.wire()
    wire.raw(0x01, b'421["frag')
    wire.raw(0x89, b"in between")
    wire.raw(0x80, b'ment"]')
    assert (await wire.frame()).data == b"in between"
    assert await wire.text() == '431[{"bytes":[]}]'
    for byte in b"\x81\x88\x00\x00\x00\x00" + b'422["b"]':
        wire.writer.write(bytes((byte,)))
        await wire.writer.drain()
        await asyncio.sleep(0)
    assert await wire.text() == '432[{"bytes":[]}]'
    assert gateway.owner.events == ['["fragment"]', '["b"]']


async def test_compressed_messages_share_the_clients_window(gateway: Running) -> None:
    wire = await gateway.wire(extensions=DEFLATE)
    sent = [f'["messages.create",{{"text":"{os.urandom(300).hex()} {n % 3}"}}]' for n in range(40)]
    for text in sent:
        wire.send("42" + text, compressed=True)
        wire.send("3")
    await until(lambda: len(gateway.owner.events) == 40)
    assert gateway.owner.events == sent


@pytest.mark.parametrize("size", [125, 126, 65_535, 65_536, 300_000])
async def test_frames_of_every_length_arrive_whole(gateway: Running, size: int) -> None:
    wire = await gateway.wire()
    gateway.server.join(gateway.socket(), "room")
    gateway.server.broadcast("room", "x", b'"%s"' % (b"x" * (size - 10)), Delivery.DURABLE)
    frame = await wire.frame()
    assert (len(frame.data), frame.data[-3:]) == (size, b'x"]')


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Sec-WebSocket-Key", "short"),
        ("Sec-WebSocket-Key", "****"),
        ("Sec-WebSocket-Version", "8"),
        ("Connection", "close"),
    ],
)
async def test_an_invalid_handshake_gets_400(gateway: Running, header: str, value: str) -> None:
    wire = await gateway.open(**{header: value})
    assert wire.head.startswith("HTTP/1.1 400")


async def test_a_client_that_floods_pings_and_reads_nothing_costs_bounded_memory(gateway: Running) -> None:
    wire = await gateway.wire()
    wire.writer.transport.pause_reading()  # type: ignore[attr-defined]
    for _ in range(40_000):
        wire.raw(0x89, b"x" * 125)
    outbox = gateway.socket().session.channel
    for _ in range(100):
        await asyncio.sleep(0)
    assert sum(map(len, outbox.pending)) < 1_000_000  # type: ignore[attr-defined]


async def test_who_does_not_answer_a_close_frame_is_dropped() -> None:
    async with running_gateway(close_timeout_s=0.1) as gateway:
        wire = await gateway.wire()
        gateway.socket().close("kicked")
        await wire.ended()
        assert await asyncio.wait_for(wire.reader.read(), 3) == b""


async def test_a_half_open_handshake_holds_nobody_up(gateway: Running) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nUpgr")
    await gateway.wire()
    writer.close()
