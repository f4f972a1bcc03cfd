"""Socket.IO v5 packets, by python-socketio's codec on a JSON reader that no input can make recurse or run away."""

from dataclasses import dataclass
from typing import Any

import orjson
import socketio.packet as codec

MAX_ATTACHMENTS = 16
_MAX_ID_DIGITS = 16


class InvalidPacket(ValueError):
    """The client's packet breaks the protocol; its connection ends."""


class _Json:
    """orjson in the shape that the codec wants. It refuses what is nested too deep, lone surrogates and NaN."""

    @staticmethod
    def loads(text: str) -> Any:
        return orjson.loads(text)

    @staticmethod
    def dumps(value: Any, **_options: Any) -> str:
        return orjson.dumps(value).decode()


class Packet(codec.Packet):  # type: ignore[misc]
    """The codec's packet."""

    json = _Json


@dataclass(slots=True)
class Incoming:
    """A packet as far as the gateway reads it: `data` stays the JSON text that it came as."""

    kind: int
    namespace: str
    ack_id: int | None
    data: str
    attachments: int


def parse(text: str) -> Incoming:
    """Read the head of a packet.

    Raises:
        InvalidPacket: it breaks the protocol.
    """
    kind = ord(text[0]) - 48 if text else -1
    if not codec.CONNECT <= kind <= codec.BINARY_ACK or kind == codec.CONNECT_ERROR:
        raise InvalidPacket("unknown packet type")
    position, attachments, namespace = 1, 0, "/"
    if kind >= codec.BINARY_EVENT:
        number, position = _digits(text, position, 2)
        if not number or text[position : position + 1] != "-" or int(number) > MAX_ATTACHMENTS:
            raise InvalidPacket("attachments")
        attachments, position = int(number), position + 1
    if text[position : position + 1] == "/":
        comma = text.find(",", position)
        end = len(text) if comma < 0 else comma
        namespace, position = text[position:end].partition("?")[0], end + 1
    number, position = _digits(text, position, _MAX_ID_DIGITS)
    packet = Incoming(kind, namespace, int(number) if number else None, text[position:], attachments)
    if kind not in {codec.CONNECT, codec.DISCONNECT} and packet.data[:1] != "[":
        raise InvalidPacket("not an array")
    return packet


def _digits(text: str, start: int, most: int) -> tuple[str, int]:
    end = start
    while end < len(text) and "0" <= text[end] <= "9":
        end += 1
    if end - start > most:
        raise InvalidPacket("number too long")
    return text[start:end], end


def parse_auth(data: str) -> Any:
    """Return the payload of a CONNECT, `{}` if there is none.

    Raises:
        InvalidPacket: it is no JSON object.
    """
    if not data:
        return {}
    try:
        auth = orjson.loads(data)
    except ValueError as error:
        raise InvalidPacket("CONNECT payload") from error
    if not isinstance(auth, dict):
        raise InvalidPacket("CONNECT payload")
    return auth


def connected(namespace: str, socket_id: str) -> bytes:
    return b"4" + Packet(codec.CONNECT, {"sid": socket_id}, namespace).encode().encode()  # type: ignore[no-any-return]


def refused(namespace: str, error: dict[str, Any]) -> bytes:
    return b"4" + Packet(codec.CONNECT_ERROR, error, namespace).encode().encode()  # type: ignore[no-any-return]


def disconnected(namespace: str) -> bytes:
    return b"4" + Packet(codec.DISCONNECT, None, namespace).encode().encode()  # type: ignore[no-any-return]


def with_attachments(kind: int, namespace: str, ack_id: int | None, data: Any) -> tuple[bytes, list[bytes]]:
    """Encode an event or ack whose data holds binary values."""
    encoded = Packet(kind, data, namespace, ack_id).encode()
    head, *attachments = encoded if isinstance(encoded, list) else [encoded]
    return b"4" + head.encode(), attachments
