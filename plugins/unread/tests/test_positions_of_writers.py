"""Where guests wrote is stored in turn, a few at a time, and not message by message."""

from collections.abc import AsyncIterator, Collection
from pathlib import Path
from typing import Any

import pytest

from plugins.unread.backend.models import Mention, Position, Reader
from plugins.unread.backend.service import UnreadService
from plugins.unread.backend.store import UnreadStore
from prickle.contract.log import Place
from prickle.contract.types import RoomId, Seq, UserId
from prickle.storage.documents import SqliteDocuments
from prickle.testing.clock import TurnableClock

READERS = [Reader(RoomId("room_1"), UserId(f"guest_{number}")) for number in range(3)]


class Places:
    """A log whose every entry is a message; something may happen while it is asked."""

    def __init__(self) -> None:
        self.meanwhile: Any = lambda: None

    async def places(self, entries: Collection[tuple[RoomId, Seq]]) -> dict[tuple[RoomId, Seq], Place]:
        self.meanwhile()
        return {(room, seq): Place(seq, seq) for room, seq in entries}


class Scene:
    def __init__(self, documents: SqliteDocuments) -> None:
        self.clock, self.log, self.store = TurnableClock(), Places(), UnreadStore(documents)
        log: Any = self.log
        nobody: Any = None
        self.service = UnreadService(self.store, log, nobody, self.clock)

    async def stored(self) -> list[int]:
        positions = await self.store.positions(READERS)
        return [positions[reader.key].seq if reader.key in positions else 0 for reader in READERS]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    documents = SqliteDocuments(tmp_path / "unread.db", [Position, Mention])
    await documents.open()
    yield Scene(documents)
    await documents.close()


async def test_whoever_wrote_first_is_stored_first_with_what_was_written_last(scene: Scene) -> None:
    for number, reader in enumerate(READERS, 1):
        scene.service.wrote(reader, Seq(number))
        scene.clock.turn(4)
    scene.service.wrote(READERS[0], Seq(10))
    for wanted in ([10, 0, 0], [10, 2, 0], [10, 2, 3]):
        await scene.service.keep_written(waiting_s=11)
        assert await scene.stored() == wanted
        scene.clock.turn(4)


async def test_what_is_written_while_others_are_stored_waits_for_its_own_turn(scene: Scene) -> None:
    scene.service.wrote(READERS[0], Seq(1))
    scene.clock.turn(11)
    scene.log.meanwhile = lambda: scene.service.wrote(READERS[0], Seq(2))
    await scene.service.keep_written(waiting_s=10)
    assert await scene.stored() == [1, 0, 0]
    scene.log.meanwhile = lambda: None
    await scene.service.keep_written(waiting_s=10)
    assert await scene.stored() == [1, 0, 0], "it has not waited yet"
    scene.clock.turn(11)
    await scene.service.keep_written(waiting_s=10)
    assert await scene.stored() == [2, 0, 0]


async def test_at_the_end_all_are_stored(scene: Scene) -> None:
    for number, reader in enumerate(READERS, 1):
        scene.service.wrote(reader, Seq(number))
    await scene.service.keep_written()
    assert await scene.stored() == [1, 2, 3]
