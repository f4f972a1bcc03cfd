"""Tells the other plugins which rooms the guests who connect to this replica belong to, many guests in one query."""

import asyncio
from collections import Counter

from plugins.rooms.backend.store import MemberStore
from plugins.rooms.events import MemberLeft, MembersConnected
from prickle.contract.errors import Unavailable
from prickle.contract.events import EventBus, SocketClosed, SocketOpened
from prickle.contract.plugin import Logger
from prickle.contract.types import RoomId, UserId

GATHER_S = 0.05
"""So long it waits for more guests: after a restart thousands come back within seconds."""
GUESTS_PER_QUERY = 200
RETRY_AFTER_S = 1.0


class Attendance:
    """Loads guests' rooms when their first socket opens."""

    def __init__(self, members: MemberStore, events: EventBus, logger: Logger) -> None:
        self._members = members
        self._events = events
        self._logger = logger
        self._sockets: Counter[UserId] = Counter()
        self._arrived: list[UserId] = []
        self._left: set[tuple[UserId, RoomId]] = set()
        self._wake = asyncio.Event()

    def attach(self) -> None:
        """Follow who comes and goes."""
        self._events.subscribe(SocketOpened, self._opened)
        self._events.subscribe(SocketClosed, self._closed)
        self._events.subscribe(MemberLeft, self._member_left)

    async def run(self) -> None:
        """Load, for ever."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_S)
            self._wake.clear()
            arrived, self._arrived = self._arrived, []
            for start in range(0, len(arrived), GUESTS_PER_QUERY):
                await self._load(arrived[start : start + GUESTS_PER_QUERY])

    async def _load(self, users: list[UserId]) -> None:
        self._left.clear()
        try:
            found = await self._members.rooms_of_several(users)
        except Unavailable as error:
            self._logger.warning("rooms_not_loaded", guests=len(users), reason=error.code)
            await asyncio.sleep(RETRY_AFTER_S)
            self._arrived += users
            self._wake.set()
            return
        # Whoever was removed while the store was answering must not come back by an old answer.
        members = {
            user: {room: since for room, since in rooms.items() if (user, room) not in self._left}
            for user, rooms in found.items()
        }
        await self._events.publish(MembersConnected(members=members))

    async def _opened(self, event: SocketOpened) -> None:
        self._sockets[event.user] += 1
        if self._sockets[event.user] == 1:
            self._arrived.append(event.user)
            self._wake.set()

    async def _closed(self, event: SocketClosed) -> None:
        self._sockets[event.user] -= 1
        if not self._sockets[event.user]:
            del self._sockets[event.user]

    async def _member_left(self, event: MemberLeft) -> None:
        self._left.add((event.user, event.room))
