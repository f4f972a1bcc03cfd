"""A request after the edge has checked it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from sanic import Request as SanicRequest
from sanic.exceptions import BadURL

from prickle.contract.errors import Unauthenticated
from prickle.contract.ports import Identity
from prickle.http.errors import TooLarge

NOWHERE = b"/api/"


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """See `prickle.contract.http.Request`."""

    raw: SanicRequest
    caller: Identity | None
    path: Mapping[str, str]
    query: Any
    body: Any
    remote: str
    origin: str
    max_body_bytes: int

    @property
    def identity(self) -> Identity:
        if self.caller is None:
            raise Unauthenticated("core.no_token", "Pass a token: Authorization: Bearer ...")
        return self.caller

    @property
    def headers(self) -> Mapping[str, str]:
        return self.raw.headers

    def chunks(self) -> AsyncIterator[bytes]:
        return chunks_of(self.raw, self.max_body_bytes)


async def chunks_of(request: SanicRequest, max_bytes: int) -> AsyncIterator[bytes]:
    """Yield the body as it arrives; at the first byte too many it ends with `TooLarge`."""
    received = 0
    if request.stream is None:
        return
    async for chunk in request.stream:  # type: ignore[attr-defined]  # Sanic leaves its iterator untyped
        received += len(chunk)
        if received > max_bytes:
            raise TooLarge(max_bytes)
        yield chunk


class LenientRequest(SanicRequest):
    """Takes an address that Sanic cannot parse for one where nothing is; Sanic's own refusal of it fails and answers nothing."""

    __slots__ = ()

    def __init__(self, url_bytes: bytes, *arguments: Any, **options: Any) -> None:
        try:
            super().__init__(url_bytes, *arguments, **options)
        except BadURL:
            super().__init__(NOWHERE, *arguments, **options)
