"""Brings stored documents forward, each exactly once, on a server that may have no transactions."""

from collections.abc import Sequence
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection

from prickle.contract.documents import Migration
from prickle.storage.documents.collection import Collection
from prickle.storage.documents.mongo.connection import Raw
from prickle.storage.documents.plain import plain

STAMP = "_schema"
"""While a migration is under way, the number of the last one that a document has been through."""


async def migrate(
    server: AsyncCollection[Raw], collection: Collection[Any], version: int, migrations: Sequence[Migration]
) -> None:
    """Apply `migrations` to every document that they have not reached.

    A crash, or a second replica that does the same, finds the stamps and goes on; the stamps stay until the next run.
    """
    last = migrations[-1].number
    names = {stored.key: name for name, stored in collection.fields.items()}
    async for raw in server.find({STAMP: {"$ne": last}}):
        reached = raw.pop(STAMP, version)
        values = {names.get(key, key): value for key, value in raw.items()}
        for migration in migrations:
            if migration.number > reached:
                values = migration.apply(values)
        fresh = {stored.key: plain(values.get(name)) for name, stored in collection.fields.items()}
        kept = {key: value for key, value in fresh.items() if value is not None}
        await server.replace_one({"_id": raw["_id"], STAMP: {"$ne": last}}, {**kept, STAMP: last})
