"""Prickle with one promise broken, to see that the harness notices: `broken_server.py VARIANT run ...`."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from prickle.cli.main import main
from prickle.contract.log import Catchup
from prickle.log.models import LogEntry
from prickle.log.reader import LogReader
from prickle.log.room_log import RoomLog
from prickle.storage.documents import SqliteDocuments

WRITE_LATER_S = 1.0


def acknowledge_before_the_write() -> None:
    """Answer at once and write a second later."""
    insert = SqliteDocuments.insert
    waiting = set()

    async def later(self: SqliteDocuments, documents: tuple[Any, ...]) -> None:
        await asyncio.sleep(WRITE_LATER_S)
        await insert(self, *documents)

    async def lie(self: SqliteDocuments, *documents: Any) -> None:
        if not all(isinstance(document, LogEntry) for document in documents):
            return await insert(self, *documents)
        task = asyncio.create_task(later(self, documents))
        waiting.add(task)
        task.add_done_callback(waiting.discard)
        return None

    SqliteDocuments.insert = lie  # type: ignore[method-assign]


def forget_client_ids() -> None:
    """Take every retry for a new message."""
    record = RoomLog.record

    async def forgetful(self: RoomLog, *arguments: Any, once: str | None = None, **fields: Any) -> Any:
        return await record(self, *arguments, once=uuid4().hex, **fields)

    async def find_nothing(*_: Any) -> None:
        return None

    RoomLog.record = forgetful  # type: ignore[method-assign]
    RoomLog.find = find_nothing  # type: ignore[method-assign]


def acknowledge_edits_without_writing() -> None:
    """Answer with the new text and forget it."""

    async def lie(self: RoomLog, room: Any, seq: Any, _: Any, change: Any, **__: Any) -> Any:
        record = await self.get(room, seq)
        return replace(record, state=change(record).state)

    RoomLog.revise = lie  # type: ignore[method-assign]


def send_nothing_that_was_missed() -> None:
    """Say that there was nothing between a client's last entry and now."""

    async def nothing(self: LogReader, room: Any, after: Any, *_: Any) -> Catchup:
        return Catchup([], await self.last_seq(room))

    LogReader.entries = nothing  # type: ignore[method-assign]


VARIANTS: dict[str, Callable[[], None]] = {
    variant.__name__: variant
    for variant in (
        acknowledge_before_the_write,
        forget_client_ids,
        acknowledge_edits_without_writing,
        send_nothing_that_was_missed,
    )
}

if __name__ == "__main__":
    VARIANTS[sys.argv.pop(1)]()
    main()
