"""Ids that sort by time and are never guessed; trace ids; keys derived from the deployment's secret."""

import hashlib
import hmac
import secrets
import time

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32 in lower case: no i, l, o, u."""


def new_id(prefix: str) -> str:
    """Return `<prefix>_` and 20 characters: 48 bits of milliseconds, then 52 random bits."""
    number = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 52 | secrets.randbits(52)
    return prefix + "_" + "".join(ALPHABET[number >> shift & 31] for shift in range(95, -1, -5))


def new_trace_id() -> str:
    """Return what ties an error that somebody saw to the log."""
    return secrets.token_hex(8)


def derived_key(secret: bytes, purpose: str) -> bytes:
    """Return 32 bytes that only this deployment knows, another for each `purpose` (HKDF-SHA256, RFC 5869)."""
    extracted = hmac.digest(b"prickle", secret, hashlib.sha256)
    return hmac.digest(extracted, purpose.encode() + b"\x01", hashlib.sha256)
