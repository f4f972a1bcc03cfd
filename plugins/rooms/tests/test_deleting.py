"""A deleted room is gone for everybody, also when the server stopped half-way."""

from pathlib import Path

from plugins.rooms.backend.models import Invite, Member, Room
from plugins.rooms.tests.conftest import SETTINGS, Crew
from prickle.log.models import LogEntry
from prickle.testing import running_chat


async def test_only_its_maker_deletes_a_room(crew: Crew) -> None:
    assert (await crew.bob.delete(crew.path)).body["code"] == "rooms.not_creator"
    assert (await crew.cat.delete(crew.path)).body["code"] == "rooms.room_not_found"
    assert (await crew.ann.delete(crew.path)).status == 204
    assert (await crew.ann.delete(crew.path)).status == 404


async def test_nothing_of_a_deleted_room_is_left(crew: Crew) -> None:
    await crew.ann.post(f"{crew.path}/invites", {})
    assert (await crew.ann.delete(crew.path)).status == 204
    for model in (Room, Member, Invite, LogEntry):
        assert await crew.chat.app.documents.find(model) == []
    assert (await crew.bob.get("/api/rooms")).body == []


async def test_who_had_it_open_hears_it_and_every_member_is_told(crew: Crew) -> None:
    reader, unopened, stranger = await crew.bob.connect(), await crew.bob.connect(), await crew.cat.connect()
    await reader.ok("rooms.join", {"room": crew.room})
    await crew.ann.delete(crew.path)
    assert (await reader.notice("rooms.deleted"))["room"] == crew.room
    assert await unopened.notice("rooms.removed") == {"room": crew.room}
    await stranger.settled()
    assert stranger.notices == []
    assert (await reader.refusal("rooms.join", {"room": crew.room}))["code"] == "rooms.room_not_found"


async def test_a_maker_who_has_left_may_still_delete(crew: Crew) -> None:
    await (await crew.ann.connect()).ok("rooms.leave", {"room": crew.room})
    assert (await crew.ann.delete(crew.path)).status == 204


async def test_what_a_crash_left_over_goes_at_the_next_start(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=SETTINGS) as chat:
        ann = await chat.guest("Ann")
        room = (await ann.post("/api/rooms", {"name": "x"})).body["id"]
        await chat.app.documents.update(Room, Room.id == room, set={"deleted": True})
        assert (await ann.get(f"/api/rooms/{room}")).status == 404
    async with running_chat(tmp_path, settings=SETTINGS) as chat:
        for model in (Room, Member, LogEntry):
            assert await chat.app.documents.find(model) == []
