"""A link lets guests into a room until it expires."""

from pathlib import Path

import pytest

from plugins.rooms.tests.conftest import SETTINGS, Crew
from prickle.testing import running_chat
from prickle.testing.clock import TurnableClock


async def invite(crew: Crew, **body: int) -> str:
    token: str = (await crew.ann.post(f"{crew.path}/invites", body)).body["token"]
    return token


async def test_any_member_invites_and_whoever_has_the_link_gets_in(crew: Crew) -> None:
    answer = await crew.bob.post(f"{crew.path}/invites", {"expires_in_s": 60})
    token = answer.body["token"]
    assert (answer.status, answer.body["url"]) == (201, f"{crew.chat.url}/invite#{token}")
    accepted = await crew.cat.post(f"/api/invites/{token}/accept")
    assert (accepted.status, accepted.body["id"], accepted.body["member_count"]) == (200, crew.room, 3)


async def test_looking_at_an_invite_tells_the_name_and_changes_nothing(crew: Crew) -> None:
    token = await invite(crew)
    for method in ("GET", "HEAD"):
        answer = await crew.chat.request(method, f"/api/invites/{token}")
        assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    shown = (await crew.chat.request("GET", f"/api/invites/{token}")).body
    assert (shown["room"], set(shown)) == ({"name": "Trail crew"}, {"room", "expires_at"})
    assert await crew.members() == sorted([crew.ann.id, crew.bob.id])
    assert (await crew.cat.post(f"/api/invites/{token}/accept")).status == 200


async def test_accepting_twice_is_being_in_once(crew: Crew) -> None:
    token = await invite(crew)
    for _ in range(2):
        assert (await crew.cat.post(f"/api/invites/{token}/accept")).body["member_count"] == 3
    assert [entry["user"] for entry in await crew.entries("rooms.joined")].count(crew.cat.id) == 1


async def test_an_invite_expires(crew: Crew, clock: TurnableClock) -> None:
    token = await invite(crew, expires_in_s=60)
    clock.turn(61)
    for answer in (await crew.cat.get(f"/api/invites/{token}"), await crew.cat.post(f"/api/invites/{token}/accept")):
        assert (answer.status, answer.body["code"]) == (404, "rooms.invite_not_found")
    assert await crew.members() == sorted([crew.ann.id, crew.bob.id])


async def test_an_invite_of_a_deleted_room_opens_nothing(crew: Crew) -> None:
    token = await invite(crew)
    assert (await crew.ann.delete(crew.path)).status == 204
    assert (await crew.cat.post(f"/api/invites/{token}/accept")).body["code"] == "rooms.invite_not_found"


@pytest.mark.parametrize("seconds", [0, -1, 1.5, "60", 10**12, {"$gt": 1}, 31 * 86_400])
async def test_an_invite_that_holds_too_long_or_not_at_all_is_refused(crew: Crew, seconds: object) -> None:
    assert (await crew.ann.post(f"{crew.path}/invites", {"expires_in_s": seconds})).status == 400


async def test_accepting_needs_a_guest(crew: Crew) -> None:
    assert (await crew.chat.request("POST", f"/api/invites/{await invite(crew)}/accept")).status == 401


async def test_a_room_has_so_many_open_invites_and_no_more(tmp_path: Path, clock: TurnableClock) -> None:
    settings = [*SETTINGS, "plugins.rooms.max_invites=2"]
    async with running_chat(tmp_path, settings=settings, clock=clock) as chat:
        ann = await chat.guest("Ann")
        path = f"/api/rooms/{(await ann.post('/api/rooms', {'name': 'x'})).body['id']}/invites"
        answers = [await ann.post(path, {"expires_in_s": 60}) for _ in range(3)]
        assert [answer.status for answer in answers] == [201, 201, 403]
        clock.turn(61)
        assert (await ann.post(path, {})).status == 201
