"""Two guests have one room of their own."""

import asyncio

import pytest

from plugins.rooms.tests.conftest import Crew
from prickle.testing import Guest


async def direct(guest: Guest, other: Guest) -> dict[str, str]:
    answer = await guest.post("/api/rooms", {"direct": other.id})
    assert answer.status == 201
    room: dict[str, str] = answer.body
    return room


async def test_it_is_made_once_and_shows_the_other_ones_name(crew: Crew) -> None:
    rooms = await asyncio.gather(direct(crew.ann, crew.cat), direct(crew.cat, crew.ann), direct(crew.ann, crew.cat))
    assert len({room["id"] for room in rooms}) == 1
    assert [(room["name"], room["direct"]) for room in rooms[:2]] == [("Cat", crew.cat.id), ("Ann", crew.ann.id)]
    assert rooms[0]["visibility"] == "private"
    assert (await crew.bob.get(f"/api/rooms/{rooms[0]['id']}")).status == 404


async def test_the_other_one_is_told_and_has_it_in_the_list(crew: Crew) -> None:
    device, stranger = await crew.cat.connect(), await crew.bob.connect()
    room = await direct(crew.ann, crew.cat)
    assert await device.notice("rooms.added") == {"room": room["id"]}
    await stranger.settled()
    assert stranger.received("rooms.added") == []
    assert (await crew.cat.get("/api/rooms?q=ann")).body[0]["id"] == room["id"]


async def test_whoever_left_is_back_when_either_opens_it_again(crew: Crew) -> None:
    room = await direct(crew.ann, crew.cat)
    assert (await crew.cat.delete(f"/api/rooms/{room['id']}/members/{crew.cat.id}")).status == 204
    assert (await crew.cat.get(f"/api/rooms/{room['id']}")).status == 404
    await direct(crew.ann, crew.cat)
    assert (await crew.cat.get(f"/api/rooms/{room['id']}")).body["member_count"] == 2


async def test_it_cannot_be_renamed_deleted_opened_to_others_or_emptied(crew: Crew) -> None:
    path = f"/api/rooms/{(await direct(crew.ann, crew.cat))['id']}"
    for answer in (await crew.ann.patch(path, {"name": "x"}), await crew.ann.delete(path),
                   await crew.ann.post(f"{path}/invites", {}),
                   await crew.ann.delete(f"{path}/members/{crew.cat.id}")):  # fmt: skip
        assert (answer.status, answer.body["code"]) == (403, "rooms.direct_room")


@pytest.mark.parametrize("who", ["guest_00000000000000000000", "nobody"])
async def test_nobody_is_not_somebody(crew: Crew, who: str) -> None:
    assert (await crew.ann.post("/api/rooms", {"direct": who})).body["code"] == "rooms.guest_not_found"


async def test_a_guest_has_no_room_with_themselves(crew: Crew) -> None:
    assert (await crew.ann.post("/api/rooms", {"direct": crew.ann.id})).body["code"] == "rooms.direct_with_yourself"
