"""Which keys are keys."""

import re

KEY = re.compile(r"[a-z0-9](?:[a-z0-9_./-]{0,198}[a-z0-9])?\Z")


def checked(key: str) -> str:
    """Return `key`.

    Raises:
        ValueError: it is none.
    """
    if not KEY.match(key) or ".." in key or "//" in key:
        raise ValueError(f"no blob key: {key[:40]!r}")
    return key
