"""A time in seven characters of a message, so that whoever receives it knows how long it took."""

import re
import time

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_RANGE_MS = 36**5
_STAMP = re.compile(r"^~([0-9a-z]{5}) ")


def now_ms() -> int:
    """Return the monotonic clock: everybody in a room lives in one process, so no clock has to be right."""
    return int(time.monotonic() * 1000)


def stamped(text: str, at_ms: int) -> str:
    """Return the text with the time before it."""
    left, digits = at_ms % _RANGE_MS, ""
    for _ in range(5):
        left, digit = divmod(left, 36)
        digits = DIGITS[digit] + digits
    return f"~{digits} {text}"


def age_ms(text: str, at_ms: int) -> int | None:
    """Return how long before `at_ms` the text was stamped; `None` if it was not."""
    found = _STAMP.match(text)
    return (at_ms - int(found[1], 36)) % _RANGE_MS if found else None
