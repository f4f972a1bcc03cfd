"""The queries of files."""

from collections.abc import Sequence
from typing import Any

from plugins.files.backend.models import FileUse, StoredContent, StoredFile, Upload
from prickle.contract.documents import Documents, DuplicateKey, asc, desc, in_

SERVER = "server"
"""Holder of the bytes of all files; beside it are `guest:<id>` and `room:<id>`."""


class FileStore:
    """Files, contents, uploads and use."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def add(self, file: StoredFile) -> None:
        await self._documents.insert(file)

    async def get(self, file_id: str) -> StoredFile | None:
        return await self._documents.find_one(StoredFile, StoredFile.id == file_id)

    async def get_all(self, room: str, ids: Sequence[str]) -> list[StoredFile]:
        found = await self._documents.find(StoredFile, in_(StoredFile.id, list(ids)), StoredFile.room == room)
        return sorted(found, key=lambda file: list(ids).index(file.id))

    async def page(self, room: str, before_ms: int | None, limit: int) -> list[StoredFile]:
        """Return files of the room that are in a message, newest first.

        Bound is enough: who hears of the message asks before its number may have been noted here.
        """
        where: list[Any] = [StoredFile.room == room, StoredFile.once != None]  # noqa: E711  # odmantic's expression
        if before_ms is not None:
            where.append(StoredFile.created_ms < before_ms)
        return await self._documents.find(StoredFile, *where, sort=[desc(StoredFile.created_ms)], limit=limit)

    async def count_waiting(self, owner: str) -> int:
        return await self._documents.count(StoredFile, StoredFile.owner == owner, StoredFile.seq == None)  # noqa: E711  # odmantic's expression

    async def bind(self, file_id: str, owner: str, once: str) -> StoredFile | None:
        """Bind a file to one message, unless it is bound to another; returns it, or `None`."""
        free = (StoredFile.id == file_id, StoredFile.owner == owner)
        bound = await self._documents.update(StoredFile, *free, StoredFile.once == None, set={"once": once})  # noqa: E711  # odmantic's expression
        return bound or await self._documents.find_one(StoredFile, *free, StoredFile.once == once)

    async def unbind(self, file_id: str) -> None:
        await self._documents.update(StoredFile, StoredFile.id == file_id, StoredFile.seq == None, set={"once": None})  # noqa: E711  # odmantic's expression

    async def set_seq(self, file_id: str, seq: int) -> None:
        await self._documents.update(StoredFile, StoredFile.id == file_id, set={"seq": seq})

    async def of_message(self, room: str, seq: int) -> list[StoredFile]:
        return await self._documents.find(StoredFile, StoredFile.room == room, StoredFile.seq == seq)

    async def waiting_before(self, created_ms: int, limit: int) -> list[StoredFile]:
        where = (StoredFile.seq == None, StoredFile.created_ms < created_ms)  # noqa: E711  # odmantic's expression
        return await self._documents.find(StoredFile, *where, sort=[asc(StoredFile.created_ms)], limit=limit)

    async def oldest(self, before_ms: int, limit: int) -> list[StoredFile]:
        return await self._documents.find(
            StoredFile, StoredFile.created_ms < before_ms, sort=[asc(StoredFile.created_ms)], limit=limit
        )

    async def oldest_of_room(self, room: str, limit: int) -> list[StoredFile]:
        return await self._documents.find(
            StoredFile, StoredFile.room == room, sort=[asc(StoredFile.created_ms)], limit=limit
        )

    async def files(self, *, after_id: str, limit: int) -> list[StoredFile]:
        return await self._documents.find(StoredFile, StoredFile.id > after_id, sort=[asc(StoredFile.id)], limit=limit)

    async def remove(self, file_id: str) -> bool:
        return bool(await self._documents.delete(StoredFile, StoredFile.id == file_id))

    async def is_shown(self, content_id: str) -> bool:
        return await self._documents.find_one(StoredFile, StoredFile.content == content_id) is not None

    async def content(self, content_id: str) -> StoredContent | None:
        return await self._documents.find_one(StoredContent, StoredContent.id == content_id)

    async def keep_content(self, sha256: str) -> StoredContent | None:
        """Return the content with this hash, saved from a sweep that had condemned it; `None` if there is none."""
        return await self._documents.update(StoredContent, StoredContent.sha256 == sha256, set={"condemned_ms": 0})

    async def add_content(self, content: StoredContent) -> bool:
        """Return false if somebody else has just kept the same."""
        try:
            await self._documents.insert(content)
        except DuplicateKey:
            return False
        return True

    async def contents(self, *, after_id: str, limit: int) -> list[StoredContent]:
        return await self._documents.find(
            StoredContent, StoredContent.id > after_id, sort=[asc(StoredContent.id)], limit=limit
        )

    async def condemn(self, content_id: str, now_ms: int) -> None:
        await self._documents.update(
            StoredContent, StoredContent.id == content_id, StoredContent.condemned_ms == 0, set={"condemned_ms": now_ms}
        )

    async def drop_content(self, content: StoredContent) -> bool:
        """Remove a condemned content, unless it was saved meanwhile."""
        still = (StoredContent.id == content.id, StoredContent.condemned_ms == content.condemned_ms)
        return bool(await self._documents.delete(StoredContent, *still))

    async def add_upload(self, upload: Upload) -> None:
        await self._documents.insert(upload)

    async def upload(self, upload_id: str) -> Upload | None:
        return await self._documents.find_one(Upload, Upload.id == upload_id)

    async def advance(self, upload: Upload, part: str, offset: int, now_ms: int) -> Upload | None:
        """Note one more part; `None` if the upload has moved on since `upload` was read."""
        changes = {"offset": offset, "parts": [*upload.parts, part], "touched_ms": now_ms}
        return await self._documents.update(Upload, Upload.id == upload.id, Upload.offset == upload.offset, set=changes)

    async def finish_upload(self, upload_id: str, file_id: str) -> bool:
        """Return false if another file has been made of it."""
        unfinished = (Upload.id == upload_id, Upload.file == None)  # noqa: E711  # odmantic's expression
        return await self._documents.update(Upload, *unfinished, set={"file": file_id}) is not None

    async def remove_upload(self, upload_id: str) -> None:
        await self._documents.delete(Upload, Upload.id == upload_id)

    async def stale_uploads(self, before_ms: int, limit: int) -> list[Upload]:
        return await self._documents.find(Upload, Upload.touched_ms < before_ms, limit=limit)

    async def use(self, holder: str, size: int, limit: int) -> bool:
        """Add `size` to what `holder` uses; false, with nothing added, if that were more than `limit`."""
        if size > limit:
            return False
        used = await self._documents.update(
            FileUse, FileUse.id == holder, FileUse.bytes <= limit - size, inc={"bytes": size}
        )
        if used is not None:
            return True
        try:
            await self._documents.insert(FileUse(id=holder, bytes=size))
        except DuplicateKey:  # it is there: either full, or made by somebody else in this moment
            where = (FileUse.id == holder, FileUse.bytes <= limit - size)
            return await self._documents.update(FileUse, *where, inc={"bytes": size}) is not None
        return True

    async def free(self, holder: str, size: int) -> None:
        await self._documents.update(FileUse, FileUse.id == holder, inc={"bytes": -size})

    async def used(self, holder: str) -> int:
        use = await self._documents.find_one(FileUse, FileUse.id == holder)
        return use.bytes if use else 0

    async def uses(self, *, after_id: str, limit: int) -> list[FileUse]:
        return await self._documents.find(FileUse, FileUse.id > after_id, sort=[asc(FileUse.id)], limit=limit)

    async def correct_use(self, holder: str, noted: int | None, counted: int) -> None:
        """Note what was counted, unless something else than `noted` stands there by now."""
        still = (FileUse.id == holder, FileUse.bytes == noted)
        if noted is None:
            await self.use(holder, counted, counted)
        elif counted:
            await self._documents.update(FileUse, *still, set={"bytes": counted})
        else:
            await self._documents.delete(FileUse, *still)

    async def remove_use(self, holder: str) -> None:
        await self._documents.delete(FileUse, FileUse.id == holder)
