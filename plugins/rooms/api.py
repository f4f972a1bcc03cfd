"""What other plugins may ask about rooms."""

from collections.abc import Collection, Mapping
from typing import Protocol

from prickle.contract.services import ServiceKey
from prickle.contract.types import RoomId, Seq, UserId


class RoomDirectory(Protocol):
    """Facts about rooms for plugins that have checked the caller's membership."""

    async def created_by(self, room: RoomId) -> UserId:
        """Return who made the room, and may therefore moderate it.

        Raises:
            NotFound: `rooms.room_not_found`.
        """

    async def members(self, room: RoomId, limit: int) -> list[UserId]:
        """Return members in the order of their ids, at most `limit`."""

    async def rooms_of(self, users: Collection[UserId]) -> Mapping[UserId, Mapping[RoomId, Seq]]:
        """Return each guest's rooms, with the entry by which they became a member; with one query for all of `users`."""


ROOM_DIRECTORY: ServiceKey[RoomDirectory] = ServiceKey("rooms.directory")
