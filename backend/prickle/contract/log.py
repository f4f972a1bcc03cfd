"""The room log: everything that changes in a room is one numbered entry, and every notice of it comes from here.

An entry is durable before anybody sees it, its `seq` is given by the store, and n+1 is never visible before n. A client
that keeps the last `seq` it has seen can always ask for what it missed. This is the core's one promise to all plugins
whose notices are of the class `durable`.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from prickle.contract.gateway import Connection, Notice
from prickle.contract.types import RoomId, Seq, UserId


@dataclass(frozen=True, slots=True)
class Entry:
    """One change. On the wire: `[event, {"room": room, "seq": seq, **fields}]`."""

    room: RoomId
    seq: Seq
    event: str
    fields: Mapping[str, Any]
    created_at: datetime
    target: Seq | None = None
    """The record that this entry revised."""


@dataclass(frozen=True, slots=True)
class Record:
    """An entry that holds something which later entries change, such as a message; `state` is how it is now."""

    room: RoomId
    seq: Seq
    author: UserId
    state: Mapping[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Revision:
    """What `revise` makes of a record: its new state, and what the notice carries beside `room` and `seq`.

    `fields=None` stands for `{"message": <the whole record as it is now>}`, which costs no copy in the log and forgets
    the old text.
    """

    state: Mapping[str, Any]
    fields: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Catchup:
    """What a client missed: `entries` after its `after`, oldest first; or `reload`, when that is too much."""

    entries: list[tuple[str, Mapping[str, Any]]]
    last_seq: Seq
    reload: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Records newest first; `before` continues the page towards older ones and is `None` at the end."""

    records: list[Record]
    before: Seq | None
    last_seq: Seq
    """The log's end that `records` are as new as: a client that opens the room with `after=last_seq` misses nothing."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which records: at most `limit`, older than `before`, newer than `after`, or on both sides of `around`."""

    limit: int
    side: Literal["newest", "before", "after", "around"] = "newest"
    seq: Seq = field(default=Seq(0))


@dataclass(frozen=True, slots=True)
class Place:
    """An entry's place in its log; `records` is how many records there are up to and including it."""

    seq: Seq
    records: int
    created_at: datetime | None = field(default=None, compare=False)
    """When the entry was written, where that is known."""


class Log(Protocol):
    """Append, change, read, open."""

    async def append(
        self, room: RoomId, notice: Notice[Any], fields: Mapping[str, Any], *, author: UserId, once: str | None = None
    ) -> Entry:
        """Write one entry and send its notice to everybody who has the room open, on all replicas.

        With `once`, a second call of the same author with the same `once` in this room returns the first entry and
        writes nothing. Entries of a notice with an effect (see `effect`) return after the effect.

        Raises:
            Unavailable: the store is away; the entry may or may not be written, `once` makes a retry safe.
        """

    async def record(
        self, room: RoomId, notice: Notice[Any], state: Mapping[str, Any], *, author: UserId, once: str | None = None
    ) -> Record:
        """Like `append`, for an entry that later ones change: the state is what the notice carries, and can be paged.

        Its wire form adds `author` and `created_at`; values of `None` are left out.
        """

    async def revise(
        self,
        room: RoomId,
        seq: Seq,
        notice: Notice[Any],
        change: Callable[[Record], Revision | None],
        *,
        author: UserId,
    ) -> Record:
        """Change the record `seq`, as an entry of its own, and return the record's new state.

        `change` sees the state that the entry will follow; it is called again if somebody else was faster. It may raise
        a `ChatError`; returning `None` means that nothing changes, and nothing is written.

        Raises:
            NotFound: `log.no_record`: no record has this `seq`.
        """

    async def find(self, room: RoomId, author: UserId, once: str) -> Record | None:
        """Return the record that `author` wrote with `once`, as it is now; `None` if there is none."""

    def effect(self, notice: Notice[Any], apply: Callable[[Entry], Awaitable[None]]) -> None:
        """Run `apply` after each entry of `notice` is durable and before its author is answered.

        It must be idempotent: after a crash between the two it runs again, on whichever replica notices first.
        """

    def watch(self, notice: Notice[Any], handler: Callable[[Entry], None]) -> Callable[[], None]:
        """Call `handler` on every replica that has the room open or follows it, and on the one that wrote the entry.

        In order where the room is open or followed: after this notice, before any later one.

        A member who is removed thus still hears so, and nothing else. Returns a function that ends it.
        """

    async def follow(self, room: RoomId) -> Callable[[], None]:
        """Let the watchers hear of `room` though nobody may have it open here, from the end that is read after this returns.

        Returns a function that ends it, to be called once.
        """

    async def last_seq(self, room: RoomId) -> Seq:
        """Return the log's end, 0 for an empty log."""

    async def ends(self, rooms: Collection[RoomId]) -> Mapping[RoomId, Place]:
        """Return the ends of many logs, `Place(0, 0)` of an empty one, with one query per hundred rooms."""

    async def places(self, entries: Collection[tuple[RoomId, Seq]]) -> Mapping[tuple[RoomId, Seq], Place]:
        """Return the place of each of these entries that there is, with one query per hundred of them."""

    async def entries(self, room: RoomId, after: Seq) -> Catchup:
        """Return what came after `after`, or `reload`."""

    async def page(self, room: RoomId, window: Window) -> Page:
        """Return records of the room as they are now, newest first."""

    async def get(self, room: RoomId, seq: Seq) -> Record:
        """Return one record as it is now.

        Raises:
            NotFound: `log.no_record`.
        """

    async def open(self, connection: Connection, room: RoomId, after: Seq | None) -> Catchup:
        """Open the room on this socket: it gets every entry after the returned `last_seq`, and misses none before.

        The caller has checked membership. Without `after` no entries are returned.
        """

    async def erase(self, room: RoomId) -> None:
        """Remove the whole log of a deleted room."""

    def wire(self, record: Record) -> dict[str, Any]:
        """Return the record as clients see it: `{room, seq, author, created_at, **state}`, unset fields left out."""
