"""Which of the driver's errors mean that the server is away, and which index a refusal is about."""

from typing import Any

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WTimeoutError,
)

from prickle.contract.errors import Unavailable
from prickle.storage.documents.mongo.connection import guarded, without_credentials
from prickle.storage.documents.mongo.duplicates import refusal


def bulk(**details: Any) -> BulkWriteError:
    return BulkWriteError({"writeErrors": [], "writeConcernErrors": [], **details})


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect("gone"),
        NetworkTimeout("slow"),
        ServerSelectionTimeoutError("nobody"),
        WTimeoutError("no majority"),
        OperationFailure("disk", 14031),
        OperationFailure("stepping down", 189),
        OperationFailure("[db.go:167 fsql.(*DB).InTransaction] database or disk is full (13)", 1),
        bulk(writeConcernErrors=[{"code": 64, "errmsg": "no majority"}]),
        bulk(writeErrors=[{"index": 0, "code": 14031, "errmsg": "disk"}]),
    ],
)
def test_a_server_that_is_away_is_unavailable(error: PyMongoError) -> None:
    with pytest.raises(Unavailable), guarded():
        raise error


@pytest.mark.parametrize("error", [OperationFailure("bad", 2), bulk(writeErrors=[{"index": 0, "code": 2}])])
def test_a_defect_stays_what_it_is(error: PyMongoError) -> None:
    with pytest.raises(type(error)), guarded():
        raise error


@pytest.mark.parametrize(
    ("error", "is_refusal"),
    [
        (DuplicateKeyError("E11000", 11000, {"code": 11000, "keyPattern": {"room": 1}}), True),
        (bulk(writeErrors=[{"index": 3, "code": 11000, "keyPattern": {"room": 1}}]), True),
        (OperationFailure("x", 1, {"code": 1, "errmsg": "UNIQUE constraint failed: index"}), True),
        (OperationFailure("x", 1, {"code": 1, "errmsg": "something else"}), False),
        (bulk(), False),
        (NetworkTimeout("slow"), False),
    ],
)
def test_a_refusal_by_a_unique_index_is_told_from_the_rest(error: PyMongoError, is_refusal: bool) -> None:
    assert (refusal(error) is not None) == is_refusal


def test_a_url_is_shown_without_its_credentials() -> None:
    assert without_credentials("mongodb://me:p%40ss@a:1,b:2/chat?replicaSet=x") == "a:1,b:2/chat"
    assert without_credentials("mongodb://a/") == "a"
