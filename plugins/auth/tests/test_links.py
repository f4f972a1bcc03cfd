"""A one-time link brings a guest to another device, once."""

import asyncio

import pytest

from prickle.testing import Answer, Chat
from prickle.testing.clock import TurnableClock


async def redeem(chat: Chat, token: object) -> Answer:
    return await chat.request("POST", "/api/auth/redeem", json={"token": token})


async def test_the_other_device_is_the_same_guest_in_a_session_of_its_own(chat: Chat) -> None:
    ann = await chat.guest("Ann")
    link = await ann.post("/api/auth/link")
    assert link.status == 201
    assert link.body["url"] == f"{chat.url}/link#{link.body['token']}"
    grant = (await redeem(chat, link.body["token"])).body
    assert grant["user"] == {"id": ann.id, "name": "Ann"}
    assert grant["token"] != ann.token


async def test_of_two_in_one_tick_one_wins_and_the_other_is_told_so(chat: Chat) -> None:
    token = (await (await chat.guest("Ann")).post("/api/auth/link")).body["token"]
    answers = await asyncio.gather(*(redeem(chat, token) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409]
    assert {answer.body["code"] for answer in answers if answer.status == 409} == {"auth.link_used"}


async def test_looking_at_a_link_changes_nothing(chat: Chat) -> None:
    link = (await (await chat.guest("Ann")).post("/api/auth/link")).body
    for method in ("GET", "HEAD"):
        await chat.request(method, f"/link#{link['token']}")
        assert (await chat.request(method, "/api/auth/redeem")).status in {404, 405}
    assert (await redeem(chat, link["token"])).status == 201


async def test_a_link_expires(chat: Chat, clock: TurnableClock) -> None:
    token = (await (await chat.guest("Ann")).post("/api/auth/link")).body["token"]
    clock.turn(601)
    answer = await redeem(chat, token)
    assert (answer.status, answer.body["code"]) == (404, "auth.link_not_found")


@pytest.mark.parametrize("token", ["x", "\u00e9", "x" * 2048])
async def test_an_unknown_link_is_not_found(chat: Chat, token: str) -> None:
    assert (await redeem(chat, token)).body["code"] == "auth.link_not_found"


@pytest.mark.parametrize("token", ["", "x" * 2049, 1, None, {"$ne": 1}, "a\u0000"])
async def test_what_is_no_link_is_refused(chat: Chat, token: object) -> None:
    assert (await redeem(chat, token)).status == 400


async def test_a_link_needs_a_guest_who_makes_it(chat: Chat) -> None:
    assert (await chat.request("POST", "/api/auth/link")).status == 401
