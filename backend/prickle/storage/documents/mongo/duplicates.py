"""Which unique index has refused a write."""

from collections.abc import Mapping
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError, OperationFailure, PyMongoError

from prickle.storage.documents.collection import Collection
from prickle.storage.documents.mongo.connection import Raw

_DUPLICATE_KEY = 11000
_INTERNAL_ERROR = 1


def refusal(error: PyMongoError) -> Mapping[str, Any] | None:
    """Return the server's words about a unique index that refused, or `None` if it is about something else."""
    if not isinstance(error, OperationFailure):
        return None
    details: Mapping[str, Any] = error.details or {}
    if isinstance(error, BulkWriteError):
        details = details["writeErrors"][0] if details.get("writeErrors") else {}
    code, message = details.get("code"), str(details.get("errmsg"))
    # FerretDB 1 answers a refused `findAndModify` with its own engine's error.
    is_wrapped = code == _INTERNAL_ERROR and "UNIQUE constraint failed" in message
    return details if code == _DUPLICATE_KEY or is_wrapped else None


async def colliding_fields(
    collection: Collection[Any], server: AsyncCollection[Raw], details: Mapping[str, Any], raw: Raw, *, is_new: bool
) -> tuple[str, ...]:
    """Return the field names of the index that refused `raw`; where the server does not tell, look for the other document."""
    names = {stored.key: name for name, stored in collection.fields.items()}
    if "keyPattern" in details:
        return tuple(names[key] for key in details["keyPattern"])
    candidates = _candidates(collection, raw, is_new=is_new)
    if not candidates:
        return ()
    # One query for all of them: FerretDB, which it is for, reads the whole collection for each.
    others = await server.find({"$or": [condition for _, condition in candidates]}).to_list()
    for fields, _ in candidates:
        values = [(collection.fields[name].key, raw[collection.fields[name].key]) for name in fields]
        if any(all(other.get(key) == value for key, value in values) for other in others):
            return fields
    return ()


def _candidates(collection: Collection[Any], raw: Raw, *, is_new: bool) -> list[tuple[tuple[str, ...], Raw]]:
    """Return the fields of each index that may have refused `raw`, and what another document must have for that."""
    found: list[tuple[tuple[str, ...], Raw]] = [((collection.primary,), {"_id": raw["_id"]})] if is_new else []
    for index in collection.indexes:
        fields = tuple(name for name, _ in index.fields)
        same = {collection.fields[name].key: raw.get(collection.fields[name].key) for name in fields}
        if index.unique and None not in same.values():
            found.append((fields, {**same, "_id": {"$ne": raw["_id"]}}))
    return found
