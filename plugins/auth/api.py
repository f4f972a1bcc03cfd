"""What other plugins may ask about guests."""

from collections.abc import Collection, Mapping
from typing import Protocol

from prickle.contract.services import ServiceKey
from prickle.contract.types import UserId


class GuestDirectory(Protocol):
    """Resolves guests by id."""

    async def names(self, users: Collection[UserId]) -> Mapping[UserId, str]:
        """Return the names of those of `users` that exist; the others are left out."""


GUESTS: ServiceKey[GuestDirectory] = ServiceKey("auth.guests")
