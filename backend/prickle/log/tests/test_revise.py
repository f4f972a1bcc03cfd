"""Records that change: each change is an entry of its own, nobody's change is lost, and the old text is forgotten."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from prickle.contract.errors import Forbidden, NotFound
from prickle.contract.log import Record, Revision, Window
from prickle.contract.types import Seq
from prickle.log.tests.replicas import ANN, CHANGED, JOINED, ROOM, Replica, eventually


async def test_of_two_edits_in_one_tick_the_higher_number_stands(one: Replica, other: Replica) -> None:
    await one.open()
    await other.open()
    for number in range(10):
        seq = await one.say("old")
        await asyncio.gather(one.edit(seq, f"a{number}"), other.edit(seq, f"b{number}"))
        last = await one.log.last_seq(ROOM)
        await eventually(lambda last=last: one.ears.seqs()[-1] == other.ears.seqs()[-1] == last)
        now = (await one.log.get(ROOM, seq)).state["text"]
        # An earlier change may carry what a later one made of the record already, where it was read from the store.
        assert [each.ears.heard[ROOM][-1][1]["message"]["text"] for each in (one, other)] == [now, now]
        assert one.ears.seqs() == other.ears.seqs()


async def test_a_change_that_is_heard_of_after_the_record_was_read_is_not_lost(one: Replica, other: Replica) -> None:
    await asyncio.gather(one.open(), other.open())
    seq = (await one.log.record(ROOM, JOINED, {"count": 0}, author=ANN)).seq

    def counted(record: Record) -> Revision:
        return Revision({"count": record.state["count"] + 1})

    async def changed_elsewhere() -> None:
        await other.log.revise(ROOM, seq, CHANGED, counted, author=ANN)
        await eventually(lambda: one.ears.seqs() == [1, 2])

    one.documents.meanwhile = changed_elsewhere
    record = await one.log.revise(ROOM, seq, CHANGED, counted, author=ANN)
    assert (record.state, one.documents.refused) == ({"count": 2}, 1)


@pytest.mark.parametrize("hear_each_other", [True, False])
async def test_no_change_is_lost_between_two_replicas(one: Replica, other: Replica, *, hear_each_other: bool) -> None:
    if hear_each_other:
        await asyncio.gather(one.open(), other.open())
    seq = (await one.log.record(ROOM, JOINED, {"count": 0}, author=ANN)).seq

    def counted(record: Record) -> Revision:
        return Revision({"count": record.state["count"] + 1})

    changes = [each.log.revise(ROOM, seq, CHANGED, counted, author=ANN) for _ in range(20) for each in (one, other)]
    await asyncio.gather(*changes, *[each.say("between") for _ in range(20) for each in (one, other)])
    assert (await other.log.get(ROOM, seq)).state == {"count": 40}
    assert [row.seq for row in await one.rows()] == list(range(1, 82))


async def test_a_change_to_nothing_writes_nothing(one: Replica) -> None:
    seq = await one.say("hello")
    record = await one.log.revise(ROOM, seq, CHANGED, lambda _: None, author=ANN)
    assert record.state == {"text": "hello"}
    assert await one.log.last_seq(ROOM) == seq


async def test_a_refused_change_writes_nothing_and_stops_nobody(one: Replica) -> None:
    seq = await one.say("hello")

    def refuse(_record: Record) -> Revision:
        raise Forbidden("tests.no", "No.")

    with pytest.raises(Forbidden):
        await one.log.revise(ROOM, seq, CHANGED, refuse, author=ANN)
    assert await one.say("next") == 2


@pytest.mark.parametrize("seq", [0, 2, 3, 2**53 - 1])
async def test_what_is_no_record_cannot_be_changed_or_read(one: Replica, seq: int) -> None:
    await one.say("hello")
    await one.log.append(ROOM, JOINED, {"user": "x"}, author=ANN)
    with pytest.raises(NotFound):
        await one.edit(Seq(seq), "x")
    with pytest.raises(NotFound):
        await one.log.get(ROOM, Seq(seq))


async def test_the_old_text_is_in_no_row_of_the_log(one: Replica, tmp_path: Path) -> None:
    kept = await one.say("a secret that was edited")
    gone = await one.say("a secret that was deleted")
    await one.edit(kept, "a middle version")
    await one.edit(kept, "the new text")
    await one.log.revise(ROOM, gone, CHANGED, lambda _: Revision({"deleted": True}), author=ANN)
    rows = sqlite3.connect(f"file:{tmp_path / 'log.db'}?mode=ro", uri=True)
    told = str(rows.execute("SELECT * FROM log").fetchall())
    rows.close()
    assert "the new text" in told
    assert "secret" not in told
    assert "middle" not in told


async def test_catching_up_tells_the_record_as_it_is_now(one: Replica) -> None:
    seq = await one.say("old")
    await one.edit(seq, "new")
    missed = await one.log.entries(ROOM, Seq(0))
    assert [event for event, _ in missed.entries] == ["tests.said", "tests.changed"]
    assert [missed.entries[0][1]["text"], missed.entries[1][1]["message"]["text"]] == ["new", "new"]
    assert missed.entries[1][1]["message"]["seq"] == seq


async def test_a_notice_of_its_own_fields_carries_those(one: Replica) -> None:
    await one.open()
    seq = await one.say("old")
    change = Revision({"text": "old", "likes": 1}, fields={"message_seq": seq, "likes": 1})
    await one.log.revise(ROOM, seq, CHANGED, lambda _: change, author=ANN)
    assert one.ears.heard[ROOM][-1] == ("tests.changed", {"room": ROOM, "seq": 2, "message_seq": seq, "likes": 1})
    assert (await one.log.page(ROOM, Window(1))).records[0].state["likes"] == 1
