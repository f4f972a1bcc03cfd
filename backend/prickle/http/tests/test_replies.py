"""Compression, where the client takes it and it pays."""

from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import brotli
import httpx
import pytest

from prickle.contract.http import Reply, Request, Route
from prickle.http.replies import MIN_COMPRESSED_BYTES, accepts, compressed
from prickle.http.tests.edge_app import Note, edge_app
from tests.pytest_sanic_compat import SanicClient

Serve = Callable[..., Awaitable[SanicClient]]


def request(accept: str) -> Any:
    return SimpleNamespace(headers={"accept-encoding": accept})


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("br", True),
        ("gzip, br", True),
        ("gzip;q=1.0, BR;q=0.5", True),
        ("br;q=0", False),
        ("br; q=0.000", False),
        ("br;q=0.001", True),
        ("gzip", False),
        ("", False),
        ("brotli", False),
        ("xbr, br2", False),
    ],
)
def test_an_encoding_is_taken_as_the_client_says(header: str, taken: bool) -> None:
    assert accepts(request(header), "br") is taken


def test_text_worth_the_time_is_packed_and_says_that_it_varies() -> None:
    headers: dict[str, str] = {}
    body = b'{"text":"' + b"hedgehog " * 100 + b'"}'
    packed = compressed(request("br"), body, headers, "application/json")
    assert brotli.decompress(packed) == body
    assert headers == {"vary": "accept-encoding", "content-encoding": "br"}


@pytest.mark.parametrize(
    ("size", "kind", "headers"),
    [
        (MIN_COMPRESSED_BYTES - 1, "application/json", {}),
        (10_000, "image/webp", {}),
        (10_000, "text/html", {"etag": '"x"'}),
        (10_000, "text/html", {"content-encoding": "gzip"}),
    ],
)
def test_what_does_not_pay_stays_as_it_is(size: int, kind: str, headers: dict[str, str]) -> None:
    before = dict(headers)
    assert compressed(request("br"), b"x" * size, headers, kind) == b"x" * size
    assert headers == before


def test_a_client_that_takes_no_brotli_is_told_that_another_would_get_it() -> None:
    headers: dict[str, str] = {}
    assert compressed(request("gzip"), b"x" * 1000, headers, "text/plain") == b"x" * 1000
    assert headers == {"vary": "accept-encoding"}


async def lines() -> AsyncIterator[bytes]:
    for number in range(3):
        yield b"%d\n" % number


async def broken() -> AsyncIterator[bytes]:
    yield b"beginning"
    raise ZeroDivisionError


async def test_a_list_and_a_stream_arrive_whole(sanic_client: Serve) -> None:
    async def several(_request: Request) -> list[Note]:
        return [Note(text="a"), Note(text="b")]

    async def nobody(_request: Request) -> list[Note]:
        return []

    async def stream(_request: Request) -> Reply:
        return Reply(lines(), status=203, headers={"x-a": "b"}, content_type="text/plain")

    handlers = {"several": several, "nobody": nobody, "stream": stream}
    client = await sanic_client(
        edge_app(*[Route("GET", f"/api/{name}", each, auth="none") for name, each in handlers.items()])
    )
    assert (await client.get("/api/several")).json() == [{"text": "a"}, {"text": "b"}]
    assert (await client.get("/api/nobody")).json() == []
    response = await client.get("/api/stream")
    assert (response.status_code, response.content, response.headers["x-a"]) == (203, b"0\n1\n2\n", "b")


async def test_a_stream_that_breaks_is_never_taken_for_a_whole_one(sanic_client: Serve) -> None:
    async def stream(_request: Request) -> Reply:
        return Reply(broken())

    client = await sanic_client(edge_app(Route("GET", "/api/x", stream, auth="none")))
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await client.get("/api/x")
