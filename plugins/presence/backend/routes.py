"""The route of presence."""

from collections.abc import Sequence

from plugins.presence.backend.last_seen import LastSeenTimes
from plugins.presence.backend.payloads import GuestsLastSeen, RoomPresence, SeenQuery
from plugins.presence.backend.service import Presence
from plugins.rooms.api import RoomDirectory
from prickle.contract.http import Request, Route
from prickle.contract.types import RoomId, UserId

MEMBERS_LOOKED_AT = 1000


class PresenceRoutes:
    """HTTP in, service call, JSON out."""

    def __init__(self, presence: Presence, last_seen: LastSeenTimes, rooms: RoomDirectory, max_listed: int) -> None:
        self._presence = presence
        self._last_seen = last_seen
        self._rooms = rooms
        self._max_listed = max_listed

    def all(self) -> Sequence[Route]:
        return (
            Route(
                "GET", "/api/rooms/<room>/presence", self.in_room, result=RoomPresence, member_of="room",
                summary="Who of the members is there; in a room of many, how many are, and some of them.",
            ),
            Route(
                "GET", "/api/rooms/<room>/presence/seen", self.seen, query=SeenQuery, result=GuestsLastSeen,
                member_of="room", summary="When members were last there, where the settings let that be kept.",
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
        listed = {str(user): state for user, state in list(shown.items())[: self._max_listed]}
        return RoomPresence(users=listed, online=number, last_seen=self._last_seen.is_kept or None)

    async def seen(self, request: Request) -> GuestsLastSeen:
        users = {UserId(user) for user in request.query.users.split(",")}
        room = RoomId(request.path["room"])
        members = [user for user, rooms in (await self._rooms.rooms_of(users)).items() if room in rooms]
        times = await self._last_seen.of(members)
        return GuestsLastSeen(users={str(user): seen_at for user, seen_at in times.items()})
