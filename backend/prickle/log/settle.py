"""Brings records and effects up to the entries that ask for it, also after a crash between the two."""

from collections.abc import Awaitable, Callable

from prickle.contract.documents import Documents, asc
from prickle.contract.errors import Unavailable
from prickle.contract.log import Entry
from prickle.contract.payload import epoch_ms
from prickle.contract.plugin import Logger
from prickle.contract.ports import Clock
from prickle.contract.types import RoomId, Seq
from prickle.log.models import IS_PENDING, LogEntry, notice_fields

Effect = Callable[[Entry], Awaitable[None]]

GRACE_MS = 10_000
"""How long the replica that wrote an entry has to settle it before any other one does."""


def entry_of(row: LogEntry) -> Entry:
    fields = {name: value for name, value in notice_fields(row).items() if name not in {"room", "seq"}}
    target = None if row.target is None else Seq(row.target)
    return Entry(RoomId(row.room), Seq(row.seq), row.event, fields, row.created_at, target)


class Settlement:
    """Every step may run again, on any replica: a revision only replaces an older one, an effect is idempotent."""

    def __init__(self, documents: Documents, clock: Clock, logger: Logger) -> None:
        self._documents = documents
        self._clock = clock
        self._logger = logger
        self._effects: dict[str, Effect] = {}

    def add_effect(self, event: str, effect: Effect) -> None:
        self._effects[event] = effect

    def needs(self, event: str) -> bool:
        return event in self._effects

    async def settle(self, row: LogEntry) -> None:
        """Apply `row` and mark it as applied."""
        body = row.body
        if row.target is not None:
            await self._revise(row)
            body = {"fields": row.body["fields"]}  # the text of a deleted or edited message lives on in no entry
        if effect := self._effects.get(row.event):
            await effect(entry_of(row))
        await self._documents.update(
            LogEntry, LogEntry.room == row.room, LogEntry.seq == row.seq, set={"body": body, "pending": False}
        )

    async def sweep(self, grace_ms: int = GRACE_MS) -> int:
        """Settle what is older than `grace_ms`; returns how many."""
        until_ms = epoch_ms(self._clock.now()) - grace_ms
        left_over = await self._documents.find(
            LogEntry,
            IS_PENDING,
            LogEntry.at_ms <= until_ms,
            sort=[asc(LogEntry.room), asc(LogEntry.seq)],
            limit=1000,
        )
        settled = 0
        for row in left_over:
            settled += await self._settle_left_over(row)
        if settled:
            self._logger.info("log_settled_after_crash", entries=settled)
        return settled

    async def _settle_left_over(self, row: LogEntry) -> bool:
        try:
            await self.settle(row)
        except Unavailable:
            raise
        except Exception as error:  # a plugin's defect holds up its own entry and no other
            self._logger.exception("log_entry_not_settled", room=row.room, seq=row.seq, error=repr(error))
            return False
        return True

    async def _revise(self, row: LogEntry) -> None:
        await self._documents.update(
            LogEntry,
            LogEntry.room == row.room,
            LogEntry.seq == row.target,
            LogEntry.revision < row.seq,
            set={"body": row.body["state"], "revision": row.seq},
        )
