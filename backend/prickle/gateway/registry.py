"""All sockets of one server and the groups that they are in."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from prickle.gateway.groups import Group
from prickle.gateway.pacing import Pacer
from prickle.gateway.settings import GatewaySettings
from prickle.gateway.streams import CompressorBudget
from prickle.gateway.traffic import Traffic

if TYPE_CHECKING:
    from prickle.gateway.socket import Socket

_REST_AFTER_S = 60.0


class Registry:
    """Who is here, and in which groups; a group exists while it has a socket."""

    def __init__(self, settings: GatewaySettings, pacer: Pacer, traffic: Traffic) -> None:
        self.settings = settings
        self.traffic = traffic
        self.sockets: dict[str, Socket] = {}
        self.compressors = CompressorBudget(settings.compression_memory_mb)
        self._pacer = pacer
        self._groups: dict[str, Group] = {}

    def add(self, socket: "Socket") -> None:
        """`socket` is connected; it may be in groups already."""
        self.sockets[socket.id] = socket
        for name in socket.groups:
            self._groups[name].look_again()

    def remove(self, socket: "Socket") -> None:
        """Forget `socket`; it leaves all its groups."""
        self.sockets.pop(socket.id, None)
        for name in socket.groups:
            self.leave(socket, name)

    def join(self, socket: "Socket", name: str) -> None:
        if name in socket.groups:
            return
        group = self._groups.get(name)
        if group is None:
            group = self._groups[name] = Group(self._pacer, self.traffic, self.compressors)
        socket.groups = (*socket.groups, name)
        group.add(socket)

    def leave(self, socket: "Socket", name: str) -> None:
        if name not in socket.groups:
            return
        socket.groups = tuple(other for other in socket.groups if other != name)
        group = self._groups[name]
        group.discard(socket)
        if not group.sockets:
            del self._groups[name]
        for other in socket.groups:
            self._groups[other].look_again()

    def members(self, name: str) -> Collection["Socket"]:
        group = self._groups.get(name)
        return group.sockets.values() if group else ()

    def get(self, name: str) -> Group | None:
        return self._groups.get(name)

    def rest(self, now: float) -> None:
        """Take the compressors from groups where nothing was said for a while."""
        for group in self._groups.values():
            if group.said_at and now - group.said_at > _REST_AFTER_S:
                group.rest()
