"""Making, changing, showing and deleting rooms, over HTTP."""

from pathlib import Path
from typing import Any

import pytest

from plugins.rooms.tests.conftest import SETTINGS, Crew
from prickle.testing import Chat, running_chat

HEDGEHOG = "\U0001f994"


async def test_a_name_is_as_long_as_the_settings_allow(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=[*SETTINGS, "plugins.rooms.max_name_characters=5"]) as chat:
        ann = await chat.guest("Ann")
        room = (await ann.post("/api/rooms", {"name": "x" * 5})).body["id"]
        created = await ann.post("/api/rooms", {"name": "x" * 6})
        renamed = await ann.patch(f"/api/rooms/{room}", {"name": "y" * 6})
        assert [(answer.status, answer.body["code"]) for answer in (created, renamed)] == [
            (400, "rooms.name_too_long")
        ] * 2
        assert (await ann.get(f"/api/rooms/{room}")).body["name"] == "x" * 5


async def test_a_new_room_has_its_maker_as_entry_1(chat: Chat) -> None:
    ann = await chat.guest("Ann")
    answer = await ann.post("/api/rooms", {"name": " Trail  crew ", "visibility": "public", "icon": HEDGEHOG})
    room = answer.body
    assert answer.status == 201
    assert {name: room[name] for name in ("name", "visibility", "icon", "created_by", "member_count", "last_seq")} == {
        "name": "Trail crew", "visibility": "public", "icon": HEDGEHOG, "created_by": ann.id, "member_count": 1, "last_seq": 1,
    }  # fmt: skip
    entries = (await chat.app.log.entries(room["id"], 0)).entries
    assert entries == [("rooms.joined", {"room": room["id"], "seq": 1, "user": ann.id})]


@pytest.mark.parametrize(
    "body",
    [
        {}, [], {"name": ""}, {"name": "x" * 65}, {"name": "a\u0000"}, {"name": {"$ne": 1}}, {"name": "x", "visibility": "x"},
        {"name": "x", "icon": "xy"}, {"name": "x", "id": "room_1"}, b'{"name": "\\ud83d"}', b"nonsense",
    ],
)  # fmt: skip
async def test_a_room_of_another_shape_is_refused(chat: Chat, body: Any) -> None:
    ann = await chat.guest("Ann")
    assert (await ann.post("/api/rooms", body)).status == 400
    assert (await ann.get("/api/rooms")).body == []


async def test_a_private_room_is_not_there_for_a_stranger(crew: Crew) -> None:
    unknown = await crew.cat.get("/api/rooms/room_00000000000000000000")
    for answer in (await crew.cat.get(crew.path), await crew.cat.patch(crew.path, {"name": "x"}),
                   await crew.cat.delete(crew.path), await crew.cat.get(f"{crew.path}/members"),
                   await crew.cat.post(f"{crew.path}/invites", {}),
                   await crew.cat.delete(f"{crew.path}/members/{crew.ann.id}")):  # fmt: skip
        assert (answer.status, answer.body["code"]) == (404, unknown.body["code"])
    assert await crew.members() == sorted([crew.ann.id, crew.bob.id])


async def test_a_former_member_is_a_stranger(crew: Crew) -> None:
    assert (await crew.bob.get(crew.path)).status == 200
    await crew.remove_bob()
    for answer in (await crew.bob.get(crew.path), await crew.bob.get(f"{crew.path}/members"),
                   await crew.bob.post(f"{crew.path}/invites", {})):  # fmt: skip
        assert answer.status == 404


async def test_its_maker_changes_a_room_and_a_member_does_not(crew: Crew) -> None:
    answer = await crew.ann.patch(crew.path, {"name": "Night crew", "icon": HEDGEHOG})
    assert (answer.body["name"], answer.body["icon"], answer.body["visibility"]) == ("Night crew", HEDGEHOG, "private")
    assert (await crew.ann.patch(crew.path, {"icon": None})).body.get("icon") is None
    assert (await crew.bob.patch(crew.path, {"name": "x"})).body["code"] == "rooms.not_creator"
    assert (await crew.bob.get(crew.path)).body["name"] == "Night crew"


async def test_a_change_of_nothing_is_no_entry(crew: Crew) -> None:
    for body in ({}, {"name": "Trail crew"}, {"visibility": "private"}, {"icon": None}):
        assert (await crew.ann.patch(crew.path, body)).status == 200
    assert await crew.entries("rooms.updated") == []


async def test_a_room_that_becomes_private_keeps_its_members_and_hides_from_others(crew: Crew) -> None:
    await crew.ann.patch(crew.path, {"visibility": "public"})
    assert (await crew.cat.get(crew.path)).status == 200
    await crew.ann.patch(crew.path, {"visibility": "private"})
    assert (await crew.cat.get(crew.path)).status == 404
    assert (await crew.bob.get(crew.path)).status == 200


async def test_a_guest_may_leave_and_only_the_maker_removes_others(crew: Crew) -> None:
    assert (await crew.bob.delete(f"{crew.path}/members/{crew.ann.id}")).body["code"] == "rooms.not_creator"
    assert (await crew.ann.delete(f"{crew.path}/members/{crew.cat.id}")).body["code"] == "rooms.member_not_found"
    assert (await crew.bob.delete(f"{crew.path}/members/{crew.bob.id}")).status == 204
    assert await crew.members() == [crew.ann.id]
    assert (await crew.ann.get(crew.path)).body["member_count"] == 1


async def test_members_are_paged_by_id(crew: Crew) -> None:
    await crew.ann.patch(crew.path, {"visibility": "public"})
    await (await crew.cat.connect()).ok("rooms.join", {"room": crew.room})
    first = await crew.ann.get(f"{crew.path}/members?limit=2")
    rest = await crew.ann.get(f"{crew.path}/members?limit=2&cursor={first.headers['x-next-cursor']}")
    assert "x-next-cursor" not in rest.headers
    listed = [member["user"] for member in first.body + rest.body]
    assert listed == sorted([crew.ann.id, crew.bob.id, crew.cat.id])


@pytest.mark.parametrize("limit", ["0", "-1", "101", "1e9", "50.7", "NaN", "", str(2**63), "%EF%BC%91", "5&limit=5"])
async def test_every_list_takes_a_limit_of_1_to_100_once(crew: Crew, limit: str) -> None:
    for path in ("/api/rooms", "/api/rooms?scope=public", f"{crew.path}/members"):
        separator = "&" if "?" in path else "?"
        assert (await crew.ann.get(f"{path}{separator}limit=100")).status == 200
        assert (await crew.ann.get(f"{path}{separator}limit={limit}")).status == 400
