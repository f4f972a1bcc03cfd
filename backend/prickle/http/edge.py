"""Mounts declared routes on Sanic and checks each request against its declaration before the handler sees it."""

import asyncio
import re
from typing import Any, TypeVar
from urllib.parse import unquote

from pydantic import ValidationError
from sanic import HTTPResponse, Sanic
from sanic import Request as SanicRequest

from prickle.contract.errors import InvalidInput, NotFound, Unauthenticated, Unavailable
from prickle.contract.http import Route
from prickle.contract.payload import Query, unstorable_text
from prickle.contract.ports import Authenticator, Identity, Membership
from prickle.contract.types import RoomId
from prickle.http.errors import TooLarge
from prickle.http.proxies import Proxies
from prickle.http.replies import respond
from prickle.http.request import CheckedRequest, chunks_of
from prickle.limits import RateLimits, take_or_refuse
from prickle.validation import invalid, payload_from_json

Q = TypeVar("Q", bound=Query)

PATH_VALUE = re.compile(r"[A-Za-z0-9_.~-]{1,512}\Z")
TIME_LIMIT_S = 30.0


class HttpEdge:
    """Identity, rate, query, body, membership, time limit: in this order, cheapest refusal first."""

    def __init__(
        self, authenticator: Authenticator, membership: Membership, rates: RateLimits, proxies: Proxies
    ) -> None:
        self._authenticator = authenticator
        self._membership = membership
        self._rates = rates
        self._proxies = proxies

    def mount(self, app: Sanic[Any, Any], route: Route, owner: str) -> None:
        """Answer `route` from now on; HEAD is answered as GET without its body."""

        async def handle(request: SanicRequest, **path: str) -> HTTPResponse | None:
            return await self._handle(request, route, path)

        name = re.sub(r"[^a-z0-9]+", "_", f"{owner}_{route.method}_{route.path}".lower()).strip("_")
        methods = ["GET", "HEAD"] if route.method == "GET" else [route.method]
        # Sanic would read a whole body of the largest size that any route takes before it asks who is there.
        app.add_route(handle, route.path, methods=methods, name=name, stream=True)

    async def _handle(self, request: SanicRequest, route: Route, path: dict[str, str]) -> HTTPResponse | None:
        if int(request.headers.get("content-length") or 0) > route.max_body_bytes:
            raise TooLarge(route.max_body_bytes)
        values = {name: _path_value(value) for name, value in path.items()}
        remote = self._proxies.remote(request)
        caller = await self._caller(request) if route.auth == "guest" else None
        await take_or_refuse(
            self._rates, f"{caller.user if caller else remote} {route.method} {route.path}", route.rate
        )
        checked = CheckedRequest(
            raw=request,
            caller=caller,
            path=values,
            query=_query(request, route.query),
            body=None if route.stream else await _body(request, route),
            remote=remote,
            origin=self._proxies.origin(request),
            max_body_bytes=route.max_body_bytes,
        )
        try:
            async with asyncio.timeout(None if route.stream else TIME_LIMIT_S):
                if route.member_of is not None and caller is not None:
                    await self._membership.require_member(caller.user, RoomId(values[route.member_of]))
                result = await route.handler(checked)
        except TimeoutError as error:
            raise Unavailable("core.timeout", "This took too long.", retry_after_s=1) from error
        return await respond(request, route, result)

    async def _caller(self, request: SanicRequest) -> Identity:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("core.no_token", "Pass a token: Authorization: Bearer ...")
        return await self._authenticator.authenticate(token.strip())


def _path_value(value: str) -> str:
    plain = unquote(value)
    if not PATH_VALUE.match(plain):
        raise NotFound("core.no_route", "There is nothing at this address.")
    return plain


def _query(request: SanicRequest, declared: type[Q] | None) -> Q | None:
    given: dict[str, str] = {}
    for name, value in request.get_query_args(keep_blank_values=True):
        if name in given:
            raise InvalidInput("core.invalid_query", f"{name[:40]} is given twice.")
        given[name] = value
    if unstorable_text(given):
        raise InvalidInput("core.unstorable_text", "Text must not hold the character NUL or half a character.")
    if declared is None:
        return None  # tracking parameters and cache busters on routes without a query are nobody's harm
    try:
        return declared.model_validate(given)
    except ValidationError as error:
        raise invalid(error) from None


async def _body(request: SanicRequest, route: Route) -> Any:
    body = b"".join([chunk async for chunk in chunks_of(request, route.max_body_bytes)])
    if route.body is None:
        return None
    content_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if body and content_type != "application/json":
        raise InvalidInput("core.not_json", "Send the body as application/json.")
    return payload_from_json(route.body, body or b"{}")
