"""Dispatch, over real sockets: order, one ack for every command, limits, and defects that stay where they are."""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from prickle.contract.errors import Conflict
from prickle.contract.gateway import Command, Connection, Rate
from prickle.contract.payload import Payload
from prickle.testing import Chat, Device, running_chat


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


PLENTY = Rate(per_s=1e6, burst=1_000_000)


class Task(Payload):
    """What the tests' command takes and gives back."""

    number: int = 0
    text: str = ""


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    settings = ["plugins.enabled=auth,rooms,messages", "limits.waiting_commands=5"]
    async with running_chat(tmp_path, settings=settings) as chat:
        yield chat


@pytest.fixture
async def device(chat: Chat) -> Device:
    return await (await chat.guest()).connect()


Handler = Callable[[Connection, Any], Awaitable[Payload | None]]


def answering(chat: Chat, handler: Handler, **options: Any) -> None:
    """Let `tests.start` be answered by `handler`."""
    chat.app.dispatch.add(Command("tests.start", Task, handler, **{"rate": PLENTY, **options}))


async def echo(_connection: Connection, task: Task) -> Task:
    return task


async def test_commands_of_one_socket_run_one_after_the_other_in_order(chat: Chat, device: Device) -> None:
    begun: list[int] = []
    ended: list[int] = []

    async def slow(_connection: Connection, task: Task) -> Task:
        begun.append(task.number)
        await asyncio.sleep(random.random() / 500)
        assert begun[-1] == task.number
        ended.append(task.number)
        return task

    answering(chat, slow)
    calls = []
    for number in range(5):
        calls.append(asyncio.create_task(device.ok("tests.start", {"number": number})))
        await asyncio.sleep(0)
    assert [answer["number"] for answer in await asyncio.gather(*calls)] == begun == ended == list(range(5))


async def test_sockets_do_not_wait_for_each_other(chat: Chat, device: Device) -> None:
    free = asyncio.Event()

    async def wait(_connection: Connection, task: Task) -> None:
        if task.number:
            await free.wait()

    answering(chat, wait)
    other = await (await chat.guest()).connect()
    stuck = asyncio.create_task(device.ok("tests.start", {"number": 1}))
    assert await other.ok("tests.start", {"number": 0}) == {}
    free.set()
    assert await stuck == {}


async def test_a_command_without_an_ack_id_runs_and_is_not_acked(chat: Chat, device: Device) -> None:
    seen: list[int] = []

    async def note(_connection: Connection, task: Task) -> None:
        seen.append(task.number)

    answering(chat, note)
    await device.send_raw('42["tests.start",{"number":7}]')
    await device.send_raw('42["tests.start",{"number":"x"}]')
    await device.send_raw('42["nobody.start",{}]')
    await device.settled()
    assert seen == [7]


async def test_a_handler_that_takes_too_long_is_cut_off_and_the_next_one_runs(chat: Chat, device: Device) -> None:
    cut: list[int] = []

    async def stick(_connection: Connection, task: Task) -> Task:
        if task.number:
            return task
        try:
            await asyncio.sleep(3600)
        finally:
            cut.append(1)
        raise AssertionError

    answering(chat, stick, time_limit_s=0.02)
    error = await device.refusal("tests.start", {})
    assert (error["kind"], error["code"], error["details"]) == ("unavailable", "core.timeout", {"retry_after_s": 1})
    assert cut == [1]
    assert (await device.ok("tests.start", {"number": 1}))["number"] == 1


@pytest.mark.parametrize("defect", [ZeroDivisionError("secret"), TypeError("secret"), asyncio.CancelledError("secret")])
async def test_a_defect_costs_its_caller_an_error_that_leads_to_the_log(
    chat: Chat, device: Device, defect: BaseException
) -> None:
    async def fail(_connection: Connection, _task: Task) -> None:
        raise defect

    answering(chat, fail)
    with capture_logs() as lines:
        error = await device.refusal("tests.start", {"text": "my words"})
    assert (error["kind"], error["code"]) == ("internal", "core.internal")
    assert "secret" not in str(error)
    line = next(line for line in lines if line["event"] == "command_failed")
    assert (line["trace_id"], line["command"]) == (error["trace_id"], "tests.start")
    assert "secret" in line["error"]
    assert "my words" not in str(line)
    answering(chat, echo)
    assert (await device.ok("tests.start", {"number": 2}))["number"] == 2


async def test_an_expected_error_arrives_whole_and_is_no_log_line(chat: Chat, device: Device) -> None:
    async def refuse(_connection: Connection, _task: Task) -> None:
        raise Conflict("tests.full", "It is full.", retry_after_s=1.23456, places=3)

    answering(chat, refuse)
    with capture_logs() as lines:
        error = await device.refusal("tests.start", {})
    assert error.pop("trace_id")
    told = {"kind": "conflict", "code": "tests.full", "message": "It is full."}
    assert error == {**told, "details": {"places": 3, "retry_after_s": 1.235}}
    assert lines == []


