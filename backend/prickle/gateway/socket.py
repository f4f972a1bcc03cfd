"""A connected Socket.IO client, as the rest of the core holds it, and what it is owed."""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from prickle.contract.gateway import Delivery
from prickle.gateway import packets

if TYPE_CHECKING:
    from prickle.gateway.client import Client
    from prickle.gateway.engine import Session


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

    __slots__ = ("_client", "_held", "context", "groups", "id", "is_connected", "namespace")

    def __init__(self, client: "Client", namespace: str) -> None:
        self.id = secrets.token_urlsafe(15)
        self.context: Any = None
        """Belongs to the owner of the server."""
        self.groups: tuple[str, ...] = ()
        self.is_connected = False
        self._client = client
        self.namespace = namespace
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
        if channel.lagging and delivery is not Delivery.DURABLE:
            return channel.skip(name, packet, delivery)
        return channel.share(packet, frame)

    def ack(self, ack_id: int, data: bytes) -> None:
        """Answer the event that came with `ack_id` with one argument, `data` as JSON."""
        size = self._send(b"%s%d[%s]" % (self._head(b"43"), ack_id, data))
        self._client.registry.traffic.out("ack", Delivery.DURABLE, 1, size)

    def send_values(self, kind: int, ack_id: int | None, data: Any) -> None:
        """Send an event or ack of any arguments, binary ones included."""
        head, attachments = packets.with_attachments(kind, self.namespace, ack_id, data)
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
            self.session.channel.send(packets.disconnected(self.namespace))
        self.session.close(reason, farewell=True)

    def welcome(self) -> None:
        """`on_connect` has returned: CONNECT goes first, then what was emitted meanwhile."""
        held, self._held = self._held or [], None
        self.is_connected = True
        self._send(packets.connected(self.namespace, self.id))
        for packet in held:
            self._send(packet)

    def _send(self, packet: bytes) -> int:
        if self._held is not None:
            self._held.append(packet)
            return len(packet)
        return self.session.channel.send(packet)

    def _head(self, kind: bytes) -> bytes:
        return kind if self.namespace == "/" else kind + self.namespace.encode() + b","
