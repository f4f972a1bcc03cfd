"""Pages of records: each side, each cursor, at both ends."""

import asyncio
from typing import Any

import pytest

from prickle.contract.log import Page, Window
from prickle.contract.types import RoomId, Seq
from prickle.log.tests.replicas import ANN, JOINED, ROOM, Replica


@pytest.fixture
async def log(one: Replica) -> Any:
    """Records 1, 3, 5, ... 19 with other entries in between; the log ends at 20."""
    for number in range(10):
        await one.say(str(number))
        await one.log.append(ROOM, JOINED, {"user": "x"}, author=ANN)
    return one.log


def seqs(page: Page) -> list[int]:
    return [record.seq for record in page.records]


NEWEST, BEFORE, AFTER, AROUND = "newest", "before", "after", "around"


@pytest.mark.parametrize(
    ("side", "seq", "limit", "found", "cursor"),
    [
        (NEWEST, 0, 3, [19, 17, 15], 15),
        (NEWEST, 0, 10, [19, 17, 15, 13, 11, 9, 7, 5, 3, 1], None),
        (NEWEST, 0, 100, [19, 17, 15, 13, 11, 9, 7, 5, 3, 1], None),
        (BEFORE, 5, 1, [3], 3),
        (BEFORE, 5, 2, [3, 1], None),
        (BEFORE, 6, 2, [5, 3], 3),
        (BEFORE, 1, 5, [], None),
        (BEFORE, 2**53 - 1, 1, [19], 19),
        (AFTER, 0, 2, [3, 1], None),
        (AFTER, 15, 5, [19, 17], 17),
        (AFTER, 3, 2, [7, 5], 5),
        (AFTER, 20, 5, [], None),
        (AROUND, 9, 5, [13, 11, 9, 7, 5], 5),
        (AROUND, 10, 4, [13, 11, 9, 7], 7),
        (AROUND, 19, 4, [19, 17, 15, 13], 13),
        (AROUND, 1, 4, [5, 3, 1], None),
        (AROUND, 9, 1, [9], 9),
        (AROUND, 2**53 - 1, 2, [19, 17], 17),
    ],
)
async def test_a_page_holds_what_its_window_asks_for(
    log: Any, side: Any, seq: int, limit: int, found: list[int], cursor: int | None
) -> None:
    page = await log.page(ROOM, Window(limit, side, Seq(seq)))
    assert (seqs(page), page.before, page.last_seq) == (found, cursor, 20)


@pytest.mark.parametrize("side", [NEWEST, BEFORE, AFTER, AROUND])
async def test_an_empty_room_has_an_empty_page(log: Any, side: Any) -> None:
    page = await log.page(RoomId("room_2"), Window(50, side, Seq(1)))
    assert (page.records, page.before, page.last_seq) == ([], None, 0)


async def test_following_the_cursor_gives_everything_once_also_while_people_write(one: Replica) -> None:
    await asyncio.gather(*[one.say(str(number)) for number in range(50)])
    found: list[int] = []
    page = await one.log.page(ROOM, Window(7))
    while True:
        found += seqs(page)
        await one.say("meanwhile")
        if page.before is None:
            break
        page = await one.log.page(ROOM, Window(7, "before", page.before))
    assert found == list(range(50, 0, -1))


async def test_an_old_page_and_what_came_since_are_the_whole_room(one: Replica) -> None:
    first = await one.say("old")
    page = await one.log.page(ROOM, Window(50))
    await one.edit(first, "new")
    await one.say("second")
    shown = {record.seq: record.state["text"] for record in page.records}
    for event, payload in (await one.log.entries(ROOM, page.last_seq)).entries:
        record = payload["message"] if event == "tests.changed" else payload
        shown[record["seq"]] = record["text"]
    fresh = await one.log.page(ROOM, Window(50))
    assert shown == {record.seq: record.state["text"] for record in fresh.records} == {1: "new", 3: "second"}


async def test_an_erased_log_is_gone_and_begins_anew(one: Replica) -> None:
    await one.say("x")
    await one.say("y", room=RoomId("room_2"))
    await one.open()
    await one.log.erase(ROOM)
    assert await one.rows() == []
    assert len(await one.rows(RoomId("room_2"))) == 1
    assert await one.say("again") == 1
    assert one.ears.seqs() == [1]


async def test_the_wire_form_names_place_author_and_time_and_leaves_out_what_is_unset(one: Replica) -> None:
    record = await one.log.record(ROOM, JOINED, {"text": "x", "reply_to": None, "likes": 0}, author=ANN)
    wire = one.log.wire(record)
    assert wire.pop("created_at").endswith("Z")
    assert wire == {"room": ROOM, "seq": 1, "author": ANN, "text": "x", "likes": 0}
