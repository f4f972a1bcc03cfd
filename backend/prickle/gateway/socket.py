"""Socket.IO clients: one `Client` per Engine.IO session, one `Socket` per namespace that it has joined."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import socketio.packet as codec

from prickle.contract.gateway import Delivery
from prickle.gateway import frames, packets

if TYPE_CHECKING:
    from prickle.gateway.engine import Session
    from prickle.gateway.registry import Registry


class ConnectRefused(Exception):
    """A connection is not welcome; the client gets `message` and `data` as its `connect_error`."""

    def __init__(self, message: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.data = data


class SocketHandlers(Protocol):
    """What the owner of a namespace does with its sockets."""

    async def on_connect(self, socket: "Socket", auth: Any) -> None:
        """Welcome `socket` or raise `ConnectRefused`. What it emits here arrives after the CONNECT packet."""

    def on_event(self, socket: "Socket", data: str, ack_id: int | None, attachments: Sequence[bytes]) -> None:
        """Take an event. `data` is its JSON array as it came, not decoded; this must be quick."""

    async def on_disconnect(self, socket: "Socket", reason: str) -> None:
        """Called exactly once for each socket whose `on_connect` has returned."""


class Socket:
    """One connected client in one namespace."""

    __slots__ = ("_client", "_held", "_namespace", "context", "groups", "id", "is_connected")

    def __init__(self, client: "Client", namespace: str) -> None:
        self.id = secrets.token_urlsafe(15)
        self.context: Any = None
        """Belongs to the owner of the server."""
        self.groups: tuple[str, ...] = ()
        self.is_connected = False
        self._client = client
        self._namespace = namespace
        self._held: list[bytes] | None = []

    @property
    def remote(self) -> str:
        """The client's address."""
        return self._client.session.remote

    @property
    def session(self) -> "Session":
        return self._client.session

    def emit(self, event: str, payload: bytes, delivery: Delivery, key: str = "") -> None:
        """Send `event` with one argument, `payload` as JSON."""
        packet = self._head(b"42") + b'["' + event.encode() + b'",' + payload + b"]"
        if self._held is not None:
            self._held.append(packet)
            size = len(packet)
        elif delivery is Delivery.DURABLE:
            size = self.session.channel.send(packet)
        else:
            size = self.session.channel.send_latest((event, key), packet, delivery)
        self._client.registry.traffic.out(event, delivery, 1, size)

    def deliver(self, packet: bytes, frame: bytes, name: tuple[str, str], delivery: Delivery) -> int:
        """Take a notice of a group, uncompressed: as `packet`, and as the same in a websocket frame."""
        channel = self.session.channel
        if self._held is not None:
            self._held.append(packet)
            return len(packet)
        if delivery is not Delivery.DURABLE:
            return channel.send_latest(name, packet, delivery)
        return channel.share(packet, frame)

    def ack(self, ack_id: int, data: bytes) -> None:
        """Answer the event that came with `ack_id` with one argument, `data` as JSON."""
        size = self._send(b"%s%d[%s]" % (self._head(b"43"), ack_id, data))
        self._client.registry.traffic.out("ack", Delivery.DURABLE, 1, size)

    def send_values(self, kind: int, ack_id: int | None, data: Any) -> None:
        """Send an event or ack of any arguments, binary ones included."""
        head, attachments = packets.with_attachments(kind, self._namespace, ack_id, data)
        self._send(head)
        for attachment in attachments:
            self.session.channel.send_binary(attachment)

    def close(self, reason: str, *, hint: bytes | None = None) -> None:
        """End the connection for good: what is due leaves first, then `hint`, then DISCONNECT.

        `hint` is the JSON payload of a last notice, `core.closed`, that tells the client why. A stock client does not
        come back by itself after this.
        """
        if hint is not None:
            self.emit("core.closed", hint, Delivery.DURABLE)
        if self._held is None:
            self.session.channel.send(packets.disconnected(self._namespace))
        self.session.close(reason)

    def welcome(self) -> None:
        """`on_connect` has returned: CONNECT goes first, then what was emitted meanwhile."""
        held, self._held = self._held or [], None
        self.is_connected = True
        self._send(packets.connected(self._namespace, self.id))
        for packet in held:
            self._send(packet)

    def _send(self, packet: bytes) -> int:
        if self._held is not None:
            self._held.append(packet)
            return len(packet)
        return self.session.channel.send(packet)

    def _head(self, kind: bytes) -> bytes:
        return kind if self._namespace == "/" else kind + self._namespace.encode() + b","


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
        namespace = socket._namespace
        try:
            await handlers.on_connect(socket, auth)
        except ConnectRefused as refusal:
            self.sockets.pop(namespace, None)
            self.registry.remove(socket)
            error = {"message": refusal.message} | ({"data": refusal.data} if refusal.data is not None else {})
            self.session.channel.send(packets.refused(namespace, error))
            return
        if self.session.is_open and self.sockets.get(namespace) is socket:
            socket.welcome()
            self.registry.add(socket)
        else:
            self.registry.remove(socket)
            await handlers.on_disconnect(socket, "transport close")

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
