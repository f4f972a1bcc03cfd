"""Many websocket clients in one process that read and forget: as little work as can be, so that the server is measured."""

import base64
import os
import selectors
import socket
import struct
import time

_REQUEST = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{extensions}\r\n"
)

_ACK_BYTES = 75
"""The server's ack and its frame."""


def frame(text: str) -> bytes:
    """Return a masked text frame; a mask of zeros is a mask."""
    data = text.encode()
    return struct.pack(">BB4x", 0x81, 0x80 | len(data)) + data


class Clients:
    """Connected clients, evenly in `rooms` rooms."""

    def __init__(self, port: int, *, deflate: bool) -> None:
        self._port = port
        self._extensions = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" if deflate else ""
        self._selector = selectors.DefaultSelector()
        self._sockets: list[socket.socket] = []
        self._buffer = bytearray(1 << 20)
        self.received = 0

    def add(self, count: int, rooms: int, parallel: int = 64) -> float:
        """Connect `count` more; return the seconds until all of them are in."""
        began, waiting = time.perf_counter(), []
        for number in range(count):
            waiting.append(self._open(number % rooms))
            if len(waiting) == parallel:
                self._welcome(waiting)
                waiting = []
        self._welcome(waiting)
        return time.perf_counter() - began

    def _open(self, room: int) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self._port))
        key = base64.b64encode(os.urandom(16)).decode()
        request = _REQUEST.format(port=self._port, key=key, extensions=self._extensions)
        connection.sendall(request.encode() + frame(f'40{{"room":"room{room}"}}'))
        return connection

    def _welcome(self, waiting: list[socket.socket]) -> None:
        for connection in waiting:
            heard = b""
            while b'40{"sid"' not in heard:
                heard += connection.recv(65536)
            connection.setblocking(False)
            self._selector.register(connection, selectors.EVENT_READ)
            self._sockets.append(connection)

    def send(self, text: str, count: int) -> None:
        """Let the clients send `text` in turn, `count` times in all, and wait for as many bytes as answers have."""
        data, answered = frame(text), self.received
        for number in range(count):
            self._sockets[number % len(self._sockets)].sendall(data)
            if number % 64 == 0:
                self.read(0)
        while self.received - answered < count * _ACK_BYTES:
            self.read(0.05)

    def read(self, timeout_s: float) -> None:
        """Read whatever has come; answers no pings."""
        for key, _ in self._selector.select(timeout_s):
            connection = key.fileobj
            assert isinstance(connection, socket.socket)  # noqa: S101 - only sockets are registered
            count = connection.recv_into(self._buffer)
            self.received += count
            if count == 0:
                self._selector.unregister(connection)

    def close(self) -> None:
        for connection in self._sockets:
            connection.close()
