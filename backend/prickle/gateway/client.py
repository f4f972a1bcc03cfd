"""Reads the Socket.IO packets of one Engine.IO session: one `Socket` per namespace that it has joined."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import socketio.packet as codec

from prickle.gateway import frames, packets
from prickle.gateway.socket import ConnectRefused, Socket, SocketHandlers

if TYPE_CHECKING:
    from prickle.gateway.engine import Session
    from prickle.gateway.registry import Registry

logger = logging.getLogger(__name__)


class Client:
    """Reads the Socket.IO packets of one session."""

    __slots__ = ("_attachments", "_awaiting", "_handlers", "_tasks", "registry", "session", "sockets")

    def __init__(
        self,
        session: "Session",
        handlers: Mapping[str, SocketHandlers],
        registry: "Registry",
        tasks: set[asyncio.Task[None]],
    ) -> None:
        self.session = session
        self.registry = registry
        self.sockets: dict[str, Socket] = {}
        self._handlers = handlers
        self._tasks = tasks
        self._awaiting: packets.Incoming | None = None
        self._attachments: list[bytes] = []

    def text(self, text: str, size: int) -> None:
        """Take one packet."""
        try:
            if self._awaiting:
                raise packets.InvalidPacket("an attachment is missing")
            packet = packets.parse(text)
            if packet.kind == codec.CONNECT:
                self._connect(packet.namespace, packets.parse_auth(packet.data))
            elif packet.kind == codec.DISCONNECT:
                self._disconnect(packet.namespace, "client namespace disconnect")
            elif packet.attachments:
                self._awaiting = packet
            elif packet.kind in {codec.EVENT, codec.BINARY_EVENT}:
                self._event(packet, (), size)
        except packets.InvalidPacket:
            self.session.close("parse error")

    def binary(self, data: bytes, size: int) -> None:
        """Take one attachment of the packet that announced it."""
        packet = self._awaiting
        self._attachments.append(data)
        room = self.registry.settings.max_frame_bytes
        if packet is None or sum(map(len, self._attachments)) > room:
            self.session.close("parse error")
        elif len(self._attachments) == packet.attachments:
            attachments, self._attachments, self._awaiting = self._attachments, [], None
            if packet.kind == codec.BINARY_EVENT:
                self._event(packet, attachments, size)

    def _event(self, packet: packets.Incoming, attachments: Sequence[bytes], size: int) -> None:
        socket = self.sockets.get(packet.namespace)
        if socket is None or not socket.is_connected:
            return  # before CONNECT, or after the end: without effect
        data = packet.data
        self.registry.traffic.came(data[2 : data.find('"', 2)], size)
        self._handlers[packet.namespace].on_event(socket, data, packet.ack_id, attachments)

    def _connect(self, namespace: str, auth: Any) -> None:
        if namespace in self.sockets:
            return  # whoever is connected stays who it is
        handlers = self._handlers.get(namespace)
        if handlers is None:
            self.session.channel.send(packets.refused(namespace, {"message": "Invalid namespace"}))
            return
        socket = self.sockets[namespace] = Socket(self, namespace)
        self._spawn(self._welcome(handlers, socket, auth))

    async def _welcome(self, handlers: SocketHandlers, socket: Socket, auth: Any) -> None:
        namespace = socket.namespace
        try:
            await handlers.on_connect(socket, auth)
        except ConnectRefused as refusal:
            self._refuse(socket, {"message": refusal.message, "data": refusal.data})
            return
        except Exception:
            logger.exception("on_connect failed")
            self._refuse(socket, {"message": "Internal error"})
            return
        if self.session.is_open and self.sockets.get(namespace) is socket:
            socket.welcome()
            self.registry.add(socket)
        else:
            self.registry.remove(socket)
            await handlers.on_disconnect(socket, "transport close")

    def _refuse(self, socket: Socket, error: dict[str, Any]) -> None:
        self.sockets.pop(socket.namespace, None)
        self.registry.remove(socket)
        told = {name: value for name, value in error.items() if value is not None}
        self.session.channel.send(packets.refused(socket.namespace, told))

    def _disconnect(self, namespace: str, reason: str) -> None:
        socket = self.sockets.pop(namespace, None)
        if socket is None or not socket.is_connected:
            return
        socket.is_connected = False
        self.registry.remove(socket)
        self._spawn(self._handlers[namespace].on_disconnect(socket, reason))

    def ended(self, reason: str) -> None:
        """The session is over."""
        self._awaiting = None
        for namespace in list(self.sockets):
            self._disconnect(namespace, reason)

    def expire(self) -> None:
        """The time for CONNECT is up."""
        if not self.sockets:
            self.session.close("connect timeout", code=frames.POLICY)

    def _spawn(self, coroutine: Any) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
