"""Engine.IO v4 over HTTP long-polling, and the change to websocket."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import orjson
import pytest

from prickle.gateway.tests.conftest import Running, running_gateway, until
from prickle.gateway.tests.wire import Wire

PATH = "/socket.io/?EIO=4&transport=polling"


class Poller:
    """A client that polls, one request at a time."""

    def __init__(self, http: aiohttp.ClientSession, url: str, session_id: str) -> None:
        self.http, self.id = http, session_id
        self.url = f"{url}{PATH}&sid={session_id}"

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, url: str) -> "Poller":
        async with http.get(url + PATH) as response:
            return cls(http, url, orjson.loads((await response.text())[1:])["sid"])

    @classmethod
    async def joined(cls, http: aiohttp.ClientSession, url: str) -> "Poller":
        poller = await cls.open(http, url)
        assert await poller.post("40{}") == (200, "ok")
        status, body = await poller.get()
        assert (status, body[:8]) == (200, '40{"sid"')
        return poller

    async def get(self) -> tuple[int, str]:
        async with self.http.get(self.url) as response:
            return response.status, await response.text()

    async def post(self, body: str | bytes) -> tuple[int, str]:
        async with self.http.post(self.url, data=body) as response:
            return response.status, await response.text()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("transport=polling", 5),
        ("EIO=3&transport=polling", 5),
        ("EIO=4", 0),
        ("EIO=4&transport=abc", 0),
        ("EIO=4&transport=polling&sid=nobody", 1),
        ("EIO=4&transport=websocket", 3),
        ("EIO=4&transport=websocket&sid=nobody", 1),
    ],
)
async def test_a_bad_handshake_is_refused_in_the_protocols_words(
    gateway: Running, http: aiohttp.ClientSession, query: str, code: int
) -> None:
    async with http.get(f"{gateway.url}/socket.io/?{query}") as response:
        assert (response.status, (await response.json())["code"]) == (400, code)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_a_session_opens_by_get_alone(gateway: Running, http: aiohttp.ClientSession, method: str) -> None:
    async with http.request(method, gateway.url + PATH) as response:
        assert response.status == 400


async def test_packets_of_one_turn_share_a_body(gateway: Running, http: aiohttp.ClientSession) -> None:
    poller = await Poller.joined(http, gateway.url)
    assert await poller.post('421["a"]\x1e422["b"]') == (200, "ok")
    assert await poller.get() == (200, '431[{"bytes":[]}]\x1e432[{"bytes":[]}]')
    assert gateway.owner.events == ['["a"]', '["b"]']


async def test_binary_attachments_travel_as_base64(gateway: Running, http: aiohttp.ClientSession) -> None:
    poller = await Poller.joined(http, gateway.url)
    assert await poller.post('451-3["f",{"_placeholder":true,"num":0}]\x1ebAQIDBA==') == (200, "ok")
    assert await poller.get() == (200, '433[{"bytes":[4]}]')


@pytest.mark.parametrize(
    "body", ["abc", "9", "", "2", "b!!!", b"4\xff\xfe", "4abc", "42{}", '4299999999999999999["x"]']
)
async def test_a_malformed_body_ends_its_session_alone(
    gateway: Running, http: aiohttp.ClientSession, body: str | bytes
) -> None:
    bystander, poller = await Poller.joined(http, gateway.url), await Poller.joined(http, gateway.url)
    assert (await poller.post(body))[0] == 400
    assert (await poller.get())[0] == 400
    assert await bystander.post('421["x"]') == (200, "ok")


async def test_a_second_poll_ends_both_and_the_session(gateway: Running, http: aiohttp.ClientSession) -> None:
    poller = await Poller.joined(http, gateway.url)
    first = asyncio.create_task(poller.get())
    await asyncio.sleep(0.05)
    assert (await poller.get())[0] == 400
    assert await first == (200, "1")
    assert (await poller.get())[0] == 400


async def test_a_poll_that_is_cut_off_ends_the_session(gateway: Running, http: aiohttp.ClientSession) -> None:
    poller = await Poller.joined(http, gateway.url)
    cut = asyncio.create_task(poller.get())
    await asyncio.sleep(0.05)
    cut.cancel()
    await until(lambda: gateway.owner.gone == ["transport close"])


async def test_a_body_beyond_the_limit_is_refused(http: aiohttp.ClientSession) -> None:
    async with running_gateway(max_frame_bytes=2000) as gateway:
        poller = await Poller.joined(http, gateway.url)
        assert (await poller.post("4" + "x" * 3000))[0] == 413
        assert (await poller.get())[0] == 400


async def test_a_session_ends_when_its_pong_does_not_come(http: aiohttp.ClientSession) -> None:
    async with running_gateway(ping_interval_s=1, ping_timeout_s=1) as gateway:
        poller = await Poller.joined(http, gateway.url)
        assert await poller.get() == (200, "2")
        assert await poller.post("3") == (200, "ok")
        assert await poller.get() == (200, "2")
        await until(lambda: gateway.owner.gone == ["ping timeout"])
        assert (await poller.get())[0] == 400


async def test_polling_can_be_switched_off(http: aiohttp.ClientSession) -> None:
    async with running_gateway(polling=False) as gateway, http.get(gateway.url + PATH) as response:
        assert response.status == 400
        await gateway.wire()


async def test_nothing_is_lost_or_doubled_by_the_change_to_websocket(
    gateway: Running, http: aiohttp.ClientSession
) -> None:
    poller = await Poller.joined(http, gateway.url)
    gateway.server.join(gateway.socket(), "room")
    wire = await gateway.open(f"/socket.io/?EIO=4&transport=websocket&sid={poller.id}")
    wire.send("2probe")
    assert await wire.text() == "3probe"
    assert await poller.get() == (200, "6")
    await poller.post('421["before"]')
    wire.send("5")
    wire.send('422["after"]')
    assert [await wire.text() for _ in range(2)] == ['431[{"bytes":[]}]', '432[{"bytes":[]}]']
    assert (await poller.get())[0] == 400


@pytest.mark.parametrize("packets", [["2"], ["5"], ["2probe", "40"], ["hello"], []])
async def test_a_probe_that_goes_wrong_leaves_the_session_polling(
    http: aiohttp.ClientSession, packets: list[str]
) -> None:
    async with running_gateway(connect_timeout_s=0.5) as gateway:
        poller = await Poller.joined(http, gateway.url)
        wire = await gateway.open(f"/socket.io/?EIO=4&transport=websocket&sid={poller.id}")
        for packet in packets:
            wire.send(packet)
        await wire.ended()
        assert await poller.post('421["x"]') == (200, "ok")
        assert (await poller.get())[0] == 200


async def test_what_was_due_when_a_session_ended_is_told_to_the_next_poll(
    gateway: Running, http: aiohttp.ClientSession
) -> None:
    poller = await Poller.joined(http, gateway.url)
    gateway.socket().close("kicked", hint=b'{"why":"kicked"}')
    assert await poller.get() == (200, '42["core.closed",{"why":"kicked"}]\x1e41\x1e1')
    assert (await poller.get())[0] == 400


async def test_a_second_websocket_of_one_session_is_closed(gateway: Running, http: aiohttp.ClientSession) -> None:
    wire = await gateway.wire()
    second = await Wire.open(gateway.port, f"/socket.io/?EIO=4&transport=websocket&sid={gateway.socket().session.id}")
    gateway.wires.append(second)
    assert (await second.ended()).close_code == 1008
    wire.send('421["x"]')
    assert await wire.text() == '431[{"bytes":[]}]'
