"""What the edge refuses, in which order, and what it hands to a handler; through pytest-sanic's client."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import pytest
from pydantic import Field
from structlog.testing import capture_logs

from prickle.contract.errors import Conflict
from prickle.contract.gateway import Rate
from prickle.contract.http import Reply, Request, Route
from prickle.contract.payload import Query
from prickle.http.tests.edge_app import Note, bearer, edge_app, told
from prickle.limits import MemoryRateLimits
from prickle.testing.clock import TurnableClock
from tests.pytest_sanic_compat import SanicClient

Serve = Callable[..., Awaitable[SanicClient]]
ERROR_FIELDS = {"kind", "code", "message", "details", "trace_id"}


class Page(Query):
    """A query."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    q: str | None = None


def code(response: Any) -> str:
    """Return the code of an answer that must be the error object of the contract."""
    body = response.json()
    assert set(body) == ERROR_FIELDS
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    return str(body["code"])


async def test_a_handler_gets_what_was_declared(sanic_client: Serve) -> None:
    client = await sanic_client(edge_app(Route("POST", "/api/<a>/x/<b>", told, query=Page, body=Note)))
    response = await client.post("/api/one/x/t%77o?limit=7&q=%EA%B0%80", json={"text": "hi"}, headers=bearer("ann"))
    text = response.json()["text"]
    assert response.status_code == 200
    assert text.startswith(
        "{'a': 'one', 'b': 'two'} limit=7 q='\N{HANGUL SYLLABLE GA}' text='hi' 127.0.0.1 http://127.0.0.1:"
    )


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "core.no_token"),
        ({"authorization": "ann"}, "core.no_token"),
        ({"authorization": "Basic ann"}, "core.no_token"),
        ({"authorization": "Bearer"}, "core.no_token"),
        ({"authorization": "Bearer cid"}, "tests.who"),
        ({"authorization": "Bearer ann bob"}, "tests.who"),
    ],
)
async def test_who_is_not_known_is_refused(sanic_client: Serve, headers: dict[str, str], expected: str) -> None:
    client = await sanic_client(edge_app(Route("GET", "/api/x", told)))
    response = await client.get("/api/x", headers=headers)
    assert (response.status_code, code(response)) == (401, expected)
    assert response.headers["www-authenticate"] == "Bearer"


async def test_the_scheme_of_a_token_may_be_written_in_any_case(sanic_client: Serve) -> None:
    client = await sanic_client(edge_app(Route("GET", "/api/x", told)))
    assert (await client.get("/api/x", headers={"authorization": "bEARER  ann"})).status_code == 200


async def test_identity_comes_before_query_body_and_membership(sanic_client: Serve) -> None:
    route = Route("POST", "/api/rooms/<room>", told, query=Page, body=Note, member_of="room")
    client = await sanic_client(edge_app(route))

    async def asked(path: str, body: Any, name: str) -> str:
        return code(await client.post(path, json=body, headers=bearer(name)))

    assert await asked("/api/rooms/other?limit=x", {"nope": 1}, "cid") == "tests.who"
    assert await asked("/api/rooms/other?limit=x", {"nope": 1}, "ann") == "core.invalid_payload"
    assert await asked("/api/rooms/other", {"nope": 1}, "ann") == "core.invalid_payload"
    assert await asked("/api/rooms/other", {}, "ann") == await asked("/api/rooms/den", {}, "bob") == "tests.no_room"
    assert (await client.post("/api/rooms/den", json={}, headers=bearer("ann"))).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=", "limit=%EF%BC%97", "limit=7&limit=7", "limit=1_0", "nobody=1", "q=%00", "q=a%00b",
     "q=a&q=a", "limit[$ne]=1", "limit=7;q=x", "q[]=a"],
)  # fmt: skip
async def test_a_query_that_was_not_declared_is_refused(sanic_client: Serve, query: str) -> None:
    client = await sanic_client(edge_app(Route("GET", "/api/x", told, query=Page, auth="none")))
    response = await client.get(f"/api/x?{query}")
    assert response.status_code == 400
    assert code(response) in {"core.invalid_payload", "core.invalid_query", "core.unstorable_text"}


async def test_a_route_without_a_query_overlooks_harmless_ones(sanic_client: Serve) -> None:
    client = await sanic_client(edge_app(Route("GET", "/api/x", told, auth="none")))
    assert (await client.get("/api/x?utm_source=y")).status_code == 200
    assert code(await client.get("/api/x?a=%00")) == "core.unstorable_text"


@pytest.mark.parametrize("value", ["%00", "a%2Fb", "a%00", "%ff", "x" * 513, "%20", "a'b", "%EA%B0%80"])
async def test_an_odd_value_in_a_path_is_no_address(sanic_client: Serve, value: str) -> None:
    client = await sanic_client(edge_app(Route("GET", "/api/x/<name>", told, auth="none")))
    response = await client.get(f"/api/x/{value}")
    assert (response.status_code, code(response)) == (404, "core.no_route")


