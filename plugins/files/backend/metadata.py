"""Takes out of images what others should not see (position, camera, comments), without touching a pixel."""

import struct
from collections.abc import Iterator

EXIF_TIFF_BIG_ENDIAN = b"MM\x00\x2a\x00\x00\x00\x08"
ORIENTATION_TAG = 0x0112
SHORT = 3

JPEG_START_OF_SCAN = 0xDA
JPEG_KEPT_APPS = {0xE0, 0xE2, 0xEE}
"""JFIF, the colour profile, and Adobe's note on how colours are stored: pictures look wrong without them."""
PNG_DROPPED = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
WEBP_DROPPED = {b"EXIF", b"XMP "}
WEBP_EXIF_AND_XMP_FLAGS = 0x08 | 0x04


class Malformed(ValueError):
    """The file does not keep to its own format."""


def without_metadata(data: bytes, kind: str, orientation: int) -> bytes:
    """Return the image without metadata; `orientation` (EXIF, 1 to 8) is kept where the format needs it.

    Raises:
        Malformed: the file breaks off or lies about its lengths.
    """
    if kind == "image/jpeg":
        return _jpeg(data, orientation)
    if kind == "image/png":
        return data[:8] + b"".join(raw for name, raw in _png_chunks(data) if name not in PNG_DROPPED)
    if kind == "image/webp":
        return _webp(data)
    return data


def _jpeg(data: bytes, orientation: int) -> bytes:
    parts = [data[:2]]
    if orientation != 1:
        parts.append(_orientation_segment(orientation))
    place = 2
    while True:
        if len(data) < place + 4 or data[place] != 0xFF:
            raise Malformed("JPEG segment")
        marker = data[place + 1]
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == JPEG_START_OF_SCAN:
            return b"".join([*parts, data[place:]])
        is_dropped = marker == 0xFE or (0xE0 <= marker <= 0xEF and marker not in JPEG_KEPT_APPS)
        if not is_dropped:
            parts.append(data[place : place + 2 + length])
        place += 2 + length


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
    while place + 8 <= len(data):
        name = data[place : place + 4]
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        end = place + 8 + length + (length & 1)
        chunk = data[place:end]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~WEBP_EXIF_AND_XMP_FLAGS & 0xFF]) + chunk[9:]
        if name not in WEBP_DROPPED:
            parts.append(chunk)
        place = end
    body = b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
