"""What counts as unread, what reading does, and that it lasts."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from plugins.unread.tests.conftest import ENABLED, QUICK, Scene, say, scene_in, told, unread_of
from prickle.identifiers import new_id
from prickle.testing import running_chat
from prickle.testing.rooms import inhabitant, room_of


async def test_messages_count_and_other_entries_do_not(scene: Scene) -> None:
    seq = await say(scene.ann.device, scene.room)
    await scene.ann.device.ok("messages.update", {"room": scene.room, "seq": seq, "text": "hello"})
    await scene.ann.device.ok("reactions.add", {"room": scene.room, "seq": seq, "emoji": "🦔"})
    await inhabitant(await scene.chat.guest("Cid"), scene.room)
    await scene.ann.guest.patch(f"/api/rooms/{scene.room}", {"name": "Burrow"})
    last = await say(scene.ann.device, scene.room)
    counts = await unread_of(scene.bob.guest, scene.room)
    assert counts == {"last_seq": last, "unread": 2, "mentions": 0, "read_seq": 2}
    assert last > 6


async def test_ones_own_message_reads_what_stands_above_it(scene: Scene) -> None:
    await say(scene.ann.device, scene.room)
    seq = await say(scene.bob.device, scene.room)
    assert await unread_of(scene.bob.guest, scene.room) == {
        "last_seq": seq, "unread": 0, "mentions": 0, "read_seq": seq,
    }  # fmt: skip
    assert (await unread_of(scene.ann.guest, scene.room))["unread"] == 1


async def test_whoever_joins_has_not_missed_what_was_before(scene: Scene) -> None:
    for _ in range(3):
        await say(scene.ann.device, scene.room)
    cid = await inhabitant(await scene.chat.guest("Cid"), scene.room)
    assert (await unread_of(cid.guest, scene.room))["unread"] == 0
    await say(scene.ann.device, scene.room)
    assert (await unread_of(cid.guest, scene.room))["unread"] == 1


async def test_reading_moves_forward_only_and_marking_goes_back(scene: Scene) -> None:
    seqs = [await say(scene.ann.device, scene.room) for _ in range(4)]

    async def left(command: str, seq: int) -> int:
        unread: int = (await scene.bob.device.ok(command, {"room": scene.room, "seq": seq}))["unread"]
        return unread

    assert await left("unread.read", seqs[2]) == 1
    assert await left("unread.read", seqs[0]) == 1
    assert await left("unread.mark", seqs[1]) == 3
    assert (await unread_of(scene.bob.guest, scene.room))["read_seq"] == seqs[0]
    assert await left("unread.mark", 1) == 4
    assert await left("unread.read", seqs[3]) == 0


async def test_all_devices_agree_and_only_siblings_are_told(scene: Scene) -> None:
    seq = await say(scene.ann.device, scene.room)
    alone = await scene.bob.device.ok("unread.read", {"room": scene.room, "seq": seq - 1})
    assert (alone["wait_s"], alone["unread"]) == (20, 1)
    phone = await scene.bob.guest.connect()
    assert (await scene.bob.device.notice("unread.updated", place=len(_updates(scene)))) == {"rooms": {}}
    together = await scene.bob.device.ok("unread.read", {"room": scene.room, "seq": seq})
    assert (together["wait_s"], together["unread"]) == (1, 0)
    assert (await told(phone, scene.room, unread=0))["read_seq"] == seq
    await scene.ann.device.settled()
    assert not scene.ann.device.received("unread.updated")


def _updates(scene: Scene) -> list[Any]:
    return [update for update in scene.bob.device.received("unread.updated") if update["rooms"]]


async def test_mentions_of_members_are_counted_until_they_are_read(scene: Scene) -> None:
    outsider = await scene.chat.guest("Eve")
    people = f"<@{scene.bob.id}> <@{outsider.id}> <@{scene.ann.id}> <@{new_id('guest')}>"
    seq = await say(scene.ann.device, scene.room, people)
    await say(scene.ann.device, scene.room, "plain")
    await told(scene.bob.device, scene.room, unread=2, mentions=1)
    assert (await unread_of(scene.ann.guest, scene.room))["mentions"] == 0
    report = await scene.bob.device.ok("unread.read", {"room": scene.room, "seq": seq})
    assert (report["unread"], report["mentions"]) == (1, 0)
    report = await scene.bob.device.ok("unread.mark", {"room": scene.room, "seq": seq})
    assert (report["unread"], report["mentions"]) == (2, 1)


async def test_counts_outlive_a_restart(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=[ENABLED, QUICK]) as chat:
        scene = await scene_in(chat)
        for _ in range(3):
            await say(scene.ann.device, scene.room)
        await scene.bob.device.ok("unread.read", {"room": scene.room, "seq": 4})
        before = [await unread_of(guest, scene.room) for guest in (scene.ann.guest, scene.bob.guest)]
        assert [counts["unread"] for counts in before] == [0, 1]
    async with running_chat(tmp_path, settings=[ENABLED, QUICK]) as chat:
        for person, counts in zip((scene.ann, scene.bob), before, strict=True):
            now = (await chat.request("GET", "/api/unread", token=person.guest.token)).body["rooms"][scene.room]
            assert now == counts


@pytest.mark.parametrize("command", ["unread.read", "unread.mark"])
async def test_strangers_former_members_and_bad_payloads_are_refused(scene: Scene, command: str) -> None:
    seq = await say(scene.ann.device, scene.room)
    for payload in ({"room": scene.room}, {"room": scene.room, "seq": 0}, {"room": scene.room, "seq": "1"}):
        assert (await scene.bob.device.refusal(command, payload))["kind"] == "invalid_input"
    beyond = await scene.bob.device.refusal(command, {"room": scene.room, "seq": seq + 1})
    assert (beyond["kind"], beyond["code"]) == ("invalid_input", "unread.no_such_entry")
    stranger = await (await scene.chat.guest("Eve")).connect()
    await scene.bob.device.ok("rooms.leave", {"room": scene.room})
    for device in (stranger, scene.bob.device):
        assert (await device.refusal(command, {"room": scene.room, "seq": seq}))["code"] == "rooms.room_not_found"


async def test_a_snapshot_of_many_rooms_costs_as_many_queries_as_one_of_few(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = [(await room_of(scene.bob.guest))[0] for _ in range(15)]
    await scene.bob.guest.get("/api/unread")
    documents, queries = scene.chat.app.documents, Counter[str]()
    for name in ("find", "find_one", "count"):
        asked = getattr(documents, name)
        monkeypatch.setattr(documents, name, lambda *a, _n=name, _f=asked, **k: (queries.update([_n]), _f(*a, **k))[1])
    body = (await scene.bob.guest.get("/api/unread")).body
    assert set(body["rooms"]) == {*rooms, scene.room}
    assert queries.total() <= 8
    assert (await scene.chat.request("GET", "/api/unread")).status == 401


async def test_nothing_is_kept_of_a_deleted_room(scene: Scene) -> None:
    from plugins.unread.backend.models import Mention, Position

    seq = await say(scene.ann.device, scene.room, f"<@{scene.bob.id}>")
    await told(scene.bob.device, scene.room, mentions=1)
    await scene.bob.device.ok("unread.read", {"room": scene.room, "seq": seq})
    await scene.ann.guest.delete(f"/api/rooms/{scene.room}")
    assert scene.room not in (await scene.bob.guest.get("/api/unread")).body["rooms"]
    for model in (Position, Mention):
        while await scene.chat.app.documents.find(model):
            await scene.bob.device.settled()
