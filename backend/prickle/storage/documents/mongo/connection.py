"""The client, with bounded waiting and durable writes, and the driver's errors in the port's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Any

from bson import Int64
from bson.codec_options import CodecOptions, TypeDecoder, TypeRegistry
from pymongo import AsyncMongoClient, ReadPreference
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from prickle.storage.documents.errors import unavailable

SELECTION_TIMEOUT_MS = 3_000
OPERATION_TIMEOUT_MS = 8_000
"""From the call to its end, retries included."""

Raw = dict[str, Any]
Client = AsyncMongoClient[Raw]
Database = AsyncDatabase[Raw]

_AWAY_CODES = {91, 189, 10107, 11600, 11602, 13435, 14031}
"""Shutting down, stepping down, not the primary, interrupted, and out of disk space."""
_INTERNAL_ERROR = 1


class _PlainIntegers(TypeDecoder):
    """The driver reads a long integer as a type of its own."""

    bson_type = Int64

    def transform_bson(self, value: Any) -> int:
        return int(value)


_CODEC: CodecOptions[Raw] = CodecOptions(tz_aware=True, tzinfo=UTC, type_registry=TypeRegistry([_PlainIntegers()]))


def connect(url: str) -> Client:
    """Return a client; it connects when it is first used."""
    return AsyncMongoClient(
        url,
        serverSelectionTimeoutMS=SELECTION_TIMEOUT_MS,
        connectTimeoutMS=SELECTION_TIMEOUT_MS,
        timeoutMS=OPERATION_TIMEOUT_MS,
        appname="prickle",
    )


def database(client: Client, name: str) -> Database:
    """Return the database: what is acknowledged is on the disks of a majority, and so is what is read."""
    return client.get_database(
        name,
        codec_options=_CODEC,
        write_concern=WriteConcern(w="majority", j=True),
        read_concern=ReadConcern("majority"),
        read_preference=ReadPreference.PRIMARY,
    )


def without_credentials(url: str) -> str:
    """Return the part of a URL that may be shown."""
    return url.partition("://")[2].rpartition("@")[2].partition("?")[0].rstrip("/")


def is_away(error: PyMongoError) -> bool:
    """Tell whether the server cannot answer right now, as opposed to refusing what it was asked.

    A write that no majority has confirmed belongs to it: it may be undone yet.
    """
    if isinstance(error, (ConnectionFailure, ExecutionTimeout, WriteConcernError)) or error.timeout:
        return True
    if isinstance(error, BulkWriteError):
        if error.details.get("writeConcernErrors"):
            return True
        return any(each["code"] in _AWAY_CODES for each in error.details.get("writeErrors", ()))
    # FerretDB 1 answers with its own engine's error when its disk is full.
    is_full = getattr(error, "code", None) == _INTERNAL_ERROR and "disk is full" in str(error)
    return isinstance(error, OperationFailure) and (error.code in _AWAY_CODES or is_full)


@contextmanager
def guarded() -> Iterator[None]:
    """Turn a server that is away into `Unavailable`."""
    try:
        yield
    except PyMongoError as error:
        if is_away(error):
            raise unavailable() from error
        raise
