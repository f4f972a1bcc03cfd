"""What waits to be written to one websocket: in order, in one write per turn, bounded."""

import asyncio
from typing import TYPE_CHECKING

from prickle.contract.gateway import Delivery
from prickle.gateway import frames
from prickle.gateway.deflate import Compressor

if TYPE_CHECKING:
    from prickle.gateway.groups import Group
    from prickle.gateway.pacing import Pacer
    from prickle.gateway.streams import Stream
    from prickle.gateway.traffic import Link, Traffic

_WORTH_COMPRESSING = 512
_RIDE_S = 2.0


class Outbox:
    """The way to one client. Groups append frames of their own to `pending` and flush it; see `groups.py`."""

    __slots__ = (
        "_due", "_latest", "_max_bytes", "_pacer", "_traffic", "_transport",
        "ended", "home", "lagging", "link", "pending", "shares_window", "stream",
    )  # fmt: skip

    def __init__(
        self,
        transport: asyncio.Transport,
        pacer: "Pacer",
        traffic: "Traffic",
        link: "Link",
        *,
        max_bytes: int,
        shares_window: bool,
    ) -> None:
        self._transport: asyncio.Transport | None = transport
        self._pacer = pacer
        self._traffic = traffic
        self._max_bytes = max_bytes
        self._due = False
        self._latest: dict[tuple[str, str], bytes] | None = None
        self.link = link
        self.pending: list[bytes] = []
        self.shares_window = shares_window
        self.home: Group | None = None
        """The group whose stream fills this client's window."""
        self.stream: Stream | None = None
        self.lagging = False
        self.ended: str | None = None
        """Why this end gave the client up."""

    def send(self, packet: bytes) -> int:
        """Send a text packet of the Engine.IO protocol to this client alone; returns its bytes on the wire."""
        return self._queue(self._frame(packet))

    def _frame(self, packet: bytes) -> bytes:
        """Compress what is large, where that leaves nobody else's window behind."""
        stream = self.stream
        if len(packet) < _WORTH_COMPRESSING or not self.shares_window:
            return frames.frame(packet)
        if stream is None:
            # Nothing refers to this later: whatever stream the client joins begins with an empty window.
            return frames.frame(Compressor().message(packet), frames.FIN | frames.RSV1 | frames.TEXT)
        if len(stream.members) == 1:
            return stream.frame(packet)
        return frames.frame(packet)

    def share(self, packet: bytes, frame: bytes) -> int:
        """Take a packet of a group, which will flush it."""
        if self._transport is None:
            return 0
        self.pending.append(frame)
        return len(frame)

    def send_riding(self, packet: bytes, within_s: float) -> None:
        """Send what may wait a while, at most `within_s`, with the next write to this client if one comes."""
        if self._pacer.ride_s <= 0 or self._due:
            self.send(packet)
        elif self._transport:
            self.pending.append(frames.frame(packet))
            self._pacer.after(min(_RIDE_S, within_s), self)

    def send_binary(self, data: bytes) -> int:
        """Send a binary message."""
        return self._queue(frames.frame(data, frames.FIN | frames.BINARY))

    def send_latest(self, key: tuple[str, str], packet: bytes, delivery: Delivery) -> int:
        """Send what may be replaced (state) or left out (ephemeral) while the client does not keep up."""
        return self.skip(key, packet, delivery) if self.lagging else self.send(packet)

    def skip(self, key: tuple[str, str], packet: bytes, delivery: Delivery) -> int:
        """Leave `packet` out for now: of state the latest is kept."""
        if delivery is Delivery.STATE and self._transport:
            self._latest = {**(self._latest or {}), key: packet}
        self._traffic.drop(delivery)
        return 0

    def pong(self, answer: bytes) -> None:
        """Answer a websocket ping; one that cannot leave is not owed (only the latest is, RFC 6455, 5.5.3)."""
        if not self.lagging:
            self._queue(answer)

    def _queue(self, frame: bytes) -> int:
        if self._transport is None:
            return 0
        self.pending.append(frame)
        if not self._due and not (self.home and self.home.due):
            self._due = True
            self._pacer.soon(self)
        return len(frame)

    def leave_group(self) -> None:
        """A group will not write to this client any more: what it has put here leaves by itself."""
        if self.pending and not self._due:
            self._due = True
            self._pacer.soon(self)

    def flush(self) -> None:
        """Write all that is pending, in one piece."""
        self._due = False
        pending = self.pending
        if not pending:
            return
        data = pending[0] if len(pending) == 1 else b"".join(pending)
        pending.clear()
        transport = self._transport
        if transport is None:
            return
        if self.lagging and transport.get_write_buffer_size() + len(data) > self._max_bytes:
            self.ended = "too slow"
            transport.abort()
            return
        self.link.sent(len(data))
        transport.write(data)

    def pause(self) -> None:
        """The transport's buffer is filling: from now on only what must arrive is queued."""
        self.lagging = True
        if self.home:
            self.home.release(self)

    def resume(self) -> None:
        """The client has caught up; it gets the latest of each state that it missed."""
        self.lagging = False
        latest, self._latest = self._latest, None
        for packet in (latest or {}).values():
            self.send(packet)

    def shut(self) -> None:
        """Nothing more leaves."""
        if self.home:
            self.home.release(self)
        self.pending.clear()
        self._transport = None

    def abort_later(self, transport: asyncio.Transport, delay_s: float) -> None:
        """Drop a connection whose client does not answer its close frame."""
        asyncio.get_running_loop().call_later(delay_s, transport.abort)
