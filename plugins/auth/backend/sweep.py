"""Deletes what has expired: sessions, links, and guests who have not come back."""

import asyncio
from datetime import timedelta

from plugins.auth.backend.settings import AuthSettings
from plugins.auth.backend.store import AuthStore
from plugins.auth.events import GuestExpired
from prickle.contract.errors import Unavailable
from prickle.contract.events import EventBus
from prickle.contract.plugin import Logger
from prickle.contract.ports import Clock

GUESTS_PER_SWEEP = 1000


class Sweep:
    """Runs on every replica; all it does may be done twice."""

    def __init__(
        self, store: AuthStore, settings: AuthSettings, clock: Clock, events: EventBus, logger: Logger
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._events = events
        self._logger = logger

    async def run(self) -> None:
        """Sweep again and again, until cancelled."""
        while True:
            try:
                await self.sweep()
            except Unavailable as error:
                self._logger.warning("sweep_put_off", reason=error.message)
            await asyncio.sleep(self._settings.sweep_interval_s)

    async def sweep(self) -> None:
        """Delete what has expired by now; of guests at most a thousand, the rest next time."""
        now = self._clock.now()
        deleted = await self._store.delete_expired(now)
        forgotten = await self._store.guests_unseen_since(
            now - timedelta(days=self._settings.guest_ttl_days), GUESTS_PER_SWEEP
        )
        for guest in forgotten:
            # Told before the guest is gone: after a crash in between, the next sweep tells it again.
            await self._events.publish(GuestExpired(user=guest.user))
            await self._store.delete_guest(guest.user)
        if deleted or forgotten:
            self._logger.info("swept", expired=deleted, guests=len(forgotten))
