"""What a file is, by its first bytes; never by its name or by what its sender says."""

import re

HEAD_BYTES = 4096
ATTACHMENT = "application/octet-stream"

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"RIFF....WEBP", "image/webp"),
    (rb"....ftyp(?:avif|avis)", "image/avif"),
    (rb"....ftyp(?:heic|heix|heim|heis|hevc|mif1|msf1)", "image/heic"),
    (rb"....ftyp(?:qt  )", "video/quicktime"),
    (rb"....ftyp", "video/mp4"),
    (rb"\x1aE\xdf\xa3", "video/webm"),
    (rb"OggS", "audio/ogg"),
    (rb"ID3|\xff[\xfb\xf3\xf2]", "audio/mpeg"),
    (rb"RIFF....WAVE", "audio/wav"),
    (rb"fLaC", "audio/flac"),
    (rb"%PDF-", "application/pdf"),
    (rb"PK(?:\x03\x04|\x05\x06)", "application/zip"),
    (rb"\x1f\x8b", "application/gzip"),
)
COMPILED = tuple((re.compile(pattern, re.DOTALL), kind) for pattern, kind in SIGNATURES)

IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
"""What the server can decode, and browsers may show."""
INLINE = IMAGES | {"video/mp4", "video/webm", "audio/ogg", "audio/mpeg", "audio/wav", "audio/flac"}
"""What may be shown in a page: nothing here can run. HTML, SVG, XML and PDF are always downloads."""


def sniffed_type(head: bytes) -> str:
    """Return the media type of a file that begins with `head`; text is `text/plain`, whatever markup it holds."""
    for pattern, kind in COMPILED:
        if pattern.match(head):
            return kind
    return "text/plain" if _is_text(head) else ATTACHMENT


def _is_text(head: bytes) -> bool:
    if not head or b"\x00" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return len(head) == HEAD_BYTES and error.start >= HEAD_BYTES - 3  # cut in the middle of a character
    return True