async def test_binary_data_is_refused_with_an_ack(chat: Chat, device: Device) -> None:
    answering(chat, echo)
    ack = await device.call_packets(
        lambda ack_id: [f'451-{ack_id}["tests.start",{{"text":{{"_placeholder":true,"num":0}}}}]', b"\x00\x01"]
    )
    assert ack["error"]["code"] == "core.binary_payload"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[]", "core.no_command"),
        ('[""]', "core.no_command"),
        ("[7]", "core.no_command"),
        ('["tests"]', "core.no_command"),
        ('["tests.start",{},{}]', "core.invalid_payload"),
        ('["tests.start",{}', "core.no_command"),
        ('["TESTS.START",{}]', "core.no_command"),
        ('["tests.\\u0073tart",{}]', "core.no_command"),
        ('["nobody.start",{}]', "core.unknown_command"),
        ('["__class__.mro",{}]', "core.unknown_command"),
        ('["tests.start",' + "[" * 20_000, "core.no_command"),
        ("[" * 20_000, "core.no_command"),
    ],
)
async def test_what_is_no_command_is_refused_and_the_socket_stays(
    chat: Chat, device: Device, text: str, code: str
) -> None:
    answering(chat, echo)
    assert (await device.call_raw(text))["error"]["code"] == code
    assert await device.ok("tests.start", {"number": 1}) == {"number": 1, "text": ""}


@pytest.mark.parametrize("text", ['["tests.start"]', '[ "tests.start" , {} ]', '["tests.start",{}] '])
async def test_a_missing_payload_is_an_empty_one(chat: Chat, device: Device, text: str) -> None:
    answering(chat, echo)
    assert (await device.call_raw(text))["ok"]


async def test_sizes_are_counted_in_bytes(chat: Chat, device: Device) -> None:
    answering(chat, echo, max_bytes=400)
    assert (await device.ok("tests.start", {"text": "x" * 300}))["text"] == "x" * 300
    for text in ("x" * 400, "\N{HANGUL SYLLABLE GA}" * 150):
        assert (await device.refusal("tests.start", {"text": text}))["details"] == {"max_bytes": 400}


async def test_more_than_may_wait_are_refused_at_once_and_the_others_run(chat: Chat, device: Device) -> None:
    free = asyncio.Event()

    async def wait(_connection: Connection, task: Task) -> Task:
        await free.wait()
        return task

    answering(chat, wait)
    calls = []
    for number in range(9):
        calls.append(asyncio.create_task(device.call("tests.start", {"number": number})))
        await asyncio.sleep(0)
    refused = [await calls[number] for number in (6, 7, 8)]
    assert {ack["error"]["code"] for ack in refused} == {"core.too_many_waiting"}
    free.set()
    assert [(await call)["data"]["number"] for call in calls[:6]] == list(range(6))


async def test_the_rate_is_held_per_guest_and_command(chat: Chat, device: Device) -> None:
    guest, other = await chat.guest("Ann"), await chat.guest("Bob")
    answering(chat, echo, rate=Rate(per_s=0.001, burst=3))
    first, second = await guest.connect(), await guest.connect()
    for each in (first, second, first):
        await each.ok("tests.start", {})
    for each in (first, second):
        error = await each.refusal("tests.start", {})
        assert (error["kind"], error["code"]) == ("rate_limited", "core.rate_limited")
        assert 0 < error["details"]["retry_after_s"] <= 1000
    assert (await first.refusal("nobody.start", {}))["code"] == "core.unknown_command"
    await (await other.connect()).ok("tests.start", {})


async def test_unknown_commands_make_no_new_labels(chat: Chat, device: Device) -> None:
    before = len(chat.app.outcomes)
    for number in range(2000):
        name = f"x{chr(97 + number % 26)}.{chr(97 + number // 26 % 26)}{chr(97 + number // 676)}"
        await device.send_raw(f'42["{name}",{{}}]')
        if number % 5 == 0:
            await device.settled()
    await device.settled()
    assert len(chat.app.outcomes) <= before + 2
    assert "x" not in {name[:1] for name, _ in chat.app.outcomes}
    metrics = (await chat.request("GET", "/metrics")).body.decode()
    assert not re.search(r'"x\w\.', metrics)


async def test_outcomes_are_counted_by_command_and_kind(chat: Chat, device: Device) -> None:
    answering(chat, echo)
    await device.ok("tests.start", {})
    await device.refusal("tests.start", {"nobody": 1})
    assert chat.app.outcomes["tests.start", "ok"] == 1
    assert chat.app.outcomes["tests.start", "invalid_input"] == 1


async def test_what_a_client_sent_before_it_went_is_done_and_harms_nobody(chat: Chat, device: Device) -> None:
    free, begun, ran = asyncio.Event(), asyncio.Event(), []

    async def wait(_connection: Connection, task: Task) -> None:
        begun.set()
        await free.wait()
        ran.append(task.number)

    answering(chat, wait)
    for number in range(3):
        await device.send_raw(f'42{number}["tests.start",{{"number":{number}}}]')
    await begun.wait()
    with capture_logs() as lines:
        await device.close()
        await eventually(lambda: not chat.app.connections.all())
        free.set()
        other = await (await chat.guest()).connect()
        await other.ok("tests.start", {"number": 9})
        await eventually(lambda: len(ran) == 4)
    assert [number for number in ran if number != 9] == [0, 1, 2]
    assert lines == []


async def test_a_guest_who_is_sent_off_while_a_command_runs_has_it_ended_and_no_further_one(
    chat: Chat, device: Device
) -> None:
    ran: list[int] = []

    async def leave(connection: Connection, task: Task) -> None:
        ran.append(task.number)
        chat.app.realtime.disconnect(user=connection.identity.user, reason="tests.kicked")
        await asyncio.sleep(0.01)

    answering(chat, leave)
    for number in range(3):
        await device.send_raw(f'42{number}["tests.start",{{"number":{number}}}]')
    await device.closed.wait()
    assert device.received("core.closed") == [{"reason": "tests.kicked"}]
    await eventually(lambda: not chat.app.connections.all())
    assert ran == [0]
