"""Numbers without gaps and one order for everybody, whoever writes where."""

import asyncio
import gc

import pytest

from prickle.contract.errors import Unavailable
from prickle.contract.types import RoomId
from prickle.log.tests.replicas import ANN, BOB, JOINED, ROOM, Replica, eventually

WRITES = 200


async def test_two_busy_writers_leave_no_gap_and_one_order(one: Replica, other: Replica) -> None:
    await one.open()
    await other.open()
    told = await asyncio.gather(
        *[writer.say(f"{name} {number}") for number in range(WRITES) for name, writer in (("a", one), ("b", other))]
    )
    expected = list(range(1, 2 * WRITES + 1))
    assert sorted(told) == expected
    assert [row.seq for row in await one.rows()] == expected
    await eventually(lambda: len(one.ears.seqs()) >= 2 * WRITES and len(other.ears.seqs()) >= 2 * WRITES)
    assert one.ears.seqs() == other.ears.seqs() == expected
    assert one.ears.heard == other.ears.heard


async def test_who_has_heard_of_the_last_number_does_not_try_it_in_vain(one: Replica, other: Replica) -> None:
    await one.open()
    await other.open()
    for number in range(20):
        writer = (one, one, other)[number % 3]
        if number % 2:
            await writer.say(str(number))
        else:
            await writer.log.append(ROOM, JOINED, {"number": number}, author=ANN)
        await eventually(lambda last=number + 1: one.ears.seqs()[-1:] == other.ears.seqs()[-1:] == [last])
    assert one.documents.refused + other.documents.refused == 0
    assert [row.records for row in await one.rows()] == [(number + 1) // 2 for number in range(20)]


async def test_numbers_that_are_taken_leave_no_garbage(one: Replica, other: Replica) -> None:
    """Where replicas crowd a room, cycles of errors and frames made collections that stopped everything for 0.3 s."""
    for writer in (one, other):
        await writer.say("first")
    gc.collect()
    gc.disable()
    try:
        for number in range(60):
            await (one, other)[number % 2].say(str(number))
        collected = gc.collect()
    finally:
        gc.enable()
    assert one.documents.refused + other.documents.refused > 50
    assert collected < 50


async def test_what_is_heard_late_of_an_erased_log_leaves_no_gap(one: Replica, other: Replica) -> None:
    await one.open()
    told: list[bytes] = []
    await other.bus.subscribe(f"room:{ROOM}", told.append)
    for number in range(3):
        await one.say(str(number))
    await eventually(lambda: len(told) == 3)
    await one.log.erase(ROOM)
    other.bus.publish(f"room:{ROOM}", told[-1])
    await asyncio.sleep(0)
    assert [await one.say(text) for text in ("a", "b")] == [1, 2]


async def test_what_one_replica_was_given_in_order_stays_in_order(one: Replica, other: Replica) -> None:
    both = ((ANN, one), (BOB, other))
    await asyncio.gather(*[each.say(str(number), author=who) for number in range(50) for who, each in both])
    for who, each in both:
        assert [row.body["text"] for row in await each.rows() if row.author == who] == [str(n) for n in range(50)]


async def test_the_reading_replica_never_sees_a_hole(one: Replica, other: Replica) -> None:
    async def read_along() -> None:
        while (seqs := [row.seq for row in await other.rows()])[-1:] != [WRITES]:
            assert seqs == list(range(1, len(seqs) + 1))

    writes = asyncio.gather(*[one.say(str(number)) for number in range(WRITES)])
    await read_along()
    await writes


async def test_a_retry_gets_the_first_entry_on_either_replica(one: Replica, other: Replica) -> None:
    first = await one.say("hello", once="1")
    assert await other.say("hello", once="1") == first
    assert await one.say("hello", once="1") == first
    assert len(await one.rows()) == 1


async def test_one_send_that_reaches_both_replicas_at_once_is_written_once(one: Replica, other: Replica) -> None:
    for number in range(20):
        seqs = await asyncio.gather(*[writer.say("x", once=f"{number}") for writer in (one, other, one, other)])
        assert len(set(seqs)) == 1
    assert [row.seq for row in await one.rows()] == list(range(1, 21))


async def test_retries_among_new_entries_cost_no_number(one: Replica, other: Replica) -> None:
    await one.say("x", once="5")
    seqs = await asyncio.gather(*[other.say("x", once=str(number)) for number in range(10)])
    assert seqs[5] == 1
    assert sorted(seqs) == list(range(1, 11))


async def test_the_same_key_of_somebody_else_or_elsewhere_is_another_entry(one: Replica) -> None:
    assert await one.say("x", once="1") == 1
    assert await one.say("x", once="1", author=BOB) == 2
    assert await one.say("x", once="1", room=RoomId("room_2")) == 1


async def test_a_retry_after_a_lost_answer_gets_what_was_written(one: Replica, other: Replica) -> None:
    one.documents.breaks_after_insert = True
    with pytest.raises(Unavailable):
        await one.say("hello", once="1")
    one.documents.breaks_after_insert = False
    assert await one.say("hello", once="1") == 1
    assert await one.say("next", once="2") == 2
    assert len(await other.rows()) == 2


async def test_a_caller_who_has_gone_neither_loses_nor_stops_anything(one: Replica) -> None:
    gone = asyncio.create_task(one.say("hello", once="1"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await one.say("hello", once="1") == 1
    assert await one.say("next") == 2


async def test_each_room_counts_for_itself(one: Replica, other: Replica) -> None:
    rooms = [RoomId(f"room_{number}") for number in range(20)]
    await asyncio.gather(*[writer.say("x", room=room) for room in rooms for writer in (one, other)])
    for room in rooms:
        assert [row.seq for row in await one.rows(room)] == [1, 2]


async def test_plain_entries_and_records_share_the_numbers(one: Replica) -> None:
    entry = await one.log.append(ROOM, JOINED, {"user": BOB}, author=ANN)
    assert (entry.seq, await one.say("x"), await one.log.last_seq(ROOM)) == (1, 2, 2)
