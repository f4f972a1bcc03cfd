"""How an entry of a room's log is kept."""

from datetime import datetime
from typing import Any, ClassVar

from prickle.contract.documents import Index, Model, asc
from prickle.contract.log import Record
from prickle.contract.payload import from_epoch_ms, wire_time
from prickle.contract.types import RoomId, Seq, UserId


class LogEntry(Model):
    """One numbered change of a room. A record's `body` is its state now; any other entry's is what its notice carries."""

    room: str
    seq: int
    event: str
    author: str
    at_ms: int
    """Milliseconds since 1970, UTC; told to people and used for grace, never for order."""
    once: str
    """`<author>:<the author's own key>`, or `#<seq>`: one entry per room and value."""
    body: dict[str, Any]
    kind: str = "change"
    """`record` where later entries revise `body`, else `change`."""
    target: int | None = None
    """The `seq` of the record that this entry revises. Its new state is in `body` while it is pending."""
    records: int = 0
    """How many records the log has up to and including this entry."""
    revision: int = 0
    """Of a record: the entry that `body` is as new as."""
    pending: bool = False
    """True while an effect, or the record that this entry revises, may not have been brought up to it.

    Compared by `==` alone: for a range SQLite would rather read the whole room than this field's index.
    """

    model_config: ClassVar[Any] = {
        "collection": "log",
        "indexes": lambda: [
            Index(asc(LogEntry.room), asc(LogEntry.seq), unique=True),
            Index(asc(LogEntry.room), asc(LogEntry.once), unique=True),
            Index(asc(LogEntry.room), asc(LogEntry.kind), asc(LogEntry.seq)),
            Index(asc(LogEntry.pending), asc(LogEntry.room), asc(LogEntry.seq)),
        ],
    }

    @property
    def created_at(self) -> datetime:
        return from_epoch_ms(self.at_ms)


IS_PENDING = LogEntry.pending == True  # noqa: E712  # a query expression


def record_of(entry: LogEntry) -> Record:
    return Record(RoomId(entry.room), Seq(entry.seq), UserId(entry.author), entry.body, entry.created_at)


def record_wire(record: Record) -> dict[str, Any]:
    """Return `{room, seq, author, created_at, **state}`, unset fields left out."""
    wire = {
        "room": record.room,
        "seq": record.seq,
        "author": record.author,
        "created_at": wire_time(record.created_at),
    }
    wire.update((name, value) for name, value in record.state.items() if value is not None)
    return wire


def notice_fields(entry: LogEntry, current: Record | None = None) -> dict[str, Any]:
    """Return what the notice of `entry` carries, `room` and `seq` included; `current` is the record it revises, as it is now."""
    if entry.kind == "record":
        return record_wire(record_of(entry))
    fields = entry.body if entry.target is None else entry.body["fields"]
    if fields is None:
        fields = {"message": current and record_wire(current)}
    return {"room": entry.room, "seq": entry.seq, **fields}
