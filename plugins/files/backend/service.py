"""The rules of files: who may upload how much, what a message may carry, what goes when."""

from collections import defaultdict
from collections.abc import AsyncIterable, Sequence
from typing import Any

from plugins.files.backend.contents import Contents, Received
from plugins.files.backend.models import StoredFile
from plugins.files.backend.names import checked_name
from plugins.files.backend.payloads import ExpiredFile, FileView
from plugins.files.backend.settings import FileSettings
from plugins.files.backend.store import SERVER, FileStore
from plugins.messages.api import MessageAttachments
from prickle.contract.errors import InvalidInput, NotFound, RateLimited, Unavailable
from prickle.contract.payload import epoch_ms
from prickle.contract.plugin import PluginContext
from prickle.contract.types import RoomId, Seq, UserId

UNLIMITED = 2**62


class FileService:
    """Uploads, bindings and removals. Callers have checked that the guest is a member of the room."""

    def __init__(
        self,
        context: PluginContext,
        settings: FileSettings,
        store: FileStore,
        contents: Contents,
        attachments: MessageAttachments,
    ) -> None:
        self._settings = settings
        self._context = context
        self._store = store
        self._contents = contents
        self._attachments = attachments

    async def check_upload(self, owner: UserId, name: str, size: int | None, *, copies: int = 1) -> str:
        """Return the name as it will be kept; refuses before the first byte what can be refused then.

        `copies` is how many times the store holds its bytes for a while.

        Raises:
            InvalidInput: `files.invalid_name`, `files.too_large`.
            RateLimited: `files.too_many_waiting`: uploads that no message carries yet.
            Unavailable: `files.store_full`.
        """
        kept = checked_name(name)
        if size is not None and size > self._settings.max_file_bytes:
            raise InvalidInput("files.too_large", "This file is too large.", max_bytes=self._settings.max_file_bytes)
        if await self._store.count_waiting(owner) >= self._settings.max_waiting_files:
            raise RateLimited("files.too_many_waiting", "Send or drop the files that wait first.", retry_after_s=60)
        await self._contents.require_space(copies * (size or 0))
        return kept

    async def upload(
        self, room: RoomId, owner: UserId, name: str, chunks: AsyncIterable[bytes], size: int | None
    ) -> StoredFile:
        """Take a file whole.

        Raises:
            InvalidInput, RateLimited, Unavailable: as `check_upload`; `files.quota_exceeded`.
        """
        kept = await self.check_upload(owner, name, size)
        blob = f"incoming/{self._context.new_id('upload')}"
        received = await self._contents.receive(blob, chunks, self._settings.max_file_bytes)
        return await self.add(room, owner, kept, received)

    async def add(self, room: RoomId, owner: UserId, name: str, received: Received) -> StoredFile:
        """Make a file of bytes that have arrived; what cannot be kept is removed.

        Raises:
            InvalidInput: `files.quota_exceeded`: the guest's or the room's files would take too much.
            Unavailable: as `Contents.keep`.
        """
        if not await self._reserve(room, owner, received.size):
            await self._context.blobs.delete(received.blob)
            raise InvalidInput("files.quota_exceeded", "Your files or the room's would take too much space.")
        try:
            content = await self._contents.keep(received)
        except Unavailable:
            await self._correct(room, owner, -received.size)
            await self._context.blobs.delete(received.blob)
            raise
        file = StoredFile(
            id=self._context.new_id("file"),
            room=room,
            owner=owner,
            name=name,
            size=content.size,
            type=content.type,
            content=content.id,
            width=content.width,
            height=content.height,
            color=content.color,
            created_ms=epoch_ms(self._context.clock.now()),
        )
        await self._store.add(file)
        await self._correct(room, owner, file.size - received.size)
        return file

    async def get(self, file_id: str) -> StoredFile:
        """Raises:
        NotFound: `files.file_not_found`.
        """
        file = await self._store.get(file_id)
        if file is None:
            raise _not_found()
        return file

    async def remove(self, file: StoredFile) -> None:
        """Remove a file; its content goes with the sweep, when no other file shows it."""
        if await self._store.remove(file.id):
            await self._correct(RoomId(file.room), UserId(file.owner), -file.size)

    async def expire(self, files: Sequence[StoredFile]) -> None:
        """Remove files that others may look at; their messages say so from then on.

        A message is told first: cut off in between, the next sweep finds the file again.
        """
        by_message: dict[tuple[RoomId, Seq | None], list[StoredFile]] = defaultdict(list)
        for file in files:
            by_message[RoomId(file.room), None if file.seq is None else Seq(file.seq)].append(file)
        for (room, seq), expired in by_message.items():
            if seq is not None:
                views = {file.id: _expired_view(file) for file in expired}
                await self._attachments.update(room, seq, views, author=UserId(expired[0].owner))
            for file in expired:
                await self.remove(file)

    async def drop(self, file_id: str, owner: UserId) -> None:
        """Remove one's own upload that no message carries; a missing one is fine.

        Raises:
            InvalidInput: `files.in_message`: delete the message instead.
        """
        file = await self._store.get(file_id)
        if file is None or file.owner != owner:
            return
        if file.once is not None:
            raise InvalidInput("files.in_message", "A message carries this file: delete the message.")
        await self.remove(file)

    async def claim(self, room: RoomId, author: UserId, once: str, files: Sequence[str]) -> list[dict[str, Any]]:
        """See `plugins.messages.api.AttachmentSource`. All are bound, or none."""
        if len(set(files)) != len(files):
            raise InvalidInput("files.twice", "A message carries each file once.")
        known = {file.id for file in await self._store.get_all(room, files) if file.owner == author}
        if known != set(files):
            raise _not_found()
        bound: list[StoredFile] = []
        for file_id in files:
            file = await self._store.bind(file_id, author, once)
            if file is None:
                for other in bound:
                    await self._store.unbind(other.id)
                raise _not_found()
            bound.append(file)
        return [file_view(file).model_dump(exclude_none=True) for file in bound]

    async def attached(self, room: RoomId, seq: Seq, files: Sequence[str]) -> None:
        """See `plugins.messages.api.AttachmentSource`."""
        for file_id in files:
            await self._store.set_seq(file_id, seq)

    async def message_deleted(self, room: RoomId, seq: Seq) -> None:
        """Remove the files of a message."""
        for file in await self._store.of_message(room, seq):
            await self.remove(file)

    async def _reserve(self, room: RoomId, owner: UserId, size: int) -> bool:
        if not await self._store.use(f"guest:{owner}", size, self._settings.max_guest_bytes):
            return False
        if not await self._store.use(f"room:{room}", size, self._settings.max_room_bytes):
            await self._store.free(f"guest:{owner}", size)
            return False
        await self._store.use(SERVER, size, UNLIMITED)
        return True

    async def _correct(self, room: RoomId, owner: UserId, change: int) -> None:
        for holder in (f"guest:{owner}", f"room:{room}", SERVER):
            if change:
                await self._store.free(holder, -change)


def file_view(file: StoredFile) -> FileView:
    return FileView(
        id=file.id,
        name=file.name,
        size=file.size,
        type=file.type,
        width=file.width,
        height=file.height,
        color=file.color,
    )


def _expired_view(file: StoredFile) -> dict[str, Any]:
    return ExpiredFile(**file_view(file).model_dump()).model_dump(exclude_none=True)


def _not_found() -> NotFound:
    return NotFound("files.file_not_found", "There is no such file.")
