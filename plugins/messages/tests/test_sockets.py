"""Sending, editing, deleting and catching up on a socket, and who hears of it."""

import asyncio
from typing import Any

import pytest

from plugins.messages.tests.conftest import Crew

COMMANDS: dict[str, dict[str, Any]] = {
    "messages.create": {"text": "hi", "client_id": "c"},
    "messages.update": {"seq": 1, "text": "hi"},
    "messages.delete": {"seq": 1},
    "messages.sync": {"after": 0},
}


async def test_everybody_who_has_the_room_open_gets_the_message(crew: Crew) -> None:
    seq = await crew.send(crew.ann, "  hello \n")
    notice = await crew.bob.notice("messages.created")
    assert {name: notice[name] for name in ("room", "seq", "author", "text")} == {
        "room": crew.room, "seq": seq, "author": crew.ann_guest.id, "text": "  hello",
    }  # fmt: skip
    assert set(notice) == {"room", "seq", "author", "text", "created_at"}
    for outsider in crew.outsiders:
        await outsider.settled()
        assert outsider.received("messages.created") == []


async def test_sending_again_under_the_same_client_id_returns_the_first(crew: Crew) -> None:
    acks = await asyncio.gather(*(crew.send(crew.ann, f"take {take}") for take in range(5)))
    assert len(set(acks)) == 1
    assert await crew.send(crew.bob, "mine") == acks[0] + 1
    assert len((await crew.ann_guest.get(crew.path)).body) == 2


async def test_a_reply_names_a_message_of_the_same_room(crew: Crew) -> None:
    seq = await crew.send(crew.ann)
    reply = await crew.send(crew.bob, "yes", reply_to=seq)
    assert (await crew.ann.notice("messages.created", place=1))["reply_to"] == seq
    for nowhere in (1, reply + 1, 2**53 - 1):
        payload = {"room": crew.room, "text": "x", "client_id": "c2", "reply_to": nowhere}
        assert (await crew.bob.refusal("messages.create", payload))["code"] == "messages.message_not_found"


@pytest.mark.parametrize(
    "text", ["", "   \n", "\u200b", "x" * 4001, "x" * 60_000, "a\u0000b", 1, None, {"$ne": 1}, ["x"]]
)
async def test_a_text_that_cannot_be_shown_is_refused(crew: Crew, text: Any) -> None:
    seq = await crew.send(crew.ann)
    for command, more in (("messages.create", {"client_id": "c2"}), ("messages.update", {"seq": seq})):
        assert (await crew.ann.refusal(command, {"room": crew.room, "text": text, **more}))["kind"] == "invalid_input"
    assert [message["text"] for message in (await crew.ann_guest.get(crew.path)).body] == ["hi"]


async def test_half_a_character_is_refused_and_nothing_is_written(crew: Crew) -> None:
    raw = f'["messages.create",{{"room":"{crew.room}","text":"\\ud83d","client_id":"s"}}]'
    assert (await crew.ann.call_raw(raw))["error"]["kind"] == "invalid_input"
    assert (await crew.ann_guest.get(crew.path)).body == []


async def test_texts_come_back_equal_everywhere(crew: Crew) -> None:
    texts = [
        "🦔👨‍👩‍👧‍👦",
        "가각\u1100\u1161",
        "e\u0301",
        "a\u202eb",
        "</script>",
        "$ne",
        "x" * 4000,
        "\ta",
        "\\u0000",
        "\uffff",
    ]
    for place, text in enumerate(texts):
        await crew.send(crew.ann, text, f"c{place}")
        assert (await crew.bob.notice("messages.created", place=place))["text"] == text
    assert [message["text"] for message in (await crew.bob_guest.get(crew.path)).body] == texts[::-1]


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_stranger_and_a_former_member_get_nothing_and_change_nothing(crew: Crew, command: str) -> None:
    await crew.send(crew.ann)
    before = await crew.chat.app.log.last_seq(crew.room)
    for outsider in crew.outsiders:
        refused = await outsider.refusal(command, {"room": crew.room, **COMMANDS[command]})
        assert refused["code"] == "rooms.room_not_found"
    assert await crew.chat.app.log.last_seq(crew.room) == before


@pytest.mark.parametrize("command", COMMANDS)
async def test_another_shape_is_refused_and_the_socket_stays(crew: Crew, command: str) -> None:
    right = {"room": crew.room, **COMMANDS[command]}
    wrong: list[Any] = [[], None, "x", {**right, "extra": 1}, {**right, "author": crew.bob_guest.id}]
    for name in right:
        wrong += [{other: value for other, value in right.items() if other != name}, {**right, name: {"$ne": 1}}]
    for payload in wrong:
        assert (await crew.ann.refusal(command, payload))["kind"] == "invalid_input"
    assert await crew.send(crew.ann, client_id="after")


async def test_a_message_of_another_room_is_not_found_in_this_one(crew: Crew) -> None:
    await crew.send(crew.ann)
    other = (await crew.bob_guest.post("/api/rooms", {"name": "Other"})).body["id"]
    for command, more in (("messages.update", {"seq": 1, "text": "x"}), ("messages.delete", {"seq": 1})):
        refused = await crew.bob.refusal(command, {"room": other, **more})
        assert refused["code"] == "messages.message_not_found"


async def test_a_member_removed_in_a_burst_gets_nothing_behind_the_removal(crew: Crew) -> None:
    devices = [await crew.ann_guest.connect() for _ in range(10)]
    sends = [crew.send(device, f"{place}", f"{place}-{n}") for n in range(10) for place, device in enumerate(devices)]
    removal = crew.ann_guest.delete(f"/api/rooms/{crew.room}/members/{crew.bob_guest.id}")
    await asyncio.gather(*sends[:50], removal, *sends[50:])
    await crew.bob.settled()
    left = crew.bob.received("rooms.left")[-1]
    assert left["user"] == crew.bob_guest.id
    assert max(payload["seq"] for _, payload in crew.bob.notices if "seq" in payload) == left["seq"]
    assert await crew.chat.app.log.last_seq(crew.room) > left["seq"]
