"""`auth.update` lets a socket outlive the token that it came with."""

import asyncio

import pytest

from prickle.testing import Chat
from prickle.testing.clock import TurnableClock

DAY_S = 86_400


async def test_a_renewed_socket_goes_on_beyond_the_first_token(chat: Chat, clock: TurnableClock) -> None:
    ann = await chat.guest("Ann")
    renewed_device, other_device = await ann.connect(), await ann.connect()
    clock.turn(13 * DAY_S)
    grant = (await ann.post("/api/auth/renew")).body
    assert await renewed_device.ok("auth.update", {"token": grant["token"]}) == {"expires_at": grant["expires_at"]}
    clock.turn(2 * DAY_S)
    await other_device.send_raw('42["auth.update",{}]')
    await asyncio.wait_for(other_device.closed.wait(), 5)
    assert await renewed_device.ok("auth.update", {"token": grant["token"]})


async def test_a_socket_stays_with_its_guest_and_session(chat: Chat) -> None:
    ann, bob = await chat.guest("Ann"), await chat.guest("Bob")
    device = await ann.connect()
    link = (await ann.post("/api/auth/link")).body
    second = (await chat.request("POST", "/api/auth/redeem", json={"token": link["token"]})).body
    for token in (bob.token, second["token"]):
        assert (await device.refusal("auth.update", {"token": token}))["code"] == "core.other_identity"
    assert await device.ok("auth.update", {"token": ann.token})


@pytest.mark.parametrize(
    "payload",
    [{}, {"token": ""}, {"token": 1}, {"token": {"$ne": 1}}, {"token": "x", "user": "y"}, {"token": "x" * 2049}],
)
async def test_another_shape_is_refused(chat: Chat, payload: object) -> None:
    device = await (await chat.guest("Ann")).connect()
    assert (await device.refusal("auth.update", payload))["kind"] == "invalid_input"
    assert not device.closed.is_set()


async def test_a_forged_token_is_refused_and_the_socket_stays(chat: Chat) -> None:
    ann = await chat.guest("Ann")
    device = await ann.connect()
    assert (await device.refusal("auth.update", {"token": ann.token[:-3] + "abc"}))["code"] == "auth.token_invalid"
    assert not device.closed.is_set()
