"""A chat client that never gives up: it keeps what is not acknowledged, reconnects, and heals holes by `seq`."""

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from loadtest.faults.history import read_history
from loadtest.faults.sight import EDITED, Sight

ACK_PATIENCE_S = 8.0
HOLE_PATIENCE_S = 1.5
RECONNECT_S = (0.05, 0.5)
HANDSHAKE_S = 5.0
DEFAULT_RETRY_S = 0.5
EDITED_SHARE = 0.05
"""Of the messages, as soon as they are acknowledged."""

BROKEN = (aiohttp.ClientError, aiohttp.WSMessageTypeError, OSError, TimeoutError)

Ack = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass
class Unsent:
    """A message, or the new text of one, that is not acknowledged."""

    text: str
    edits: int | None = None
    """The `seq` of the message that gets this text."""
    tried_at: float | None = None
    """When it last went out on the connection that is open."""


def handshakes(group: BaseExceptionGroup[BaseException]) -> Iterator[aiohttp.WSServerHandshakeError]:
    """Yield the refused handshakes in a group of errors."""
    for error in group.exceptions:
        if isinstance(error, aiohttp.WSServerHandshakeError):
            yield error


class ChatClient:
    """One guest in one room, over websocket only."""

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str, room: str) -> None:
        self.room = room
        self.token = token
        self.sight = Sight()
        self.acknowledged: dict[str, int] = {}
        """The `seq` that the server named for each text; an edit's takes the place of the first one."""
        self.errors: Counter[str] = Counter()
        self.unexplained = 0
        """Refusals that did not say when to try again, although a well-behaved client did nothing wrong."""
        self.reloads = 0
        self.outbox: dict[str, Unsent] = {}
        self.started_at_seq: int | None = None
        self._http = http
        self._url = url
        self._ids = itertools.count()
        self._acks: dict[int, Ack] = {}
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._hole_since: float | None = None

    async def run(self) -> None:
        """Stay connected until cancelled."""
        while True:
            try:
                async with asyncio.TaskGroup() as tasks:
                    watch = tasks.create_task(self._watch())
                    await self._connection()
                    watch.cancel()
                self.errors["closed"] += 1
            except* aiohttp.WSServerHandshakeError as refused:
                self.errors.update(f"status {error.status}" for error in handshakes(refused))
            except* BROKEN:
                self.errors["connection"] += 1
            self._socket = None
            await asyncio.sleep(random.uniform(*RECONNECT_S))

    async def send(self, client_id: str, text: str) -> None:
        """Send now if the room is open, else as soon as it is again."""
        self.outbox[client_id] = Unsent(text)
        await self._try(client_id)

    @property
    def is_open(self) -> bool:
        """Tell whether it is connected and has been given what it missed."""
        return self._socket is not None and not self._socket.closed

    async def _connection(self) -> None:
        query = f"EIO=4&transport=websocket&rid={random.randrange(2**32):08x}"
        async with asyncio.timeout(HANDSHAKE_S):
            socket = await self._http.ws_connect(f"{self._url}/socket.io/?{query}", compress=15, autoping=True)
        try:
            async with asyncio.timeout(HANDSHAKE_S):
                opened = orjson.loads((await socket.receive_str())[1:])
                await socket.send_str("40" + orjson.dumps({"token": self.token}).decode())
                if not (await socket.receive_str()).startswith("40"):
                    raise aiohttp.ClientError("the server refused the connection")
            await self._read(socket, (opened["pingInterval"] + opened["pingTimeout"]) / 1000)
        finally:
            await socket.close()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse, silence_s: float) -> None:
        self._acks.clear()
        after = self.sight.last_seq if self.started_at_seq is not None else None
        join = {"room": self.room} if after is None else {"room": self.room, "after": after}
        await self._emit(socket, "rooms.join", join, lambda data: self._joined(socket, data))
        while True:
            message = await socket.receive(timeout=silence_s)
            if message.type is not aiohttp.WSMsgType.TEXT:
                return
            await self._packet(socket, message.data)

    async def _packet(self, socket: aiohttp.ClientWebSocketResponse, packet: str) -> None:
        if packet == "2":
            await socket.send_str("3")
        elif packet.startswith("42"):
            event, payload = orjson.loads(packet[2:])
            self._notice(event, payload)
        elif packet.startswith("43"):
            start = packet.index("[")
            ack = self._acks.pop(int(packet[2:start]), None)
            if ack:
                await ack(orjson.loads(packet[start:])[0])

    def _notice(self, event: str, payload: dict[str, Any]) -> None:
        if payload.get("room") == self.room and "seq" in payload:
            self.sight.see(payload["seq"], payload["text"] if event == "messages.created" else event)
            if event == "messages.updated":
                self.sight.see(payload["message"]["seq"], payload["message"]["text"])

    async def _joined(self, socket: aiohttp.ClientWebSocketResponse, ack: dict[str, Any]) -> None:
        if not ack["ok"]:
            self._refused(ack["error"])
            await socket.close()
            return
        data = ack["data"]
        if self.started_at_seq is None:
            self.started_at_seq = data["last_seq"]
            self.sight.start_at(data["last_seq"])
        await self._catch_up(data)
        self._socket = socket
        for unsent in self.outbox.values():
            unsent.tried_at = None
        for client_id in list(self.outbox):
            await self._try(client_id)

    async def _synced(self, ack: dict[str, Any]) -> None:
        if ack["ok"]:
            await self._catch_up(ack["data"])
        else:
            self._refused(ack["error"])

    async def _catch_up(self, data: dict[str, Any]) -> None:
        for event, payload in data.get("entries") or ():
            self._notice(event, payload)
        if data.get("reload"):
            self.reloads += 1
            start = self.started_at_seq or 0  # not what is known: that may have been edited since
            missed = await read_history(self._http, self._url, self.token, self.room, start)
            for seq, text in missed.items():
                self.sight.see(seq, text)
            self.sight.skip_to(data["last_seq"])

    async def _try(self, client_id: str) -> None:
        socket, unsent = self._socket, self.outbox.get(client_id)
        if socket is None or unsent is None or not self.is_open:
            return
        unsent.tried_at = time.monotonic()
        command = "messages.create" if unsent.edits is None else "messages.update"
        name: dict[str, Any] = {"client_id": client_id} if unsent.edits is None else {"seq": unsent.edits}
        payload = {"room": self.room, "text": unsent.text, **name}
        try:
            await self._emit(socket, command, payload, lambda ack: self._answered(client_id, ack))
        except BROKEN:
            unsent.tried_at = None  # the reader notices the broken connection too, and everything goes out again

    async def _answered(self, client_id: str, ack: dict[str, Any]) -> None:
        if not ack["ok"]:
            retry_after_s = self._refused(ack["error"])
            asyncio.get_running_loop().call_later(retry_after_s, self._forget_try, client_id)
            return
        unsent = self.outbox.pop(client_id, None)
        if unsent is None:
            return
        seq = ack["data"]["seq"]
        self.acknowledged[unsent.text] = seq
        self.sight.see(seq, unsent.text)
        if unsent.edits is not None:
            self.acknowledged.pop(unsent.text.removesuffix(EDITED), None)
        elif random.random() < EDITED_SHARE:
            self.outbox[f"{client_id}, edited"] = Unsent(unsent.text + EDITED, edits=seq)
            await self._try(f"{client_id}, edited")

    def _refused(self, error: dict[str, Any]) -> float:
        """Count it; return how long to wait."""
        self.errors[error["kind"]] += 1
        self.unexplained += "retry_after_s" not in error["details"]
        return float(error["details"].get("retry_after_s", DEFAULT_RETRY_S))

    def _forget_try(self, client_id: str) -> None:
        if unsent := self.outbox.get(client_id):
            unsent.tried_at = None

    async def _emit(
        self, socket: aiohttp.ClientWebSocketResponse, name: str, payload: dict[str, Any], ack: Ack
    ) -> None:
        number = next(self._ids)
        self._acks[number] = ack
        await socket.send_str(f"42{number}" + orjson.dumps([name, payload]).decode())

    async def _watch(self) -> None:
        """Send again what nobody answered, and ask for what is missing."""
        while True:
            await asyncio.sleep(0.25)
            now = time.monotonic()
            for client_id, unsent in list(self.outbox.items()):
                if unsent.tried_at is None or now - unsent.tried_at > ACK_PATIENCE_S:
                    await self._try(client_id)
            self._hole_since = (self._hole_since or now) if self.sight.has_hole else None
            if (
                self._hole_since
                and now - self._hole_since > HOLE_PATIENCE_S
                and self._socket
                and not self._socket.closed
            ):
                self._hole_since = now
                await self._emit(
                    self._socket, "messages.sync", {"room": self.room, "after": self.sight.last_seq}, self._synced
                )
