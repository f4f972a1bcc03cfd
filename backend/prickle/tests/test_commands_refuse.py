"""Every command that any plugin declares, met with what no client may send. A new command is walked by being declared."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio

from prickle.contract.gateway import Command
from prickle.testing import Device, Guest
from prickle.tests.schema_examples import broken_values, example
from prickle.tests.walked_chat import A_MONTH_S, WalkedChat, complaint, untouched, walked_chat

pytestmark = pytest.mark.asyncio(loop_scope="module")

INVALID = {"invalid_input"}
NOT_YOURS = {"not_found", "forbidden"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def walked(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WalkedChat]:
    async with walked_chat(Path(tmp_path_factory.mktemp("walk"))) as chat:
        yield chat


def declared(walked: WalkedChat) -> list[Command[Any]]:
    return [command for _, command in walked.chat.app.declared.commands]


def valid(walked: WalkedChat, command: Command[Any], **other: Any) -> dict[str, Any]:
    payload = {**example(command.payload.model_json_schema(), walked.examples), **other}
    command.payload.model_validate_json(orjson.dumps(payload))
    return payload


def event(command: Command[Any], *arguments: str) -> str:
    return "[" + ",".join([f'"{command.name}"', *arguments]) + "]"


def with_field(payload: dict[str, Any], name: str, text: str) -> str:
    fields = [f'"{other}":{orjson.dumps(value).decode()}' for other, value in payload.items() if other != name]
    return "{" + ",".join([*fields, f'"{name}":{text}']) + "}"


def broken_payloads(walked: WalkedChat, command: Command[Any]) -> Iterator[tuple[str, str]]:
    schema, payload = command.payload.model_json_schema(), valid(walked, command)
    for name, field in schema.get("properties", {}).items():
        for label, text in broken_values(field, schema):
            yield f"{command.name} {name} = {label}", event(command, with_field(payload, name, text))
    for name in schema.get("required", ()):
        less = {other: value for other, value in payload.items() if other != name}
        yield f"{command.name} without {name}", event(command, orjson.dumps(less).decode())
    for name in ("extra", "$where", "__proto__", "model_config", "author", "created_at"):
        if name not in schema.get("properties", {}):
            yield f"{command.name} with {name}", event(command, with_field(payload, name, '"x"'))


async def test_the_walk_has_something_to_walk(walked: WalkedChat) -> None:
    for command in declared(walked):
        assert len(list(broken_payloads(walked, command))) > 10 * len(command.payload.model_fields) > 0


async def refusals(device: Device, cases: Iterator[tuple[str, str]], kinds: set[str]) -> list[str]:
    wrong = []
    for label, text in cases:
        ack = await device.call_raw(text)
        wrong += [f"{label}: accepted"] if ack["ok"] else complaint(ack["error"], label, kinds=kinds)
    await device.settled()
    return wrong


async def test_a_field_of_the_wrong_type_or_size_is_refused(walked: WalkedChat) -> None:
    device, wrong = await walked.device(walked.ann), []
    async with untouched(walked):
        for command in declared(walked):
            wrong += await refusals(device, broken_payloads(walked, command), INVALID)
    assert not device.closed.is_set()
    assert not wrong, "\n".join(wrong)


async def test_a_payload_that_is_no_object_is_refused(walked: WalkedChat) -> None:
    device, wrong = await walked.device(walked.ann), []
    async with untouched(walked):
        for command in declared(walked):
            payload = orjson.dumps(valid(walked, command)).decode()
            texts = [
                "[]",
                "null",
                "7",
                '"x"',
                "[" * 20_000,
                '{"a":' * 20_000,
                payload[:-1],
                f"{payload},{payload}",
                "{",
            ]
            cases = [(f"{command.name} {text[:40]}", event(command, text)) for text in texts]
            wrong += await refusals(device, iter(cases), INVALID)
    assert not wrong, "\n".join(wrong)


async def room_refusals(walked: WalkedChat, guest: Guest, room: str) -> list[str]:
    """Send every command that names a room, as valid as can be, about `room`."""
    device, wrong = await walked.device(guest), []
    async with untouched(walked):
        for command in declared(walked):
            if "room" in command.payload.model_fields:
                text = event(command, orjson.dumps(valid(walked, command, room=room)).decode())
                wrong += await refusals(device, iter([(f"{command.name} in {room}", text)]), NOT_YOURS)
    return wrong


async def test_a_stranger_is_told_that_there_is_no_such_room(walked: WalkedChat) -> None:
    assert not await room_refusals(walked, walked.cid, walked.room)


async def test_a_former_member_is_told_that_there_is_no_such_room(walked: WalkedChat) -> None:
    assert not await room_refusals(walked, walked.dan, walked.room)


async def test_somebody_elses_room_and_none_at_all_look_the_same(walked: WalkedChat) -> None:
    assert not await room_refusals(walked, walked.ann, walked.other_room)
    assert not await room_refusals(walked, walked.ann, "room_00000000000000000000")
    assert not await room_refusals(walked, walked.ann, "x")


async def test_a_valid_example_of_every_command_is_answered(walked: WalkedChat) -> None:
    device, wrong = await walked.device(walked.ann), []
    for command in declared(walked):
        room = (await walked.ann.post("/api/rooms", {"name": "Own"})).body["id"]
        await device.ok("rooms.join", {"room": room})
        sent = await device.ok("messages.create", {"room": room, "text": "x", "client_id": "x"})
        known = {"room": room, "seq": sent["seq"]}
        others = {name: value for name, value in known.items() if name in command.payload.model_fields}
        ack = await device.call(command.name, valid(walked, command, **others))
        wrong += [] if ack["ok"] else complaint(ack["error"], command.name, kinds={"unauthenticated"})
    assert not wrong, "\n".join(wrong)


@pytest.mark.asyncio(loop_scope="function")
async def test_an_expired_token_ends_in_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prickle.gateway.sessions.EXPIRY_CHECK_EVERY_S", A_MONTH_S)
    async with walked_chat(tmp_path) as walked:
        for command in declared(walked):
            device = await walked.ann.connect()
            walked.clock.turn(A_MONTH_S)
            ack = await device.call(command.name, valid(walked, command))
            walked.clock.turn(-A_MONTH_S)
            assert not complaint(ack.get("error"), command.name, kinds={"unauthenticated"})
            await device.closed.wait()
            assert device.received("core.closed") == [{"reason": "core.token_expired"}]
