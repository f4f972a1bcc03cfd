"""One-time links that carry a guest's identity to another device."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from plugins.auth.backend.models import DeviceLink
from plugins.auth.backend.settings import AuthSettings
from plugins.auth.backend.store import AuthStore, link_id
from prickle.contract.errors import Conflict, NotFound
from prickle.contract.ports import Clock
from prickle.contract.types import UserId


@dataclass(frozen=True, slots=True)
class OfferedLink:
    """The token of a new link, which is nowhere else, and until when it can be used."""

    token: str
    expires_at: datetime


class DeviceLinks:
    """Offers links and lets each be used once. Looking at a link changes nothing: robots look at links."""

    def __init__(self, store: AuthStore, settings: AuthSettings, clock: Clock) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    async def offer(self, user: UserId) -> OfferedLink:
        """Make a link for `user`; several may be open at a time."""
        token = secrets.token_urlsafe(32)
        expires_at = self._clock.now() + timedelta(seconds=self._settings.link_ttl_s)
        await self._store.add_link(DeviceLink(id=link_id(token), user=user, expires_at=expires_at))
        return OfferedLink(token, expires_at)

    async def redeem(self, token: str) -> UserId:
        """Use a link up and return whose it is.

        Raises:
            Conflict: `auth.link_used`: somebody was faster.
            NotFound: `auth.link_not_found`: unknown or expired.
        """
        now = self._clock.now()
        link = await self._store.use_link(token, now)
        if link is not None:
            return UserId(link.user)
        link = await self._store.link(token)
        if link is not None and link.expires_at > now:
            raise Conflict("auth.link_used", "This link has been used already.")
        raise NotFound("auth.link_not_found", "This link does not exist or has expired.")
