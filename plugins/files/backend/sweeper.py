"""Removes what is not needed any more, a little at a time; every step may be cut off at any point and run again."""

import asyncio

from plugins.files.backend.contents import Contents
from plugins.files.backend.lifetime import BATCH, Lifetime
from plugins.files.backend.models import StoredFile
from plugins.files.backend.recount import Recount
from plugins.files.backend.service import FileService
from plugins.files.backend.settings import FileSettings
from plugins.files.backend.store import FileStore
from plugins.rooms.api import RoomDirectory
from prickle.contract.errors import ChatError, NotFound
from prickle.contract.payload import epoch_ms
from prickle.contract.plugin import PluginContext
from prickle.contract.types import RoomId, Seq, UserId

CONDEMNED_GRACE_MS = 10 * 60_000
"""Longer than any upload takes between finding a content and showing it."""
BLOB_GRACE_MS = 24 * 3600_000


class Sweeper:
    """One runs on each replica; all steps are safe side by side."""

    def __init__(
        self,
        context: PluginContext,
        settings: FileSettings,
        store: FileStore,
        contents: Contents,
        service: FileService,
        lifetime: Lifetime,
        rooms: RoomDirectory,
    ) -> None:
        self._settings = settings
        self._context = context
        self._store = store
        self._contents = contents
        self._service = service
        self._rooms = rooms
        self._lifetime = lifetime
        self._recount = Recount(store)

    async def run(self) -> None:
        """Sweep for ever."""
        while True:
            await asyncio.sleep(self._settings.sweep_interval_s)
            try:
                await self.sweep()
            except ChatError as error:  # a store is away: the next round does it
                self._context.logger.warning("files_not_swept", reason=error.code)

    async def sweep(self) -> None:
        await self._settle_unsent()
        await self._expire(await self._lifetime.too_old())
        await self._expire(await self._lifetime.too_many_in_all())
        await self._visit_rooms()
        await self._drop_uploads()
        await self._collect_contents()
        await self._collect_blobs()
        await self._recount.run()

    async def _settle_unsent(self) -> None:
        """A file that waits too long goes, unless its message was written and only the note of it was lost."""
        for file in await self._store.waiting_before(self._now_ms() - self._settings.unsent_ttl_s * 1000, BATCH):
            seq = await self._seq_of_message(file)
            if seq is None:
                await self._service.remove(file)
            else:
                await self._store.set_seq(file.id, seq)

    async def _seq_of_message(self, file: StoredFile) -> Seq | None:
        if file.once is None:
            return None
        record = await self._context.log.find(RoomId(file.room), UserId(file.owner), file.once)
        return None if record is None or record.state.get("deleted") else record.seq

    async def _visit_rooms(self) -> None:
        last = "room:"
        while uses := await self._store.uses(after_id=last, limit=BATCH):
            for use in uses:
                last = use.id
                if not use.id.startswith("room:"):
                    return
                room = RoomId(use.id.removeprefix("room:"))
                if not await self._forget_if_gone(room, use.id):
                    await self._expire(await self._lifetime.too_many(room, use.bytes))

    async def _forget_if_gone(self, room: RoomId, holder: str) -> bool:
        try:
            await self._rooms.created_by(room)
        except NotFound:
            files = await self._store.oldest_of_room(room, BATCH)
            for file in files:
                await self._service.remove(file)
            if len(files) < BATCH:
                await self._store.remove_use(holder)
            return True
        return False

    async def _drop_uploads(self) -> None:
        for upload in await self._store.stale_uploads(self._now_ms() - self._settings.unsent_ttl_s * 1000, BATCH):
            await self._context.blobs.delete(*upload.parts)
            await self._store.remove_upload(upload.id)

    async def _collect_contents(self) -> None:
        """Condemn what no file shows; drop what has been condemned for a while."""
        last, now_ms = "", self._now_ms()
        while contents := await self._store.contents(after_id=last, limit=BATCH):
            for content in contents:
                last = content.id
                if await self._store.is_shown(content.id):
                    continue
                if not content.condemned_ms:
                    await self._store.condemn(content.id, now_ms)
                elif content.condemned_ms < now_ms - CONDEMNED_GRACE_MS and await self._store.drop_content(content):
                    await self._contents.drop_blobs(content)

    async def _collect_blobs(self) -> None:
        """What a crash left: blobs that belong to nothing."""
        async for blob in self._context.blobs.list(""):
            if epoch_ms(blob.modified_at) > self._now_ms() - BLOB_GRACE_MS:
                continue
            kind, _, rest = blob.key.partition("/")
            owner = rest.partition("/")[0]
            is_known = kind in {"content", "thumbnail"} and await self._store.content(owner) is not None
            if not is_known and not (kind == "upload" and await self._store.upload(owner) is not None):
                await self._context.blobs.delete(blob.key)

    async def _expire(self, files: list[StoredFile]) -> None:
        await self._service.expire(files)
        for file in files:
            self._context.logger.info("file_expired", file=file.id, room=file.room)

    def _now_ms(self) -> int:
        return epoch_ms(self._context.clock.now())
