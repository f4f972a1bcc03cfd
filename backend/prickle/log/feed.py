"""Hands each entry of the rooms that are open on this replica to their sockets, once and in order, whatever the bus loses."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from prickle.contract.documents import Documents, and_, asc, or_
from prickle.contract.errors import ChatError
from prickle.contract.log import Entry
from prickle.contract.payload import from_epoch_ms
from prickle.contract.plugin import Logger
from prickle.contract.types import RoomId, Seq
from prickle.log.models import LogEntry
from prickle.log.reader import LogReader
from prickle.storage.bus.port import Bus

MAX_WAITING = 4096
"""Entries ahead of a hole; beyond, they are read from the store instead."""
ROOMS_PER_QUERY = 100
REACH_TRIES = 3

Watcher = Callable[[Entry], None]
FanOut = Callable[[RoomId, str, bytes], None]


@dataclass(slots=True)
class Arrival:
    """An entry that is durable, with its notice as it goes out."""

    seq: int
    event: str
    at_ms: int
    target: int | None
    records: int
    """How many records the log has up to and including this entry."""
    payload: Mapping[str, Any]
    wire: bytes
    """`payload` as JSON: made once, for our own sockets and for the other replicas."""

    @property
    def entry(self) -> Entry:
        fields = {name: value for name, value in self.payload.items() if name not in {"room", "seq"}}
        target = None if self.target is None else Seq(self.target)
        return Entry(RoomId(self.payload["room"]), Seq(self.seq), self.event, fields, from_epoch_ms(self.at_ms), target)

    def message(self) -> bytes:
        """Return what the other replicas are told; see `heard`."""
        return orjson.dumps([self.seq, self.event, self.at_ms, self.target, self.records, orjson.Fragment(self.wire)])


@dataclass(slots=True)
class Feed:
    """One open room."""

    room: RoomId
    sockets: int = 0
    delivered: int | None = None
    """The last `seq` that its sockets were sent; `None` until it is known."""
    waiting: dict[int, Arrival] = field(default_factory=dict)
    ready: asyncio.Task[None] | None = None
    filling: asyncio.Task[None] | None = None


def arrival_of(row: LogEntry, payload: Mapping[str, Any]) -> Arrival:
    return Arrival(row.seq, row.event, row.at_ms, row.target, row.records, payload, orjson.dumps(payload))


def heard(message: bytes) -> Arrival:
    seq, event, at_ms, target, records, payload = orjson.loads(message)
    return Arrival(seq, event, at_ms, target, records, payload, orjson.dumps(payload))


class Feeds:
    """The open rooms of this replica."""

    def __init__(
        self,
        documents: Documents,
        reader: LogReader,
        bus: Bus,
        fan_out: FanOut,
        elsewhere: Callable[[RoomId, Arrival], None],
        logger: Logger,
    ) -> None:
        """`elsewhere` is told of what other replicas wrote, as soon as it is heard and in no order."""
        self._documents = documents
        self._reader = reader
        self._bus = bus
        self._fan_out = fan_out
        self._elsewhere = elsewhere
        self._logger = logger
        self._feeds: dict[RoomId, Feed] = {}
        self._watchers: dict[str, list[Watcher]] = {}

    def watch(self, event: str, watcher: Watcher) -> Callable[[], None]:
        watchers = self._watchers.setdefault(event, [])
        watchers.append(watcher)
        return lambda: watchers.remove(watcher)

    async def acquire(self, room: RoomId) -> Feed:
        """Count one more socket that has `room` open. When this returns, no later entry passes it by."""
        feed = self._feeds.get(room)
        if feed is None:
            feed = self._feeds[room] = Feed(room)
            feed.ready = asyncio.create_task(self._start(feed), name=f"feed of {room}")
        feed.sockets += 1
        try:
            await asyncio.shield(feed.ready)  # type: ignore[arg-type]  # set above, by this call or an earlier one
        except BaseException:
            self.release(room)
            raise
        return feed

    async def reach(self, feed: Feed, seq: Seq) -> None:
        """Hand out all up to `seq`, which a client has from another replica, before its socket joins those of this one."""
        for _ in range(REACH_TRIES):
            if (feed.delivered or 0) >= seq:
                return
            self._fill(feed)
            if feed.filling is not None:
                await asyncio.shield(feed.filling)

    def release(self, room: RoomId) -> None:
        feed = self._feeds.get(room)
        if feed is None:
            return
        feed.sockets -= 1
        if feed.sockets <= 0:
            del self._feeds[room]
            self._bus.unsubscribe(f"room:{room}")
            for task in (feed.ready, feed.filling):
                if task is not None:
                    task.cancel()

    def written(self, arrivals: Sequence[Arrival]) -> None:
        """This replica wrote these entries: tell the others, and our own sockets."""
        room = RoomId(arrivals[0].payload["room"])
        feed = self._feeds.get(room)
        for arrival in arrivals:
            self._bus.publish(f"room:{room}", arrival.message())
            if feed is not None:
                self._offer(feed, arrival)
            else:
                self._tell_watchers(arrival)

    def restart(self, room: RoomId) -> None:
        """The log of `room` was erased."""
        if feed := self._feeds.get(room):
            feed.delivered = 0
            feed.waiting.clear()

    async def heal(self) -> None:
        """Read what the bus may have lost of every open room, in one query per hundred rooms."""
        feeds = [(feed.room, feed.delivered) for feed in self._feeds.values() if feed.delivered is not None]
        for start in range(0, len(feeds), ROOMS_PER_QUERY):
            some = feeds[start : start + ROOMS_PER_QUERY]
            newer = [and_(LogEntry.room == room, LogEntry.seq > delivered) for room, delivered in some]
            rows = await self._documents.find(
                LogEntry, or_(*newer) if len(newer) > 1 else newer[0], sort=[asc(LogEntry.room)], limit=1000
            )
            for room in {RoomId(row.room) for row in rows}:
                if feed := self._feeds.get(room):
                    self._fill(feed)

    async def _start(self, feed: Feed) -> None:
        await self._bus.subscribe(f"room:{feed.room}", lambda message: self._hear(feed, heard(message)))
        last_seq = await self._reader.last_seq(feed.room)
        feed.delivered = last_seq
        feed.waiting = {seq: arrival for seq, arrival in feed.waiting.items() if seq > last_seq}
        self._drain(feed)

    def _hear(self, feed: Feed, arrival: Arrival) -> None:
        self._elsewhere(feed.room, arrival)
        self._offer(feed, arrival)

    def _offer(self, feed: Feed, arrival: Arrival) -> None:
        seq = arrival.seq
        if feed.delivered is not None and seq <= feed.delivered:
            return
        if len(feed.waiting) < MAX_WAITING:
            feed.waiting[seq] = arrival
        if feed.delivered is None:
            return
        self._drain(feed)
        if feed.waiting or seq > feed.delivered:
            self._fill(feed)

    def _drain(self, feed: Feed) -> None:
        while (arrival := feed.waiting.pop(feed.delivered + 1, None)) is not None:  # type: ignore[operator]  # it is known here
            feed.delivered = arrival.seq
            self._fan_out(feed.room, arrival.event, arrival.wire)
            self._tell_watchers(arrival)

    def _tell_watchers(self, arrival: Arrival) -> None:
        if watchers := self._watchers.get(arrival.event):
            entry = arrival.entry
            for watcher in tuple(watchers):
                self._tell(watcher, entry)

    def _tell(self, watcher: Watcher, entry: Entry) -> None:
        try:
            watcher(entry)
        except Exception as error:  # a plugin's defect stops neither the room nor whoever wrote the entry
            self._logger.exception("log_watcher_failed", event_type=entry.event, error=repr(error))

    def _fill(self, feed: Feed) -> None:
        if feed.filling is None:
            feed.filling = asyncio.create_task(self._read_hole(feed), name=f"hole of {feed.room}")

    async def _read_hole(self, feed: Feed) -> None:
        """Read from the store what is missing; it has every entry that a later one could be heard of."""
        try:
            rows = await self._reader.rows(feed.room, Seq(feed.delivered or 0), MAX_WAITING)
            payloads = await self._reader.payloads(rows)
            for row, (_, payload) in zip(rows, payloads, strict=True):
                if row.seq > (feed.delivered or 0):
                    feed.waiting.setdefault(row.seq, arrival_of(row, payload))
            self._drain(feed)
        except ChatError as error:  # the store is away; `heal` asks again
            self._logger.warning("log_hole_not_read", room=feed.room, reason=error.code)
        finally:
            feed.filling = None
