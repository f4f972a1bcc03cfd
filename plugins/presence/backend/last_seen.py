"""When guests were last there: kept where the settings say so, with one write when somebody has gone."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from plugins.auth.events import GuestExpired
from plugins.presence.backend.settings import PresenceSettings
from plugins.presence.backend.store import LastSeenStore
from prickle.contract.errors import Unavailable
from prickle.contract.plugin import Logger
from prickle.contract.ports import Clock
from prickle.contract.types import UserId

WRITES_AT_ONCE = 100


class LastSeenTimes:
    """Notes nothing, and knows nothing, unless it `is_kept`."""

    def __init__(self, store: LastSeenStore, clock: Clock, logger: Logger, settings: PresenceSettings) -> None:
        self._store = store
        self._clock = clock
        self._logger = logger
        self._grace = timedelta(seconds=settings.grace_s)
        self.is_kept = settings.last_seen

    async def went(self, users: Sequence[UserId]) -> None:
        """Note that these have been gone for the grace. While the store is away it stays with the time before."""
        await self._note(users, self._clock.now() - self._grace)

    async def go(self, users: Sequence[UserId]) -> None:
        """Note that these are here until now, when this replica stops."""
        await self._note(users, self._clock.now())

    async def of(self, users: Collection[UserId]) -> Mapping[UserId, datetime]:
        """Return when those of `users` of whom it is known were last there."""
        return await self._store.of(users) if self.is_kept and users else {}

    async def forget(self, event: GuestExpired) -> None:
        """Remove it, also where it is kept no more: it may have been once."""
        await self._store.forget(event.user)

    async def _note(self, users: Sequence[UserId], moment: datetime) -> None:
        if not self.is_kept:
            return
        try:
            for start in range(0, len(users), WRITES_AT_ONCE):
                await asyncio.gather(*(self._store.put(user, moment) for user in users[start : start + WRITES_AT_ONCE]))
        except Unavailable as error:
            self._logger.warning("last_seen_not_kept", guests=len(users), reason=error.code)
