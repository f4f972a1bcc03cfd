"""The websocket handshake (RFC 6455, 4.2), after which the connection is taken out of Sanic's hands."""

import asyncio
import base64
import binascii
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from sanic import Request

from prickle.gateway.deflate import Agreement, negotiate
from prickle.gateway.outbox import Outbox
from prickle.gateway.pacing import Pacer
from prickle.gateway.settings import GatewaySettings
from prickle.gateway.traffic import Traffic
from prickle.gateway.websocket import WebSocket

if TYPE_CHECKING:
    from sanic.server import HttpProtocol

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_BUFFER_HIGH_BYTES = 64 * 1024


class BadHandshake(Exception):
    """The request is no valid websocket handshake."""


class Upgrader:
    """Turns requests into websockets."""

    def __init__(self, settings: GatewaySettings, pacer: Pacer, traffic: Traffic) -> None:
        self._settings = settings
        self._pacer = pacer
        self._traffic = traffic
        self.opened: set[WebSocket] = set()
        """Every websocket whose connection still stands."""

    async def close(self, timeout_s: float) -> None:
        """Let clients answer their close frames, then drop whoever has not."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        while self.opened and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.01)
        for websocket in tuple(self.opened):
            websocket.transport.abort()

    def upgrade(self, request: Request, *, local: bool) -> tuple[WebSocket, Callable[[], None]]:
        """Answer 101 and return the websocket, and a function that lets it begin to read.

        Raises:
            BadHandshake: nothing was sent.
        """
        headers = _answer(request)
        agreement = negotiate(",".join(request.headers.getall("sec-websocket-extensions", [])))
        if agreement and self._settings.compression:
            headers += f"Sec-WebSocket-Extensions: {agreement.header}\r\n"
        else:
            agreement = None
        transport, early = _take_over(request)
        transport.write(f"HTTP/1.1 101 Switching Protocols\r\n{headers}\r\n".encode())
        outbox = self._outbox(transport, agreement, local)
        websocket = WebSocket(transport, outbox, agreement, self._settings, self.opened)
        transport.set_protocol(websocket)

        def begin() -> None:
            transport.resume_reading()
            if early:
                websocket.data_received(early)

        return websocket, begin

    def _outbox(self, transport: asyncio.Transport, agreement: Agreement | None, local: bool) -> Outbox:
        transport.set_write_buffer_limits(high=_BUFFER_HIGH_BYTES)
        return Outbox(
            transport,
            self._pacer,
            self._traffic,
            self._traffic.near if local else self._traffic.far,
            max_bytes=self._settings.max_buffer_bytes,
            shares_window=agreement is not None and agreement.shares_window,
        )


def _answer(request: Request) -> str:
    headers = request.headers
    if request.method != "GET" or headers.getone("upgrade", "").lower() != "websocket":
        raise BadHandshake("not an upgrade")
    if "upgrade" not in headers.getone("connection", "").lower():
        raise BadHandshake("Connection must name Upgrade")
    if headers.getone("sec-websocket-version", "") != "13":
        raise BadHandshake("only version 13 is spoken")
    key = headers.getone("sec-websocket-key", "")
    try:
        if len(base64.b64decode(key, validate=True)) != 16:
            raise BadHandshake("Sec-WebSocket-Key must be 16 bytes")
    except binascii.Error as error:
        raise BadHandshake("Sec-WebSocket-Key must be base64") from error
    digest = hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest()
    accept = base64.b64encode(digest).decode()
    return f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n"


def _take_over(request: Request) -> tuple[asyncio.Transport, bytes]:
    """Return the transport and what has been read of it beyond the request.

    Sanic's protocol is left without a transport, so that the end of its task neither closes nor writes; with it go the
    request, its headers and the parser.
    """
    protocol = cast("HttpProtocol", request.protocol)
    transport = cast("asyncio.Transport", protocol.transport)
    early = bytes(protocol.recv_buffer)
    protocol.connections.discard(protocol)
    protocol.transport = None
    return transport, early
