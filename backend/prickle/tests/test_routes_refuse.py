"""Every route that any plugin declares, met with what no client may send. A new route is walked by being declared."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio

from prickle.contract.http import Route
from prickle.testing import Answer, Guest
from prickle.tests.schema_examples import UnknownField, broken_values, example, json_types
from prickle.tests.walked_chat import (
    A_MONTH_S,
    HEADERS,
    MEANT_FOR_CLIENTS,
    UPLOAD,
    WalkedChat,
    complaint,
    untouched,
    walked_chat,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

INVALID = {"invalid_input"}
NOT_YOURS = {"not_found", "forbidden"}
NO_NUMBERS = ["", "0x1", "1.5", "NaN", "-1", "+5", "1_0", "%EF%BC%91", "9" * 30, str(2**63), "1e400", "%201"]
"""What no whole number of a query may look like; the fourth from the right is a full-width digit."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def walked(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WalkedChat]:
    async with walked_chat(Path(tmp_path_factory.mktemp("walk"))) as chat:
        yield chat


def declared(walked: WalkedChat) -> list[Route]:
    return [route for owner, route in walked.chat.app.declared.routes if owner != "core"]


def address(walked: WalkedChat, route: Route, **other: str) -> str:
    """Return the route's path with a valid value for each placeholder."""
    known = {**walked.examples, **other}
    for name in re.findall(r"<(\w+)", route.path):
        if name not in known:
            raise UnknownField(f"add an example of <{name}> to the registry of the walk: {route.path}")
    return re.sub(r"<(\w+)[^>]*>", lambda match: str(known[match[1]]), route.path)


def query_fields(route: Route) -> dict[str, Any]:
    return route.query.model_json_schema()["properties"] if route.query else {}


def valid_query(walked: WalkedChat, route: Route) -> str:
    schema = route.query.model_json_schema() if route.query else {}
    return "&".join(f"{name}={value}" for name, value in example(schema, walked.examples).items())


def broken_queries(walked: WalkedChat, route: Route) -> Iterator[tuple[str, str]]:
    """Yield a label and a query string."""
    valid = valid_query(walked, route)
    schema = route.query.model_json_schema() if route.query else {}
    for name, field in query_fields(route).items():
        value = walked.examples.get(name, 1)
        broken = ["%00", "a%00b", "x" * 7000]
        broken += NO_NUMBERS if "integer" in json_types(field, schema) else []
        rest = "&".join(part for part in valid.split("&") if part and not part.startswith(f"{name}="))
        for text in [*broken, f"{value}&{name}={value}"]:
            yield f"{name}={text[:30]}", f"{rest}&{name}={text}"
        yield f"{name}[$ne]", f"{rest}&{name}[$ne]=1"
        if name in schema.get("required", ()):
            yield f"without {name}", rest
    if route.query:
        yield "with a field that nobody declared", f"{valid}&nobody=1"


def broken_bodies(walked: WalkedChat, route: Route) -> Iterator[tuple[str, bytes]]:
    if route.body is None:
        return
    schema = route.body.model_json_schema()
    payload = example(schema, walked.examples)
    for name, field in schema.get("properties", {}).items():
        rest = b"".join(
            orjson.dumps(other) + b":" + orjson.dumps(payload[other]) + b"," for other in payload if other != name
        )
        for label, text in broken_values(field, schema):
            yield f"{name} = {label}", b"{" + rest + orjson.dumps(name) + b":" + text.encode() + b"}"
    for name in schema.get("required", ()):
        yield f"without {name}", orjson.dumps({other: value for other, value in payload.items() if other != name})
    for text in (
        b"[]",
        b"null",
        b"7",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b"[" * 20_000,
        b'{"a":' * 10_000,
        b'{"extra":1}',
        b"NaN",
    ):
        yield f"a body of {text[:10]!r}", text


async def call(walked: WalkedChat, route: Route, path: str, token: str, body: bytes | None = None) -> Answer:
    if route.body is not None and body is None:
        body = orjson.dumps(example(route.body.model_json_schema(), walked.examples))
    headers = UPLOAD if route.stream else HEADERS
    return await walked.chat.request(
        route.method, path, json=b"hello" if route.stream else body, token=token, headers=headers
    )


def wrong(answer: Answer, where: str, kinds: set[str]) -> list[str]:
    if where.startswith("DELETE") and answer.status == 204:
        return []  # what is not there for the caller is gone; `untouched` holds that nothing was deleted
    if answer.status >= 500 or answer.status < 400:
        return [f"{where}: {answer.status} {str(answer.body)[:100]}"]
    return complaint(answer.body.get("error", answer.body), f"{where} ({answer.status})", kinds=kinds)


