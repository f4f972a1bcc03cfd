"""What other plugins may ask about rooms."""

from typing import Protocol

from prickle.contract.services import ServiceKey
from prickle.contract.types import RoomId, UserId


class RoomDirectory(Protocol):
    """Facts about rooms for plugins that have checked the caller's membership."""

    async def created_by(self, room: RoomId) -> UserId:
        """Return who made the room, and may therefore moderate it.

        Raises:
            NotFound: `rooms.room_not_found`.
        """


ROOM_DIRECTORY: ServiceKey[RoomDirectory] = ServiceKey("rooms.directory")
