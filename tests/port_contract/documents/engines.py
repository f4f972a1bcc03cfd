"""The adapters that the suite runs on: SQLite always, MongoDB's protocol wherever a server can be had."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from prickle.contract.documents import Documents, Migration, Model
from prickle.storage.documents import SqliteDocuments
from prickle.storage.documents.mongo.adapter import MongoDocuments
from tests.port_contract import ferretdb

MONGO_URL = os.environ.get("PRICKLE_TEST_MONGO_URL")


@runtime_checkable
class Store(Documents, Protocol):
    """An adapter as whoever starts the server sees it."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def check(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where an engine keeps its data for one test; every store that is made of it sees the same data."""

    engine: str
    location: str

    def store(self, models: Sequence[type[Model]], migrations: Sequence[Migration] = ()) -> Store:
        if self.engine == "sqlite":
            return SqliteDocuments(Path(self.location), models, migrations)
        url, _, database = self.location.rpartition("#")
        return MongoDocuments(url, database, models, migrations)


def engines() -> list[str]:
    """Return the names of what can be run here."""
    found = ["sqlite"]
    if ferretdb.is_available():
        found.append("ferretdb")
    if MONGO_URL:
        found.append("mongodb")
    return found
