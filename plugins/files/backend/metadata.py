"""Takes out of images what others should not see (position, camera, comments, what hides behind the end), without touching
a pixel."""

import re
import struct
from collections.abc import Iterator

from plugins.files.backend.avif import avif_without_metadata
from plugins.files.backend.malformed import Malformed

EXIF_TIFF_BIG_ENDIAN = b"MM\x00\x2a\x00\x00\x00\x08"
ORIENTATION_TAG = 0x0112
SHORT = 3

JPEG_END, JPEG_START_OF_SCAN, JPEG_COMMENT = 0xD9, 0xDA, 0xFE
JPEG_KEPT = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}
"""Application segments: pictures look wrong without the colour profile, and Adobe's note on how colours are stored."""
JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""In the data of a scan, where 0xff is followed by 0x00, or by the number of a restart."""
PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)
WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
WEBP_EXIF_AND_XMP_FLAGS = 0x08 | 0x04
GIF_IMAGE, GIF_EXTENSION, GIF_END = 0x2C, 0x21, 0x3B
GIF_COMMENT, GIF_APPLICATION = 0xFE, 0xFF
GIF_KEPT_APPLICATIONS = {b"NETSCAPE2.0", b"ANIMEXTS1.0"}
"""How often an animation runs."""


def without_metadata(data: bytes, kind: str, orientation: int) -> bytes:
    """Return the image without metadata; `orientation` (EXIF, 1 to 8) is kept where the format needs it.

    Raises:
        Malformed: the file breaks off or lies about its lengths.
    """
    if kind == "image/jpeg":
        return _jpeg(data, orientation)
    if kind == "image/png":
        return data[:8] + b"".join(raw for name, raw in _png_chunks(data) if name in PNG_KEPT)
    if kind == "image/webp":
        return _webp(data)
    if kind == "image/gif":
        return b"".join(_gif_blocks(data))
    return avif_without_metadata(data)


def _jpeg(data: bytes, orientation: int) -> bytes:
    parts = [data[:2]]
    if orientation != 1:
        parts.append(_orientation_segment(orientation))
    place = 2
    while data[place : place + 2] != bytes((0xFF, JPEG_END)):
        if len(data) < place + 4 or data[place] != 0xFF:
            raise Malformed("JPEG segment")
        marker = data[place + 1]
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == JPEG_START_OF_SCAN:
            found = JPEG_MARKER.search(data, end)
            end = found.start() if found else len(data)
        if _is_kept_in_jpeg(marker, data[place + 4 : place + 20]):
            parts.append(data[place:end])
        place = end
    return b"".join([*parts, bytes((0xFF, JPEG_END))])


def _is_kept_in_jpeg(marker: int, head: bytes) -> bool:
    if marker == JPEG_COMMENT:
        return False
    return not 0xE0 <= marker <= 0xEF or (marker in JPEG_KEPT and head.startswith(JPEG_KEPT[marker]))


def _orientation_segment(orientation: int) -> bytes:
    entry = struct.pack(">HHIHH", ORIENTATION_TAG, SHORT, 1, orientation, 0)
    body = b"Exif\x00\x00" + EXIF_TIFF_BIG_ENDIAN + struct.pack(">H", 1) + entry + bytes(4)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 8
    while place < len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        end = place + 12 + length
        if end > len(data):
            raise Malformed("PNG chunk")
        name = data[place + 4 : place + 8]
        yield name, data[place:end]
        if name == b"IEND":
            return  # what comes behind is no image
        place = end


def _webp(data: bytes) -> bytes:
    parts, place = [], 12
    last = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while place + 8 <= last:
        name = data[place : place + 4]
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        end = place + 8 + length + (length & 1)
        chunk = data[place:end]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~WEBP_EXIF_AND_XMP_FLAGS & 0xFF]) + chunk[9:]
        if name in WEBP_KEPT:
            parts.append(chunk)
        place = end
    body = b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _gif_blocks(data: bytes) -> Iterator[bytes]:
    place = 13 + _gif_colours(data[10:11])
    yield data[:place]
    while data[place : place + 1] not in {b"", bytes((GIF_END,))}:
        start, label = place, data[place + 1 : place + 2]
        if data[place] == GIF_EXTENSION:
            place += 2
        elif data[place] == GIF_IMAGE:
            place += 11 + _gif_colours(data[place + 9 : place + 10])
        else:
            raise Malformed("GIF block")
        place = _behind_gif_parts(data, place)
        is_note = data[start] == GIF_EXTENSION and label == bytes((GIF_COMMENT,))
        is_foreign = data[start] == GIF_EXTENSION and label == bytes((GIF_APPLICATION,))
        if not is_note and not (is_foreign and data[start + 3 : start + 14] not in GIF_KEPT_APPLICATIONS):
            yield data[start:place]
    yield bytes((GIF_END,))


def _gif_colours(flags: bytes) -> int:
    """Return the bytes of the colour table that a descriptor's flags announce."""
    return 3 << (flags[0] & 7) + 1 if flags and flags[0] & 0x80 else 0


def _behind_gif_parts(data: bytes, place: int) -> int:
    while place < len(data) and data[place]:
        place += 1 + data[place]
    if place >= len(data):
        raise Malformed("GIF data")
    return place + 1
