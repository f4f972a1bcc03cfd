"""Sends counts to the guests of this replica: of each room that is not open, at most one a second, many guests in few queries."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from plugins.messages.api import mentioned
from plugins.rooms.api import RoomDirectory
from plugins.unread.backend.connected import Connected, Room
from plugins.unread.backend.models import Reader, Unread
from plugins.unread.backend.notices import UPDATED
from plugins.unread.backend.payloads import RoomUnread, UnreadUpdated
from plugins.unread.backend.service import UnreadService
from plugins.unread.backend.store import UnreadStore
from prickle.contract.errors import Unavailable
from prickle.contract.gateway import Audience, Gateway
from prickle.contract.log import Entry, Log, Place
from prickle.contract.plugin import Logger
from prickle.contract.ports import Clock
from prickle.contract.types import RoomId, Seq, UserId

KEEP_WRITTEN_AFTER_S, KEEP_WRITTEN_EVERY_S = 9.0, 1.0
"""Who writes again meanwhile is stored once, and messages do not wait behind everybody's positions at a time."""
RECENT = timedelta(seconds=10)
SLOWER_S = 0.1
"""So much longer after each unread message is the next count waited for: from 42 to 43 is less of a change than from 0 to 1."""
SLOWEST_S = 30.0


def room_unread(unread: Unread) -> RoomUnread:
    """Return the wire form of a count, with the position."""
    return RoomUnread(
        last_seq=unread.end.seq, unread=unread.messages, mentions=unread.mentions, read_seq=unread.start.seq
    )


