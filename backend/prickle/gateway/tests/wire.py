"""A websocket client in the raw: sends any bytes, and sees every frame as it came."""

import asyncio
import base64
import os
import zlib
from dataclasses import dataclass
from typing import Any

import orjson

DEFLATE = "permessage-deflate; client_max_window_bits"


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; `size` is all of it on the wire, `data` is inflated."""

    opcode: int
    compressed: bool
    data: bytes
    size: int

    @property
    def close_code(self) -> int:
        return int.from_bytes(self.data[:2])


class Wire:
    """One connection. Every compressed frame is inflated in order, as a browser does, or the window would be wrong."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        self.reader, self.writer, self.head = reader, writer, head
        self._inflate = zlib.decompressobj(-15)
        self._deflate = zlib.compressobj(6, zlib.DEFLATED, -12)

    @classmethod
    async def open(
        cls, port: int, path: str = "/socket.io/?EIO=4&transport=websocket", *, extensions: str = "", **headers: str
    ) -> "Wire":
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        given = {
            "Host": f"127.0.0.1:{port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Version": "13",
            **({"Sec-WebSocket-Extensions": extensions} if extensions else {}),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        writer.write(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        return cls(reader, writer, (await reader.readuntil(b"\r\n\r\n")).decode())

    @classmethod
    async def joined(cls, port: int, auth: Any = None, **options: Any) -> "Wire":
        """Open, and connect to `/`."""
        wire = await cls.open(port, **options)
        assert (await wire.text()).startswith("0{")
        wire.send("40" + (orjson.dumps(auth).decode() if auth is not None else ""))
        assert (await wire.text()).startswith('40{"sid":')
        return wire

    async def frame(self) -> Frame:
        first, second = await self.reader.readexactly(2)
        length, size = second, 2
        if second >= 126:
            size += 2 if second == 126 else 8
            length = int.from_bytes(await self.reader.readexactly(size - 2))
        data = await self.reader.readexactly(length)
        compressed = bool(first & 0x40)
        if compressed:
            data = self._inflate.decompress(data + b"\x00\x00\xff\xff")
        return Frame(first & 15, compressed, data, size + length)

    async def text(self) -> str:
        """Return the next text message."""
        frame = await asyncio.wait_for(self.frame(), 5)
        assert frame.opcode == 1, frame
        return frame.data.decode()

    async def ended(self) -> Frame:
        """Read until the close frame, and return it."""
        while (frame := await asyncio.wait_for(self.frame(), 5)).opcode != 8:
            pass
        return frame

    def send(self, text: str, *, compressed: bool = False) -> None:
        data = text.encode()
        if compressed:
            data = (self._deflate.compress(data) + self._deflate.flush(zlib.Z_SYNC_FLUSH))[:-4]
        self.raw(0xC1 if compressed else 0x81, data)

    def raw(self, first: int, data: bytes, *, masked: bool = True) -> None:
        """Send a frame of any kind."""
        size, bit = len(data), 0x80 if masked else 0
        head = bytes((first, bit | 127)) + size.to_bytes(8)
        if size < 65536:
            head = bytes((first, bit | size)) if size < 126 else bytes((first, bit | 126)) + size.to_bytes(2)
        mask = os.urandom(4) if masked else b""
        body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)) if masked else data
        self.writer.write(head + mask + body)

    async def close(self) -> None:
        self.writer.transport.abort()
        await asyncio.gather(self.writer.wait_closed(), return_exceptions=True)
