"""The queries of rooms, their members and invites."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from plugins.rooms.backend.models import Invite, Member, Room, member_id
from prickle.contract.documents import Documents, DuplicateKey, asc, desc, in_
from prickle.contract.log import Entry
from prickle.contract.types import RoomId, Seq, UserId

# Query expressions, not comparisons.
IS_LIVE = Room.deleted == False  # noqa: E712
IS_PRESENT = Member.present == True  # noqa: E712


def invite_id(token: str) -> str:
    """Return the id under which an invite with this token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


class RoomStore:
    """Rooms; those that are being deleted are seen by `deleted_or_not` alone."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def add(self, room: Room) -> None:
        await self._documents.insert(room)

    async def get(self, room: RoomId) -> Room | None:
        return await self._documents.find_one(Room, Room.id == room, IS_LIVE)

    async def deleted_or_not(self, room: RoomId) -> Room | None:
        return await self._documents.find_one(Room, Room.id == room)

    async def by_direct_key(self, key: str) -> Room | None:
        return await self._documents.find_one(Room, Room.direct_key == key)

    async def several(self, rooms: list[RoomId]) -> list[Room]:
        """Return those of `rooms` that exist, the youngest first."""
        return await self._documents.find(
            Room,
            in_(Room.id, rooms),
            IS_LIVE,
            sort=[desc(Room.id)],
        )

    async def public(self, before: str | None, limit: int) -> list[Room]:
        """Return public rooms made before the one with the id `before`, the youngest first."""
        older = [Room.id < before] if before else []
        return await self._documents.find(
            Room,
            Room.visibility == "public",
            IS_LIVE,
            *older,
            sort=[desc(Room.id)],
            limit=limit,
        )

    async def apply_update(self, room: RoomId, seq: Seq, values: Mapping[str, Any]) -> None:
        """Set `values`, unless the room is as new as `seq` already."""
        await self._documents.update(Room, Room.id == room, Room.updated_seq < seq, set={**values, "updated_seq": seq})

    async def set_member_count(self, room: RoomId, count: int) -> None:
        await self._documents.update(Room, Room.id == room, set={"member_count": count})

    async def being_deleted(self) -> list[Room]:
        return await self._documents.find(Room, Room.deleted == True)  # noqa: E712 - a query expression

    async def mark_deleted(self, room: RoomId) -> None:
        await self._documents.update(Room, Room.id == room, set={"deleted": True})

    async def delete(self, room: RoomId) -> None:
        await self._documents.delete(Room, Room.id == room)


class MemberStore:
    """Who is, or was, in which room."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def get(self, room: RoomId, user: UserId) -> Member | None:
        return await self._documents.find_one(Member, Member.id == member_id(room, user))

    async def page(self, room: RoomId, after: str | None, limit: int) -> list[Member]:
        """Return present members in the order of their ids, behind `after`."""
        further = [Member.user > after] if after else []
        return await self._documents.find(
            Member,
            Member.room == room,
            IS_PRESENT,
            *further,
            sort=[asc(Member.user)],
            limit=limit,
        )

    async def rooms_of(self, user: UserId) -> list[RoomId]:
        members = await self._documents.find(
            Member,
            Member.user == user,
            IS_PRESENT,
        )
        return [RoomId(member.room) for member in members]

    async def rooms_of_several(self, users: Collection[UserId]) -> dict[UserId, dict[RoomId, Seq]]:
        """Return each guest's rooms, with the entry by which they became a member."""
        members = await self._documents.find(Member, in_(Member.user, list(users)), IS_PRESENT)
        found: dict[UserId, dict[RoomId, Seq]] = {user: {} for user in users}
        for member in members:
            found[UserId(member.user)][RoomId(member.room)] = Seq(member.changed_seq)
        return found

    async def count_in(self, room: RoomId) -> int:
        return await self._documents.count(
            Member,
            Member.room == room,
            IS_PRESENT,
        )

    async def count_of(self, user: UserId) -> int:
        return await self._documents.count(
            Member,
            Member.user == user,
            IS_PRESENT,
        )

    async def apply(self, entry: Entry, *, present: bool) -> None:
        """Bring a membership up to `entry`; one that is as new already stays as it is."""
        room, user = entry.room, UserId(entry.fields["user"])
        key = member_id(room, user)
        state: dict[str, Any] = {"present": present, "changed_seq": entry.seq, "joined_at": entry.created_at}
        try:
            await self._documents.update(
                Member,
                Member.id == key,
                Member.changed_seq < entry.seq,
                set=state,
                upsert=Member(id=key, room=room, user=user, **state),
            )
        except DuplicateKey:
            # It is there and not older: this entry, or a later one, has been applied.
            return

    async def delete(self, room: RoomId) -> None:
        await self._documents.delete(Member, Member.room == room)

    async def forget(self, room: RoomId, user: UserId) -> None:
        await self._documents.delete(Member, Member.id == member_id(room, user))


class InviteStore:
    """Links into rooms."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def add(self, invite: Invite) -> None:
        await self._documents.insert(invite)

    async def get(self, token: str, now: datetime) -> Invite | None:
        return await self._documents.find_one(Invite, Invite.id == invite_id(token), Invite.expires_at > now)

    async def count_open(self, room: RoomId, now: datetime) -> int:
        return await self._documents.count(Invite, Invite.room == room, Invite.expires_at > now)

    async def delete_expired(self, room: RoomId, now: datetime) -> None:
        await self._documents.delete(Invite, Invite.room == room, Invite.expires_at <= now)

    async def delete(self, room: RoomId) -> None:
        await self._documents.delete(Invite, Invite.room == room)
