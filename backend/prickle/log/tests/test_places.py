"""Counts of records, at any entry and at the ends of many logs, and following a room that nobody has open."""

import asyncio

from prickle.contract.log import Entry, Place
from prickle.contract.types import RoomId, Seq
from prickle.log.tests.replicas import ANN, CHANGED, JOINED, ROOM, SAID, Replica, eventually

OTHER_ROOM = RoomId("room_2")


async def test_only_records_are_counted_up_to_any_entry(one: Replica) -> None:
    await one.log.append(ROOM, JOINED, {}, author=ANN)
    seq = await one.say("a")
    await one.edit(seq, "b")
    await one.say("c")
    wanted = [(ROOM, Seq(number)) for number in range(1, 6)]
    places = await one.log.places(wanted)
    assert [(place.seq, place.records) for place in places.values()] == [(1, 0), (2, 1), (3, 1), (4, 2)]


async def test_two_writers_count_as_one(one: Replica, other: Replica) -> None:
    await asyncio.gather(*(each.say(str(number)) for number in range(30) for each in (one, other)))
    assert [row.records for row in await one.rows()] == list(range(1, 61))


async def test_a_retry_counts_once(one: Replica, other: Replica) -> None:
    for each in (one, other, one):
        await each.say("a", once="1")
    await other.say("b")
    assert await one.log.ends([ROOM]) == {ROOM: Place(Seq(2), 2)}


async def test_ends_are_as_new_as_the_store_whoever_wrote(one: Replica, other: Replica) -> None:
    assert await other.log.ends([ROOM, OTHER_ROOM]) == {ROOM: Place(Seq(0), 0), OTHER_ROOM: Place(Seq(0), 0)}
    for text in "abc":
        await one.say(text)
    await one.log.append(OTHER_ROOM, JOINED, {}, author=ANN)
    assert await other.log.ends([ROOM, OTHER_ROOM]) == {ROOM: Place(Seq(3), 3), OTHER_ROOM: Place(Seq(1), 0)}
    assert await other.log.ends([ROOM]) == {ROOM: Place(Seq(3), 3)}


async def test_the_end_of_an_erased_log_is_its_beginning(one: Replica) -> None:
    await one.say("a")
    await one.log.ends([ROOM])
    await one.log.erase(ROOM)
    assert await one.log.ends([ROOM]) == {ROOM: Place(Seq(0), 0)}


async def test_a_followed_room_is_heard_on_the_other_replica_until_it_ends(one: Replica, other: Replica) -> None:
    heard: list[int] = []
    other.log.watch(SAID, lambda entry: heard.append(entry.seq))
    await one.say("before")
    unfollow = await other.log.follow(ROOM)
    await one.say("now")
    await eventually(lambda: heard == [2])
    unfollow()
    await one.say("after")
    assert heard == [2]


async def test_the_writer_hears_its_own_entries_though_nobody_has_the_room_open(one: Replica) -> None:
    heard: list[Entry] = []
    one.log.watch(SAID, heard.append)
    one.log.watch(CHANGED, heard.append)
    seq = await one.say("a")
    await one.edit(seq, "b")
    assert [(entry.event, entry.seq) for entry in heard] == [("tests.said", 1), ("tests.changed", 2)]


async def test_watchers_on_every_replica_are_told_which_record_an_entry_revised(one: Replica, other: Replica) -> None:
    heard: list[Entry] = []
    for replica in (one, other):
        replica.log.watch(CHANGED, heard.append)
    await other.log.follow(ROOM)
    seq = await one.say("a")
    await one.edit(seq, "b")
    await eventually(lambda: len(heard) == 2)
    assert [entry.target for entry in heard] == [seq, seq]
