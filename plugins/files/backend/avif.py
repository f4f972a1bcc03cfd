"""Blanks the metadata of an AVIF (ISO/IEC 23008-12): its items stay where they are, since others are found by their place."""

from collections.abc import Iterator
from typing import NamedTuple

from plugins.files.backend.malformed import Malformed

NO_EXIF = bytes(4) + b"MM\x00\x2a\x00\x00\x00\x08"
"""A head of Exif without an entry: the zeros behind it say that there are none."""


class Box(NamedTuple):
    """A box's kind, and where its content lies."""

    kind: bytes
    start: int
    end: int


def avif_without_metadata(data: bytes) -> bytes:
    """Return the image with its Exif and XMP blanked, without what is behind its last box.

    Raises:
        Malformed: the boxes lie about their lengths.
    """
    boxes = list(_boxes(data, 0, len(data)))
    meta = next((box for box in boxes if box.kind == b"meta"), None)
    cleaned = bytearray(data[: boxes[-1].end if boxes else 0])
    if meta is None:
        raise Malformed("AVIF without items")
    inner = {box.kind: box for box in _boxes(data, meta.start + 4, meta.end)}
    if b"iinf" in inner and b"iloc" in inner:
        notes = _notes(data, inner[b"iinf"])
        idat = inner[b"idat"].start if b"idat" in inner else 0
        for start, end in _places(data, inner[b"iloc"], notes, idat):
            if end > len(cleaned):
                raise Malformed("AVIF item")
            cleaned[start:end] = (NO_EXIF + bytes(max(0, end - start)))[: end - start]
    return bytes(cleaned)


def _boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    while start + 8 <= end:
        size, kind, head = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8], 8
        if not kind.isalnum():
            return  # what comes behind is no box
        if size == 1:
            size, head = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        size = size or end - start
        if size < head or start + size > end:
            raise Malformed("AVIF box")
        yield Box(kind, start + head, start + size)
        start += size


def _notes(data: bytes, iinf: Box) -> set[int]:
    """Return the ids of items that are no picture: Exif, and XMP, which is `mime`."""
    first = iinf.start + (6 if data[iinf.start] == 0 else 8)
    found = set()
    for box in _boxes(data, first, iinf.end):
        wide = 4 if data[box.start] == 3 else 2
        kind_at = box.start + 4 + wide + 2
        if data[kind_at : kind_at + 4] in {b"Exif", b"mime"}:
            found.add(int.from_bytes(data[box.start + 4 : box.start + 4 + wide], "big"))
    return found


class _Reader:
    """Reads numbers one after the other."""

    def __init__(self, data: bytes, place: int) -> None:
        self._data = data
        self._place = place

    def number(self, size: int) -> int:
        self._place += size
        return int.from_bytes(self._data[self._place - size : self._place], "big")


def _places(data: bytes, iloc: Box, notes: set[int], idat: int) -> Iterator[tuple[int, int]]:
    version = data[iloc.start]
    reader = _Reader(data, iloc.start + 4)
    sizes, more = reader.number(1), reader.number(1)
    wide = 4 if version == 2 else 2
    for _ in range(reader.number(wide)):
        item = reader.number(wide)
        is_in_idat = bool(version) and reader.number(2) & 15 == 1
        reader.number(2)
        base = reader.number(more >> 4)
        for _ in range(reader.number(2)):
            reader.number(more & 15 if version else 0)
            start = base + reader.number(sizes >> 4) + (idat if is_in_idat else 0)
            length = reader.number(sizes & 15)
            if item in notes:
                yield start, start + length
