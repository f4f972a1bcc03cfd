"""Names for the opaque strings and numbers that cross every border."""

from typing import NewType

UserId = NewType("UserId", str)
"""A guest: `guest_` and 20 base32 characters."""

RoomId = NewType("RoomId", str)
"""A room: `room_` and 20 base32 characters."""

Seq = NewType("Seq", int)
"""The place of an entry in its room's log: 1, 2, 3, ... without gaps."""

SessionId = NewType("SessionId", str)
"""One sign-in of one guest on one device; renewing a token keeps it."""
