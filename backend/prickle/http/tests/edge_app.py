"""The HTTP edge alone on Sanic: tokens are names, and rooms have the members that a test gives them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from sanic import Sanic

from prickle.contract.errors import NotFound, Unauthenticated
from prickle.contract.http import Request, Route
from prickle.contract.payload import Payload
from prickle.contract.ports import Identity
from prickle.contract.types import RoomId, SessionId, UserId
from prickle.http.edge import HttpEdge
from prickle.http.errors import JsonErrors
from prickle.http.proxies import Network, Proxies
from prickle.http.request import LenientRequest
from prickle.http.webapp import Webapp
from prickle.identifiers import new_id
from prickle.limits import NoRateLimits, RateLimits


class Note(Payload):
    """A body and an answer."""

    text: str = ""


class Tokens:
    """Whoever says `ann` is Ann."""

    async def authenticate(self, token: str) -> Identity:
        if token not in {"ann", "bob"}:
            raise Unauthenticated("tests.who", "Who is that?")
        return Identity(UserId(token), SessionId(token), datetime.now(UTC) + timedelta(hours=1))


class Members:
    """Ann is in the room `den`."""

    async def require_member(self, user: UserId, room: RoomId) -> None:
        if (user, room) != ("ann", "den"):
            raise NotFound("tests.no_room", "There is no such room.")


async def told(request: Request) -> Note:
    """Answer with what the edge made of the request."""
    return Note(text=f"{dict(request.path)} {request.query} {request.body} {request.remote} {request.origin}")


def edge_app(
    *routes: Route,
    rates: RateLimits | None = None,
    trusted: Sequence[Network] = (),
    public_url: str = "",
    dist: Path = Path("/nowhere"),
) -> Sanic[Any, Any]:
    """Return an app that answers `routes`."""
    errors = JsonErrors(structlog.get_logger(), Webapp(dist))
    sanic: Sanic[Any, Any] = Sanic(
        new_id("edge"), error_handler=errors, request_class=LenientRequest, configure_logging=False
    )
    sanic.config.AUTO_EXTEND = sanic.config.TOUCHUP = sanic.config.ACCESS_LOG = False
    sanic.config.REQUEST_MAX_SIZE = 1_000_000
    edge = HttpEdge(Tokens(), Members(), rates or NoRateLimits(), Proxies(trusted, public_url))
    for route in routes:
        edge.mount(sanic, route, "tests")
    return sanic


def bearer(name: str) -> Mapping[str, str]:
    return {"authorization": f"Bearer {name}"}


async def raw(port: int, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes as they are and return status, headers and body of the one answer; the server ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    async with asyncio.timeout(10):
        answer = await reader.read(-1)
    writer.close()
    await writer.wait_closed()
    head, _, body = answer.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n").partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(status.split()[1]), headers, body
