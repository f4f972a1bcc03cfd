"""Keeps `member_count` up to date, with one count for everybody who joined or left while the one before was running."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from plugins.rooms.backend.store import MemberStore, RoomStore
from prickle.contract.errors import Unavailable
from prickle.contract.plugin import Logger
from prickle.contract.types import RoomId


class MemberCounts:
    """Counts in the background: the number is shown to people and decides nothing that a few more would spoil."""

    def __init__(
        self,
        rooms: RoomStore,
        members: MemberStore,
        spawn: Callable[[Coroutine[Any, Any, None], str], None],
        logger: Logger,
    ) -> None:
        self._rooms = rooms
        self._members = members
        self._spawn = spawn
        self._logger = logger
        self._wanted: dict[RoomId, asyncio.Future[None]] = {}
        self._running: dict[RoomId, asyncio.Future[None]] = {}

    def changed(self, room: RoomId) -> None:
        """Count again soon: the members have changed."""
        if room not in self._wanted:
            self._wanted[room] = asyncio.get_running_loop().create_future()
            if room not in self._running:
                self._spawn(self._work_off(room), "count members")

    async def settled(self, room: RoomId) -> None:
        """Return when every change that was told before this call has been counted."""
        counted = self._wanted.get(room) or self._running.get(room)
        if counted is not None:
            await asyncio.shield(counted)

    async def _work_off(self, room: RoomId) -> None:
        while (counted := self._wanted.pop(room, None)) is not None:
            self._running[room] = counted
            try:
                await self._count(room)
            except Unavailable as error:
                self._logger.warning("members_not_counted", room=room, reason=error.code)
            finally:
                del self._running[room]
                counted.set_result(None)

    async def _count(self, room: RoomId) -> None:
        """Write the number, and count once more: another replica may have written an older one meanwhile."""
        count, recount = -1, await self._members.count_in(room)
        while count != recount:
            count = recount
            await self._rooms.set_member_count(room, count)
            recount = await self._members.count_in(room)
