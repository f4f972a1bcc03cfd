"""HTTP for load-test users: one short connection at a time, its bytes counted."""

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

TIMEOUT_S = 20.0
ELSEWHERE = {"X-Forwarded-For": "198.51.100.1"}
"""Without an emulated link the users say that they are not on this machine, whose bytes no budget counts."""


class WebFailed(Exception):
    """No answer, or one that is no success; the message says which."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and the bytes of both directions, headers included."""

    body: bytes
    headers: Mapping[str, str]
    bytes_out: int
    bytes_in: int

    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass(frozen=True, slots=True)
class Web:
    """The server at `url`, spoken to with `headers`."""

    url: str
    headers: Mapping[str, str]

    def ask(self, method: str, path: str, body: Any = None, *, token: str | None = None, **headers: str) -> Answer:
        """Return the answer to one request; a body that is no bytes goes as JSON.

        Raises:
            WebFailed: see there.
        """
        fields = {**self.headers, "Accept-Encoding": "br, gzip", "Connection": "close"}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            fields["Authorization"] = f"Bearer {token}"
        data = body if isinstance(body, bytes) or body is None else orjson.dumps(body)
        if data is not None:
            fields.setdefault("Content-Type", "application/json")
        try:
            return self._exchange(method, path, data, fields)
        except (OSError, http.client.HTTPException) as error:
            raise WebFailed(f"{type(error).__name__}: {error}") from error

    def _exchange(self, method: str, path: str, data: bytes | None, fields: dict[str, str]) -> Answer:
        connection = self._connection()
        try:
            connection.request(method, path, data, fields)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise WebFailed(f"{method} {path.split('?')[0]} answered {answer.status}")
        out = len(method) + len(path) + len(data or b"") + sum(len(k) + len(v) + 4 for k, v in fields.items())
        came = len(body) + sum(len(k) + len(v) + 4 for k, v in answer.getheaders())
        return Answer(body, dict(answer.getheaders()), out + 30, came + 20)

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(parts.netloc, timeout=TIMEOUT_S, context=context)
        return http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT_S)
