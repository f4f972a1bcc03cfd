"""Short-lived keys with which a page shows files of one room: no token ever stands in an address."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from plugins.files.backend.payloads import AccessKey
from prickle.contract.errors import Unauthenticated
from prickle.contract.ports import Clock
from prickle.contract.types import RoomId, UserId

TAG_BYTES = 16


class AccessKeys:
    """`<guest>.<room>.<expiry>.<tag>`: it says who asks, and membership is still checked at each request."""

    def __init__(self, secret: bytes, ttl_s: int, clock: Clock) -> None:
        self._secret = secret
        self._ttl = timedelta(seconds=ttl_s)
        self._clock = clock

    def make(self, user: UserId, room: RoomId) -> AccessKey:
        expires_at = (self._clock.now() + self._ttl).replace(microsecond=0)
        signed = f"{user}.{room}.{int(expires_at.timestamp())}"
        return AccessKey(key=f"{signed}.{self._tag(signed)}", expires_at=expires_at)

    def user(self, key: str, room: RoomId) -> UserId:
        """Return who asks with `key` for something of `room`.

        Raises:
            Unauthenticated: `files.invalid_key`: forged, expired, or for another room.
        """
        signed, _, tag = key.rpartition(".")
        parts = signed.split(".")
        valid = hmac.compare_digest(tag.encode("utf-8", "replace"), self._tag(signed).encode())
        if not valid or len(parts) != 3 or parts[1] != room or self._expired(int(parts[2])):
            raise Unauthenticated("files.invalid_key", "This key is not good, or not any more: ask for a new one.")
        return UserId(parts[0])

    def _expired(self, at_s: int) -> bool:
        return self._clock.now() > datetime.fromtimestamp(at_s, self._clock.now().tzinfo)

    def _tag(self, signed: str) -> str:
        tag = hmac.digest(self._secret, signed.encode("utf-8", "replace"), hashlib.sha256)[:TAG_BYTES]
        return base64.urlsafe_b64encode(tag).rstrip(b"=").decode()
