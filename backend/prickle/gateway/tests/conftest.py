"""A gateway alone on Sanic, with an owner that notes what it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from sanic import Sanic

from prickle.contract.gateway import Delivery
from prickle.gateway.server import ConnectRefused, Socket, SocketServer
from prickle.gateway.settings import GatewaySettings
from prickle.gateway.tests.wire import Wire
from prickle.serving import bind, serving


class Owner:
    """Refuses `{"refuse": true}`, echoes `echo` by ack, and remembers everything."""

    def __init__(self) -> None:
        self.connected: list[Socket] = []
        self.events: list[str] = []
        self.gone: list[str] = []

    async def on_connect(self, socket: Socket, auth: Any) -> None:
        if auth.get("refuse"):
            raise ConnectRefused("not today", {"kind": "unauthenticated"})
        socket.context = auth
        socket.emit("welcome", orjson.dumps(auth), Delivery.DURABLE)
        await asyncio.sleep(auth.get("slow", 0))
        self.connected.append(socket)

    def on_event(self, socket: Socket, data: str, ack_id: int | None, attachments: Sequence[bytes]) -> None:
        self.events.append(data)
        if ack_id is not None:
            socket.ack(ack_id, orjson.dumps({"bytes": [len(item) for item in attachments]}))

    async def on_disconnect(self, socket: Socket, reason: str) -> None:
        self.gone.append(reason)


class Running:
    """A gateway that listens."""

    def __init__(self, server: SocketServer, owner: Owner, port: int) -> None:
        self.server, self.owner, self.port = server, owner, port
        self.url = f"http://127.0.0.1:{port}"
        self.wires: list[Wire] = []

    async def wire(self, auth: Any = None, **options: Any) -> Wire:
        """Connect a raw client; it has read its welcome."""
        wire = await Wire.joined(self.port, auth, **options)
        self.wires.append(wire)
        assert (await wire.text()).startswith('42["welcome"')
        return wire

    async def open(self, *args: Any, **options: Any) -> Wire:
        """Open a raw websocket, with no Socket.IO on it yet."""
        wire = await Wire.open(self.port, *args, **options)
        self.wires.append(wire)
        return wire

    def socket(self, index: int = -1) -> Socket:
        return self.owner.connected[index]


async def until(done: Callable[[], bool], timeout_s: float = 5) -> None:
    """Wait for something that is sure to come."""
    async with asyncio.timeout(timeout_s):
        while not done():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def running_gateway(**settings: Any) -> AsyncIterator[Running]:
    bound = bind("127.0.0.1", 0)
    Sanic.test_mode = True
    sanic: Any = Sanic(f"gateway_{bound.getsockname()[1]}", configure_logging=False)
    sanic.config.MOTD = sanic.config.AUTO_EXTEND = False
    owner = Owner()
    server = SocketServer(GatewaySettings(**settings), owner)
    server.attach(sanic)
    sanic.before_server_stop(lambda _app: server.stop("server shutdown"))
    async with serving(sanic, bound, 0.5):
        running = Running(server, owner, bound.getsockname()[1])
        try:
            yield running
        finally:
            await asyncio.gather(*(wire.close() for wire in running.wires))


@pytest.fixture
async def gateway() -> AsyncIterator[Running]:
    async with running_gateway() as running:
        yield running
