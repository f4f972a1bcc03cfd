"""Byte ranges by RFC 9110, section 14: one range is served, several are answered with the whole, nonsense is ignored."""

import re
from dataclasses import dataclass

ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*\Z", re.ASCII)


class Unsatisfiable(Exception):
    """The range lies outside of the file: 416."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """From `start`, `length` bytes."""

    start: int
    length: int

    def content_range(self, size: int) -> str:
        return f"bytes {self.start}-{self.start + self.length - 1}/{size}"


def requested_range(header: str, size: int) -> ByteRange | None:
    """Return the range that `header` asks for; `None`: answer with the whole file.

    Raises:
        Unsatisfiable: it begins behind the end, or asks for the last 0 bytes.
    """
    asked = ONE_RANGE.match(header)
    if asked is None or not (asked[1] or asked[2]):
        return None
    if not asked[1]:
        length = min(int(asked[2]), size)
        if length == 0:
            raise Unsatisfiable
        return ByteRange(size - length, length)
    start = int(asked[1])
    end = int(asked[2]) if asked[2] else size - 1
    if asked[2] and end < start:
        return None  # malformed, so it is ignored (RFC 9110, 14.1.1)
    if start >= size:
        raise Unsatisfiable
    return ByteRange(start, min(end, size - 1) - start + 1)
