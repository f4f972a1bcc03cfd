"""The documents port on a MongoDB server."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, TypeVar

from pymongo import ReturnDocument, timeout
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError, OperationFailure

from prickle.contract.documents import DuplicateKey, Migration, Model, UnsupportedQuery
from prickle.storage.documents.change import Change, read_change
from prickle.storage.documents.collection import Collection, read_models
from prickle.storage.documents.errors import unavailable
from prickle.storage.documents.mongo.connection import Client, Database, Raw, connect, database, guarded
from prickle.storage.documents.mongo.documents import from_raw, to_filter, to_raw, to_sort, to_update
from prickle.storage.documents.mongo.duplicates import colliding_fields, refusal
from prickle.storage.documents.mongo.prepare import prepare
from prickle.storage.documents.query import read_sort, read_where

M = TypeVar("M", bound=Model)

CHECK_TIMEOUT_S = 1.0
"""Whoever probes a replica waits for a few seconds only."""
INSERTS_PER_COMMAND = 100
"""FerretDB 1 stops at a refused document but goes on with the next hundred of the same command."""


class MongoDocuments:
    """`prickle.contract.documents.Documents` on one database of a server, best a replica set.

    A write is acknowledged when it is in the journals of a majority. Waiting is bounded; a server that is away is
    `Unavailable`, and found again by itself.
    """

    def __init__(
        self, url: str, name: str, models: Sequence[type[Model]], migrations: Sequence[Migration] = ()
    ) -> None:
        self._url = url
        self._migrations = migrations
        self._name = name
        self._client: Client | None = None
        self._collections = read_models(models)

    async def open(self) -> None:
        """Create what is missing.

        Raises:
            StoreRefused: the server cannot be reached or used, or its data does not fit the models.
        """
        self._client = connect(self._url)
        try:
            await prepare(self._database, self._url, list(self._collections.values()), self._migrations)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """End the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def check(self) -> None:
        """Return if the server answers.

        Raises:
            Unavailable: it does not.
        """
        with guarded(), timeout(CHECK_TIMEOUT_S):
            await self._database.command("ping")

    @property
    def _database(self) -> Database:
        if self._client is None:
            raise unavailable()
        return database(self._client, self._name)

    async def insert(self, *documents: Model) -> None:
        """See the port."""
        rows = [(collection := self._of(type(document)), to_raw(collection, document)) for document in documents]
        inserted = 0
        for collection, group in groupby(rows, key=lambda row: row[0]):
            raws = [raw for _, raw in group]
            for first in range(0, len(raws), INSERTS_PER_COMMAND):
                some = raws[first : first + INSERTS_PER_COMMAND]
                await self._insert_in(collection, some, inserted)
                inserted += len(some)

    async def find(self, model: type[M], *where: Any, sort: Sequence[Any] = (), limit: int | None = None) -> list[M]:
        """See the port."""
        collection = self._of(model)
        condition, order = to_filter(read_where(collection, where)), to_sort(read_sort(collection, sort))
        if limit is not None and limit < 0:
            raise ValueError("limit is not negative")
        if limit == 0:  # which MongoDB takes for no limit
            return []
        with guarded():
            cursor = self._server(collection).find(condition, sort=order or None, limit=limit or 0)
            return [from_raw(collection, raw) for raw in await cursor.to_list()]

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
        collection = self._of(model)
        condition = to_filter(read_where(collection, where))
        change = read_change(collection, set, inc)
        fresh = None if upsert is None else to_raw(collection, upsert)
        raw = await self._change(collection, condition, change)
        if raw is None and fresh is not None:
            raw = await self._insert_or_change(collection, fresh, condition, change)
        return None if raw is None else from_raw(collection, raw)

    async def delete(self, model: type[M], *where: Any) -> int:
        """See the port."""
        collection = self._of(model)
        condition = to_filter(read_where(collection, where))
        if not where:
            raise UnsupportedQuery(f"{collection.name}: delete needs a condition")
        with guarded():
            return (await self._server(collection).delete_many(condition)).deleted_count

    async def count(self, model: type[M], *where: Any) -> int:
        """See the port."""
        collection = self._of(model)
        condition = to_filter(read_where(collection, where))
        with guarded():
            return await self._server(collection).count_documents(condition)

    def _of(self, model: type[M]) -> Collection[M]:
        try:
            return self._collections[model]
        except KeyError:
            raise UnsupportedQuery(f"{model.__name__} is not among the declared collections") from None

    def _server(self, collection: Collection[Any]) -> AsyncCollection[Raw]:
        return self._database[collection.name]

    async def _insert_in(self, collection: Collection[Any], raws: list[Raw], before: int) -> None:
        server = self._server(collection)
        with guarded():
            try:
                await server.insert_many(raws, ordered=True)
            except BulkWriteError as error:
                details = refusal(error)
                if details is None:
                    raise
                done = details["index"]
                fields = await colliding_fields(collection, server, details, raws[done], is_new=True)
                raise DuplicateKey(collection.name, fields, before + done) from error

    async def _change(self, collection: Collection[Any], condition: Raw, change: Change) -> Raw | None:
        server, update = self._server(collection), to_update(collection, change)
        with guarded():
            if not update:
                return await server.find_one(condition)
            try:
                return await server.find_one_and_update(condition, update, return_document=ReturnDocument.AFTER)
            except OperationFailure as error:
                if "Failed to apply $inc" in str(error):
                    raise ValueError(f"{collection.name}: the sum has more than 64 bits") from error
                details = refusal(error)
                if details is None:
                    raise
                old = await server.find_one(condition) or {"_id": None}
                new = {**old, **update.get("$set", {})}
                fields = await colliding_fields(collection, server, details, new, is_new=False)
                raise DuplicateKey(collection.name, fields) from error

    async def _insert_or_change(self, collection: Collection[Any], fresh: Raw, condition: Raw, change: Change) -> Raw:
        try:
            await self._insert_in(collection, [fresh], 0)
        except DuplicateKey:
            # Somebody may have inserted it since we looked: then there is something to change now.
            raw = await self._change(collection, condition, change)
            if raw is None:
                raise
            return raw
        return fresh
