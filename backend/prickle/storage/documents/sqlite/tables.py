"""Brings the file to what the models declare: tables, new fields, indexes, migrations; or refuses to touch it."""

# ruff: noqa: S608  identifiers are declared names in quotes, values are always parameters

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from prickle.contract.documents import Migration
from prickle.storage.documents.collection import Collection, StoredField, StoredIndex
from prickle.storage.documents.errors import StoreRefused
from prickle.storage.documents.kinds import Kind
from prickle.storage.documents.migrations import pending
from prickle.storage.documents.plain import plain
from prickle.storage.documents.sqlite.sql import FROM_COLUMN, quoted, to_column

COLUMN_TYPES = {
    Kind.TEXT: "TEXT",
    Kind.INTEGER: "INTEGER",
    Kind.NUMBER: "REAL",
    Kind.BOOLEAN: "INTEGER",
    Kind.DATE: "INTEGER",
    Kind.OBJECT_ID: "TEXT",
    Kind.BYTES: "BLOB",
    Kind.JSON: "TEXT",
}

CATALOGUE = """CREATE TABLE prickle_collections (
    name TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, kinds TEXT NOT NULL
) STRICT"""


def ensure(connection: sqlite3.Connection, collection: Collection[Any], migrations: Sequence[Migration]) -> None:
    """Create or bring forward one collection, inside the caller's transaction.

    Raises:
        StoreRefused: its data is newer, or does not fit the declaration and no migration says how it should.
    """
    query = "SELECT version, kinds FROM prickle_collections WHERE name = ?"
    known = connection.execute(query, [collection.name]).fetchone()
    if known is None:
        _create(connection, collection, collection.name)
        kinds = _declared(collection)
    else:
        kinds = {name: Kind(kind) for name, kind in json.loads(known[1]).items()}
        waiting = pending(collection.name, known[0], migrations)
        if waiting:
            _migrate(connection, collection, kinds, waiting)
            kinds = _declared(collection)
        kinds = {**kinds, **_add_fields(connection, collection, kinds)}
    entry = (collection.name, len(migrations), json.dumps(kinds))
    if known != entry[1:]:
        connection.execute("INSERT OR REPLACE INTO prickle_collections VALUES (?, ?, ?)", entry)
    _ensure_indexes(connection, collection)


def _declared(collection: Collection[Any]) -> dict[str, Kind]:
    return {name: stored.kind for name, stored in collection.fields.items()}


def _create(connection: sqlite3.Connection, collection: Collection[Any], table: str) -> None:
    columns = [f"{quoted(stored.name)} {COLUMN_TYPES[stored.kind]}" for stored in collection.fields.values()]
    key = f"PRIMARY KEY ({quoted(collection.primary)})"
    connection.execute(f"CREATE TABLE {quoted(table)} ({', '.join(columns)}, {key}) STRICT")


def _add_fields(
    connection: sqlite3.Connection, collection: Collection[Any], kinds: Mapping[str, Kind]
) -> Mapping[str, Kind]:
    added = {}
    for stored in collection.fields.values():
        if stored.name not in kinds:
            _add_field(connection, collection.name, stored)
            added[stored.name] = stored.kind
        elif kinds[stored.name] != stored.kind:
            raise StoreRefused(
                f"{collection.name}.{stored.name} is kept as {kinds[stored.name]} but declared as {stored.kind};"
                " the plugin needs a migration"
            )
    return added


def _add_field(connection: sqlite3.Connection, collection: str, stored: StoredField) -> None:
    table, column = quoted(collection), quoted(stored.name)
    is_empty = connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is None
    if stored.info.is_required() and not stored.nullable and not is_empty:
        raise StoreRefused(f"{collection}.{stored.name} is new: give it a default, or the plugin needs a migration")
    connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {COLUMN_TYPES[stored.kind]}")
    if not is_empty and stored.default is not None:
        connection.execute(f"UPDATE {table} SET {column} = ?", [to_column(stored.kind, stored.default)])


def _ensure_indexes(connection: sqlite3.Connection, collection: Collection[Any]) -> None:
    wanted = {f"{collection.name}: {index.name}": index for index in collection.indexes}
    query = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
    present = {name for (name,) in connection.execute(query, [collection.name])}
    for name in present - set(wanted):
        connection.execute(f"DROP INDEX {quoted(name)}")
    for name in wanted.keys() - present:
        _create_index(connection, collection.name, name, wanted[name])


def _create_index(connection: sqlite3.Connection, collection: str, name: str, index: StoredIndex) -> None:
    columns = ", ".join(f"{quoted(field)} {'ASC' if way > 0 else 'DESC'}" for field, way in index.fields)
    unique = "UNIQUE " if index.unique else ""
    try:
        connection.execute(f"CREATE {unique}INDEX {quoted(name)} ON {quoted(collection)} ({columns})")
    except sqlite3.IntegrityError as error:
        raise StoreRefused(f"{collection}: its data breaks the new index ({index.name})") from error


def _migrate(
    connection: sqlite3.Connection,
    collection: Collection[Any],
    kinds: Mapping[str, Kind],
    migrations: Sequence[Migration],
) -> None:
    table, fresh = quoted(collection.name), f"{collection.name} (migrating)"
    _create(connection, collection, fresh)
    marks = ", ".join("?" * len(collection.fields))
    stored_columns = ", ".join(quoted(name) for name in kinds)
    for row in connection.execute(f"SELECT {stored_columns} FROM {table}"):
        values = {name: _read(kind, column) for (name, kind), column in zip(kinds.items(), row, strict=True)}
        for migration in migrations:
            values = migration.apply(values)
        columns = [to_column(stored.kind, plain(values.get(name))) for name, stored in collection.fields.items()]
        connection.execute(f"INSERT INTO {quoted(fresh)} VALUES ({marks})", columns)
    connection.execute(f"DROP TABLE {table}")
    connection.execute(f"ALTER TABLE {quoted(fresh)} RENAME TO {table}")


def _read(kind: Kind, column: Any) -> Any:
    return FROM_COLUMN[kind](column) if column is not None and kind in FROM_COLUMN else column
