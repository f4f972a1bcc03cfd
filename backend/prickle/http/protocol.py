"""HTTP answers without what goes without saying: 35 bytes less each, which is a tenth of a short one."""

from typing import Any

from sanic.server.protocols.http_protocol import HttpProtocol

SAID_ANYWAY = (b"connection: keep-alive\r\n", b"alt-svc: \r\n")
"""An HTTP/1.1 connection is kept unless an answer says otherwise (RFC 9112, 9.3); Sanic adds the other one empty."""


class LeanHttpProtocol(HttpProtocol):
    """Sanic's protocol, which writes an answer's head and the beginning of its body in one call."""

    __slots__ = ()

    async def send(self, data: Any) -> None:
        await super().send(lean(data))  # type: ignore[no-untyped-call]  # Sanic leaves it untyped


def lean(data: bytes) -> bytes:
    """Return `data` without those headers, if it begins with an answer's head."""
    if not data.startswith(b"HTTP/1.1 "):
        return data
    head, end, body = data.partition(b"\r\n\r\n")
    head += b"\r\n"
    for header in SAID_ANYWAY:
        head = head.replace(header, b"", 1)
    return head.removesuffix(b"\r\n") + end + body
