"""Makes, changes, shows and deletes rooms."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from plugins.auth.api import GuestDirectory
from plugins.rooms.backend.membership import MembershipCache, Memberships, room_not_found
from plugins.rooms.backend.models import Room, Visibility, direct_key, folded
from plugins.rooms.backend.notices import DELETED, UPDATED
from plugins.rooms.backend.store import InviteStore, MemberStore, RoomStore
from prickle.contract.documents import DuplicateKey
from prickle.contract.errors import Conflict, Forbidden, InvalidInput, NotFound
from prickle.contract.log import Entry, Log
from prickle.contract.payload import limited_name
from prickle.contract.ports import Clock
from prickle.contract.types import RoomId, Seq, UserId

UPDATE_ATTEMPTS = 5
MEMBERS_PER_READ = 500


class RoomService:
    """The rules of rooms; the `RoomDirectory` of the other plugins."""

    def __init__(
        self,
        rooms: RoomStore,
        members: MemberStore,
        invites: InviteStore,
        memberships: Memberships,
        cache: MembershipCache,
        guests: GuestDirectory,
        log: Log,
        clock: Clock,
        new_id: Callable[[str], str],
        max_name_characters: int,
    ) -> None:
        self._rooms = rooms
        self._members = members
        self._invites = invites
        self._memberships = memberships
        self._cache = cache
        self._guests = guests
        self._log = log
        self._clock = clock
        self._new_id = new_id
        self._max_name_characters = max_name_characters

    def attach(self) -> None:
        """Follow the log: its entries change the rooms."""
        self._log.effect(UPDATED, self._updated)
        self._log.watch(DELETED, lambda entry: self._cache.forget_room(entry.room))

    async def create(self, user: UserId, *, name: str, visibility: Visibility, icon: str | None) -> Room:
        """Make a room; its maker's `rooms.joined` is entry 1 of its log.

        Raises:
            InvalidInput: `rooms.name_too_long`.
            Forbidden: `rooms.too_many_rooms`.
        """
        room = self._new_room(user, name=self._limited(name), visibility=visibility, icon=icon)
        await self._rooms.add(room)
        await self._memberships.admit(room, user)
        return await self.get(room.room)

    def _limited(self, name: str) -> str:
        return limited_name(name, self._max_name_characters, "rooms.name_too_long")

    async def direct(self, user: UserId, other: UserId) -> Room:
        """Return the one room of two guests, made once; whoever had left it is back in.

        Raises:
            InvalidInput: `rooms.direct_with_yourself`.
            NotFound: `rooms.guest_not_found`.
        """
        if user == other:
            raise InvalidInput("rooms.direct_with_yourself", "A direct room needs somebody else.")
        if other not in await self._guests.names([other]):
            raise NotFound("rooms.guest_not_found", "There is no such guest.")
        room = await self._direct_room(user, other)
        await self._memberships.admit(room, user)
        await self._memberships.admit(room, other, by=user)
        return await self.get(room.room)

    async def get(self, room: RoomId) -> Room:
        """Return a room that the caller may see.

        Raises:
            NotFound: `rooms.room_not_found`.
        """
        found = await self._rooms.get(room)
        if found is None:
            raise room_not_found()
        return found

    async def visible(self, room: RoomId, user: UserId) -> Room:
        """Return a room that `user` may look at: a public one, or one they are a member of.

        Raises:
            NotFound: `rooms.room_not_found`.
        """
        found = await self.get(room)
        if found.visibility != "public" and not await self._memberships.is_member(room, user):
            raise room_not_found()
        return found

    async def join(self, room: RoomId, user: UserId) -> Room:
        """Make `user` a member where that needs no invite, and return the room; a member just gets the room.

        Raises:
            NotFound: `rooms.room_not_found`: no such room, or a private one.
            Forbidden: `rooms.room_full` or `rooms.too_many_rooms`.
        """
        found = await self.visible(room, user)
        if await self._memberships.is_member(room, user):
            return found
        await self._memberships.admit(found, user)
        return await self.get(room)

    async def update(self, room: RoomId, user: UserId, changes: dict[str, Any]) -> Room:
        """Change name, icon or visibility, as the room's maker.

        Raises:
            InvalidInput: `rooms.name_too_long`.
            NotFound: `rooms.room_not_found`: not for this guest.
            Forbidden: `rooms.not_creator` or `rooms.direct_room`.
            Conflict: `rooms.changed`: somebody keeps changing it.
        """
        if "name" in changes:
            self._limited(changes["name"])
        for _ in range(UPDATE_ATTEMPTS):
            found = await self.visible(room, user)
            _require_creator(found, user)
            fields = _without_none({**_state(found), **changes})
            if fields == _without_none(_state(found)):
                return found
            # A concurrent change of the same state gets this `once` first; then its entry comes back, and we look again.
            entry = await self._log.append(room, UPDATED, fields, author=user, once=f"updated:{found.updated_seq}")
            if entry.fields == fields:
                return await self.get(room)
        raise Conflict("rooms.changed", "The room has just been changed; look at it and try again.")

    async def remove_member(self, room: RoomId, member: UserId, by: UserId) -> None:
        """End a membership: one's own, or as the room's maker another one's.

        Raises:
            Forbidden: `rooms.not_creator` or `rooms.direct_room`.
            NotFound: `rooms.member_not_found`.
        """
        if member != by:
            _require_creator(await self.get(room), by)
        if not await self._memberships.dismiss(room, member):
            raise NotFound("rooms.member_not_found", "There is no such member in this room.")

    async def delete(self, room: RoomId, user: UserId) -> None:
        """Delete the room with all its messages, as its maker. What a crash leaves over goes at the next start.

        Raises:
            NotFound: `rooms.room_not_found`.
            Forbidden: `rooms.not_creator` or `rooms.direct_room`.
        """
        found = await self._rooms.deleted_or_not(room)
        if found is None or found.created_by != user:
            found = await self.visible(room, user)
        _require_creator(found, user)
        await self._rooms.mark_deleted(room)
        await self._finish_deleting(found)

    async def finish_deletions(self) -> None:
        """Finish what was being deleted when a replica crashed, or is being deleted by another one: both may do it."""
        for room in await self._rooms.being_deleted():
            await self._finish_deleting(room)

    async def created_by(self, room: RoomId) -> UserId:
        """Return who made the room; see `plugins.rooms.api.RoomDirectory`."""
        return UserId((await self.get(room)).created_by)

    async def members(self, room: RoomId, limit: int) -> list[UserId]:
        """Return members in the order of their ids; see `plugins.rooms.api.RoomDirectory`."""
        return [UserId(member.user) for member in await self._members.page(room, None, limit)]

    async def rooms_of(self, users: Collection[UserId]) -> Mapping[UserId, Mapping[RoomId, Seq]]:
        """Return each guest's rooms; see `plugins.rooms.api.RoomDirectory`."""
        return await self._members.rooms_of_several(users)

    def _new_room(self, user: UserId, **fields: Any) -> Room:
        return Room(
            id=self._new_id("room"),
            folded_name=folded(fields["name"]),
            created_by=user,
            created_at=self._clock.now(),
            **fields,
        )

    async def _direct_room(self, user: UserId, other: UserId) -> Room:
        key = direct_key(user, other)
        found = await self._rooms.by_direct_key(key)
        if found is not None:
            return found
        room = self._new_room(user, name="", visibility="private", direct_key=key)
        try:
            await self._rooms.add(room)
        except DuplicateKey:  # the other one opened it in the same tick
            return await self._direct_room(user, other)
        return room

    async def _finish_deleting(self, found: Room) -> None:
        room = found.room
        await self._log.append(room, DELETED, {}, author=UserId(found.created_by), once="deleted")
        await self._end_memberships(room)
        await self._invites.delete(room)
        await self._log.erase(room)
        await self._rooms.delete(room)

    async def _end_memberships(self, room: RoomId) -> None:
        after: str | None = None
        while members := await self._members.page(room, after, MEMBERS_PER_READ):
            for member in members:
                await self._memberships.told_removed(room, UserId(member.user))
            after = members[-1].user
        await self._members.delete(room)
        self._cache.forget_room(room)

    async def _updated(self, entry: Entry) -> None:
        values = {"icon": None, **entry.fields}
        await self._rooms.apply_update(entry.room, entry.seq, {**values, "folded_name": folded(values["name"])})


def _state(room: Room) -> dict[str, Any]:
    return {"name": room.name, "visibility": room.visibility, "icon": room.icon}


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _require_creator(room: Room, user: UserId) -> None:
    if room.direct_key is not None:
        raise Forbidden("rooms.direct_room", "A room of two cannot be changed or deleted; either of you can leave.")
    if room.created_by != user:
        raise Forbidden("rooms.not_creator", "Only the one who made this room may do that.")
