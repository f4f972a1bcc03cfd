"""Becoming, being and ceasing to be a guest, over HTTP."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from plugins.auth.tests.conftest import SETTINGS
from prickle.testing import Chat, running_chat
from prickle.testing.clock import TurnableClock

DAY_S = 86_400


async def test_a_guest_gets_a_token_that_speaks_for_them(chat: Chat) -> None:
    answer = await chat.request("POST", "/api/auth/guest", json={"name": "  Ann  of the\tWoods "})
    assert answer.status == 201
    assert answer.body["user"]["name"] == "Ann of the Woods"
    me = await chat.request("GET", "/api/me", token=answer.body["token"])
    assert me.body == answer.body["user"]
    assert me.headers["cache-control"] == "private, no-store"


async def test_a_guest_without_a_name_gets_one(chat: Chat) -> None:
    first = await chat.request("POST", "/api/auth/guest")
    assert first.status == 201
    assert first.body["user"]["name"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""}, {"name": " "}, {"name": "x" * 65}, {"name": 1}, {"name": {"$ne": 1}}, {"name": "a\u0000b"},
        {"name": "a\u202eb"}, {"id": "guest_1"}, [], b'{"name": "\\ud83d"}', b"{", b"[" * 20_000,
    ],
)  # fmt: skip
async def test_a_name_that_cannot_be_shown_is_refused(chat: Chat, body: Any) -> None:
    answer = await chat.request("POST", "/api/auth/guest", json=body)
    assert answer.status == 400
    assert answer.body["kind"] == "invalid_input"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é".encode().decode("latin-1")])
async def test_without_a_valid_token_nobody_is_anybody(chat: Chat, token: str) -> None:
    answer = await chat.request("GET", "/api/me", token=token)
    assert answer.status == 401
    assert answer.body["kind"] == "unauthenticated"


async def test_a_new_name_is_seen_by_everybody(chat: Chat) -> None:
    ann, bob = await chat.guest("Ann"), await chat.guest("Bob")
    assert (await ann.patch("/api/me", {"name": "Anna"})).body == {"id": ann.id, "name": "Anna"}
    assert (await bob.get(f"/api/users?ids={ann.id}")).body == [{"id": ann.id, "name": "Anna"}]


async def test_ids_are_resolved_once_each_and_unknown_ones_left_out(chat: Chat) -> None:
    ann, bob = await chat.guest("Ann"), await chat.guest("Bob")
    answer = await ann.get(f"/api/users?ids={bob.id},guest_nobody,{ann.id},{bob.id}")
    assert answer.body == sorted(
        [{"id": ann.id, "name": "Ann"}, {"id": bob.id, "name": "Bob"}], key=lambda user: user["id"]
    )


@pytest.mark.parametrize("query", ["", "ids=", "ids=a%00", "ids=a&ids=b", "ids=a&x=1", "ids=" + ",".join(["a"] * 101)])
async def test_a_query_for_no_ids_or_too_many_is_refused(chat: Chat, query: str) -> None:
    ann = await chat.guest("Ann")
    assert (await ann.get("/api/users?ids=" + ",".join(["a"] * 100))).status == 200
    assert (await ann.get(f"/api/users?{query}")).status == 400


async def test_renewing_keeps_the_identity_beyond_the_first_expiry(chat: Chat, clock: TurnableClock) -> None:
    ann = await chat.guest("Ann")
    clock.turn(13 * DAY_S)
    renewed = (await ann.post("/api/auth/renew")).body
    clock.turn(2 * DAY_S)
    assert (await ann.get("/api/me")).body["code"] == "auth.token_expired"
    assert (await chat.request("GET", "/api/me", token=renewed["token"])).body["id"] == ann.id


async def test_an_expired_token_cannot_be_renewed(chat: Chat, clock: TurnableClock) -> None:
    ann = await chat.guest("Ann")
    clock.turn(15 * DAY_S)
    assert (await ann.post("/api/auth/renew")).status == 401


async def test_logging_out_ends_one_session_and_its_sockets(chat: Chat) -> None:
    ann = await chat.guest("Ann")
    link = (await ann.post("/api/auth/link")).body
    other_token = (await chat.request("POST", "/api/auth/redeem", json={"token": link["token"]})).body["token"]
    here, elsewhere = await ann.connect(), await chat.device(other_token)
    renewed = (await ann.post("/api/auth/renew")).body["token"]
    assert (await ann.post("/api/auth/logout")).status == 204
    await asyncio.wait_for(here.closed.wait(), 5)
    for token in (ann.token, renewed):
        assert (await chat.request("GET", "/api/me", token=token)).body["code"] == "auth.session_ended"
    assert (await chat.request("GET", "/api/me", token=other_token)).body["id"] == ann.id
    assert not elsewhere.closed.is_set()


async def test_a_name_is_as_long_as_the_settings_allow(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=[*SETTINGS, "plugins.auth.max_name_characters=20"]) as chat:
        ann = await chat.guest("x" * 20)
        created = await chat.request("POST", "/api/auth/guest", json={"name": "x" * 21})
        renamed = await ann.patch("/api/me", {"name": "y" * 21})
        assert [(answer.status, answer.body["code"]) for answer in (created, renamed)] == [
            (400, "auth.name_too_long")
        ] * 2
        assert (await ann.get("/api/me")).body["name"] == "x" * 20
        assert (await chat.request("POST", "/api/auth/guest")).status == 201


async def test_guests_from_one_address_are_limited(tmp_path: Path) -> None:
    settings = [*SETTINGS, "limits.enabled=true", "plugins.auth.guest_burst=2", "plugins.auth.guests_per_s=0.001"]
    async with running_chat(tmp_path, settings=settings) as chat:
        answers = [await chat.request("POST", "/api/auth/guest") for _ in range(3)]
    assert [answer.status for answer in answers] == [201, 201, 429]
    assert answers[2].body["details"]["retry_after_s"] > 0
