"""A request after the edge has checked it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from sanic import Request as SanicRequest

from prickle.contract.errors import Unauthenticated
from prickle.contract.ports import Identity
from prickle.http.errors import TooLarge


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

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body; at the first byte too many it ends with `TooLarge`."""
        received = 0
        if self.raw.stream is None:
            return
        async for chunk in self.raw.stream:  # type: ignore[attr-defined]  # Sanic leaves its iterator untyped
            received += len(chunk)
            if received > self.max_body_bytes:
                raise TooLarge(self.max_body_bytes)
            yield chunk
