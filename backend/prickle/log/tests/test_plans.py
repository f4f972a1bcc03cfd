"""Whatever is asked of a log, SQLite finds it by an index: no answer takes longer because a room has more entries."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from prickle.clock import SystemClock
from prickle.contract.log import Window
from prickle.contract.types import Seq
from prickle.log.models import LogEntry
from prickle.log.places import LogPlaces
from prickle.log.reader import LogReader
from prickle.log.settle import Settlement
from prickle.log.tests.replicas import ROOM
from prickle.storage.documents import SqliteDocuments
from prickle.storage.documents.query import read_sort, read_where
from prickle.storage.documents.sqlite.sql import order_clause, where_clause


class ExplainedDocuments(SqliteDocuments):
    """Keeps how each query is run."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, [LogEntry])
        self.plans: list[str] = []

    async def find(self, model: Any, *where: Any, sort: Any = (), limit: int | None = None) -> list[Any]:
        collection = self._of(model).collection
        text, parameters = where_clause(read_where(collection, where))
        query = f"EXPLAIN QUERY PLAN SELECT * FROM log{text}{order_clause(read_sort(collection, sort))} LIMIT -1"  # noqa: S608  # made of quoted names
        steps = await self._read(lambda connection: connection.execute(query, parameters).fetchall())
        self.plans.append(f"{text}: {' / '.join(step[3] for step in steps)}")
        return await super().find(model, *where, sort=sort, limit=limit)


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[ExplainedDocuments]:
    documents = ExplainedDocuments(tmp_path / "log.db")
    await documents.open()
    yield documents
    await documents.close()


def assert_narrow(plans: list[str]) -> None:
    assert plans
    for plan in plans:
        assert "SEARCH log USING INDEX" in plan
        assert "SCAN log" not in plan
        assert "TEMP B-TREE" not in plan
        # A room's entries are found by one more field, except for its last one.
        assert plan.count("(room=?)") == plan.startswith(' WHERE "room" = ?:'), plan


@pytest.mark.parametrize("side", ["newest", "before", "after", "around"])
async def test_a_page_of_history(documents: ExplainedDocuments, side: Any) -> None:
    await LogReader(documents).page(ROOM, Window(50, side, Seq(7)))
    assert_narrow(documents.plans)


async def test_what_a_client_missed_and_one_record(documents: ExplainedDocuments) -> None:
    reader = LogReader(documents)
    await reader.entries(ROOM, Seq(7))
    await reader._current(ROOM, [3, 5])
    await documents.find_one(LogEntry, LogEntry.room == ROOM, LogEntry.once == "guest:1")
    assert_narrow(documents.plans)


async def test_places_and_what_a_crash_left(documents: ExplainedDocuments) -> None:
    places = LogPlaces(documents, LogReader(documents))
    await places.at([(ROOM, Seq(7)), (ROOM, Seq(9))])
    await Settlement(documents, SystemClock(), structlog.get_logger()).sweep()
    assert_narrow(documents.plans)
