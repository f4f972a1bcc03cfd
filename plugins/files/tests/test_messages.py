"""Files in messages."""

import asyncio

from plugins.files.tests.conftest import House
from plugins.files.tests.order import sweeper


async def test_a_message_carries_its_files_to_everybody(house: House) -> None:
    file = await house.uploaded(b"hello", "a.txt")
    ann, bob = await house.ann.connect(), await house.bob.connect()
    await bob.ok("rooms.join", {"room": house.room})
    payload = {"room": house.room, "text": "", "client_id": "1", "files": [file["id"]]}
    sent = await ann.ok("messages.create", payload)
    assert (await bob.notice("messages.created"))["files"] == [file]
    assert await ann.ok("messages.create", payload) == sent
    history = await house.bob.get(f"/api/rooms/{house.room}/messages")
    assert history.body[0]["files"] == [file]


async def test_a_file_goes_into_one_message_only(house: House) -> None:
    file = await house.uploaded(b"hello")
    ann = await house.ann.connect()
    acks = await asyncio.gather(
        *(
            ann.call("messages.create", {"room": house.room, "text": "x", "client_id": str(n), "files": [file["id"]]})
            for n in range(2)
        )
    )
    assert sorted(ack["ok"] for ack in acks) == [False, True]


async def test_other_peoples_and_unknown_files_are_refused_and_nothing_is_bound(house: House) -> None:
    file = await house.uploaded(b"hello")
    bob, ann = await house.bob.connect(), await house.ann.connect()
    payload = {"room": house.room, "text": "x", "client_id": "1", "files": [file["id"]]}
    assert (await bob.refusal("messages.create", payload))["code"] == "files.file_not_found"
    unknown = {**payload, "files": [file["id"], "file_none"]}
    assert (await ann.refusal("messages.create", unknown))["code"] == "files.file_not_found"
    await ann.ok("messages.create", payload)


async def test_the_files_of_a_deleted_message_are_gone(house: House) -> None:
    file, seq = await house.sent(b"hello")
    ann = await house.ann.connect()
    await ann.ok("messages.delete", {"room": house.room, "seq": seq})
    assert (await house.download(file["id"])).status == 404


async def test_the_room_lists_a_file_before_its_messages_number_is_noted(house: House) -> None:
    file, _ = await house.sent(b"hello")
    store = sweeper(house.chat)._store
    await store.set_seq(file["id"], None)  # type: ignore[arg-type]  # as between the message and the note
    listed = await house.bob.get(f"/api/rooms/{house.room}/files")
    assert [(found["id"], "seq" in found) for found in listed.body] == [(file["id"], False)]
