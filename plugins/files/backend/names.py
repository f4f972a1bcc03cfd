"""Names of files: kept as given where they can be, refused where not, and told to browsers by RFC 6266 and RFC 8187."""

import unicodedata
from urllib.parse import quote

from prickle.contract.errors import InvalidInput

MAX_NAME_BYTES = 255
ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~"
"""`attr-char` of RFC 8187, beside letters and digits."""
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def checked_name(name: str) -> str:
    """Return `name`, NFC, without what is in front of its last `/` or `\\`.

    Raises:
        InvalidInput: `files.invalid_name`: empty, only dots, longer than 255 bytes of UTF-8, or with characters that
            are not seen: controls, and marks that turn the direction of writing.
    """
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    unseen = any(unicodedata.category(char) in {"Cc", "Cs", "Co"} or char in BIDI for char in plain)
    if unseen or not plain.strip(" .") or len(plain.encode("utf-8", "replace")) > MAX_NAME_BYTES:
        raise InvalidInput("files.invalid_name", "A file's name has 1 to 255 bytes, all of them visible characters.")
    return plain


def disposition(name: str, *, inline: bool) -> str:
    """Return the `Content-Disposition` for `name`: an ASCII form for old readers, and the exact one."""
    kind = "inline" if inline else "attachment"
    ascii_name = "".join(char if " " <= char <= "~" and char not in '"\\%' else "_" for char in name)
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe=ATTRIBUTE_CHARACTERS)}"
