"""Whatever the bus loses: every open room gets every entry, once, in order."""

import asyncio

import pytest

from prickle.contract.errors import Unavailable
from prickle.contract.log import Catchup
from prickle.contract.types import RoomId, Seq
from prickle.log.feed import MAX_WAITING
from prickle.log.reader import MAX_CATCHUP
from prickle.log.tests.replicas import ANN, JOINED, ROOM, Replica, eventually


async def test_a_hole_is_filled_as_soon_as_something_later_is_heard(one: Replica, other: Replica) -> None:
    await other.open()
    one.bus.loses = lambda number: number % 3 != 0
    for number in range(30):
        await one.say(str(number))
    await eventually(lambda: len(other.ears.seqs()) >= 30)
    assert other.ears.seqs() == list(range(1, 31))


async def test_the_last_notice_is_healed_when_the_bus_is_back(one: Replica, other: Replica) -> None:
    await other.open()
    one.bus.loses = lambda _number: True
    await one.say("lost")
    assert other.ears.seqs() == []
    other.bus.come_back()
    await eventually(lambda: other.ears.seqs() == [1])


async def test_a_round_of_healing_finds_the_last_notice_of_every_open_room(one: Replica, other: Replica) -> None:
    rooms = [RoomId(f"room_{number}") for number in range(130)]
    for room in rooms:
        await other.open(room=room)
    one.bus.loses = lambda _number: True
    await asyncio.gather(*[one.say("lost", room=room) for room in rooms])
    await other.log._feeds.heal()
    await eventually(lambda: all(other.ears.seqs(room) == [1] for room in rooms))


async def test_healing_goes_on_after_the_store_was_away(
    one: Replica, other: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    await other.open()
    one.bus.loses = lambda _number: True
    await one.say("lost")
    failures = iter([Unavailable("core.store_unavailable", "Gone."), ZeroDivisionError("a defect")])
    heal = other.log._feeds.heal

    async def heal_in_the_end() -> None:
        for failure in failures:
            raise failure
        await heal()

    monkeypatch.setattr(other.log._feeds, "heal", heal_in_the_end)
    for _ in range(3):
        other.bus.come_back()
        await asyncio.sleep(0.01)
    await eventually(lambda: other.ears.seqs() == [1])


async def test_notices_out_of_order_and_twice_are_put_right(one: Replica, other: Replica) -> None:
    messages: list[bytes] = []
    publish = one.bus.publish
    one.bus.publish = lambda channel, message: messages.append(message)  # type: ignore[method-assign]
    await other.open()
    for number in range(10):
        await one.say(str(number))
    for message in [*reversed(messages), *messages, *reversed(messages)]:
        publish(f"room:{ROOM}", message)
    await eventually(lambda: len(other.ears.seqs()) >= 10)
    assert other.ears.seqs() == list(range(1, 11))


async def test_more_than_may_wait_is_read_from_the_store(
    one: Replica, other: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prickle.log.feed.MAX_WAITING", 8)
    assert MAX_WAITING > 8
    await other.open()
    one.bus.loses = lambda number: number == 1
    await asyncio.gather(*[one.say(str(number)) for number in range(100)])
    await eventually(lambda: _healed(other, 100))
    assert other.ears.seqs() == list(range(1, 101))


def _healed(replica: Replica, length: int) -> bool:
    replica.bus.come_back()
    return len(replica.ears.seqs()) >= length


async def test_opening_under_load_misses_nothing_and_doubles_nothing(one: Replica, other: Replica) -> None:
    writing = asyncio.gather(*[writer.say(str(number)) for number in range(150) for writer in (one, other)])
    for _ in range(25):
        heard = len(other.ears.seqs())
        opened = await other.open(after=Seq(0))
        missed = [payload["seq"] for _, payload in opened.entries]
        assert missed == list(range(1, opened.last_seq + 1))
        await asyncio.sleep(0.002)
        after_opening = [seq for seq in other.ears.seqs()[heard:] if seq > opened.last_seq]
        expected = range(opened.last_seq + 1, opened.last_seq + 1 + len(after_opening))
        assert after_opening == list(expected)
        other.log.closed(ROOM)
    await writing
    assert (await other.open(after=Seq(0))).last_seq == 300


async def test_a_room_that_was_closed_and_opened_again_starts_at_the_end(one: Replica, other: Replica) -> None:
    await other.open()
    await one.say("heard")
    other.log.closed(ROOM)
    await one.say("not heard")
    assert (await other.open(after=Seq(1))).last_seq == 2
    await one.say("heard again")
    assert other.ears.seqs() == [1, 3]


async def opened_after(replica: Replica, after: int) -> Catchup:
    return await replica.open(after=Seq(after))


async def test_catching_up_gives_what_is_new_or_says_reload(one: Replica) -> None:
    await asyncio.gather(*[one.say(str(number)) for number in range(MAX_CATCHUP + 2)])
    last = MAX_CATCHUP + 2
    assert [payload["seq"] for _, payload in (await one.log.entries(ROOM, Seq(last - 1))).entries] == [last]
    whole = await one.log.entries(ROOM, Seq(2))
    assert (len(whole.entries), whole.last_seq, whole.reload) == (MAX_CATCHUP, last, False)
    for far in (await one.log.entries(ROOM, Seq(1)), await opened_after(one, 0)):
        assert (far.entries, far.last_seq, far.reload) == ([], last, True)
    at_end = await one.log.entries(ROOM, Seq(last))
    assert (at_end.entries, at_end.last_seq, at_end.reload) == ([], last, False)


async def test_a_client_from_the_future_is_told_to_load_anew(one: Replica) -> None:
    await one.say("x")
    for ahead in (2, 2**53 - 1):
        assert (await one.log.entries(ROOM, Seq(ahead))).reload
        assert (await opened_after(one, ahead)).reload


async def test_a_watcher_is_called_after_its_notice_and_a_broken_one_harms_nobody(one: Replica, other: Replica) -> None:
    seen: list[tuple[int, list[int]]] = []

    def broken(_entry: object) -> None:
        raise ZeroDivisionError

    for replica in (one, other):
        replica.log.watch(JOINED, broken)
        replica.log.watch(JOINED, lambda entry, ears=replica.ears: seen.append((entry.seq, ears.seqs())))
        await replica.open()
    await one.log.append(ROOM, JOINED, {"user": "x"}, author=ANN)
    await one.say("after")
    assert seen == [(1, [1]), (1, [1])]
    assert one.ears.seqs() == other.ears.seqs() == [1, 2]


async def test_a_watch_that_has_ended_hears_nothing(one: Replica) -> None:
    seen: list[object] = []
    await one.open()
    one.log.watch(JOINED, seen.append)()
    await one.log.append(ROOM, JOINED, {}, author=ANN)
    assert seen == []


async def test_who_knows_more_than_this_replica_gets_nothing_twice(one: Replica, other: Replica) -> None:
    await other.open()
    one.bus.loses = lambda _number: True
    for number in range(5):
        await one.say(str(number))
    assert other.ears.seqs() == []
    opened = await other.open(after=Seq(5))
    heard = len(other.ears.seqs())
    assert (opened.entries, opened.last_seq, opened.reload) == ([], 5, False)
    await other.say("next")
    assert other.ears.seqs()[heard:] == [6]
