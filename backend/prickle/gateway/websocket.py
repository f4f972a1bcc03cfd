"""The server's end of one websocket, speaking straight to the transport that Sanic gives up after the handshake."""

import asyncio
import zlib
from typing import TYPE_CHECKING, Protocol

from websockets.speedups import apply_mask

from prickle.gateway import frames
from prickle.gateway.deflate import Agreement, Inflater, TooLong

if TYPE_CHECKING:
    from prickle.gateway.outbox import Outbox
    from prickle.gateway.settings import GatewaySettings


class Receiver(Protocol):
    """Who a websocket belongs to. `size` is what the message took on the wire."""

    def text(self, text: str, size: int) -> None: ...
    def binary(self, data: bytes, size: int) -> None: ...
    def lost(self, reason: str) -> None: ...


class _Invalid(Exception):
    """The client broke the protocol: the close code that tells it so."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class WebSocket(asyncio.Protocol):
    """One connection after its handshake. All that it sends goes through its `outbox`."""

    __slots__ = (
        "_closing", "_fragments", "_inflater", "_need", "_opened", "_rest", "_settings", "outbox", "receiver", "transport",
    )  # fmt: skip

    def __init__(
        self,
        transport: asyncio.Transport,
        outbox: "Outbox",
        agreement: Agreement | None,
        settings: "GatewaySettings",
        opened: set["WebSocket"],
    ) -> None:
        self.transport = transport
        self.outbox = outbox
        self._settings = settings
        self.receiver: Receiver | None = None
        self._inflater = Inflater(agreement) if agreement else None
        self._rest: bytearray | None = None
        self._need = 0
        self._fragments: tuple[int, bytearray] | None = None
        self._closing = False
        self._opened = opened
        opened.add(self)

    def data_received(self, data: bytes) -> None:
        """Read as many frames as are complete; keep the rest until what it needs has come."""
        self.outbox.link.received(len(data))
        if self._rest is not None:
            self._rest += data
            if len(self._rest) < self._need:
                return
            data, self._rest = bytes(self._rest), None
        try:
            self._read(data)
        except _Invalid as invalid:
            self.fail(invalid.code, invalid.reason)

    def _read(self, data: bytes) -> None:
        offset, size = 0, len(data)
        while size - offset >= 2:
            length = data[offset + 1] & 127
            body = offset + 6
            if length > 125:
                body += 2 if length == 126 else 8
                if size < body:
                    self._need = body - offset
                    break
                length = int.from_bytes(data[offset + 2 : body - 4])
            self._check(data[offset], data[offset + 1], length)
            end = body + length
            if end > size:
                self._need = end - offset
                break
            self._frame(data[offset], apply_mask(data[body:end], data[body - 4 : body]), end - offset)
            offset = end
        else:
            self._need = 2
        if offset < size and self.receiver is not None:
            self._rest = bytearray(data[offset:] if offset else data)

    def _check(self, first: int, second: int, length: int) -> None:
        """Refuse a frame by its header, before its payload is read."""
        opcode = first & 15
        if not second & 0x80:
            raise _Invalid(frames.PROTOCOL_ERROR, "a client's frame must be masked")
        if first & 0x30 or (first & frames.RSV1 and (self._inflater is None or opcode not in {1, 2})):
            raise _Invalid(frames.PROTOCOL_ERROR, "reserved bit")
        if opcode not in {0, 1, 2, 8, 9, 10}:
            raise _Invalid(frames.PROTOCOL_ERROR, "unknown opcode")
        if opcode >= 8 and (length > 125 or not first & frames.FIN):
            raise _Invalid(frames.PROTOCOL_ERROR, "control frame too long or fragmented")
        if opcode < 8 and (opcode == 0) != (self._fragments is not None):
            raise _Invalid(frames.PROTOCOL_ERROR, "continuation out of place")
        if (
            length + (len(self._fragments[1]) if self._fragments and opcode == 0 else 0)
            > self._settings.max_frame_bytes
        ):
            raise _Invalid(frames.TOO_BIG, "frame too big")

    def _frame(self, first: int, payload: bytes, size: int) -> None:
        if first & 8:
            self._control(first & 15, payload)
        elif self._closing:
            return
        elif first & frames.FIN and first & 15:
            self._message(first, payload, size)
        elif first & 15:
            self._fragments = (first, bytearray(payload))
        elif self._fragments:
            start, whole = self._fragments
            whole += payload
            if first & frames.FIN:
                self._fragments = None
                self._message(start, bytes(whole), len(whole))

    def _message(self, first: int, payload: bytes, size: int) -> None:
        if first & frames.RSV1:
            payload = self._inflate(payload)
        if self.receiver is None:
            return
        if first & 15 == frames.BINARY:
            self.receiver.binary(payload, size)
            return
        try:
            text = payload.decode()
        except UnicodeDecodeError:
            raise _Invalid(frames.INVALID_TEXT, "text is not UTF-8") from None
        self.receiver.text(text, size)

    def _inflate(self, payload: bytes) -> bytes:
        assert self._inflater is not None  # noqa: S101 - `_check` has refused the bit without an agreement
        try:
            return self._inflater.message(payload, self._settings.max_frame_bytes)
        except TooLong:
            raise _Invalid(frames.TOO_BIG, "message too big") from None
        except zlib.error:
            raise _Invalid(frames.PROTOCOL_ERROR, "compressed data is broken") from None

    def _control(self, opcode: int, payload: bytes) -> None:
        if opcode == frames.PING and not self._closing:
            self.outbox.pong(frames.frame(payload, frames.FIN | frames.PONG))
        elif opcode == frames.CLOSE:
            if not self._closing:
                self.outbox.flush()
                self.transport.write(frames.close_reply(payload))
            self._closing = True
            self._let_go("transport close")
            self.transport.close()

    def fail(self, code: int, reason: str, told: str = "parse error") -> None:
        """End the connection with a close frame; the client has a while to answer it."""
        if self._closing:
            return
        self._closing = True
        self.outbox.flush()
        self.transport.write(frames.close_frame(code, reason))
        self._let_go(told)
        self.outbox.abort_later(self.transport, self._settings.close_timeout_s)

    def _let_go(self, reason: str) -> None:
        receiver, self.receiver = self.receiver, None
        self._rest = self._fragments = None
        self.outbox.shut()
        if receiver is not None:
            receiver.lost(reason)

    def pause_writing(self) -> None:
        self.outbox.pause()

    def resume_writing(self) -> None:
        self.outbox.resume()

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._opened.discard(self)
        self._closing = True
        self._let_go(self.outbox.ended or ("transport error" if exc else "transport close"))
