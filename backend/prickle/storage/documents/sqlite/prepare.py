"""Makes a file ready at start, or says in one line why it cannot be used."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from prickle.contract.documents import Migration
from prickle.storage.documents.collection import Collection
from prickle.storage.documents.errors import StoreRefused
from prickle.storage.documents.migrations import by_collection
from prickle.storage.documents.sqlite.connection import begin, connect
from prickle.storage.documents.sqlite.tables import CATALOGUE, ensure

LAYOUT = 1
"""How tables are laid out in the file, kept in `user_version`; a newer one is not ours to read."""


def prepare(path: Path, collections: Sequence[Collection[Any]], migrations: Sequence[Migration]) -> None:
    """Create or bring forward everything in one transaction.

    Raises:
        StoreRefused: with the reason and the way out.
    """
    grouped = by_collection(migrations, (collection.name for collection in collections))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(connect(path)) as connection:
            _use_write_ahead_log(connection)
            begin(connection)
            _check_layout(connection, path)
            for collection in collections:
                ensure(connection, collection, grouped.get(collection.name, ()))
            connection.execute("COMMIT")
    except (sqlite3.Error, OSError) as error:
        raise StoreRefused(
            f"{path}: {error}; check that it is a database of this program on a writable disk"
        ) from error


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA busy_timeout=5000")
    (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
    if mode != "wal":
        raise sqlite3.OperationalError(f"the disk does not support a write-ahead log (journal mode {mode})")


def _check_layout(connection: sqlite3.Connection, path: Path) -> None:
    (layout,) = connection.execute("PRAGMA user_version").fetchone()
    if layout > LAYOUT:
        raise StoreRefused(
            f"{path} was written by a newer version (layout {layout}, this one knows {LAYOUT}); start the newer one again"
        )
    if layout < LAYOUT:
        connection.execute(CATALOGUE)
        connection.execute("CREATE TABLE prickle_probe (padding BLOB NOT NULL) STRICT")
        connection.execute("INSERT INTO prickle_probe VALUES (x'')")
        connection.execute(f"PRAGMA user_version={LAYOUT}")


def probe(connection: sqlite3.Connection) -> None:
    """Write 64 KiB that nobody reads, to learn whether the disk has room for more than one lucky page."""
    connection.execute("UPDATE prickle_probe SET padding = zeroblob(65536)")