async def test_a_query_that_breaks_its_declaration_is_refused(walked: WalkedChat) -> None:
    found = []
    async with untouched(walked):
        for route in declared(walked):
            for label, query in broken_queries(walked, route):
                answer = await call(walked, route, f"{address(walked, route)}?{query}", walked.ann.token)
                found += wrong(answer, f"{route.method} {route.path} {label}", INVALID)
    assert not found, "\n".join(found)


async def test_a_body_that_breaks_its_declaration_is_refused(walked: WalkedChat) -> None:
    found = []
    async with untouched(walked):
        for route in declared(walked):
            for label, body in broken_bodies(walked, route):
                answer = await call(walked, route, address(walked, route), walked.ann.token, body)
                found += wrong(answer, f"{route.method} {route.path} {label}", INVALID)
    assert not found, "\n".join(found)


async def test_odd_values_in_a_path_are_refused(walked: WalkedChat) -> None:
    found = []
    odd = [
        "%00",
        "a%00b",
        "%2e%2e",
        "..%2f..%2fetc",
        "%ff",
        "x" * 600,
        "'",
        "$ne",
        "%EF%BC%91",
        "%5B%24ne%5D",
        "-1",
        "1e400",
        "%20",
    ]
    async with untouched(walked):
        for route in declared(walked):
            for name in re.findall(r"<(\w+)", route.path):
                for value in odd:
                    answer = await call(walked, route, address(walked, route, **{name: value}), walked.ann.token)
                    found += wrong(answer, f"{route.method} {route.path} {value[:20]}", MEANT_FOR_CLIENTS)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\N{HEDGEHOG}", "x" * 4000])
async def test_a_caller_without_a_good_token_is_unauthenticated(walked: WalkedChat, token: str) -> None:
    found = []
    async with untouched(walked):
        for route in declared(walked):
            if route.auth == "guest":
                answer = await call(walked, route, address(walked, route), token.encode().decode("latin-1"))
                found += wrong(answer, f"{route.method} {route.path}", {"unauthenticated"})
    assert not found, "\n".join(found)


@pytest.mark.asyncio(loop_scope="function")
async def test_an_expired_token_is_unauthenticated(tmp_path: Path) -> None:
    found = []
    async with walked_chat(tmp_path) as walked:
        walked.clock.turn(A_MONTH_S)
        for route in declared(walked):
            if route.auth == "guest":
                answer = await call(walked, route, address(walked, route), walked.ann.token)
                found += wrong(answer, f"{route.method} {route.path}", {"unauthenticated"})
    assert not found, "\n".join(found)


async def room_refusals(walked: WalkedChat, guest: Guest, room: str) -> list[str]:
    """Send every request that names the room, or what is in it, as valid as can be."""
    found, named = [], ("<room", "<file") if room == walked.room else ("<room",)
    async with untouched(walked):
        for route in declared(walked):
            if any(name in route.path for name in named):
                path = f"{address(walked, route, room=room)}?{valid_query(walked, route)}"
                found += wrong(await call(walked, route, path, guest.token), f"{route.method} {route.path}", NOT_YOURS)
    return found


async def test_a_stranger_is_told_that_there_is_no_such_room(walked: WalkedChat) -> None:
    assert not await room_refusals(walked, walked.cid, walked.room)


async def test_a_former_member_is_told_that_there_is_no_such_room(walked: WalkedChat) -> None:
    assert not await room_refusals(walked, walked.dan, walked.room)


async def test_somebody_elses_room_and_none_at_all_look_the_same(walked: WalkedChat) -> None:
    assert not await room_refusals(walked, walked.ann, walked.other_room)
    assert not await room_refusals(walked, walked.ann, "room_00000000000000000000")


async def test_a_member_may_not_do_what_only_the_maker_may(walked: WalkedChat) -> None:
    async with untouched(walked):
        assert (await walked.bob.patch(f"/api/rooms/{walked.room}", {"name": "Mine"})).status == 403
        assert (await walked.bob.delete(f"/api/rooms/{walked.room}")).status == 403
        assert (await walked.bob.delete(f"/api/rooms/{walked.room}/members/{walked.ann.id}")).status == 403


async def test_a_valid_example_of_every_route_is_answered(walked: WalkedChat) -> None:
    found = []
    for route in declared(walked):
        guest = await walked.chat.guest("Eve")
        room = (await guest.post("/api/rooms", {"name": "Own"})).body["id"]
        path = f"{address(walked, route, room=room)}?{valid_query(walked, route)}"
        answer = await call(walked, route, path, guest.token)
        if answer.status >= 400:
            found += wrong(answer, f"{route.method} {route.path}", {"not_found", "unauthenticated"})
    assert not found, "\n".join(found)
