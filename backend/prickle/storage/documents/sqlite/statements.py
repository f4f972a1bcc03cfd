"""The statements of one collection; each method runs on a worker's thread with its connection."""

# ruff: noqa: S608  identifiers are declared names in quotes, values are always parameters

import sqlite3
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from prickle.contract.documents import DuplicateKey, Model
from prickle.storage.documents.change import Change
from prickle.storage.documents.collection import Collection
from prickle.storage.documents.sqlite.sql import FROM_COLUMN, Statement, columns, quoted, to_column

M = TypeVar("M", bound=Model)
Row = Sequence[Any]

ROWS_PER_STATEMENT = 64
ROWS_PER_DELETE = 1_000
"""A bigger deletion goes in steps, between which other writes get their turn."""

_CONSTRAINT_DATATYPE = 3091  # SQLITE_CONSTRAINT_DATATYPE, which Python 3.11 has no name for


class Statements(Generic[M]):
    """SQL for a collection, whose table has the same name."""

    def __init__(self, collection: Collection[M]) -> None:
        self.collection = collection
        self._names = tuple(collection.fields)
        self._kinds = {name: stored.kind for name, stored in collection.fields.items()}
        self._converted = [(name, FROM_COLUMN[kind]) for name, kind in self._kinds.items() if kind in FROM_COLUMN]
        self._table = quoted(collection.name)
        self._columns = columns(collection)
        self._marks = f"({', '.join('?' * len(self._names))})"
        self._insert = f"INSERT INTO {self._table} ({self._columns}) VALUES "

    def row(self, document: Model) -> Row:
        """Return the columns of a document, checked."""
        values = self.collection.take_apart(document)
        return [to_column(kind, values[name]) for name, kind in self._kinds.items()]

    def document(self, row: Row) -> M:
        """Return the document of a row."""
        values = dict(zip(self._names, row, strict=True))
        for name, convert in self._converted:
            if values[name] is not None:
                values[name] = convert(values[name])
        return self.collection.put_together(values)

    def insert(self, connection: sqlite3.Connection, rows: Sequence[Row], before: int = 0) -> None:
        """Write rows in order. Many go in one statement: each statement costs a hand-over between threads.

        Raises:
            DuplicateKey: `before` and the rows that were written are its `inserted`.
        """
        for first in range(0, len(rows), ROWS_PER_STATEMENT):
            chunk = rows[first : first + ROWS_PER_STATEMENT]
            try:
                connection.execute(self._insert_of(len(chunk)), [value for row in chunk for value in row])
            except sqlite3.IntegrityError as error:
                if len(chunk) == 1:
                    raise _refusal(error, self.collection.name, before + first) from error
                self._insert_one_by_one(connection, chunk, before + first)

    def _insert_one_by_one(self, connection: sqlite3.Connection, rows: Sequence[Row], before: int) -> None:
        # The refused statement has undone itself; this finds the row that it was about, and keeps those before it.
        for place, row in enumerate(rows):
            self.insert(connection, [row], before + place)

    def _insert_of(self, count: int) -> str:
        return self._insert + ", ".join([self._marks] * count)

    def find(self, connection: sqlite3.Connection, where: Statement, order: str, limit: int | None) -> list[M]:
        """Return the matching documents."""
        text, parameters = where
        cut = -1 if limit is None else limit
        query = f"SELECT {self._columns} FROM {self._table}{text}{order} LIMIT ?"
        return [self.document(row) for row in connection.execute(query, [*parameters, cut]).fetchall()]

    def update(self, connection: sqlite3.Connection, where: Statement, change: Change, upsert: Row | None) -> M | None:
        """Change one matching row, or write `upsert`, or do nothing."""
        row = self._changed_row(connection, where, change)
        if row is None and upsert is not None:
            self.insert(connection, [upsert])
            row = upsert
        return None if row is None else self.document(row)

    def _changed_row(self, connection: sqlite3.Connection, where: Statement, change: Change) -> Row | None:
        text, parameters = where
        one = f"(SELECT _rowid_ FROM {self._table}{text} LIMIT 1)"
        if not change.set and not change.inc:
            query = f"SELECT {self._columns} FROM {self._table} WHERE _rowid_ = {one}"
            return connection.execute(query, parameters).fetchone()  # type: ignore[no-any-return]  # a row or None
        assignments = [f"{quoted(name)} = ?" for name in change.set]
        assignments += [f"{quoted(name)} = coalesce({quoted(name)}, 0) + ?" for name in change.inc]
        query = f"UPDATE {self._table} SET {', '.join(assignments)} WHERE _rowid_ = {one} RETURNING {self._columns}"
        values = [to_column(self._kinds[name], value) for name, value in change.set.items()]
        try:
            rows = connection.execute(query, [*values, *change.inc.values(), *parameters]).fetchall()
        except sqlite3.IntegrityError as error:
            raise _refusal(error, self.collection.name, 0) from error
        return rows[0] if rows else None

    def delete(self, connection: sqlite3.Connection, where: Statement) -> int:
        """Remove up to `ROWS_PER_DELETE` matching rows and return how many there were."""
        text, parameters = where
        some = f"SELECT _rowid_ FROM {self._table}{text} LIMIT {ROWS_PER_DELETE}"
        return connection.execute(f"DELETE FROM {self._table} WHERE _rowid_ IN ({some})", parameters).rowcount

    def count(self, connection: sqlite3.Connection, where: Statement) -> int:
        """Return how many rows match."""
        text, parameters = where
        query = f"SELECT count(*) FROM {self._table}{text}"
        return connection.execute(query, parameters).fetchone()[0]  # type: ignore[no-any-return]  # always an integer


def _refusal(error: sqlite3.IntegrityError, collection: str, inserted: int) -> Exception:
    if error.sqlite_errorcode == _CONSTRAINT_DATATYPE:
        # The only value that can get here with a wrong type is a sum that has outgrown its integer.
        return ValueError(f"{collection}: the sum has more than 64 bits")
    listed = str(error).partition(": ")[2]
    return DuplicateKey(collection, tuple(name.rpartition(".")[2] for name in listed.split(", ")), inserted)
