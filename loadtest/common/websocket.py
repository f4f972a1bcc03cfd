"""A websocket for gevent that speaks permessage-deflate as browsers do and counts every byte of its socket."""

import base64
import os
import ssl
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import gevent
from gevent import socket as green

CONNECT_TIMEOUT_S = 15.0
OFFER = "permessage-deflate; client_max_window_bits"
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_TAIL = b"\x00\x00\xff\xff"
_READ_BYTES = 16384


class ConnectionLost(Exception):
    """The connection could not be made, or has ended; the message says how."""


class WebSocket:
    """One connection. `carried` is what its socket did since somebody last took it, inside TLS, the handshake included:

    `bytes_in`, `bytes_out`, and how often, `reads` and `writes`, each of which carries at least one segment.
    """

    def __init__(self, url: str, *, headers: dict[str, str]) -> None:
        self.carried: Counter[str] = Counter()
        self._inflate: zlib._Decompress | None = None
        self._deflate: zlib._Compress | None = None
        self._takeover_in = True
        self._buffer = bytearray()
        self._parts: list[bytes] = []
        try:
            with gevent.Timeout(CONNECT_TIMEOUT_S, ConnectionLost("no handshake in time")):
                self._socket = _dial(url)
                self._shake_hands(url, headers)
        except OSError as error:
            raise ConnectionLost(str(error)) from error

    def send(self, text: str) -> None:
        """Send one text message, compressed.

        Raises:
            ConnectionLost: the connection has ended.
        """
        data, first = text.encode(), 0x80 | _TEXT
        if self._deflate:
            data = (self._deflate.compress(data) + self._deflate.flush(zlib.Z_SYNC_FLUSH))[:-4]
            first |= 0x40
        self._frame(first, data)

    def messages(self) -> Iterator[list[str]]:
        """Yield the text messages of each read, until the peer closes.

        Raises:
            ConnectionLost: the connection broke.
        """
        while True:
            try:
                data = self._socket.recv(_READ_BYTES)
            except OSError as error:
                raise ConnectionLost(str(error)) from error
            if not data:
                raise ConnectionLost("closed by the server")
            self.carried["bytes_in"] += len(data)
            self.carried["reads"] += 1
            self._buffer += data
            yield list(self._complete())

    def close(self) -> None:
        """Close without waiting for the peer's close frame."""
        try:
            self._frame(0x80 | _CLOSE, struct.pack(">H", 1000))
        except ConnectionLost:
            return
        finally:
            self._socket.close()

    def cut(self) -> None:
        """Vanish as a phone does that loses its network."""
        self._socket.close()

    def _shake_hands(self, url: str, headers: dict[str, str]) -> None:
        parts = urlsplit(url)
        lines = {
            "Host": parts.netloc,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Extensions": OFFER,
            **headers,
        }
        head = f"GET {parts.path}?{parts.query} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
        self._write(f"{head}\r\n".encode())
        while b"\r\n\r\n" not in self._buffer:
            data = self._socket.recv(_READ_BYTES)
            if not data:
                raise ConnectionLost("closed in the handshake")
            self.carried["bytes_in"] += len(data)
            self._buffer += data
        answer, _, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        self._buffer = bytearray(rest)
        status, _, fields = answer.decode("latin-1").partition("\r\n")
        if status.split(" ")[1:2] != ["101"]:
            raise ConnectionLost(f"handshake answered {status}")
        self._agree(fields)

    def _agree(self, fields: str) -> None:
        answers = {name.lower(): value for name, _, value in (line.partition(":") for line in fields.split("\r\n"))}
        agreed = [part.strip() for part in answers.get("sec-websocket-extensions", "").split(";")]
        if agreed[0] != "permessage-deflate":
            return
        bits = next((int(part.split("=")[1]) for part in agreed if part.startswith("client_max_window_bits=")), 15)
        self._takeover_in = "server_no_context_takeover" not in agreed
        self._inflate = zlib.decompressobj(-15)
        self._deflate = zlib.compressobj(6, zlib.DEFLATED, -max(9, bits), 4)

    def _complete(self) -> Iterator[str]:
        """Take whole frames off the buffer."""
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            size, start = buffer[at + 1] & 0x7F, at + 2
            if size >= 126:
                wide = 2 if size == 126 else 8
                size, start = int.from_bytes(buffer[start : start + wide], "big"), start + wide
            if len(buffer) < start + size:
                break
            first, data, at = buffer[at], bytes(buffer[start : start + size]), start + size
            if (text := self._message(first, data)) is not None:
                yield text
        del buffer[:at]

    def _message(self, first: int, data: bytes) -> str | None:
        kind = first & 0x0F
        if kind == _CLOSE:
            raise ConnectionLost(f"closed with {int.from_bytes(data[:2], 'big')}")
        if kind == _PING:
            self._frame(0x80 | _PONG, data)
        if kind >= _CLOSE:
            return None
        if first & 0x40 and self._inflate:
            data = self._inflate.decompress(data + (_TAIL if first & 0x80 else b""))
            if not self._takeover_in and first & 0x80:
                self._inflate = zlib.decompressobj(-15)
        self._parts.append(data)
        if not first & 0x80:
            return None
        whole, self._parts = b"".join(self._parts), []
        return whole.decode()

    def _frame(self, first: int, data: bytes) -> None:
        """Write one frame under a mask of zeros, which is a mask like any other and costs no work."""
        size = len(data)
        if size < 126:
            head = struct.pack(">BB4x", first, 0x80 | size)
        elif size < 65536:
            head = struct.pack(">BBH4x", first, 0x80 | 126, size)
        else:
            head = struct.pack(">BBQ4x", first, 0x80 | 127, size)
        self._write(head + data)

    def _write(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise ConnectionLost(str(error)) from error
        self.carried["bytes_out"] += len(data)
        self.carried["writes"] += 1


def _dial(url: str) -> green.socket:
    parts = urlsplit(url)
    is_secure = parts.scheme in {"wss", "https"}
    connection = green.create_connection((parts.hostname, parts.port or (443 if is_secure else 80)))
    connection.setsockopt(green.IPPROTO_TCP, green.TCP_NODELAY, 1)
    return (
        ssl.create_default_context().wrap_socket(connection, server_hostname=parts.hostname)
        if is_secure
        else connection
    )
