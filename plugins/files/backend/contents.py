"""Keeps received bytes once, as others may see them: images without metadata, with thumbnails."""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from plugins.files.backend.imaging import Imaging, Picture
from plugins.files.backend.models import StoredContent
from plugins.files.backend.sniffing import HEAD_BYTES, IMAGES, sniffed_type
from plugins.files.backend.store import FileStore
from prickle.contract.blobs import BlobsFull
from prickle.contract.errors import InvalidInput, Unavailable
from prickle.contract.payload import epoch_ms
from prickle.contract.plugin import PluginContext

MAX_IMAGE_BYTES = 32 * 2**20
"""A larger image is kept as a download, as it came; the process that decodes holds it in memory."""

SPACE_CHECK_BYTES = 4 * 2**20
"""Others upload at the same time, and some do not say how much: after so much, the store is asked again."""


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that have arrived whole, under `blob`."""

    blob: str
    size: int
    sha256: str
    type: str


def content_blob(content_id: str) -> str:
    return f"content/{content_id}"


def thumbnail_blob(content_id: str, width: int) -> str:
    return f"thumbnail/{content_id}/{width}"


class Contents:
    """Receives, recognises, keeps and drops contents."""

    def __init__(self, context: PluginContext, store: FileStore, imaging: Imaging) -> None:
        self._blobs = context.blobs
        self._context = context
        self._store = store
        self._imaging = imaging
        self._min_free_bytes: int = context.settings.min_free_bytes

    async def require_space(self, size: int) -> None:
        """Raises:
        Unavailable: `files.store_full`: `size` bytes more would take what is left for the messages.
        """
        free = await self._blobs.free_bytes()
        if free is not None and free - size < self._min_free_bytes:
            raise _store_full()

    async def receive(self, blob: str, chunks: AsyncIterable[bytes], max_bytes: int) -> Received:
        """Stream `chunks` into `blob`.

        Raises:
            InvalidInput: `files.too_large`, at the first byte too many.
            Unavailable: `files.store_full`: the store has filled up meanwhile.
        """
        digest, head, size = hashlib.sha256(), b"", 0

        async def passing() -> AsyncIterator[bytes]:
            nonlocal head, size
            async for chunk in chunks:
                size += len(chunk)
                if size > max_bytes:
                    raise InvalidInput("files.too_large", "This file is too large.", max_bytes=max_bytes)
                if size // SPACE_CHECK_BYTES != (size - len(chunk)) // SPACE_CHECK_BYTES:
                    await self.require_space(0)
                digest.update(chunk)
                head += chunk[: HEAD_BYTES - len(head)] if len(head) < HEAD_BYTES else b""
                yield chunk
                del chunk  # it is not held while the next one is on its way

        with _told_as_full():
            await self._blobs.put(blob, passing())
        return Received(blob, size, digest.hexdigest(), sniffed_type(head))

    async def keep(self, received: Received) -> StoredContent:
        """Return the content of `received`, the one that is there already if it is the same; its blob goes.

        Raises:
            Unavailable: `files.store_full`; nothing but the blob is left.
        """
        content = await self._store.keep_content(received.sha256)
        if content is None:
            with _told_as_full():
                made = await self._make(received)
            if await self._store.add_content(made):
                content = made
            else:
                await self.drop_blobs(made)
                content = await self._store.keep_content(received.sha256) or made
        await self._blobs.delete(received.blob)
        return content

    async def drop_blobs(self, content: StoredContent) -> None:
        widths = [thumbnail_blob(content.id, width) for width in content.thumbnails]
        await self._blobs.delete(content_blob(content.id), *widths)

    async def _make(self, received: Received) -> StoredContent:
        content_id = self._context.new_id("content")
        created_ms = epoch_ms(self._context.clock.now())
        plain = StoredContent(
            id=content_id, sha256=received.sha256, size=received.size, type=received.type, created_ms=created_ms
        )
        if received.type in IMAGES and received.size <= MAX_IMAGE_BYTES:
            async with self._imaging.picture(self._blobs.read(received.blob), received.type) as picture:
                if picture is not None:
                    return await self._with_picture(plain, picture)
        await self._blobs.compose(content_blob(content_id), [received.blob])
        return plain

    async def _with_picture(self, plain: StoredContent, picture: Picture) -> StoredContent:
        made = plain.model_copy(
            update={
                "size": picture.size,
                "width": picture.width,
                "height": picture.height,
                "color": picture.color,
                "thumbnails": sorted(picture.lengths),
            }
        )
        try:
            await self._blobs.put(content_blob(made.id), picture.cleaned())
            async for width, body in picture.thumbnails():
                await self._blobs.put(thumbnail_blob(made.id, width), _once(body))
        except Unavailable:
            await self.drop_blobs(made)
            raise
        return made


def _store_full() -> Unavailable:
    return Unavailable("files.store_full", "There is no room for files at the moment.", retry_after_s=600)


@contextmanager
def _told_as_full() -> Iterator[None]:
    """Whether the store is full or has just become so is the same to who uploads."""
    try:
        yield
    except BlobsFull as error:
        raise _store_full() from error


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
