"""Guests: people known by a name that they choose."""

from collections.abc import Callable, Collection

from plugins.auth.backend.models import Guest
from plugins.auth.backend.names import friendly_name
from plugins.auth.backend.store import AuthStore
from prickle.contract.errors import NotFound
from prickle.contract.payload import limited_name
from prickle.contract.ports import Clock
from prickle.contract.types import UserId


class Guests:
    """Creates, renames and resolves guests; the `GuestDirectory` of the other plugins."""

    def __init__(self, store: AuthStore, clock: Clock, new_id: Callable[[str], str], max_name_characters: int) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id
        self._max_name_characters = max_name_characters

    async def create(self, name: str | None) -> Guest:
        """Add a guest; without a name, a friendly one is made up.

        Raises:
            InvalidInput: `auth.name_too_long`.
        """
        now = self._clock.now()
        chosen = self._limited(name or friendly_name())
        guest = Guest(id=self._new_id("guest"), name=chosen, created_at=now, seen_at=now)
        await self._store.add_guest(guest)
        return guest

    async def get(self, user: UserId) -> Guest:
        """Return one guest.

        Raises:
            NotFound: `auth.guest_not_found`.
        """
        return _found(await self._store.guest(user))

    async def rename(self, user: UserId, name: str) -> Guest:
        """Give the guest another name, which everybody sees when they next resolve the id.

        Raises:
            InvalidInput: `auth.name_too_long`.
            NotFound: `auth.guest_not_found`.
        """
        return _found(await self._store.rename_guest(user, self._limited(name)))

    async def see(self, user: UserId) -> Guest:
        """Note that the guest is still around, which puts off the day when they are forgotten.

        Raises:
            NotFound: `auth.guest_not_found`.
        """
        return _found(await self._store.see_guest(user, self._clock.now()))

    async def resolve(self, users: Collection[str]) -> list[Guest]:
        """Return those of `users` that exist, in the order of their ids."""
        return sorted(await self._store.guests(users), key=lambda guest: guest.id)

    async def names(self, users: Collection[UserId]) -> dict[UserId, str]:
        """Return the names of those of `users` that exist."""
        return {guest.user: guest.name for guest in await self._store.guests(users)}

    def _limited(self, name: str) -> str:
        return limited_name(name, self._max_name_characters, "auth.name_too_long")


def _found(guest: Guest | None) -> Guest:
    if guest is None:
        raise NotFound("auth.guest_not_found", "There is no such guest.")
    return guest