async def test_a_handler_that_takes_too_long_is_cut_off(sanic_client: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prickle.http.edge.TIME_LIMIT_S", 0.02)

    async def stuck(_request: Request) -> None:
        await asyncio.sleep(3600)

    client = await sanic_client(edge_app(Route("GET", "/api/x", stuck, auth="none")))
    response = await client.get("/api/x")
    assert (response.status_code, code(response), response.headers["retry-after"]) == (503, "core.timeout", "1")


async def test_a_defect_is_told_without_its_words_and_an_expected_error_whole(sanic_client: Serve) -> None:
    async def broken(_request: Request) -> None:
        raise ZeroDivisionError("secret")

    async def full(_request: Request) -> None:
        raise Conflict("tests.full", "It is full.", retry_after_s=1.2, places=3)

    routes = [Route("GET", "/api/broken", broken, auth="none"), Route("GET", "/api/full", full, auth="none")]
    client = await sanic_client(edge_app(*routes))
    with capture_logs() as lines:
        response = await client.get("/api/broken")
    assert (response.status_code, code(response)) == (500, "core.internal")
    assert "secret" not in response.text
    (line,) = lines
    assert (line["event"], line["trace_id"], line["route"]) == (
        "request_failed",
        response.json()["trace_id"],
        "api/broken",
    )
    assert "secret" in line["error"]
    response = await client.get("/api/full")
    assert (response.status_code, code(response), response.headers["retry-after"]) == (409, "tests.full", "2")
    assert response.json()["details"] == {"places": 3, "retry_after_s": 1.2}


async def test_limits_are_held_per_guest_where_one_is_known_and_else_per_address(sanic_client: Serve) -> None:
    rate = Rate(per_s=0.001, burst=2)
    routes = [Route("GET", "/api/me", told, rate=rate), Route("GET", "/api/all", told, rate=rate, auth="none")]
    client = await sanic_client(edge_app(*routes, rates=MemoryRateLimits(TurnableClock())))
    answers = [(await client.get("/api/me", headers=bearer(name))).status_code for name in ("ann", "ann", "ann", "bob")]
    assert answers == [200, 200, 429, 200]
    forged = [
        {"x-forwarded-for": f"10.0.0.{number}", "x-real-ip": "10.0.0.9", "forwarded": "for=10.0.0.8"}
        for number in range(3)
    ]
    answers = [(await client.get("/api/all", headers=headers)).status_code for headers in forged]
    assert answers == [200, 200, 429]
    response = await client.get("/api/all")
    assert code(response) == "core.rate_limited"
    assert 1 <= int(response.headers["retry-after"]) <= 1000


@pytest.mark.parametrize("path", ["/api/note", "/api/bytes", "/api/stream", "/api/known"])
async def test_head_is_get_without_its_body(sanic_client: Serve, path: str) -> None:
    async def note(_request: Request) -> Note:
        return Note(text="x" * 100)

    async def chunks() -> Any:
        yield b"x" * 100

    async def stream(_request: Request) -> Reply:
        return Reply(chunks())

    async def known(_request: Request) -> Reply:
        return Reply(chunks(), headers={"content-length": "100"})

    async def of_bytes(_request: Request) -> Reply:
        return Reply(b"x" * 100)

    handlers = {"/api/note": note, "/api/bytes": of_bytes, "/api/stream": stream, "/api/known": known}
    client = await sanic_client(edge_app(*[Route("GET", at, handler, auth="none") for at, handler in handlers.items()]))
    got, head = await client.get(path), await client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert len(got.content) >= 100
    assert head.headers.get("content-length") == got.headers.get("content-length")
    assert (await client.get(path)).status_code == 200


async def test_answers_to_known_callers_are_private_and_others_are_not_kept(sanic_client: Serve) -> None:
    async def open_to_all(_request: Request) -> Reply:
        return Reply(Note(), headers={"Cache-Control": "public, max-age=60"})

    routes = [
        Route("GET", "/api/me", told),
        Route("GET", "/api/all", told, auth="none"),
        Route("GET", "/api/kept", open_to_all),
    ]
    client = await sanic_client(edge_app(*routes))
    found = [
        (await client.get(f"/api/{name}", headers=bearer("ann"))).headers["cache-control"]
        for name in ("me", "all", "kept")
    ]
    assert found == ["private, no-store", "no-store", "public, max-age=60"]


@pytest.mark.parametrize(("method", "status"), [("delete", 405), ("put", 405), ("options", 405)])
async def test_another_method_is_told_which_there_are(sanic_client: Serve, method: str, status: int) -> None:
    client = await sanic_client(
        edge_app(Route("GET", "/api/x", told, auth="none"), Route("POST", "/api/x", told, auth="none"))
    )
    response = await getattr(client, method)("/api/x")
    assert (response.status_code, code(response)) == (status, "core.wrong_method")
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


async def test_nothing_to_say_is_204(sanic_client: Serve) -> None:
    async def nothing(_request: Request) -> None:
        return None

    client = await sanic_client(edge_app(Route("DELETE", "/api/x", nothing, auth="none", status=204)))
    response = await client.delete("/api/x")
    assert (response.status_code, response.content) == (204, b"")
