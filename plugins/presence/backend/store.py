"""The queries of presence."""

from collections.abc import Collection, Mapping
from datetime import datetime

from plugins.presence.backend.models import LastSeen
from prickle.contract.documents import Documents, DuplicateKey, in_
from prickle.contract.types import UserId


class LastSeenStore:
    """One time per guest."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def put(self, user: UserId, seen_at: datetime) -> None:
        try:
            await self._documents.update(
                LastSeen, LastSeen.id == user, set={"seen_at": seen_at}, upsert=LastSeen(id=user, seen_at=seen_at)
            )
        except DuplicateKey:
            return  # another replica has just written the same

    async def of(self, users: Collection[UserId]) -> Mapping[UserId, datetime]:
        found = await self._documents.find(LastSeen, in_(LastSeen.id, list(users)))
        return {UserId(guest.id): guest.seen_at for guest in found}

    async def forget(self, user: UserId) -> None:
        await self._documents.delete(LastSeen, LastSeen.id == user)
