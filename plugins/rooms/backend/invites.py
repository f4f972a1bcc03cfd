"""Invites: links into a room that expire."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from plugins.rooms.backend.membership import Memberships
from plugins.rooms.backend.models import Invite, Room
from plugins.rooms.backend.settings import RoomSettings
from plugins.rooms.backend.store import InviteStore, RoomStore, invite_id
from prickle.contract.errors import Forbidden, InvalidInput, NotFound
from prickle.contract.ports import Clock
from prickle.contract.types import RoomId, UserId


@dataclass(frozen=True, slots=True)
class OpenInvite:
    """An invite that can be accepted now. `room` is for its name and icon until then."""

    room: Room
    expires_at: datetime


class Invites:
    """Makes, shows and accepts invites. Looking at one changes nothing: link previews look."""

    def __init__(
        self, invites: InviteStore, rooms: RoomStore, memberships: Memberships, settings: RoomSettings, clock: Clock
    ) -> None:
        self._invites = invites
        self._rooms = rooms
        self._memberships = memberships
        self._settings = settings
        self._clock = clock

    async def create(self, room: RoomId, user: UserId, expires_in_s: int | None) -> tuple[str, datetime]:
        """Return the token of a new invite, which is kept nowhere, and when it expires.

        Raises:
            InvalidInput: `rooms.invite_too_long`.
            Forbidden: `rooms.direct_room`, or `rooms.too_many_invites` that are open.
        """
        ttl_s = self._settings.invite_ttl_s if expires_in_s is None else expires_in_s
        if ttl_s > self._settings.max_invite_ttl_s:
            limit_s = self._settings.max_invite_ttl_s
            raise InvalidInput("rooms.invite_too_long", f"An invite holds at most {limit_s} seconds.", limit=limit_s)
        await self._require_room_for_one_more(room)
        token, expires_at = secrets.token_urlsafe(18), self._clock.now() + timedelta(seconds=ttl_s)
        await self._invites.add(Invite(id=invite_id(token), room=room, created_by=user, expires_at=expires_at))
        return token, expires_at

    async def look(self, token: str) -> OpenInvite:
        """Return what an invite opens.

        Raises:
            NotFound: `rooms.invite_not_found`: unknown or expired, or its room is gone.
        """
        invite = await self._invites.get(token, self._clock.now())
        room = await self._rooms.get(RoomId(invite.room)) if invite else None
        if invite is None or room is None:
            raise NotFound("rooms.invite_not_found", "This invite does not exist or has expired.")
        return OpenInvite(room, invite.expires_at)

    async def accept(self, token: str, user: UserId) -> Room:
        """Make `user` a member of the invite's room and return the room.

        Raises:
            NotFound: `rooms.invite_not_found`.
            Forbidden: `rooms.room_full` or `rooms.too_many_rooms`.
        """
        room = (await self.look(token)).room
        await self._memberships.admit(room, user)
        return await self._rooms.get(room.room) or room

    async def _require_room_for_one_more(self, room: RoomId) -> None:
        now = self._clock.now()
        found = await self._rooms.get(room)
        if found is not None and found.direct_key is not None:
            raise Forbidden("rooms.direct_room", "A room of two has no invites.")
        await self._invites.delete_expired(room, now)
        if await self._invites.count_open(room, now) >= self._settings.max_invites:
            raise Forbidden("rooms.too_many_invites", "This room has too many open invites.")
