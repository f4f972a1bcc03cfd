"""The documents port on a SQLite file."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from prickle.contract.documents import Migration, Model, UnsupportedQuery
from prickle.storage.documents.change import read_change
from prickle.storage.documents.collection import Collection, read_models
from prickle.storage.documents.errors import unavailable
from prickle.storage.documents.query import read_sort, read_where
from prickle.storage.documents.sqlite.connection import GroupCommit, Reads
from prickle.storage.documents.sqlite.prepare import prepare, probe
from prickle.storage.documents.sqlite.sql import Statement, order_clause, where_clause
from prickle.storage.documents.sqlite.statements import ROWS_PER_DELETE, Row, Statements
from prickle.storage.documents.sqlite.worker import Workers

M = TypeVar("M", bound=Model)
R = TypeVar("R")

READERS = 2
MAX_GROUP = 500
"""Writes in one transaction at most: bounds how long the first of them waits for the last."""
GATHER_S = 0.008
"""From one transaction to the next at least, while writes crowd. Each costs a sync of the disk and two hand-overs between
threads, whatever is in it."""


class SqliteDocuments:
    """`prickle.contract.documents.Documents` on one file that several processes of one machine may share.

    `models` are all declared collections. The file must be on a local disk: SQLite's shared memory does not work over a
    network.
    """

    def __init__(self, path: Path, models: Sequence[type[Model]], migrations: Sequence[Migration] = ()) -> None:
        self._path = path
        self._migrations = migrations
        self._statements: dict[type[Model], Statements[Any]] = {
            model: Statements(collection) for model, collection in read_models(models).items()
        }
        self._commit = GroupCommit(path)
        self._writer: Workers | None = None
        self._readers: Workers | None = None

    async def open(self) -> None:
        """Create what is missing and start the threads.

        Raises:
            StoreRefused: the file cannot be used, or its data does not fit the models.
        """
        collections = [statements.collection for statements in self._statements.values()]
        await asyncio.to_thread(prepare, self._path, collections, self._migrations)
        self._writer = Workers("documents-writer", [self._commit], MAX_GROUP, GATHER_S)
        self._readers = Workers("documents-reader", [Reads(self._path) for _ in range(READERS)], 1)

    async def close(self) -> None:
        """Finish what was asked for and end the threads; the file is whole at any time, closed or not."""
        for workers in (self._writer, self._readers):
            if workers is not None:
                await workers.close()

    async def check(self) -> None:
        """Return if the store answers, and takes writes again after one has failed.

        Raises:
            Unavailable: it does not.
        """
        await self._read(lambda connection: connection.execute("SELECT 1").fetchall())
        if self._commit.is_failing:
            await self._write(probe)

    @property
    def commits(self) -> int:
        """How many transactions this instance has written; many writes share one."""
        return self._commit.commits

    async def insert(self, *documents: Model) -> None:
        """See the port."""
        pairs = [(statements := self._of(type(document)), statements.row(document)) for document in documents]
        groups = [
            (statements, [row for _, row in group]) for statements, group in groupby(pairs, key=lambda pair: pair[0])
        ]
        await self._write(lambda connection: _insert(connection, groups))

    async def find(self, model: type[M], *where: Any, sort: Sequence[Any] = (), limit: int | None = None) -> list[M]:
        """See the port."""
        statements = self._of(model)
        clause = _where(statements.collection, where)
        order = order_clause(read_sort(statements.collection, sort))
        if limit is not None and limit < 0:
            raise ValueError("limit is not negative")
        return await self._read(lambda connection: statements.find(connection, clause, order, limit))

    async def find_one(self, model: type[M], *where: Any, sort: Sequence[Any] = ()) -> M | None:
        """See the port."""
        found = await self.find(model, *where, sort=sort, limit=1)
        return found[0] if found else None

    async def update(
        self,
        model: type[M],
        *where: Any,
        set: Mapping[str, Any] | None = None,
        inc: Mapping[str, int | float] | None = None,
        upsert: M | None = None,
    ) -> M | None:
        """See the port."""
        statements = self._of(model)
        clause = _where(statements.collection, where)
        change = read_change(statements.collection, set, inc)
        row = None if upsert is None else statements.row(upsert)
        return await self._write(lambda connection: statements.update(connection, clause, change, row))

    async def delete(self, model: type[M], *where: Any) -> int:
        """See the port."""
        statements = self._of(model)
        clause = _where(statements.collection, where)
        if not where:
            raise UnsupportedQuery(f"{statements.collection.name}: delete needs a condition")
        deleted = 0
        while True:
            step = await self._write(lambda connection: statements.delete(connection, clause))
            deleted += step
            if step < ROWS_PER_DELETE:
                return deleted

    async def count(self, model: type[M], *where: Any) -> int:
        """See the port."""
        statements = self._of(model)
        clause = _where(statements.collection, where)
        return await self._read(lambda connection: statements.count(connection, clause))

    def _of(self, model: type[M]) -> Statements[M]:
        try:
            return self._statements[model]
        except KeyError:
            raise UnsupportedQuery(f"{model.__name__} is not among the declared collections") from None

    async def _write(self, run: Callable[[sqlite3.Connection], R]) -> R:
        return await _opened(self._writer).submit(run)

    async def _read(self, run: Callable[[sqlite3.Connection], R]) -> R:
        return await _opened(self._readers).submit(run)


def _opened(workers: Workers | None) -> Workers:
    if workers is None:
        raise unavailable()
    return workers


def _where(collection: Collection[Any], where: Sequence[Any]) -> Statement:
    return where_clause(read_where(collection, where))


def _insert(connection: sqlite3.Connection, groups: Sequence[tuple[Statements[Any], Sequence[Row]]]) -> None:
    before = 0
    for statements, rows in groups:
        statements.insert(connection, rows, before)
        before += len(rows)
