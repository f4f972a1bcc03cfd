"""Turns JSON from outside into declared payloads, with errors that name the field and never the value."""

from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from prickle.contract.errors import InvalidInput
from prickle.contract.payload import unstorable_text

M = TypeVar("M", bound=BaseModel)

MAX_REPORTED_FIELDS = 5


def payload_from_json(model: type[M], text: str | bytes) -> M:
    """Return `text` as an instance of `model`.

    Raises:
        InvalidInput: `core.invalid_payload` with the fields, or `core.unstorable_text`.
    """
    try:
        payload = model.model_validate_json(text)
    except ValidationError as error:
        raise invalid(error) from None
    escape = b"\\u0000" if isinstance(text, bytes) else "\\u0000"
    if escape in text and _is_unstorable(text):  # type: ignore[operator]  # both sides are of one type
        raise InvalidInput("core.unstorable_text", "Text must not hold the character NUL.")
    return payload


def _is_unstorable(text: str | bytes) -> bool:
    try:
        return unstorable_text(orjson.loads(text))
    except orjson.JSONDecodeError:
        return True  # what one reader takes and the other does not, such as NaN, is nothing to be kept


def invalid(error: ValidationError) -> InvalidInput:
    """Return the error that tells which fields are wrong and why."""
    fields: dict[str, Any] = {}
    for problem in error.errors(include_url=False, include_context=False, include_input=False)[:MAX_REPORTED_FIELDS]:
        place = ".".join(str(part) for part in problem["loc"])[:100]
        fields[_printable(place) or "payload"] = _printable(problem["msg"])
    return InvalidInput("core.invalid_payload", "The request does not have the declared shape.", fields=fields)


def _printable(text: str) -> str:
    """A field's name may come from outside, with whatever the client put there."""
    return text.encode("ascii", "replace").decode().replace("\x00", "?")
