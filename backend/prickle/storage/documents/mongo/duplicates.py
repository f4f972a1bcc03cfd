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
    if is_new and await server.find_one({"_id": raw["_id"]}, {"_id": 1}):
        return (collection.primary,)
    for index in collection.indexes:
        fields = tuple(name for name, _ in index.fields)
        same = {collection.fields[name].key: raw.get(collection.fields[name].key) for name in fields}
        others = {"$and": [same, {"_id": {"$ne": raw["_id"]}}]}
        if index.unique and None not in same.values() and await server.find_one(others, {"_id": 1}):
            return fields
    return ()
