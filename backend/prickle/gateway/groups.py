"""Groups of sockets, and how one notice reaches all of a group: encoded, framed and compressed once."""

import asyncio
import math
from typing import TYPE_CHECKING

from prickle.contract.gateway import Delivery
from prickle.gateway import frames
from prickle.gateway.outbox import Outbox
from prickle.gateway.pacing import Pacer
from prickle.gateway.streams import CompressorBudget, StreamSet
from prickle.gateway.traffic import Traffic

if TYPE_CHECKING:
    from prickle.gateway.socket import Socket

_LOOK_EVERY_FRAMES = 32
_WEIGHT_FADES_S = 60.0
_FEW_SOCKETS = 8


class Group:
    """The sockets under one name. Those whose window it fills are in its streams, all others are `_plain`."""

    __slots__ = (
        "_frames", "_pacer", "_plain", "_riders", "_riding", "_rode_at", "_streams", "_traffic", "_weight",
        "due", "said_at", "sockets",
    )  # fmt: skip

    def __init__(self, pacer: Pacer, traffic: Traffic, budget: CompressorBudget) -> None:
        self.sockets: dict[str, Socket] = {}
        self.due = False
        """Whether a write is on its way, which everything for these sockets may use."""
        self.said_at = 0.0
        self._pacer = pacer
        self._traffic = traffic
        self._streams = StreamSet(budget)
        self._plain: dict[Socket, None] = {}
        self._riders: dict[tuple[str, str], tuple[bytes, Delivery, str | None]] = {}
        self._riding = False
        self._rode_at = -math.inf
        self._frames = 0
        self._weight = 0.0

    def add(self, socket: "Socket") -> None:
        self.sockets[socket.id] = socket
        self._plain[socket] = None
        self._recruit(socket)

    def discard(self, socket: "Socket") -> None:
        self.sockets.pop(socket.id, None)
        channel = socket.session.channel
        if isinstance(channel, Outbox):
            if channel.home is self:
                self.release(channel)
            channel.leave_group()
        self._plain.pop(socket, None)

    def broadcast(self, event: str, payload: bytes, delivery: Delivery, key: str, without: str | None) -> None:
        """Send to all, or let it ride with what is sent next."""
        packet = b'42["%b",%b]' % (event.encode(), payload)
        if delivery is Delivery.DURABLE:
            # Riders go first: who is said to be typing may be the author, whose message then ends it.
            self._send_riders()
            self._send(packet, event, delivery, key, without)
        else:
            self._riders[event, key] = (packet, delivery, without)
            wait_s = self._pacer.ride_s if delivery is Delivery.EPHEMERAL else self._pacer.state_wait_s
            if wait_s > 0:
                self._ride(wait_s)
                return
        if not self.due:
            self.due = True
            self._pacer.soon(self)

    def flush(self) -> None:
        """Write to everybody what is due."""
        self.due = False
        self._send_riders()
        # A write may tell at once that a client does not keep up, which moves it: the loops run over copies.
        for stream in tuple(self._streams.streams):
            for outbox in tuple(stream.members):
                if outbox.pending:
                    outbox.flush()
        for socket in tuple(self._plain):
            socket.session.channel.flush()

    def release(self, outbox: Outbox) -> None:
        """`outbox` can take no more of the stream: it has left, is ending, or does not keep up."""
        stream = outbox.stream
        if stream is not None:
            self._plain[stream.members[outbox]] = None
        self._streams.remove(outbox)
        outbox.home = None

    def weight(self, now: float) -> float:
        """How many bytes were sent here lately; the group with the most should fill a client's window."""
        return self._weight * math.exp((self.said_at - now) / _WEIGHT_FADES_S)

    def rest(self) -> None:
        """Nothing was said for a while: give memory back."""
        self._streams.rest()

    def look_again(self) -> None:
        """Take in those who could not be before: the first of the group, who has caught up, who has upgraded."""
        for socket in tuple(self._plain):
            self._recruit(socket)

    def _recruit(self, socket: "Socket") -> None:
        outbox = socket.session.channel
        if not isinstance(outbox, Outbox) or not outbox.shares_window or outbox.lagging:
            return
        if len(self.sockets) < 2 or not socket.is_connected:
            return
        if outbox.home is not None:
            now = asyncio.get_running_loop().time()
            if outbox.home is self or outbox.home.weight(now) * 2 > self.weight(now):
                return
            outbox.home.release(outbox)
        outbox.home = self
        del self._plain[socket]
        self._streams.add(outbox, socket)

    def _send(self, packet: bytes, event: str, delivery: Delivery, key: str, without: str | None) -> None:
        if delivery is not Delivery.DURABLE and without in self.sockets and self._leaves_out():
            self._send_to_others(packet, event, delivery, key, without)
            return
        self._before_frame(len(packet))
        size = 0
        for stream in self._streams.streams:
            if not stream.members:
                continue
            frame = stream.frame(packet)
            size += len(frame) * len(stream.members)
            for outbox in stream.members:
                outbox.pending.append(frame)
        if self._plain:
            frame = frames.frame(packet)
            for socket in self._plain:
                if socket.id != without:
                    size += socket.deliver(packet, frame, (event, key), delivery)
        self._traffic.out(event, delivery, len(self.sockets), size)

    def _send_riders(self) -> None:
        if not self._riders:
            return
        now, riders = asyncio.get_running_loop().time(), self._riders
        self._riders = {}
        for (event, key), (packet, delivery, without) in riders.items():
            if delivery is Delivery.EPHEMERAL:
                if now - self._rode_at < self._pacer.ride_gap_s:
                    self._traffic.drop(delivery, len(self.sockets))
                    continue
                self._rode_at = now
            self._send(packet, event, delivery, key, without)

    def _leaves_out(self) -> bool:
        """Nobody may miss a frame of a stream, so leaving one out costs everybody an uncompressed frame.

        Few people on a free link get that; otherwise the one who is left out gets a copy that its client has no use for.
        """
        return len(self.sockets) <= _FEW_SOCKETS and self._pacer.ride_s == 0

    def _send_to_others(self, packet: bytes, event: str, delivery: Delivery, key: str, without: str | None) -> None:
        frame = frames.frame(packet)
        size = sum(
            socket.deliver(packet, frame, (event, key), delivery)
            for socket in self.sockets.values()
            if socket.id != without
        )
        self._traffic.out(event, delivery, len(self.sockets) - 1, size)

    def _before_frame(self, size: int) -> None:
        now = asyncio.get_running_loop().time()
        self._weight = self.weight(now) + size
        self.said_at = now
        self._frames += 1
        if self._plain and self._frames % _LOOK_EVERY_FRAMES == 1:
            self.look_again()
        self._streams.before_frame(hasty=self._pacer.wait_s > 0)

    def _ride(self, wait_s: float) -> None:
        if not self.due and not self._riding:
            self._riding = True
            asyncio.get_running_loop().call_later(wait_s, self._alight)

    def _alight(self) -> None:
        """Nothing came by to ride with: on a busy link ephemeral notices are dropped, state goes by itself."""
        self._riding = False
        if self.due or not self._riders:
            return
        if not self._pacer.ephemeral_alone:
            for name, (_, delivery, _) in list(self._riders.items()):
                if delivery is Delivery.EPHEMERAL:
                    del self._riders[name]
                    self._traffic.drop(delivery, len(self.sockets))
        if self._riders:
            self.flush()
