"""The route of presence."""

from collections.abc import Sequence

from plugins.presence.backend.payloads import RoomPresence
from plugins.presence.backend.service import Presence
from plugins.rooms.api import RoomDirectory
from prickle.contract.http import Request, Route
from prickle.contract.types import RoomId

MEMBERS_LOOKED_AT = 1000


class PresenceRoutes:
    """HTTP in, service call, JSON out."""

    def __init__(self, presence: Presence, rooms: RoomDirectory, max_listed: int) -> None:
        self._presence = presence
        self._rooms = rooms
        self._max_listed = max_listed

    def all(self) -> Sequence[Route]:
        return (
            Route(
                "GET", "/api/rooms/<room>/presence", self.in_room, result=RoomPresence, member_of="room",
                summary="Who of the members is there; in a room of many, how many are, and some of them.",
            ),
        )  # fmt: skip

    async def in_room(self, request: Request) -> RoomPresence:
        room = RoomId(request.path["room"])
        members = await self._rooms.members(room, MEMBERS_LOOKED_AT)
        states = await self._presence.states(members)
        shown = {user: state for user, state in states.items() if state != "offline"}
        number = len(shown)
        if len(members) == MEMBERS_LOOKED_AT:
            number = max(number, (await self._presence.numbers([room]))[room])
        return RoomPresence(users=dict(list(shown.items())[: self._max_listed]), online=number)
