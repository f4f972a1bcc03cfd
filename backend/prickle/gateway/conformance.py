"""Test mode: echoes on the real driver, for the official suites of Engine.IO, Socket.IO and websocket (Autobahn)."""

from collections.abc import Sequence
from typing import Any

import orjson
import socketio.packet as codec
from sanic import HTTPResponse, Request

from prickle.contract.gateway import Delivery
from prickle.gateway.endpoint import App
from prickle.gateway.engine import Session
from prickle.gateway.handshake import BadHandshake, Upgrader
from prickle.gateway.packets import Packet
from prickle.gateway.socket import Socket
from prickle.gateway.websocket import WebSocket

PREFIX = "/conformance"


class EngineEcho:
    """Sends every message back."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def text(self, text: str, size: int) -> None:
        self._session.channel.send(b"4" + text.encode())

    def binary(self, data: bytes, size: int) -> None:
        self._session.channel.send_binary(data)

    def ended(self, reason: str) -> None:
        """Nothing is kept."""


class SocketEcho:
    """Emits `auth` on connect, answers `message` and `message-with-ack` with their own arguments."""

    async def on_connect(self, socket: Socket, auth: Any) -> None:
        socket.emit("auth", orjson.dumps(auth), Delivery.DURABLE)

    def on_event(self, socket: Socket, data: str, ack_id: int | None, attachments: Sequence[bytes]) -> None:
        try:
            event, *values = Packet.reconstruct_binary(orjson.loads(data), attachments)
        except (ValueError, IndexError):
            socket.session.close("parse error")
            return
        if event == "message":
            socket.send_values(codec.EVENT, None, ["message-back", *values])
        elif event == "message-with-ack" and ack_id is not None:
            socket.send_values(codec.ACK, ack_id, values)

    async def on_disconnect(self, socket: Socket, reason: str) -> None:
        """Nothing is kept."""


class BareEcho:
    """Sends every websocket message back, with no protocol on top."""

    def __init__(self, websocket: WebSocket) -> None:
        self._outbox = websocket.outbox

    def text(self, text: str, size: int) -> None:
        self._outbox.send(text.encode())

    def binary(self, data: bytes, size: int) -> None:
        self._outbox.send_binary(data)

    def lost(self, reason: str) -> None:
        """Nothing is kept."""


def mount_bare(app: App, upgrader: Upgrader) -> None:
    """Mount the bare websocket echo."""

    async def bare(request: Request) -> HTTPResponse | None:
        try:
            websocket, begin = upgrader.upgrade(request, local=True)
        except BadHandshake as error:
            return HTTPResponse(str(error), 400)
        websocket.receiver = BareEcho(websocket)
        begin()
        return None

    bare.is_websocket = True  # type: ignore[attr-defined]
    app.add_route(bare, f"{PREFIX}/ws", name="conformance_ws")
