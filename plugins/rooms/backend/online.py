"""How many members of rooms are online, as long as some plugin counts them."""

from collections.abc import Collection, Mapping

from plugins.rooms.api import OnlineCounter
from prickle.contract.errors import Unavailable
from prickle.contract.types import RoomId


class OnlineNumbers:
    """The `RoomsOnline` of the other plugins."""

    def __init__(self) -> None:
        self._counter: OnlineCounter | None = None

    def count_with(self, counter: OnlineCounter) -> None:
        """Ask `counter` from here on."""
        self._counter = counter

    async def of(self, rooms: Collection[RoomId]) -> Mapping[RoomId, int]:
        """Return the numbers; nothing where nobody counts, or where the counts cannot be reached."""
        if self._counter is None or not rooms:
            return {}
        try:
            return await self._counter(rooms)
        except Unavailable:
            return {}  # a list without numbers is better than none
