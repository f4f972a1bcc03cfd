"""A crash between an entry and what follows from it: whoever notices first brings both together again."""

from pathlib import Path

import pytest

from prickle.contract.errors import Unavailable
from prickle.contract.log import Entry, Window
from prickle.contract.types import Seq
from prickle.log.tests.replicas import ANN, BOB, JOINED, ROOM, Replica, replica
from prickle.storage.bus.memory import MemoryHub


class Members:
    """An effect as plugins have them: idempotent, and broken if a test wants it."""

    def __init__(self, replica: Replica) -> None:
        self.joined: list[str] = []
        self.broken: Exception | None = None
        replica.log.effect(JOINED, self.apply)

    async def apply(self, entry: Entry) -> None:
        if self.broken is not None:
            raise self.broken
        self.joined.append(entry.fields["user"])


async def pending(replica: Replica) -> list[int]:
    return [row.seq for row in await replica.rows() if row.pending]


async def crash_while_editing(replica: Replica, seq: Seq) -> None:
    replica.documents.breaks_before_update = True
    with pytest.raises(Unavailable):
        await replica.edit(seq, "new")
    replica.documents.breaks_before_update = False
    assert await pending(replica) == [2]


async def test_an_edit_that_was_cut_off_is_seen_by_every_read(one: Replica, other: Replica) -> None:
    seq = await one.say("old")
    await crash_while_editing(one, seq)
    assert (await other.log.get(ROOM, seq)).state == {"text": "new"}
    assert (await other.log.page(ROOM, Window(1))).records[0].state == {"text": "new"}
    missed = await other.log.entries(ROOM, Seq(1))
    assert missed.entries[0][1]["message"]["text"] == "new"


async def test_an_edit_that_was_cut_off_is_finished_at_the_next_start(tmp_path: Path) -> None:
    async with replica(tmp_path, MemoryHub()) as crashed:
        seq = await crashed.say("old")
        await crash_while_editing(crashed, seq)
    async with replica(tmp_path, MemoryHub()) as started:
        assert await pending(started) == []
        record, change = await started.rows()
        assert (record.body, record.revision, change.body) == ({"text": "new"}, 2, {"fields": None})


async def test_an_edit_on_top_of_one_that_was_cut_off_wins(one: Replica, other: Replica) -> None:
    seq = await one.say("old")
    await crash_while_editing(one, seq)
    await other.edit(seq, "newest")
    await one.log._settlement.sweep(grace_ms=0)
    assert (await one.log.get(ROOM, seq)).state == {"text": "newest"}
    assert await pending(one) == []


async def test_a_cut_off_entry_still_reaches_the_open_rooms(one: Replica, other: Replica) -> None:
    await other.open()
    seq = await one.say("old")
    await crash_while_editing(one, seq)
    assert other.ears.seqs() == [1, 2]


async def test_an_effect_comes_before_the_answer_and_once(one: Replica) -> None:
    members = Members(one)
    await one.log.append(ROOM, JOINED, {"user": BOB}, author=ANN)
    assert members.joined == [BOB]
    assert await one.log._settlement.sweep(grace_ms=0) == 0


async def test_an_effect_that_was_cut_off_is_had_at_the_next_start(tmp_path: Path) -> None:
    async with replica(tmp_path, MemoryHub()) as crashed:
        Members(crashed).broken = Unavailable("core.store_unavailable", "Gone.")
        with pytest.raises(Unavailable):
            await crashed.log.append(ROOM, JOINED, {"user": BOB}, author=ANN)
    hub = MemoryHub()
    started = Replica(tmp_path, hub)
    members = Members(started)
    await started.documents.open()
    await started.log.start()
    assert members.joined == [BOB]
    assert await pending(started) == []
    await started.log.stop()
    await started.documents.close()


async def test_a_retry_has_the_effect_that_the_first_one_missed(one: Replica, other: Replica) -> None:
    ones, others = Members(one), Members(other)
    ones.broken = Unavailable("core.store_unavailable", "Gone.")
    with pytest.raises(Unavailable):
        await one.log.append(ROOM, JOINED, {"user": BOB}, author=ANN, once="1")
    entry = await other.log.append(ROOM, JOINED, {"user": BOB}, author=ANN, once="1")
    assert (entry.seq, others.joined, await pending(one)) == (1, [BOB], [])
    assert len(await one.rows()) == 1


async def test_a_replica_leaves_what_is_young_to_the_one_that_wrote_it(one: Replica, other: Replica) -> None:
    members = Members(other)
    Members(one).broken = Unavailable("core.store_unavailable", "Gone.")
    with pytest.raises(Unavailable):
        await one.log.append(ROOM, JOINED, {"user": BOB}, author=ANN)
    assert await other.log._settlement.sweep() == 0
    assert members.joined == []


async def test_a_broken_effect_costs_its_caller_an_error_and_holds_up_nothing(one: Replica, other: Replica) -> None:
    members = Members(one)
    members.broken = ZeroDivisionError("a defect")
    with pytest.raises(ZeroDivisionError):
        await one.log.append(ROOM, JOINED, {"user": BOB}, author=ANN)
    seq = await one.say("old")
    one.documents.breaks_before_update = True
    with pytest.raises(Unavailable):
        await one.edit(seq, "new")
    one.documents.breaks_before_update = False
    assert await one.log._settlement.sweep(grace_ms=0) == 1
    assert await pending(one) == [1]
    members.broken = None
    assert await one.log._settlement.sweep(grace_ms=0) == 1
    assert members.joined == [BOB]
