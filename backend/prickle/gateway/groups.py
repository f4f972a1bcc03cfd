"""Groups of sockets, and how one notice reaches all of a group at once."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from prickle.contract.gateway import Delivery
from prickle.gateway import frames
from prickle.gateway.outbox import Outbox
from prickle.gateway.pacing import Pacer
from prickle.gateway.settings import GatewaySettings
from prickle.gateway.traffic import Traffic

if TYPE_CHECKING:
    from prickle.gateway.socket import Socket


class Stream:
    """One deflate context and the clients whose window it is."""


class Group:
    """The sockets under one name."""

    def __init__(self, pacer: Pacer, traffic: Traffic) -> None:
        self.sockets: dict[str, Socket] = {}
        self.due = False
        self._pacer = pacer
        self._traffic = traffic

    def broadcast(
        self, event: str, payload: bytes, delivery: Delivery, *, key: str = "", without: str | None = None
    ) -> None:
        packet = b'42["' + event.encode() + b'",' + payload + b"]"
        frame = frames.frame(packet)
        size = 0
        for socket in self.sockets.values():
            if socket.id == without:
                continue
            channel = socket.session.channel
            if delivery is not Delivery.DURABLE:
                size += channel.send_latest((event, key), packet, delivery)
            elif isinstance(channel, Outbox):
                channel.pending.append(frame)
                size += len(frame)
            else:
                size += channel.send(packet)
        self._traffic.out(event, delivery, len(self.sockets), size)
        if not self.due:
            self.due = True
            self._pacer.soon(self)

    def flush(self) -> None:
        self.due = False
        for socket in self.sockets.values():
            channel = socket.session.channel
            if isinstance(channel, Outbox):
                channel.flush()

    def release(self, outbox: Outbox) -> None:
        """`outbox` leaves the stream."""


class Groups:
    """All groups of one server, and all its sockets."""

    def __init__(self, settings: GatewaySettings, pacer: Pacer, traffic: Traffic) -> None:
        self.settings = settings
        self.traffic = traffic
        self.sockets: dict[str, Socket] = {}
        self._pacer = pacer
        self._groups: dict[str, Group] = {}

    def add(self, socket: "Socket") -> None:
        self.sockets[socket.id] = socket

    def remove(self, socket: "Socket") -> None:
        """Forget a socket; it leaves all its groups."""
        self.sockets.pop(socket.id, None)
        for name in socket.groups:
            self.leave(socket, name)

    def join(self, socket: "Socket", name: str) -> None:
        if name in socket.groups:
            return
        group = self._groups.get(name)
        if group is None:
            group = self._groups[name] = Group(self._pacer, self.traffic)
        group.sockets[socket.id] = socket
        socket.groups = (*socket.groups, name)

    def leave(self, socket: "Socket", name: str) -> None:
        if name not in socket.groups:
            return
        socket.groups = tuple(other for other in socket.groups if other != name)
        group = self._groups[name]
        del group.sockets[socket.id]
        if not group.sockets:
            del self._groups[name]

    def members(self, name: str) -> Collection["Socket"]:
        group = self._groups.get(name)
        return list(group.sockets.values()) if group else ()

    def get(self, name: str) -> Group | None:
        return self._groups.get(name)
