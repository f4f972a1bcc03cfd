"""How a plugin declares routes. The core's one edge does identity, membership, schema, size, rate, errors and metrics."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from prickle.contract.gateway import Rate
from prickle.contract.payload import Payload, Query
from prickle.contract.ports import Identity


class Request(Protocol):
    """One HTTP request, checked against its route's declaration."""

    @property
    def identity(self) -> Identity:
        """Who asks. On a route with `auth="none"` this raises `Unauthenticated`."""

    @property
    def path(self) -> Mapping[str, str]:
        """The values of the path's `<names>`."""

    @property
    def query(self) -> Any:
        """An instance of the route's `query`."""

    @property
    def body(self) -> Any:
        """An instance of the route's `body`."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Header values by lower-case name."""

    @property
    def remote(self) -> str:
        """The client's address, taken from proxies only where the settings trust them."""

    @property
    def origin(self) -> str:
        """Scheme and host under which the client reached the server, such as `https://chat.example`."""

    def chunks(self) -> AsyncIterator[bytes]:
        """The raw body of a route with `stream=True`, as it arrives."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that needs more than a body. `body` is a `Payload`, a list of them, bytes, or a stream of bytes."""

    body: Any = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


ROUTE_RATE = Rate(per_s=20, burst=60)

RouteHandler = Callable[[Request], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """One route, such as `Route("GET", "/api/rooms/<room>/members", members, result=MemberList, member_of="room")`.

    `handler` returns a `Payload`, a list of them, a `Reply`, or `None` for 204, or raises a `ChatError`.
    Answers to identified callers are sent `private, no-store` unless the reply says otherwise.
    """

    method: Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
    path: str
    handler: RouteHandler
    query: type[Query] | None = None
    body: type[Payload] | None = None
    result: Any = None
    status: int = 200
    auth: Literal["guest", "none"] = "guest"
    member_of: str | None = None
    rate: Rate = ROUTE_RATE
    max_body_bytes: int = 64 * 1024
    stream: bool = False
    summary: str = ""
