"""From what a handler returns to bytes: JSON, compressed where that pays."""

import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, cast

import brotli
from pydantic import BaseModel
from sanic import HTTPResponse
from sanic import Request as SanicRequest

from prickle.contract.http import Reply, Route

if TYPE_CHECKING:
    import asyncio

MIN_COMPRESSED_BYTES = 512
BROTLI_QUALITY = 5  # 63 us for a page of history; 11 would take 100 times that for 5 % less
PRIVATE = "private, no-store"

logger = logging.getLogger(__name__)


async def respond(request: SanicRequest, route: Route, result: Any) -> HTTPResponse | None:
    """Return the answer, or `None` when it has been streamed."""
    reply = result if isinstance(result, Reply) else Reply(result)
    headers = {"cache-control": PRIVATE if route.auth == "guest" else "no-store"}
    headers.update({name.lower(): value for name, value in reply.headers.items()})
    if reply.body is None:
        return HTTPResponse(status=reply.status or 204, headers=headers)
    status = reply.status or route.status
    if isinstance(reply.body, AsyncIterator):
        await _stream(request, reply, status, headers)
        return None
    body = _encoded(reply.body)
    return HTTPResponse(
        compressed(request, body, headers, reply.content_type),
        status=status,
        headers=headers,
        content_type=reply.content_type,
    )


def compressed(request: SanicRequest, body: bytes, headers: dict[str, str], content_type: str) -> bytes:
    """Return `body`, in brotli if the client takes it and it is text worth the time; sets the headers that say so."""
    is_text = content_type.startswith(("application/json", "text/"))
    if not is_text or len(body) < MIN_COMPRESSED_BYTES or "content-encoding" in headers or "etag" in headers:
        return body
    headers["vary"] = "accept-encoding"
    if not accepts(request, "br"):
        return body
    headers["content-encoding"] = "br"
    packed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
    return packed


def accepts(request: SanicRequest, encoding: str) -> bool:
    """Tell whether the client takes `encoding` (RFC 9110, 12.5.3; a weight of 0 refuses)."""
    for part in request.headers.get("accept-encoding", "").split(","):
        name, _, weight = part.strip().partition(";")
        if name.strip().lower() == encoding:
            return weight.replace(" ", "").lower() not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


async def _stream(request: SanicRequest, reply: Reply, status: int, headers: dict[str, str]) -> None:
    response = await request.respond(status=status, headers=headers, content_type=reply.content_type)
    is_complete = False
    try:
        async for chunk in reply.body:
            await response.send(chunk)
            is_complete = "content-length" in headers
    except Exception:
        # Sanic would end the answer in good order, and the client take half of it for the whole.
        cast("asyncio.Transport", request.transport).abort()
        logger.exception("stream_broken")
        raise
    if not is_complete:  # Sanic itself ends an answer whose announced length has been sent
        await response.eof()


def _encoded(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    if isinstance(body, BaseModel):
        return body.model_dump_json(exclude_none=True).encode()
    return b"[" + b",".join(item.model_dump_json(exclude_none=True).encode() for item in body) + b"]"
