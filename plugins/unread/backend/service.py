"""The rules of reading: how far a guest has read a room, and how many messages, and mentions of them, are left.

A count is the number of messages at the log's end less the number at the guest's position, so it costs the same for one
message and for a million. Tombstones count: a deleted message keeps its place. Whoever never told a position has read
nothing since they became a member, and whoever writes has read what stands above.
"""

import asyncio
from collections.abc import Collection, Mapping
from itertools import takewhile

from plugins.rooms.api import RoomDirectory
from plugins.unread.backend.models import Reader, Unread
from plugins.unread.backend.store import UnreadStore
from prickle.contract.errors import InvalidInput
from prickle.contract.log import Log, Place
from prickle.contract.ports import Clock
from prickle.contract.types import RoomId, Seq, UserId

BEGINNING = Place(Seq(0), 0)
MOVED_AT_ONCE = 200
"""Writes that wait for one sync of the disk together."""
KEPT_MENTIONS = 500
"""Entries behind the position whose mentions are kept: what has just been read may be marked unread again."""


class UnreadService:
    """Counts, and moves positions. Callers have checked that the guest is a member of the room."""

    def __init__(self, store: UnreadStore, log: Log, rooms: RoomDirectory, clock: Clock) -> None:
        self._store = store
        self._log = log
        self._rooms = rooms
        self._clock = clock
        self._written: dict[Reader, tuple[Seq, float]] = {}
        """Where guests wrote last, which reads the room up to there, and since when that waits to be stored, in that order."""

    async def snapshot(self, user: UserId) -> dict[RoomId, Unread]:
        """Return the count of every room of a guest; the number of queries does not depend on how many there are."""
        members = {
            Reader(room, user): since
            for rooms in (await self._rooms.rooms_of([user])).values()
            for room, since in rooms.items()
        }
        ends = await self._log.ends([reader.room for reader in members])
        return {reader.room: unread for reader, unread in (await self.counts(members, ends)).items()}

    async def counts(self, members: Mapping[Reader, Seq], ends: Mapping[RoomId, Place]) -> dict[Reader, Unread]:
        """Return the counts of members, who are given with the entry by which they became one, up to `ends`."""
        positions = await self._store.positions(members)
        mentions = await self._store.mentions(members)
        starts = await self._starts(members, positions)
        counts = {}
        for reader, start in starts.items():
            newer = sum(seq > start.seq for seq in mentions.get(reader.key, ()))
            counts[reader] = Unread(start, ends[reader.room], newer)
        return counts

    async def read(self, reader: Reader, seq: Seq) -> Unread:
        """Note that everything up to `seq` has been read, and return what is left; a position never goes back by this.

        Raises:
            InvalidInput: `unread.no_such_entry`.
        """
        place = (await self._places(reader.room, [seq]))[seq]
        await self._store.move(reader, place)
        await self._store.forget_mentions(reader, seq - KEPT_MENTIONS)
        return await self._one(reader)

    async def mark(self, reader: Reader, seq: Seq) -> Unread:
        """Make the message `seq` and what follows it unread again, and return the count.

        Raises:
            InvalidInput: `unread.no_such_entry`.
        """
        before = Seq(seq - 1)
        places = await self._places(reader.room, [before, seq])
        self._written.pop(reader, None)
        await self._store.put(reader, places[before])
        return await self._one(reader)

    def wrote(self, reader: Reader, seq: Seq) -> None:
        """Note that `reader` has written the message `seq`."""
        _, since = self._written.get(reader, (seq, self._clock.monotonic()))
        self._written[reader] = (seq, since)

    async def keep_written(self, waiting_s: float = 0.0) -> None:
        """Store where guests have written who have waited for so long: those of the last second, not a crowd at a time."""
        latest = self._clock.monotonic() - waiting_s
        waiting = takewhile(lambda item: item[1][1] <= latest, self._written.items())
        written = {reader: seq for reader, (seq, _) in waiting}
        if not written:
            return
        places = await self._log.places({(reader.room, seq) for reader, seq in written.items()})
        moved = list(written.items())
        for start in range(0, len(moved), MOVED_AT_ONCE):
            some = moved[start : start + MOVED_AT_ONCE]
            moves = [
                self._store.move(reader, place) for reader, seq in some if (place := places.get((reader.room, seq)))
            ]
            await asyncio.gather(*moves)
            for reader, seq in some:
                later, _ = self._written.pop(reader, (seq, latest))
                if later != seq:
                    self.wrote(reader, later)

    async def _one(self, reader: Reader) -> Unread:
        ends = await self._log.ends([reader.room])
        return (await self.counts({reader: Seq(0)}, ends))[reader]

    async def _starts(self, members: Mapping[Reader, Seq], positions: Mapping[str, Place]) -> dict[Reader, Place]:
        starts = {reader: positions.get(reader.key) for reader in members}
        later: dict[Reader, Seq] = {}
        for reader, since in members.items():
            start, written = starts[reader], self._written.get(reader, (Seq(0), 0.0))[0]
            if start is None or written > start.seq:
                later[reader] = max(since if start is None else Seq(0), written)
        places = await self._log.places({(reader.room, seq) for reader, seq in later.items()})
        found = {reader: places.get((reader.room, seq), BEGINNING) for reader, seq in later.items()}
        return {reader: found.get(reader) or start or BEGINNING for reader, start in starts.items()}

    async def _places(self, room: RoomId, seqs: Collection[Seq]) -> dict[Seq, Place]:
        found = await self._log.places([(room, seq) for seq in seqs])
        places = {seq: place for (_, seq), place in found.items()}
        places.setdefault(Seq(0), BEGINNING)
        if not places.keys() >= set(seqs):
            raise InvalidInput("unread.no_such_entry", "The room has no such entry.")
        return places
