"""Makes a database ready at start: catalogue, migrations, new fields, indexes; or says in one line why it cannot be used."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import IndexModel, timeout
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import OperationFailure, PyMongoError

from prickle.contract.documents import Migration
from prickle.storage.documents.collection import Collection, StoredField, StoredIndex
from prickle.storage.documents.errors import StoreRefused
from prickle.storage.documents.migrations import by_collection, pending
from prickle.storage.documents.mongo.connection import Database, Raw, without_credentials
from prickle.storage.documents.mongo.migrate import migrate

CATALOGUE = "prickle_collections"
START_TIMEOUT_S = 3.0
PREPARE_TIMEOUT_S = 3600.0
"""A new index or a migration of a long log takes its time."""

_NOT_IMPLEMENTED = 238


async def prepare(
    database: Database, url: str, collections: Sequence[Collection[Any]], migrations: Sequence[Migration]
) -> None:
    """Create or bring forward every collection. Each step may run again after a crash, or on two replicas at once.

    Raises:
        StoreRefused: with the reason and the way out.
    """
    grouped = by_collection(migrations, (collection.name for collection in collections))
    try:
        with timeout(START_TIMEOUT_S):
            await database.command("ping")
        with timeout(PREPARE_TIMEOUT_S):
            for collection in collections:
                await _ensure(database, collection, grouped.get(collection.name, ()))
    except PyMongoError as error:
        # What the driver says goes on with its own settings and its view of every server.
        reason = re.split(r" \(configured timeouts|, full error|, Timeout: |, Topology Description", str(error))[0]
        raise StoreRefused(f"MongoDB at {without_credentials(url)} (storage.documents_url): {reason}") from error


async def _ensure(database: Database, collection: Collection[Any], migrations: Sequence[Migration]) -> None:
    catalogue, server = database[CATALOGUE], database[collection.name]
    known = await catalogue.find_one({"_id": collection.name})
    declared = {name: str(stored.kind) for name, stored in collection.fields.items()}
    kinds: Mapping[str, str] = declared
    if known is not None:
        kinds = known["kinds"]
        waiting = pending(collection.name, known["version"], migrations)
        if waiting:
            await migrate(server, collection, known["version"], waiting)
            kinds = declared
        await _add_fields(server, collection, kinds)
    entry = {"_id": collection.name, "version": len(migrations), "kinds": {**kinds, **declared}}
    if known != entry:
        await catalogue.replace_one({"_id": collection.name}, entry, upsert=True)
    await _ensure_indexes(server, collection)


async def _add_fields(server: AsyncCollection[Raw], collection: Collection[Any], kinds: Mapping[str, str]) -> None:
    for stored in collection.fields.values():
        if stored.name not in kinds:
            await _add_field(server, collection.name, stored)
        elif kinds[stored.name] != stored.kind:
            raise StoreRefused(
                f"{collection.name}.{stored.name} is kept as {kinds[stored.name]} but declared as {stored.kind};"
                " the plugin needs a migration"
            )


async def _add_field(server: AsyncCollection[Raw], collection: str, stored: StoredField) -> None:
    if stored.info.is_required() and not stored.nullable and await server.find_one({}) is not None:
        raise StoreRefused(f"{collection}.{stored.name} is new: give it a default, or the plugin needs a migration")
    if stored.default is not None:
        await server.update_many({stored.key: {"$exists": False}}, {"$set": {stored.key: stored.default}})


async def _ensure_indexes(server: AsyncCollection[Raw], collection: Collection[Any]) -> None:
    wanted = {index.name: index for index in collection.indexes}
    present = {index["name"] async for index in await server.list_indexes()} - {"_id_"}
    for name in present - wanted.keys():
        await server.drop_index(name)
    for name in wanted.keys() - present:
        await _create_index(server, collection, wanted[name])


async def _create_index(server: AsyncCollection[Raw], collection: Collection[Any], index: StoredIndex) -> None:
    keys = [(collection.fields[name].key, way) for name, way in index.fields]
    nullable = [collection.fields[name].key for name, _ in index.fields if collection.fields[name].nullable]
    options: dict[str, Any] = {"name": index.name, "unique": index.unique}
    # Documents with `None`, which is absent, in one of the fields do not collide.
    partial = (
        {"partialFilterExpression": {key: {"$exists": True} for key in nullable}} if index.unique and nullable else {}
    )
    try:
        try:
            await server.create_indexes([IndexModel(keys, **options, **partial)])
        except OperationFailure as error:
            if error.code != _NOT_IMPLEMENTED:
                raise
            # FerretDB 1 has no partial indexes, but its unique ones let absent values repeat anyway.
            await server.create_indexes([IndexModel(keys, **options)])
    except OperationFailure as error:
        if not index.unique:
            raise
        raise StoreRefused(f"{collection.name}: its data breaks the new index ({index.name})") from error
