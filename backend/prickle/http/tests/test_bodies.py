"""Bodies, byte for byte: sizes, forms, and connections that are cut."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import pytest

from prickle.contract.http import Request, Route
from prickle.http.tests.edge_app import Note, edge_app, raw
from tests.pytest_sanic_compat import SanicClient

Serve = Callable[..., Awaitable[SanicClient]]
MAX_BYTES = 100


async def echo(request: Request) -> Note:
    return request.body  # type: ignore[no-any-return]


class Sink:
    """A streaming route that keeps what it was given."""

    def __init__(self) -> None:
        self.got = b""

    async def take(self, request: Request) -> Note:
        async for chunk in request.chunks():
            self.got += chunk
        return Note(text=str(len(self.got)))


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
async def client(sanic_client: Serve, sink: Sink) -> SanicClient:
    routes = [
        Route("POST", "/api/note", echo, body=Note, auth="none", max_body_bytes=MAX_BYTES),
        Route("POST", "/api/none", sink.take, auth="none", max_body_bytes=MAX_BYTES),
        Route("POST", "/api/sink", sink.take, auth="none", max_body_bytes=MAX_BYTES, stream=True),
        Route("POST", "/api/guest", echo, body=Note),
        Route("POST", "/api/large", sink.take, auth="none", max_body_bytes=1_000_000, stream=True),
    ]
    return await sanic_client(edge_app(*routes))


def sized(length: int) -> bytes:
    return b'{"text":"' + b"x" * (length - 11) + b'"}'


def chunked(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def request(path: str, body: bytes, *headers: str, close: bool = True) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: x", *headers, *(["Connection: close"] if close else [])]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def first_line(client: SanicClient, beginning: bytes) -> bytes:
    """Send the beginning of a request; return how the answer begins that comes before the rest."""
    reader, writer = await asyncio.open_connection("127.0.0.1", client._server.port)
    writer.write(beginning)
    async with asyncio.timeout(10):
        line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return line[:12]


@pytest.mark.parametrize("path", ["/api/note", "/api/sink"])
async def test_the_largest_body_passes_and_one_byte_more_does_not(client: SanicClient, path: str) -> None:
    port = client._server.port
    for length, expected in ((MAX_BYTES, 200), (MAX_BYTES + 1, 413)):
        body = sized(length)
        status, _, _ = await raw(port, request(path, body, f"Content-Length: {length}"))
        assert status == expected
        for parts in ([body], [body[:50], body[50:]], [body[at : at + 1] for at in range(length)]):
            status, _, answer = await raw(port, request(path, chunked(*parts), "Transfer-Encoding: chunked"))
            assert status == expected
    told = orjson.loads(answer)
    assert (told["kind"], told["code"], told["details"]) == (
        "invalid_input",
        "core.too_large",
        {"max_bytes": MAX_BYTES},
    )


async def test_a_stream_is_cut_at_the_byte_where_it_is_too_large(client: SanicClient, sink: Sink) -> None:
    status, _, _ = await raw(
        client._server.port,
        request("/api/sink", chunked(b"x" * 60, b"y" * 60, b"z" * 60), "Transfer-Encoding: chunked"),
    )
    assert status == 413
    assert len(sink.got) <= MAX_BYTES


async def test_a_body_that_is_announced_too_large_is_not_waited_for(client: SanicClient) -> None:
    for length in (MAX_BYTES + 1, 10**6, 10**7, 10**30):
        assert await first_line(client, request("/api/note", b"", f"Content-Length: {length}")) == b"HTTP/1.1 413"


async def test_who_is_not_known_is_told_so_before_the_body_has_come(client: SanicClient) -> None:
    assert await first_line(client, request("/api/guest", b"", "Content-Length: 50")) == b"HTTP/1.1 401"


async def test_after_a_refusal_the_connection_takes_the_next_request(client: SanicClient) -> None:
    first = request("/api/note", b'{"text":7}', "Content-Length: 10", close=False)
    second = request("/api/guest", b'{"text":"x"}', "Content-Length: 12", close=False)
    third = request("/api/note", b'{"text":"x"}', "Content-Length: 12")
    reader, writer = await asyncio.open_connection("127.0.0.1", client._server.port)
    writer.write(first + second + third)
    async with asyncio.timeout(10):
        answers = await reader.read(-1)
    writer.close()
    assert [part[:3] for part in answers.split(b"HTTP/1.1 ")[1:]] == [b"400", b"401", b"200"]


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("text/plain", b"{}", "core.not_json"),
        ("application/x-www-form-urlencoded", b"text=x", "core.not_json"),
        ("multipart/form-data; boundary=x", b"--x--", "core.not_json"),
        ("application/json; charset=utf-8", b"{}", None),
        ("APPLICATION/JSON", b"{}", None),
        ("text/plain", b"", None),
        ("application/json", b"", None),
        ("application/json", b"nope", "core.invalid_payload"),
        ("application/json", b'{"text":"a\\u0000"}', "core.unstorable_text"),
        ("application/json", b'{"text":"\xff"}', "core.invalid_payload"),
        ("application/json", b"\xef\xbb\xbf{}", "core.invalid_payload"),
    ],
)
async def test_a_body_is_json_and_says_so(client: SanicClient, kind: str, body: bytes, code: str | None) -> None:
    headers = (f"Content-Type: {kind}", f"Content-Length: {len(body)}")
    status, _, answer = await raw(client._server.port, request("/api/note", body, *headers))
    assert (status, orjson.loads(answer).get("code")) == ((400, code) if code else (200, None))


async def test_a_body_where_none_is_declared_is_overlooked(client: SanicClient, sink: Sink) -> None:
    status, _, _ = await raw(client._server.port, request("/api/none", b"whatever", "Content-Length: 8"))
    assert (status, sink.got) == (200, b"")


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Length: abc"],
        ["Content-Length: -5"],
        ["Content-Length: 1_0"],
        ["Content-Length: +2"],
        ["Content-Length: 2", "Content-Length: 3"],
        ["Content-Length: 2", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: gzip, chunked"],
        ["Transfer-Encoding: chunked"],
        ["no colon"],
    ],
)
async def test_a_malformed_request_is_refused_and_never_read_in_two_ways(
    client: SanicClient, headers: list[str]
) -> None:
    status, answered, answer = await raw(client._server.port, request("/api/note", b"zz\r\n\r\n", *headers))
    assert (status, answered["connection"]) == (400, "close")
    assert set(orjson.loads(answer)) == {"kind", "code", "message", "details", "trace_id"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"GARBAGE", 400),
        (b"GET / HTTP/9.9", 400),
        (b"GET /\x00 HTTP/1.1", 404),
        (b"GET /\xff HTTP/1.1", 400),
        (b"GET /api/" + b"a" * 20_000 + b" HTTP/1.1", 413),
        (b"BREW /api/note HTTP/1.1", 405),
    ],
)
async def test_a_broken_first_line_is_answered(client: SanicClient, line: bytes, expected: int) -> None:
    status, _, answer = await raw(client._server.port, line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert (status, set(orjson.loads(answer))) == (expected, {"kind", "code", "message", "details", "trace_id"})


async def test_an_upload_that_is_cut_off_harms_nobody(client: SanicClient, sink: Sink) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", client._server.port)
    writer.write(request("/api/large", b"x" * 1000, "Content-Length: 500000"))
    await writer.drain()
    while len(sink.got) < 1000:
        await asyncio.sleep(0.01)
    writer.transport.abort()
    assert (await client.post("/api/note", json={"text": "x"})).status_code == 200


async def test_a_large_stream_arrives_whole(client: SanicClient, sink: Sink) -> None:
    body: Any = bytes(range(256)) * 3900
    assert (await client.post("/api/large", content=body)).json() == {"text": str(len(body))}
    assert sink.got == body