class UnreadNews:
    """Follows the rooms of connected guests and tells them what they have not read."""

    def __init__(
        self,
        connected: Connected,
        service: UnreadService,
        store: UnreadStore,
        log: Log,
        rooms: RoomDirectory,
        gateway: Gateway,
        clock: Clock,
        logger: Logger,
        interval_s: float,
    ) -> None:
        self._connected = connected
        self._service = service
        self._store = store
        self._log = log
        self._rooms = rooms
        self._gateway = gateway
        self._clock = clock
        self._logger = logger
        self._interval_s = interval_s
        self._new_rooms: set[RoomId] = set()
        self._new_readers: set[Reader] = set()
        self._mentions: list[tuple[RoomId, Seq, set[UserId]]] = []
        self._due: set[Reader] = set()
        self._fresh: set[Reader] = set()
        """Those who may have missed a message, and are told if they have."""
        self._not_before: dict[Reader, float] = {}
        """When each of those who were told may be told again."""
        self._has_new = asyncio.Event()
        self._has_due = asyncio.Event()

    def enter(self, room: RoomId, user: UserId, since: Seq) -> None:
        """A connected guest is a member of `room`."""
        if self._connected.enter(room, user, since):
            self._new_rooms.add(room)
        self._new_readers.add(Reader(room, user))
        self._has_new.set()

    def message_created(self, entry: Entry) -> None:
        """Count a message, here and now; who is told of it, is told with the next round."""
        author = UserId(entry.fields["author"])
        users = mentioned(entry.fields.get("text", "")) - {author}
        if users:
            self._mentions.append((entry.room, entry.seq, users))
            for user in users:
                self._not_before.pop(Reader(entry.room, user), None)
        if self._connected.sockets_of(author):
            self._service.wrote(Reader(entry.room, author), entry.seq)
        room = self._connected.room(entry.room)
        if room is not None:
            _count(room, entry.seq, entry.created_at)
            self._due.update(Reader(entry.room, user) for user in room.elsewhere)
        if users or (room is not None and room.elsewhere):
            self._has_due.set()

    async def follow(self) -> None:
        """Follow the rooms of those who come, for ever."""
        while True:
            await self._has_new.wait()
            self._has_new.clear()
            try:
                await self._follow_new_rooms()
                self._look_at_new_readers()
            except Unavailable as error:
                self._logger.warning("rooms_not_followed", reason=error.code)
                await asyncio.sleep(self._interval_s)
                self._has_new.set()

    async def tell(self) -> None:
        """Tell, for ever, in rounds that are `interval_s` apart."""
        while True:
            await self._has_due.wait()
            self._has_due.clear()
            try:
                await self._store_mentions()
                was_told = await self._tell()
                if self._due:
                    self._has_due.set()
                elif not was_told:
                    continue
            except Unavailable as error:
                self._logger.warning("unread_not_told", reason=error.code)
                self._has_due.set()
            await asyncio.sleep(self._interval_s)

    async def keep_written(self) -> None:
        """Store where guests wrote, after ten seconds at most, for ever."""
        while True:
            await asyncio.sleep(KEEP_WRITTEN_EVERY_S)
            try:
                await self._service.keep_written(KEEP_WRITTEN_AFTER_S)
            except Unavailable as error:
                self._logger.warning("unread_positions_not_stored", reason=error.code)

    def send(self, user: UserId, counts: Mapping[RoomId, Unread], *, without: str | None = None) -> None:
        """Send a guest's devices what is left after one of them has read; each room is a state of its own."""
        for room, unread in counts.items():
            self._not_before.pop(Reader(room, user), None)
            payload = UnreadUpdated(rooms={room: room_unread(unread)})
            self._gateway.send(UPDATED, Audience(user=user, without=without), payload, key=room)

    async def _follow_new_rooms(self) -> None:
        rooms = {room: found for room in self._new_rooms if (found := self._connected.room(room)) is not None}
        await asyncio.gather(*(self._follow(room_id, room) for room_id, room in rooms.items() if room.unfollow is None))
        # Read after following, so that no message lies between; those in both are told apart by their `seq`.
        ends = await self._log.ends(rooms)
        for room_id, room in rooms.items():
            room.end = ends[room_id]
            for seq, created_at in room.early:
                _count(room, seq, created_at)
            room.early.clear()
        self._new_rooms -= rooms.keys()
        self._new_rooms = {room for room in self._new_rooms if self._connected.room(room) is not None}

    async def _follow(self, room_id: RoomId, room: Room) -> None:
        unfollow = await self._log.follow(room_id)
        if self._connected.room(room_id) is room:
            room.unfollow = unfollow
        else:  # everybody has gone meanwhile
            unfollow()

    def _look_at_new_readers(self) -> None:
        """Whoever has just come may have asked for the counts before the last message, and was not known here when it came."""
        recent = self._clock.now() - RECENT
        for reader in self._new_readers:
            room = self._connected.room(reader.room)
            if room and reader.user in room.elsewhere and _is_after(room.end, recent):
                self._fresh.add(reader)
                self._has_due.set()
        self._new_readers.clear()

    async def _store_mentions(self) -> None:
        while self._mentions:
            room, seq, users = self._mentions[0]
            rooms = await self._rooms.rooms_of(users)
            for user in users:
                if room in rooms[user]:
                    await self._store.add_mention(Reader(room, user), seq)
            self._mentions.pop(0)

    async def _tell(self) -> bool:
        """Tell whoever is due and was not told just now; false if that was nobody."""
        now = self._clock.monotonic()
        self._not_before = {reader: at for reader, at in self._not_before.items() if at > now}
        due, self._due = self._due - self._not_before.keys(), self._due & self._not_before.keys()
        fresh, self._fresh = self._fresh - due, set()
        members: dict[Reader, Seq] = {}
        ends: dict[RoomId, Place] = {}
        for reader in due | fresh:
            room, since = self._connected.room(reader.room), self._connected.since(reader.room, reader.user)
            if room is None or since is None:
                continue
            if room.end is not None:  # else it is being read, and looked at then
                members[reader], ends[reader.room] = since, room.end
        try:
            counts = await self._service.counts(members, ends)
        except Unavailable:
            self._due |= due
            self._fresh |= fresh
            raise
        told = {reader: unread for reader, unread in counts.items() if reader in due or unread.messages}
        for reader, unread in told.items():
            self._not_before[reader] = now + min(SLOWEST_S, SLOWER_S * unread.messages)
            counts_only = room_unread(unread).model_copy(update={"read_seq": None})
            payload = UnreadUpdated(rooms={reader.room: counts_only})
            self._gateway.send(UPDATED, Audience(user=reader.user), payload, key=reader.room)
        return bool(told)


def _count(room: Room, seq: Seq, created_at: datetime) -> None:
    if room.end is None:
        room.early.append((seq, created_at))
    elif seq > room.end.seq:
        room.end = Place(seq, room.end.records + 1, created_at)


def _is_after(place: Place | None, moment: datetime) -> bool:
    return place is not None and place.created_at is not None and place.created_at > moment
