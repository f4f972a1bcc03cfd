"""The declared shape of everything that comes in or goes out: strict, closed, and free of text that breaks stores."""

import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from prickle.contract.errors import InvalidInput

MAX_SEQ = 2**53 - 1
"""The largest whole number that every JSON reader keeps exact (RFC 8259, section 6)."""

SeqField = Annotated[int, Field(ge=1, le=MAX_SEQ)]
AfterField = Annotated[int, Field(ge=0, le=MAX_SEQ)]
IdField = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


def wire_time(moment: datetime) -> str:
    """Return RFC 3339 in UTC with milliseconds: `2026-11-25T09:41:00.123Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def epoch_ms(moment: datetime) -> int:
    """Return milliseconds since 1970: how documents keep a time that is only told to people."""
    return int(moment.timestamp() * 1000)


def from_epoch_ms(at_ms: int) -> datetime:
    """Return the aware UTC time of `epoch_ms`."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)


Timestamp = Annotated[AwareDatetime, PlainSerializer(wire_time, return_type=str, when_used="json")]


def _trimmed_name(text: str) -> str:
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not 1 <= len(name) <= 64:
        raise ValueError("must have 1 to 64 characters")
    if any(unicodedata.category(char) in {"Cc", "Cf"} and char != "\u200d" for char in name):
        raise ValueError("must not hold control or invisible formatting characters")
    return name


NameField = Annotated[str, Field(max_length=256), AfterValidator(_trimmed_name)]
"""A name that people read: trimmed, NFC, 1 to 64 characters, none of them invisible (ZWJ is kept for emoji)."""


def limited_name(name: str, max_characters: int, code: str) -> str:
    """Return `name`, a `NameField`, if a plugin's own limit allows it.

    Raises:
        InvalidInput: `code`, with the limit.
    """
    if len(name) > max_characters:
        raise InvalidInput(code, f"A name has at most {max_characters} characters.", limit=max_characters)
    return name


def unstorable_text(value: Any) -> bool:
    """Tell whether a JSON value holds NUL or a lone surrogate anywhere; some engine or client breaks on either."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            if "\x00" in item or any("\ud800" <= char <= "\udfff" for char in item):
                return True
        elif isinstance(item, dict):
            pending.extend(item)
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
    return False


class Payload(BaseModel):
    """Base of every declared command, notice, request and answer. Extra fields are refused, types are not converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Query(Payload):
    """Base of a declared query string: each field is given at most once, as text, and converted to its type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)

    @model_validator(mode="before")
    @classmethod
    def _plain_numbers(cls, data: Any) -> Any:
        # int() takes full-width digits and "1_0"; a query string means ASCII digits or nothing.
        if isinstance(data, dict):
            for name, text in data.items():
                field = cls.model_fields.get(name)
                if field and _is_integer(field.annotation) and not (text.isascii() and text.isdigit()):
                    raise ValueError(f"{name} must be a whole number in ASCII digits")
        return data


def _is_integer(annotation: Any) -> bool:
    return annotation is int or any(_is_integer(inner) for inner in getattr(annotation, "__args__", ()))


class Empty(Payload):
    """`{}`."""
