"""A small Socket.IO client that hides nothing: commands, acks, notices in the order in which they came, raw frames."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ANSWER_TIMEOUT_S = 10.0


class Refused(Exception):
    """The server did not take the connection; `data` is the error object."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        super().__init__(answer.get("message"))
        self.data = answer.get("data")


class Gone(Exception):
    """The connection ended; whether the command was carried out is not known."""


class Device:
    """One connected socket of a guest."""

    def __init__(self, websocket: ClientConnection) -> None:
        self.notices: list[tuple[str, Any]] = []
        """Every notice so far, as `(event, payload)`."""
        self.closed = asyncio.Event()
        self._websocket = websocket
        self._acks: dict[int, asyncio.Future[Any]] = {}
        self._ids = count(1)
        self._news = asyncio.Condition()
        self._reader: asyncio.Task[None] | None = None

    @classmethod
    async def connect(cls, url: str, token: str) -> "Device":
        """Connect and sign in.

        Raises:
            Refused: the server does not take the token.
        """
        websocket = await connect(url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket", max_size=None)
        device = cls(websocket)
        await websocket.recv()  # Engine.IO's handshake
        await websocket.send("40" + orjson.dumps({"token": token}).decode())
        while not (packet := str(await websocket.recv())).startswith("4"):
            await device._answer_ping(packet)
        if packet.startswith("44"):
            await websocket.close()
            raise Refused(orjson.loads(packet[2:]))
        device._reader = asyncio.create_task(device._read(), name="device")
        return device

    async def call(self, command: str, payload: Any) -> dict[str, Any]:
        """Send a command and return its whole ack."""
        return await self.call_raw(orjson.dumps([command, payload]).decode())

    async def call_raw(self, text: str) -> dict[str, Any]:
        """Send `text` as the event's JSON array, whatever it is, and return the ack."""
        return await self.call_packets(lambda ack_id: [f"42{ack_id}{text}"])

    async def call_packets(self, packets: Callable[[int], Sequence[str | bytes]]) -> dict[str, Any]:
        """Send what `packets` makes of an ack id, whole Engine.IO packets, and return the ack."""
        if self.closed.is_set():
            raise Gone("the connection has ended")
        ack_id = next(self._ids)
        answer = self._acks[ack_id] = asyncio.get_running_loop().create_future()
        with suppress(ConnectionClosed):  # then the reader tells it
            for packet in packets(ack_id):
                await self._websocket.send(packet)
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            ack: dict[str, Any] = await answer
        return ack

    async def ok(self, command: str, payload: Any) -> dict[str, Any]:
        """Send a command, expect success and return its data."""
        ack = await self.call(command, payload)
        if not ack["ok"]:
            raise AssertionError(f"{command} was refused: {ack['error']}")
        data: dict[str, Any] = ack["data"]
        return data

    async def refusal(self, command: str, payload: Any) -> dict[str, Any]:
        """Send a command, expect failure and return the error object."""
        ack = await self.call(command, payload)
        if ack["ok"]:
            raise AssertionError(f"{command} was accepted: {ack['data']}")
        error: dict[str, Any] = ack["error"]
        return error

    async def notice(self, event: str, *, place: int = 0) -> Any:
        """Wait for the notice number `place` of `event` and return its payload."""
        async with asyncio.timeout(ANSWER_TIMEOUT_S), self._news:
            while len(found := self.received(event)) <= place:
                await self._news.wait()
        return found[place]

    def received(self, event: str) -> list[Any]:
        """Return the payloads of every `event` so far."""
        return [payload for name, payload in self.notices if name == event]

    async def settled(self) -> None:
        """Wait until everything that the server had to say by now is here: an unknown command is acked behind it."""
        await self.call("core.nothing", {})

    async def send_raw(self, packet: str) -> None:
        """Send a whole Engine.IO packet as it is."""
        await self._websocket.send(packet)

    async def close(self) -> None:
        await self._websocket.close()
        if self._reader is not None:
            await self._reader

    async def _read(self) -> None:
        try:
            async for packet in self._websocket:
                await self._take(str(packet))
        except ConnectionClosed:
            pass  # whoever waits sees `closed`
        finally:
            self.closed.set()
            for answer in self._acks.values():
                if not answer.done():
                    answer.set_exception(Gone("the connection ended before the answer"))

    async def _take(self, packet: str) -> None:
        if packet.startswith("43"):
            start = packet.index("[")
            self._acks.pop(int(packet[2:start])).set_result(orjson.loads(packet[start:])[0])
        elif packet.startswith("42"):
            event, payload = orjson.loads(packet[2:])
            async with self._news:
                self.notices.append((event, payload))
                self._news.notify_all()
        else:
            await self._answer_ping(packet)

    async def _answer_ping(self, packet: str) -> None:
        if packet == "2":
            await self._websocket.send("3")
