"""Who is a member of a room: asked before every command and route that names one, changed through the room's log."""

from plugins.rooms.backend.counting import MemberCounts
from plugins.rooms.backend.models import Room
from plugins.rooms.backend.notices import ADDED, JOINED, LEFT, REMOVED
from plugins.rooms.backend.payloads import RoomAddedNotice, RoomRemovedNotice
from plugins.rooms.backend.settings import RoomSettings
from plugins.rooms.backend.store import MemberStore, RoomStore
from plugins.rooms.events import MemberJoined, MemberLeft
from prickle.contract.errors import Forbidden, NotFound
from prickle.contract.events import EventBus
from prickle.contract.gateway import Audience, Gateway
from prickle.contract.log import Entry, Log
from prickle.contract.ports import Clock
from prickle.contract.types import RoomId, UserId

REMEMBERED_ROOMS = 10_000


def room_not_found() -> NotFound:
    """No such room, or not for the caller: one answer, so that nobody learns which private rooms exist."""
    return NotFound("rooms.room_not_found", "This room is not here.")


class MembershipCache:
    """Members seen lately, per room, so that a message costs no query. Only members are kept: joining works at once."""

    def __init__(self, clock: Clock, ttl_s: float) -> None:
        self._clock = clock
        self._ttl_s = ttl_s
        self._until: dict[RoomId, dict[UserId, float]] = {}
        self.forgotten = 0
        """Grows with everything that is forgotten: what was read before must not be kept after."""

    def holds(self, room: RoomId, user: UserId) -> bool:
        return self._until.get(room, {}).get(user, 0.0) > self._clock.monotonic()

    def keep(self, room: RoomId, user: UserId, *, read_at: int) -> None:
        """Keep what was read when `forgotten` was `read_at`."""
        if self.forgotten != read_at:
            return
        if len(self._until) >= REMEMBERED_ROOMS:
            self._until.clear()  # Forgetting costs one query per member, keeping an order costs every message.
        self._until.setdefault(room, {})[user] = self._clock.monotonic() + self._ttl_s

    def forget(self, room: RoomId, user: UserId) -> None:
        self.forgotten += 1
        self._until.get(room, {}).pop(user, None)

    def forget_room(self, room: RoomId) -> None:
        self.forgotten += 1
        self._until.pop(room, None)


class Memberships:
    """The core's `Membership`, and the only way in and out of a room."""

    def __init__(
        self,
        rooms: RoomStore,
        members: MemberStore,
        cache: MembershipCache,
        counts: MemberCounts,
        log: Log,
        gateway: Gateway,
        events: EventBus,
        settings: RoomSettings,
    ) -> None:
        self._rooms = rooms
        self._members = members
        self._cache = cache
        self._counts = counts
        self._log = log
        self._gateway = gateway
        self._events = events
        self._settings = settings

    def attach(self) -> None:
        """Follow the log: entries make memberships, and a removal reaches the sockets of every replica.

        The event tells the replicas that do not have the room open; where the bus loses it, the cache's seconds do.
        """
        self._log.effect(JOINED, self._joined)
        self._log.effect(LEFT, self._left)
        self._log.watch(LEFT, self._shut)
        self._events.subscribe(MemberLeft, self._forget)

    async def require_member(self, user: UserId, room: RoomId) -> None:
        """Return if `user` is a member of `room` now; see `prickle.contract.ports.Membership`."""
        if not await self.is_member(room, user):
            raise room_not_found()

    async def is_member(self, room: RoomId, user: UserId) -> bool:
        """Tell it from the cache, or as the store has it now."""
        return self._cache.holds(room, user) or await self.is_member_now(room, user)

    async def is_member_now(self, room: RoomId, user: UserId) -> bool:
        """Tell it as the store has it now."""
        read_at = self._cache.forgotten
        member = await self._members.get(room, user)
        if member is None or not member.present:
            if self._cache.holds(room, user):
                self._cache.forget(room, user)
            return False
        self._cache.keep(room, user, read_at=read_at)
        return True

    async def admit(self, room: Room, user: UserId, *, by: UserId | None = None) -> None:
        """Make `user` a member, if they are none; `by` says who did it for them, which their own limit does not stop.

        Raises:
            Forbidden: `rooms.room_full`, or `rooms.too_many_rooms` of this guest.
        """
        member = await self._members.get(room.room, user)
        if member is not None and member.present:
            return
        if room.member_count >= self._settings.max_members:
            raise Forbidden("rooms.room_full", "This room is full.", limit=self._settings.max_members)
        if by is None:
            await self._require_fewer_rooms(user)
        # Two devices that join in one tick know the same last change, so the second gets the first one's entry.
        changed_seq = member.changed_seq if member else 0
        once = f"joined:{changed_seq}"
        entry = await self._log.append(room.room, JOINED, {"user": user}, author=user, once=once)
        await self._counts.settled(room.room)
        self._gateway.send(ADDED, Audience(user=user), RoomAddedNotice(room=room.id), key=room.id)
        await self._events.publish_everywhere(MemberJoined(room=room.room, user=user, since=entry.seq))

    async def dismiss(self, room: RoomId, user: UserId) -> bool:
        """End a membership; false if there was none. When it returns, `user` gets nothing more from the room here."""
        member = await self._members.get(room, user)
        if member is None or not member.present:
            return False
        await self._log.append(room, LEFT, {"user": user}, author=user, once=f"left:{member.changed_seq}")
        await self.told_removed(room, user)
        await self._counts.settled(room)
        return True

    async def told_removed(self, room: RoomId, user: UserId) -> None:
        """Shut the room for `user` everywhere and tell their devices, whether or not they have it open, and the plugins."""
        self._cache.forget(room, user)
        self._gateway.shut_room(room, user)
        self._gateway.send(REMOVED, Audience(user=user), RoomRemovedNotice(room=room), key=room)
        await self._events.publish_everywhere(MemberLeft(room=room, user=user))

    async def forget_guest(self, user: UserId) -> None:
        """End all memberships of a guest who is gone for good."""
        for room in await self._members.rooms_of(user):
            await self.dismiss(room, user)

    async def _require_fewer_rooms(self, user: UserId) -> None:
        limit = self._settings.max_rooms_per_guest
        if await self._members.count_of(user) >= limit:
            raise Forbidden("rooms.too_many_rooms", "You are in too many rooms; leave one first.", limit=limit)

    async def _joined(self, entry: Entry) -> None:
        await self._members.apply(entry, present=True)
        if await self._rooms.get(entry.room) is None:
            # The room was deleted meanwhile; a membership without one would let its owner write into nowhere.
            await self._members.forget(entry.room, UserId(entry.fields["user"]))
        self._counts.changed(entry.room)

    async def _left(self, entry: Entry) -> None:
        await self._members.apply(entry, present=False)
        self._cache.forget(entry.room, UserId(entry.fields["user"]))
        self._counts.changed(entry.room)

    async def _forget(self, event: MemberLeft) -> None:
        self._cache.forget(event.room, event.user)

    def _shut(self, entry: Entry) -> None:
        """Between this entry and the next: whoever was removed hears that, and nothing later."""
        user = UserId(entry.fields["user"])
        self._cache.forget(entry.room, user)
        self._gateway.shut_room(entry.room, user)
