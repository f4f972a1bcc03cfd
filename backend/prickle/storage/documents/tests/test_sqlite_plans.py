"""The queries of a room's log use their indexes: no scan, no sorting, however long the log is."""

import sqlite3
from typing import Any, ClassVar

import pytest

from prickle.contract.documents import Index, Model, and_, asc, desc, in_, or_
from prickle.storage.documents.collection import read_models
from prickle.storage.documents.query import read_sort, read_where
from prickle.storage.documents.sqlite.sql import order_clause, where_clause
from prickle.storage.documents.sqlite.tables import CATALOGUE, ensure


class Line(Model):
    room: str
    seq: int
    once: str
    kind: str = "change"

    model_config: ClassVar[Any] = {
        "collection": "lines",
        "indexes": lambda: [
            Index(Line.room, desc(Line.seq), unique=True),
            Index(Line.room, Line.once, unique=True),
            Index(Line.room, Line.kind, Line.seq),
        ],
    }


LINES = read_models([Line])[Line]


@pytest.fixture
def connection() -> Any:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute(CATALOGUE)
    ensure(connection, LINES, ())
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("where", "sort"),
    [
        ([Line.room == "r", Line.seq < 100], [desc(Line.seq)]),
        ([Line.room == "r", Line.seq > 100], [asc(Line.seq)]),
        ([Line.room == "r"], [desc(Line.seq)]),
        ([Line.room == "r", Line.once == "x"], []),
        ([Line.room == "r", Line.kind == "record", Line.seq < 100], [desc(Line.seq)]),
        ([Line.room == "r", in_(Line.seq, range(1000))], []),
        ([in_(Line.room, ["a", "b"])], []),
        ([or_(*(and_(Line.room == str(seq), Line.seq == seq) for seq in range(50)))], []),
    ],
)
def test_a_query_of_the_log_uses_an_index(connection: sqlite3.Connection, where: list[Any], sort: list[Any]) -> None:
    text, parameters = where_clause(read_where(LINES, where))
    order = order_clause(read_sort(LINES, sort))
    query = f"EXPLAIN QUERY PLAN SELECT * FROM lines{text}{order} LIMIT 50"  # noqa: S608 - made of quoted names
    plan = " / ".join(row[3] for row in connection.execute(query, parameters))
    assert "SEARCH lines USING INDEX" in plan
    assert "SCAN lines" not in plan
    assert "TEMP B-TREE" not in plan
