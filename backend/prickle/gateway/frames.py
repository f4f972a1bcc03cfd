"""Websocket frames (RFC 6455): built for clients here; `websocket.py` reads theirs."""

import struct

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10

FIN = 0x80
RSV1 = 0x40

NORMAL, GOING_AWAY, PROTOCOL_ERROR, INVALID_TEXT, POLICY, TOO_BIG = 1000, 1001, 1002, 1007, 1008, 1009


def frame(payload: bytes, first: int = FIN | TEXT) -> bytes:
    """Return an unmasked frame; `first` is the byte of flags and opcode."""
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65536:
        return struct.pack(">BBH", first, 126, size) + payload
    return struct.pack(">BBQ", first, 127, size) + payload


def close_frame(code: int, reason: str = "") -> bytes:
    """Return a close frame; a reason that is too long for one (123 bytes) is cut between characters."""
    text = reason.encode()[:123].decode(errors="ignore").encode()
    return frame(code.to_bytes(2) + text, FIN | CLOSE)


def close_reply(payload: bytes) -> bytes:
    """Return the close frame that answers one with `payload`: its own code, or 1002 or 1007 where it is malformed."""
    if not payload:
        return frame(b"", FIN | CLOSE)
    code = int.from_bytes(payload[:2])
    if len(payload) == 1 or not (code in range(1000, 1004) or code in range(1007, 1015) or code in range(3000, 5000)):
        return close_frame(PROTOCOL_ERROR)
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        return close_frame(INVALID_TEXT)
    return close_frame(code)
