"""What other plugins may ask about rooms."""

from collections.abc import Awaitable, Callable, Collection, Mapping
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


OnlineCounter = Callable[[Collection[RoomId]], Awaitable[Mapping[RoomId, int]]]
"""Returns about how many members of each room are online; raises `Unavailable` where it cannot know."""


class RoomsOnline(Protocol):
    """Shows in lists of rooms how many are online, for the plugin that knows who is."""

    def count_with(self, counter: OnlineCounter) -> None:
        """Ask `counter`, once for all rooms of a list."""


ROOM_DIRECTORY: ServiceKey[RoomDirectory] = ServiceKey("rooms.directory")
ROOMS_ONLINE: ServiceKey[RoomsOnline] = ServiceKey("rooms.online")
