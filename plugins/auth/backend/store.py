"""The queries of guest identity."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from plugins.auth.backend.models import DeviceLink, Guest, Session
from prickle.contract.documents import Documents, in_
from prickle.contract.types import SessionId, UserId


def link_id(token: str) -> str:
    """Return the id under which a link with this token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


class AuthStore:
    """Guests, their sessions and their one-time links."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def add_guest(self, guest: Guest) -> None:
        await self._documents.insert(guest)

    async def guest(self, user: UserId) -> Guest | None:
        return await self._documents.find_one(Guest, Guest.id == user)

    async def guests(self, users: Collection[str]) -> list[Guest]:
        return await self._documents.find(Guest, in_(Guest.id, list(users))) if users else []

    async def rename_guest(self, user: UserId, name: str) -> Guest | None:
        return await self._documents.update(Guest, Guest.id == user, set={"name": name})

    async def see_guest(self, user: UserId, now: datetime) -> Guest | None:
        return await self._documents.update(Guest, Guest.id == user, set={"seen_at": now})

    async def guests_unseen_since(self, moment: datetime, limit: int) -> list[Guest]:
        return await self._documents.find(Guest, Guest.seen_at < moment, limit=limit)

    async def delete_guest(self, user: UserId) -> None:
        await self._documents.delete(Session, Session.user == user)
        await self._documents.delete(Guest, Guest.id == user)

    async def add_session(self, session: Session) -> None:
        await self._documents.insert(session)

    async def session(self, session: SessionId) -> Session | None:
        return await self._documents.find_one(Session, Session.id == session)

    async def prolong_session(self, session: SessionId, expires_at: datetime) -> Session | None:
        return await self._documents.update(Session, Session.id == session, set={"expires_at": expires_at})

    async def delete_session(self, session: SessionId) -> None:
        await self._documents.delete(Session, Session.id == session)

    async def add_link(self, link: DeviceLink) -> None:
        await self._documents.insert(link)

    async def link(self, token: str) -> DeviceLink | None:
        return await self._documents.find_one(DeviceLink, DeviceLink.id == link_id(token))

    async def use_link(self, token: str, now: datetime) -> DeviceLink | None:
        """Mark the link used, if it still can be: of two callers in one tick one gets it."""
        return await self._documents.update(
            DeviceLink,
            DeviceLink.id == link_id(token),
            DeviceLink.used_at == None,  # noqa: E711 - a query expression, not a comparison
            DeviceLink.expires_at > now,
            set={"used_at": now},
        )

    async def delete_expired(self, now: datetime) -> int:
        """Delete sessions and links that have expired; returns how many."""
        sessions = await self._documents.delete(Session, Session.expires_at < now)
        return sessions + await self._documents.delete(DeviceLink, DeviceLink.expires_at < now)
