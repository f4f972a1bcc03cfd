"""The whole server, as its clients see it."""

from pathlib import Path

from prickle.testing import running_chat


async def test_two_guests_talk(tmp_path: Path) -> None:
    async with running_chat(tmp_path) as chat:
        ann, bob = await chat.guest("Ann"), await chat.guest("Bob")
        room = (await ann.post("/api/rooms", {"name": "Den", "visibility": "public"})).body["id"]
        ann_device, bob_device = await ann.connect(), await bob.connect()
        await ann_device.ok("rooms.join", {"room": room})
        await bob_device.ok("rooms.join", {"room": room})
        sent = await ann_device.ok("messages.create", {"room": room, "text": "hi", "client_id": "1"})
        notice = await bob_device.notice("messages.created")
        assert notice["seq"] == sent["seq"]
        assert (notice["author"], notice["text"]) == (ann.id, "hi")


async def test_what_was_said_is_there_after_a_restart(tmp_path: Path) -> None:
    async with running_chat(tmp_path) as chat:
        ann = await chat.guest("Ann")
        room = (await ann.post("/api/rooms", {"name": "Den", "visibility": "public"})).body["id"]
        device = await ann.connect()
        await device.ok("messages.create", {"room": room, "text": "hi", "client_id": "1"})
    async with running_chat(tmp_path) as chat:
        history = await chat.request("GET", f"/api/rooms/{room}/messages", token=ann.token)
        assert [message["text"] for message in history.body] == ["hi"]
