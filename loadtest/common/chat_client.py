"""A Socket.IO client for one guest: commands with their acks, notices, heartbeats; a reader greenlet of its own."""

import itertools
import random
from collections.abc import Callable, Mapping
from typing import Any

import gevent
import orjson
from gevent.event import AsyncResult

from loadtest.common.stamps import now_ms
from loadtest.common.websocket import ConnectionLost, WebSocket

ACK_TIMEOUT_S = 15.0

Payload = dict[str, Any]
OnNotice = Callable[[str, Payload, int], None]
OnAck = Callable[[Payload, int], None]
OnLost = Callable[[str], None]


class CommandFailed(Exception):
    """The server answered with an error, or not in time; the message is the error's code, or `no_ack`."""


class ChatClient:
    """One connection, open when constructed. `on_notice` gets event, payload and when it was read, in ms.

    Its end is told once: as the error of what waits for it, such as a call, and to `when_lost` after that was set.
    """

    def __init__(self, url: str, token: str, *, headers: Mapping[str, str], on_notice: OnNotice) -> None:
        """Connect and be welcomed.

        Raises:
            ConnectionLost: it could not be; nothing of it is left.
        """
        self._on_notice = on_notice
        self._on_lost: OnLost | None = None
        self._why_lost = ""
        self._is_over = False
        self._acks: dict[int, OnAck] = {}
        self._numbers = itertools.count()
        self._awaited: set[AsyncResult] = set()
        self._welcome: AsyncResult = AsyncResult()
        address = f"{url}/socket.io/?EIO=4&transport=websocket&rid={random.randrange(2**32):08x}"
        self.websocket = WebSocket(address, headers=dict(headers))
        self._reader = gevent.spawn(self._read)
        try:
            self.websocket.send("40" + orjson.dumps({"token": token}).decode())
            self._await(self._welcome, ConnectionLost("no welcome in time"))
        except BaseException:
            self.close(politely=False)
            raise

    @property
    def is_open(self) -> bool:
        return not self._is_over

    def when_lost(self, on_lost: OnLost) -> None:
        """Have `on_lost` told why, if the connection ends other than by `close`; at once if it has already."""
        self._on_lost = on_lost
        if self._why_lost:
            on_lost(self._why_lost)

    def send(self, command: str, payload: Payload, on_ack: OnAck) -> None:
        """Send a command; `on_ack` gets the ack and when it was read, unless the connection ends before.

        Raises:
            ConnectionLost: it has ended already.
        """
        number = next(self._numbers)
        self._acks[number] = on_ack
        self.websocket.send(f"42{number}{orjson.dumps([command, payload]).decode()}")

    def call(self, command: str, payload: Payload) -> Payload:
        """Send a command and return the data of its ack.

        Raises:
            CommandFailed: see there.
            ConnectionLost: the connection ended before the ack.
        """
        answer: AsyncResult = AsyncResult()
        self.send(command, payload, lambda ack, _: answer.set(ack))
        ack = self._await(answer, CommandFailed("no_ack"))
        if not ack["ok"]:
            raise CommandFailed(ack["error"]["code"])
        data: Payload = ack["data"]
        return data

    def close(self, *, politely: bool = True) -> None:
        """End it; without `politely` the network is gone and the server is told nothing."""
        if not self._is_over:
            self._is_over = True
            self._reader.kill(block=False)
            (self.websocket.close if politely else self.websocket.cut)()

    def _await(self, answer: AsyncResult, too_late: Exception) -> Any:
        if self._is_over:
            raise ConnectionLost(self._why_lost)
        self._awaited.add(answer)
        try:
            with gevent.Timeout(ACK_TIMEOUT_S, too_late):
                return answer.get()
        finally:
            self._awaited.discard(answer)

    def _read(self) -> None:
        try:
            for packets in self.websocket.messages():
                at_ms = now_ms()
                for packet in packets:
                    self._packet(packet, at_ms)
        except ConnectionLost as lost:
            if not self._is_over:
                self._lost(lost)

    def _lost(self, lost: ConnectionLost) -> None:
        self._is_over, self._why_lost = True, str(lost)
        self.websocket.cut()
        for answer in self._awaited:
            if not answer.ready():
                answer.set_exception(lost)
        if self._on_lost:
            self._on_lost(self._why_lost)

    def _packet(self, packet: str, at_ms: int) -> None:
        kind = packet[:2]
        if kind == "42":
            event, payload = orjson.loads(packet[2:])
            self._on_notice(event, payload, at_ms)
        elif kind == "43":
            start = packet.index("[")
            on_ack = self._acks.pop(int(packet[2:start]), None)
            if on_ack:
                on_ack(orjson.loads(packet[start:])[0], at_ms)
        elif packet == "2":
            self.websocket.send("3")
        elif kind == "40":
            self._welcome.set(None)
        elif kind in {"44", "41", "1"}:
            raise ConnectionLost(f"refused: {packet[:200]}")
