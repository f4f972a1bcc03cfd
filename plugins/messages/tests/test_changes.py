"""Edits and tombstones."""

import asyncio
from typing import Any

from plugins.messages.tests.conftest import Crew
from prickle.log.models import LogEntry


def update(crew: Crew, seq: int, text: str = "better") -> dict[str, Any]:
    return {"room": crew.room, "seq": seq, "text": text}


def delete(crew: Crew, seq: int) -> dict[str, Any]:
    return {"room": crew.room, "seq": seq}


async def test_an_edit_reaches_who_has_the_room_open_as_the_whole_message(crew: Crew) -> None:
    seq = await crew.send(crew.ann)
    answer = await crew.ann.ok("messages.update", update(crew, seq))
    notice = await crew.bob.notice("messages.updated")
    assert notice == {"room": crew.room, "seq": seq + 1, "message": answer}
    assert (answer["seq"], answer["text"], answer["author"]) == (seq, "better", crew.ann_guest.id)
    assert answer["edited_at"] >= answer["created_at"]
    for outsider in crew.outsiders:
        await outsider.settled()
        assert outsider.received("messages.updated") == []


async def test_only_its_author_edits_a_message(crew: Crew) -> None:
    seq = await crew.send(crew.bob)
    assert (await crew.ann.refusal("messages.update", update(crew, seq)))["code"] == "messages.not_author"
    assert (await crew.bob_guest.get(f"{crew.path}/{seq}")).body["text"] == "hi"


async def test_the_same_text_again_is_no_edit(crew: Crew) -> None:
    seq = await crew.send(crew.ann)
    assert "edited_at" not in await crew.ann.ok("messages.update", update(crew, seq, "hi "))
    assert await crew.chat.app.log.last_seq(crew.room) == seq


async def test_what_an_edit_replies_to_stays(crew: Crew) -> None:
    first = await crew.send(crew.ann)
    reply = await crew.send(crew.bob, reply_to=first)
    assert (await crew.bob.ok("messages.update", update(crew, reply)))["reply_to"] == first


async def test_edits_in_one_tick_end_in_the_last_entry_of_the_log(crew: Crew) -> None:
    seq = await crew.send(crew.ann)
    other = await crew.ann_guest.connect()
    edits = (device.ok("messages.update", update(crew, seq, text)) for device, text in ((crew.ann, "a"), (other, "b")))
    await asyncio.gather(*edits)
    last = await crew.bob.notice("messages.updated", place=1)
    assert (await crew.bob_guest.get(f"{crew.path}/{seq}")).body["text"] == last["message"]["text"]


async def test_a_deleted_message_leaves_its_place_and_no_text_anywhere(crew: Crew) -> None:
    seq = await crew.send(crew.ann, "secret one")
    await crew.ann.ok("messages.update", update(crew, seq, "secret two"))
    gone = await crew.ann.ok("messages.delete", delete(crew, seq))
    assert {**gone, "created_at": ""} == {
        "room": crew.room, "seq": seq, "author": crew.ann_guest.id, "deleted": True, "created_at": "",
    }  # fmt: skip
    assert (await crew.bob.notice("messages.deleted"))["message"] == gone
    assert (await crew.bob_guest.get(crew.path)).body == [gone]
    assert "secret" not in repr(await crew.bob.ok("messages.sync", {"room": crew.room, "after": 0}))
    assert "secret" not in repr(await crew.chat.app.documents.find(LogEntry))


async def test_deleting_again_changes_nothing_and_editing_is_too_late(crew: Crew) -> None:
    seq = await crew.send(crew.ann)
    first = await crew.ann.ok("messages.delete", delete(crew, seq))
    assert await crew.ann.ok("messages.delete", delete(crew, seq)) == first
    assert (await crew.ann.refusal("messages.update", update(crew, seq)))["code"] == "messages.deleted"
    assert await crew.chat.app.log.last_seq(crew.room) == seq + 1


async def test_the_rooms_maker_deletes_what_others_said_and_nobody_else_does(crew: Crew) -> None:
    from_bob, from_ann = await crew.send(crew.bob), await crew.send(crew.ann)
    assert (await crew.ann.ok("messages.delete", delete(crew, from_bob)))["deleted"]
    assert (await crew.bob.refusal("messages.delete", delete(crew, from_ann)))["code"] == "messages.not_author"


async def test_what_is_no_message_is_not_found(crew: Crew) -> None:
    for seq in (1, 999, 2**53 - 1):
        assert (await crew.ann.refusal("messages.delete", delete(crew, seq)))["code"] == "messages.message_not_found"
        assert (await crew.ann.refusal("messages.update", update(crew, seq)))["code"] == "messages.message_not_found"


async def test_a_retry_after_the_message_was_deleted_does_not_bring_it_back(crew: Crew) -> None:
    seq = await crew.send(crew.ann, client_id="once")
    await crew.ann.ok("messages.delete", delete(crew, seq))
    assert await crew.send(crew.ann, client_id="once") == seq
    assert (await crew.ann_guest.get(f"{crew.path}/{seq}")).body["deleted"]
