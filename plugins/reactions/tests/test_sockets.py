"""Reactions as their clients see them."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from prickle.testing import running_chat
from prickle.testing.rooms import inhabitant, new_room
from tests.source_tree import all_but

if TYPE_CHECKING:
    from plugins.reactions.tests.conftest import Scene

UPDATED = "reactions.updated"
HEDGEHOG, HEART = "\U0001f994", "\u2764\ufe0f"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


async def test_everybody_who_has_the_room_open_hears_of_a_reaction_and_nobody_else(scene: "Scene") -> None:
    closed = await scene.bob.guest.connect()
    _, (elsewhere,) = await new_room(scene.chat, "Eve")
    former = await inhabitant(await scene.chat.guest("Cid"), scene.room)
    await former.device.ok("rooms.leave", {"room": scene.room})
    assert await scene.bob.device.ok("reactions.add", scene.reaction(HEDGEHOG)) == {}
    notice = {"room": scene.room, "seq": 6, "target": scene.seq, "emoji": HEDGEHOG, "users": [scene.bob.id]}
    assert await scene.ann.device.notice(UPDATED) == notice
    assert await scene.bob.device.notice(UPDATED) == notice
    for device in (closed, elsewhere.device, former.device):
        await device.settled()
        assert not device.received(UPDATED)


async def test_reactions_are_part_of_the_message_and_survive_an_edit(scene: "Scene") -> None:
    await scene.bob.device.ok("reactions.add", scene.reaction(HEDGEHOG))
    await scene.ann.device.ok("reactions.add", scene.reaction(HEDGEHOG))
    await scene.ann.device.ok("messages.update", {"room": scene.room, "seq": scene.seq, "text": "hello"})
    assert (await scene.message())["reactions"] == {HEDGEHOG: [scene.bob.id, scene.ann.id]}


async def test_adding_twice_and_removing_twice_writes_once(scene: "Scene") -> None:
    for command in ("reactions.add", "reactions.add", "reactions.remove", "reactions.remove"):
        assert await scene.bob.device.ok(command, scene.reaction(HEDGEHOG)) == {}
    await scene.ann.device.settled()
    assert [notice["users"] for notice in scene.ann.device.received(UPDATED)] == [[scene.bob.id], []]
    assert "reactions" not in await scene.message()


async def test_two_spellings_of_a_heart_are_one_reaction(scene: "Scene") -> None:
    await scene.ann.device.ok("reactions.add", scene.reaction(HEART))
    await scene.bob.device.ok("reactions.add", scene.reaction("\u2764"))
    assert (await scene.message())["reactions"] == {HEART: [scene.ann.id, scene.bob.id]}


async def test_reactions_at_once_are_all_kept(scene: "Scene") -> None:
    await asyncio.gather(
        *(
            person.device.ok("reactions.add", scene.reaction(emoji))
            for person in (scene.ann, scene.bob)
            for emoji in "🎉🔥"
        )
    )
    reactions = (await scene.message())["reactions"]
    assert isinstance(reactions, dict)
    everybody = {scene.ann.id, scene.bob.id}
    assert {emoji: set(users) for emoji, users in reactions.items()} == {"🎉": everybody, "🔥": everybody}


@pytest.mark.parametrize("emoji", [FAMILY, SCOTLAND, "\U0001f44b\U0001f3fd", "1\ufe0f\u20e3", HEART])
async def test_any_one_emoji_is_a_reaction(scene: "Scene", emoji: str) -> None:
    await scene.bob.device.ok("reactions.add", scene.reaction(emoji))
    assert (await scene.message())["reactions"] == {emoji: [scene.bob.id]}


@pytest.mark.parametrize("emoji", ["", "ab", HEDGEHOG * 2, HEDGEHOG + "a", HEDGEHOG * 40, None, {"$ne": 1}, "\ud83d"])
async def test_anything_else_is_not(scene: "Scene", emoji: object) -> None:
    for command in ("reactions.add", "reactions.remove"):
        payload = f'["{command}",{{"room":"{scene.room}","seq":{scene.seq},"emoji":{json.dumps(emoji)}}}]'
        ack = await scene.bob.device.call_raw(payload)
        assert ack["error"]["kind"] == "invalid_input"
    assert "reactions" not in await scene.message()


async def test_a_message_takes_so_many_kinds_and_so_many_guests(scene: "Scene") -> None:
    for emoji in "🎉🔥🦔🌿🍄":
        await scene.bob.device.ok("reactions.add", scene.reaction(emoji))
    assert (await scene.bob.device.refusal("reactions.add", scene.reaction("🐝")))["code"] == "reactions.too_many_kinds"
    await scene.ann.device.ok("reactions.add", scene.reaction("🎉"))
    cid = await inhabitant(await scene.chat.guest("Cid"), scene.room)
    refusal = await cid.device.refusal("reactions.add", scene.reaction("🎉"))
    assert (refusal["code"], refusal["details"]["limit"]) == ("reactions.too_many_users", 2)


async def test_a_deleted_message_has_no_reactions_and_takes_none(scene: "Scene") -> None:
    await scene.bob.device.ok("reactions.add", scene.reaction(HEDGEHOG))
    await scene.ann.device.ok("messages.delete", {"room": scene.room, "seq": scene.seq})
    assert "reactions" not in await scene.message()
    refusal = await scene.bob.device.refusal("reactions.add", scene.reaction(HEDGEHOG))
    assert (refusal["kind"], refusal["code"]) == ("conflict", "reactions.message_deleted")
    assert await scene.bob.device.ok("reactions.remove", scene.reaction(HEDGEHOG)) == {}


async def test_only_a_message_takes_reactions(scene: "Scene") -> None:
    for seq in (1, 99):
        refusal = await scene.bob.device.refusal("reactions.add", {**scene.reaction(HEDGEHOG), "seq": seq})
        assert (refusal["kind"], refusal["code"]) == ("not_found", "reactions.message_not_found")


@pytest.mark.parametrize("command", ["reactions.add", "reactions.remove"])
async def test_strangers_and_former_members_are_refused(scene: "Scene", command: str) -> None:
    stranger = await (await scene.chat.guest("Eve")).connect()
    assert (await stranger.refusal(command, scene.reaction(HEDGEHOG)))["code"] == "rooms.room_not_found"
    await scene.bob.device.ok("rooms.leave", {"room": scene.room})
    assert (await scene.bob.device.refusal(command, scene.reaction(HEDGEHOG)))["code"] == "rooms.room_not_found"


async def test_without_the_plugin_the_chat_works(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=[all_but("reactions")]) as chat:
        room, (ann, bob) = await new_room(chat, "Ann", "Bob")
        reaction = {"room": room, "seq": 1, "emoji": HEDGEHOG}
        assert (await ann.device.refusal("reactions.add", reaction))["code"] == "core.unknown_command"
        await ann.device.ok("messages.create", {"room": room, "text": "hi", "client_id": "1"})
        assert (await bob.device.notice("messages.created"))["text"] == "hi"
