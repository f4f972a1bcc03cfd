"""HTTP long-polling: what waits for the next poll, and how packets share a body."""

import asyncio
import base64
import binascii

from prickle.contract.gateway import Delivery
from prickle.gateway.engine import Session

SEPARATOR = "\x1e"
_NOOP_S = 0.1
"""How long a poll waits during the change to websocket before it is sent away."""
_LONGEST_S = 50.0
"""How long a poll waits at most; the server in front of us gives an answer 60 s."""
_HTTP_BYTES = 300
"""What the headers of one request or answer weigh, about."""


class PollRefused(Exception):
    """This poll cannot be answered: another one waits (which ends the session), or the session has its websocket."""


class PollQueue:
    """Packets in order, text as `str`, binary as `bytes`; one poll at a time takes all of them."""

    __slots__ = ("_max_bytes", "_packets", "_session", "_size", "_waiter", "lagging")

    def __init__(self, session: Session, max_bytes: int) -> None:
        self._session = session
        self._max_bytes = max_bytes
        self._packets: list[str | bytes] = []
        self._size = 0
        self._waiter: asyncio.Future[str] | None = None
        self.lagging = False

    def send(self, packet: bytes) -> int:
        return self._queue(packet.decode(), len(packet))

    def send_riding(self, packet: bytes, within_s: float) -> None:
        self.send(packet)

    def send_binary(self, data: bytes) -> int:
        return self._queue(data, len(data) * 4 // 3)

    def share(self, packet: bytes, frame: bytes) -> int:
        return self.send(packet)

    def skip(self, key: tuple[str, str], packet: bytes, delivery: Delivery) -> int:
        return 0

    def flush(self) -> None:
        """Whoever polls is answered at the end of the turn."""

    def send_latest(self, key: tuple[str, str], packet: bytes, delivery: Delivery) -> int:
        return self.send(packet)

    def _queue(self, packet: str | bytes, size: int) -> int:
        if not self._session.is_open:
            return 0
        self._packets.append(packet)
        self._size += size
        if self._waiter:
            # At the end of this turn, so that packets of one turn share a body.
            asyncio.get_running_loop().call_soon(self._answer)
        elif self._size > self._max_bytes:
            self._session.close("too slow")
        return size

    def _answer(self, instead: str | None = None) -> None:
        waiter = self._waiter
        if waiter and not waiter.done() and (self._packets or instead):
            self._waiter = None
            waiter.set_result(self._body() if self._packets else instead or "")

    def _body(self) -> str:
        packets, self._packets, self._size = self._packets, [], 0
        return body(packets)

    async def poll(self) -> str:
        """Return the body of the next answer, as soon as there is something to say.

        Raises:
            PollRefused: there is nothing to wait for.
        """
        if self._waiter:
            self._session.close("transport error")
            raise PollRefused
        if self._packets:
            return self._body()
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        release = loop.call_later(_NOOP_S if self._session.upgrading else _LONGEST_S, self.release)
        try:
            return await self._waiter
        except asyncio.CancelledError:
            self._session.close("transport close")
            raise
        finally:
            release.cancel()

    def release(self) -> None:
        """End the waiting poll with a noop."""
        self._answer("6")

    def end(self, last: str | None) -> list[str | bytes]:
        """End the waiting poll with `last`, or refuse it, and return what was not taken."""
        if last is None and self._waiter:
            self._waiter.set_exception(PollRefused())
            self._waiter = None
        if self._waiter and self._packets and last:
            self._packets.append(last)
        self._answer(last)
        packets, self._packets = self._packets, []
        return packets


def body(packets: list[str | bytes]) -> str:
    """Return the body that carries `packets`."""
    return SEPARATOR.join(
        packet if isinstance(packet, str) else "b" + base64.b64encode(packet).decode() for packet in packets
    )


def receive(session: Session, posted: bytes) -> bool:
    """Hand the packets of a POST to their session; tells whether all were well formed."""
    try:
        packets = posted.decode().split(SEPARATOR)
    except UnicodeDecodeError:
        packets = [""]
    for packet in packets:
        if not session.is_open:
            break
        if packet[:1] != "b":
            session.text(packet, len(packet) + _HTTP_BYTES)
            continue
        try:
            data = base64.b64decode(packet[1:], validate=True)
        except binascii.Error:
            session.text("", 0)
            continue
        session.binary(data, len(packet) + _HTTP_BYTES)
    return session.is_open or packets[-1] == "1"
