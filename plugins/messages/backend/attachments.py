"""The files of messages: who keeps them is another plugin's business."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from plugins.messages.api import AttachmentSource
from plugins.messages.backend.notices import DELETED, UPDATED
from prickle.contract.errors import InvalidInput, NotFound
from prickle.contract.log import Entry, Log, Record, Revision
from prickle.contract.types import RoomId, Seq, UserId


class Attachments:
    """See `plugins.messages.api.MessageAttachments`."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._source: AttachmentSource | None = None

    def set_source(self, source: AttachmentSource) -> None:
        self._source = source

    def on_deleted(self, handler: Callable[[RoomId, Seq], Awaitable[None]]) -> None:
        async def deleted(entry: Entry) -> None:
            if entry.target is not None:
                await handler(entry.room, entry.target)

        self._log.effect(DELETED, deleted)

    async def update(self, room: RoomId, seq: Seq, files: Mapping[str, Mapping[str, Any]], *, author: UserId) -> None:
        def change(message: Record) -> Revision | None:
            before = message.state.get("files", [])
            after = [dict(files.get(file["id"], file)) for file in before]
            return None if after == before else Revision({**message.state, "files": after})

        with suppress(NotFound):
            await self._log.revise(room, seq, UPDATED, change, author=author)

    async def claim(self, room: RoomId, author: UserId, once: str, files: Sequence[str]) -> list[dict[str, Any]]:
        """Raises:
        InvalidInput: `messages.no_files`: no enabled plugin keeps files.
        """
        if self._source is None:
            raise InvalidInput("messages.no_files", "This server keeps no files.")
        return await self._source.claim(room, author, once, files)

    async def attached(self, room: RoomId, seq: Seq, files: Sequence[str]) -> None:
        if self._source is not None:
            await self._source.attached(room, seq, files)
