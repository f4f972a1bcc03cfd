"""Stock clients: what socket.io-client, python-socketio and Chromium make of shared compression and all the rest."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
import socketio
from sanic import HTTPResponse, Request, Sanic
from sanic.response import empty, html

from prickle.contract.gateway import Delivery
from prickle.gateway.server import ConnectRefused
from prickle.gateway.tests.conftest import Owner, Running, running_gateway, until

CLIENTS = Path(__file__).parents[4] / "tests/clients"
NOTICES = 300


@pytest.fixture(scope="session")
def clients() -> Path:
    """The folder of the npm clients, installed."""
    if not (CLIENTS / "node_modules").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=CLIENTS, check=True, capture_output=True)
    return CLIENTS


@asynccontextmanager
async def talking() -> AsyncIterator[Running]:
    """A gateway where whoever sends `enter` hears what is said in the room."""
    async with running_gateway() as gateway:

        class Room(Owner):
            def on_event(self, socket: Any, data: str, ack_id: int | None, attachments: Any) -> None:
                gateway.server.join(socket, "room")
                if ack_id is not None:
                    socket.ack(ack_id, b'{"ok":true}')
                self.events.append(data)

        room = Room()
        gateway.owner = room
        gateway.server._handlers["/"] = room  # type: ignore[index]
        yield gateway


async def talk(gateway: Running) -> list[int]:
    """Say everything, with personal notes in between; returns what each listener must have heard."""
    expected: list[int] = []
    for seq in range(NOTICES):
        payload = orjson.dumps(
            {"room": "room_01hf8m2xv7p3n5k9q1w2", "seq": seq, "author": "ann", "text": f"안녕 {seq % 7}"}
        )
        gateway.server.broadcast("room", "messages.created", payload, Delivery.DURABLE)
        expected.append(seq)
        if seq % 10 == 0:
            size = 1000 + seq * 100
            for socket in gateway.owner.connected:
                socket.emit("note", orjson.dumps({"text": "x" * size}), Delivery.DURABLE)
            expected.append(size)
            await asyncio.sleep(0.002)
    gateway.server.broadcast("room", "done", b"{}", Delivery.DURABLE)
    return expected


async def node(clients: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        "node", "listen.mjs", *arguments, cwd=clients, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


async def said(process: asyncio.subprocess.Process) -> Any:
    out, err = await process.communicate()
    assert out, err.decode()
    return json.loads(out)


@pytest.mark.parametrize("transports", ["websocket", "polling", "polling,websocket"])
async def test_socket_io_client_hears_everything_in_order(clients: Path, transports: str) -> None:
    async with talking() as gateway:
        listeners = [await node(clients, gateway.url, transports, f"n{number}") for number in range(3)]
        await until(lambda: len(gateway.owner.events) == 3, 60)
        if transports == "polling,websocket":
            await until(lambda: all(socket.session.websocket for socket in gateway.owner.connected), 60)
        expected = await talk(gateway)
        assert gateway.server.stats().compressors == (0 if transports == "polling" else 1)
        for listener in listeners:
            answer = await said(listener)
            assert answer["heard"] == expected
            assert answer["answer"] == {"ok": True}
            assert answer["transport"] == transports.split(",")[-1]


async def test_listeners_who_come_and_go_disturb_nobody(clients: Path) -> None:
    async with talking() as gateway:
        stays = await node(clients, gateway.url, "websocket", "stays")
        await until(lambda: len(gateway.owner.events) == 1, 60)
        for number in range(3):
            guest = socketio.AsyncClient()
            await guest.connect(gateway.url, transports=["websocket"])
            await guest.emit("enter", {})
            await until(lambda count=number + 2: len(gateway.owner.events) == count, 60)  # type: ignore[misc]
            for seq in range(100):
                gateway.server.broadcast(
                    "room", "messages.created", b'{"seq":%d}' % (number * 100 + seq), Delivery.DURABLE
                )
            await guest.disconnect()
        gateway.server.broadcast("room", "done", b"{}", Delivery.DURABLE)
        assert (await said(stays))["heard"] == list(range(300))


async def test_socket_io_client_learns_why_it_was_refused(clients: Path) -> None:
    async with running_gateway() as gateway:
        gateway.owner.on_connect = refuse  # type: ignore[method-assign, assignment]
        answer = await said(await node(clients, gateway.url, "websocket", "eve"))
        assert answer == {"refused": "not today", "data": {"kind": "unauthenticated"}}


async def refuse(socket: Any, auth: Any) -> None:
    raise ConnectRefused("not today", {"kind": "unauthenticated"})


@pytest.mark.parametrize("transports", [["websocket"], ["polling"], ["polling", "websocket"]])
async def test_python_socketio_hears_everything_in_order(transports: list[str]) -> None:
    async with talking() as gateway:
        client, heard, done = socketio.AsyncClient(), [], asyncio.Event()
        client.on("messages.created", lambda notice: heard.append(notice["seq"]))
        client.on("note", lambda note: heard.append(len(note["text"])))
        client.on("done", lambda _: done.set())
        await client.connect(gateway.url, transports=transports, auth={"name": "py"})
        assert await client.call("enter", {}) == {"ok": True}
        expected = await talk(gateway)
        await asyncio.wait_for(done.wait(), 30)
        assert heard == expected
        await client.disconnect()


async def test_chromium_hears_everything_in_order(clients: Path, tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    assert chromium, "chromium is needed"
    heard: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    async with talking() as gateway:
        serve_page(Sanic.get_app(f"gateway_{gateway.port}"), clients, heard)
        options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", f"{gateway.url}/page"]
        browser = await asyncio.create_subprocess_exec(
            chromium, *options, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            await until(lambda: len(gateway.owner.events) == 1, 60)
            extra = await gateway.open()  # a group of one would not be compressed
            await extra.text()
            extra.send("40{}")
            await until(lambda: len(gateway.owner.connected) == 2)
            gateway.server.join(gateway.socket(1), "room")
            expected = await talk(gateway)
            assert gateway.server.stats().compressors == 1
            assert (await asyncio.wait_for(heard, 30))["heard"] == expected
        finally:
            browser.terminate()
            await browser.wait()


def serve_page(sanic: Any, clients: Path, heard: "asyncio.Future[Any]") -> None:
    script = (clients / "node_modules/socket.io-client/dist/socket.io.min.js").read_bytes()
    sanic.router.reset()
    sanic.add_route(lambda _: html((clients / "page.html").read_text()), "/page", name="page")
    sanic.add_route(lambda _: HTTPResponse(script, content_type="text/javascript"), "/socket.io.min.js", name="script")

    async def take(request: Request) -> HTTPResponse:
        heard.set_result(request.json)
        return empty()

    sanic.add_route(take, "/heard", methods=["POST"], name="heard")
    sanic.finalize()
