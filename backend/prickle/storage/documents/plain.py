"""Values as every engine keeps them: checked, with dates cut to the millisecond and nothing that one engine lacks."""

import math
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import orjson
from bson import ObjectId
from pydantic import BaseModel

MAX_DOCUMENT_BYTES = 1024 * 1024
MIN_INT, MAX_INT = -(2**63), 2**63 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
_EXACT: tuple[Any, ...] = (str, int, bytes, dict, ObjectId)


def plain(value: Any) -> Any:
    """Return `value` made of None, bool, int, float, str, bytes, aware UTC datetime, ObjectId, list and dict only.

    Raises:
        ValueError: a value that some engine could not give back as it is.
    """
    kind = type(value)
    if kind is str:
        return _storable(value)
    if kind is int:
        return _within_64_bits(value)
    if value is None or kind is bool or kind is bytes or kind is ObjectId:
        return value
    if kind is dict:
        return {_key(key): plain(item) for key, item in value.items()}
    if kind is list:
        return [plain(item) for item in value]
    if kind is datetime:
        return cut(value)
    return _plain_of_rarer_type(value)


def _plain_of_rarer_type(value: Any) -> Any:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a stored number is finite")
        return float(value)
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, BaseModel):
        return {_key(name): plain(item) for name, item in value.__dict__.items()}
    if isinstance(value, (tuple, set, frozenset)):
        return [plain(item) for item in value]
    for exact in _EXACT:
        if isinstance(value, exact):
            return plain(exact(value))
    raise ValueError(f"cannot store a {type(value).__name__}")


def _storable(text: str) -> str:
    if not text.isascii():
        text.encode()  # a lone surrogate raises UnicodeEncodeError, which is a ValueError
    if "\x00" in text:
        raise ValueError("a stored text holds no NUL")
    return text


def _within_64_bits(number: int) -> int:
    if not MIN_INT <= number <= MAX_INT:
        raise ValueError("a stored integer has at most 64 bits")
    return number


def _key(key: Any) -> str:
    # MongoDB takes names that start with `$` for operators; our own tags below start with `$`.
    if not isinstance(key, str) or key.startswith("$"):
        raise ValueError(f"a stored key is a string that does not start with `$`, not {key!r}")
    return _storable(str(key))


def cut(moment: datetime) -> datetime:
    """Return `moment` in UTC, cut (not rounded) to the millisecond."""
    if moment.tzinfo is None:
        raise ValueError("a stored date is aware")
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def to_milliseconds(moment: datetime) -> int:
    """Return whole milliseconds since 1970 in UTC; exact, unlike `timestamp()`."""
    return (moment - EPOCH) // MILLISECOND


def from_milliseconds(milliseconds: int) -> datetime:
    """Return the aware UTC date; the inverse of `to_milliseconds`."""
    return EPOCH + timedelta(milliseconds=milliseconds)


def to_json(value: Any) -> str:
    """Return a plain value as JSON, in which `$date`, `$bytes` and `$oid` stand for what JSON lacks."""
    return orjson.dumps(value, default=_tag, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


def _tag(value: Any) -> dict[str, Any]:
    if isinstance(value, datetime):
        return {"$date": to_milliseconds(value)}
    if isinstance(value, bytes):
        return {"$bytes": b64encode(value).decode()}
    return {"$oid": str(value)}


def from_json(text: str) -> Any:
    """Return the plain value of `to_json`."""
    value = orjson.loads(text)
    return _untag(value) if '"$' in text else value


def _untag(value: Any) -> Any:
    if isinstance(value, list):
        return [_untag(item) for item in value]
    if not isinstance(value, dict):
        return value
    match list(value.items()):
        case [("$date", milliseconds)]:
            return from_milliseconds(milliseconds)
        case [("$bytes", encoded)]:
            return b64decode(encoded)
        case [("$oid", text)]:
            return ObjectId(text)
    return {key: _untag(item) for key, item in value.items()}


def check_size(values: Mapping[str, Any], collection: str) -> None:
    """Refuse what is over `MAX_DOCUMENT_BYTES`, measured as JSON so that every engine draws the same line.

    Raises:
        ValueError: it is too big.
    """
    measured = orjson.dumps(values, default=_tag, option=orjson.OPT_PASSTHROUGH_DATETIME)
    if len(measured) > MAX_DOCUMENT_BYTES:
        raise ValueError(f"{collection}: a document is at most 1 MiB, this one has {len(measured)} bytes")
