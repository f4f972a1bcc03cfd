"""Answers for files and thumbnails: ranges, validators, and headers with which nothing that was uploaded can run."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from plugins.files.backend.contents import content_blob, thumbnail_blob
from plugins.files.backend.models import StoredContent, StoredFile
from plugins.files.backend.names import disposition
from plugins.files.backend.ranges import ByteRange, Unsatisfiable, requested_range
from plugins.files.backend.sniffing import IMAGES, INLINE
from prickle.contract.blobs import Blobs
from prickle.contract.errors import NotFound
from prickle.contract.gateway import Gateway
from prickle.contract.http import Reply

SAFETY = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    "Accept-Ranges": "bytes",
}
LINK_TTL_S = 300


class Downloads:
    """Files in, replies out."""

    def __init__(self, blobs: Blobs, gateway: Gateway, *, direct_links: bool) -> None:
        self._blobs = blobs
        self._gateway = gateway
        self._under_way = 0
        self._direct_links = direct_links

    async def file(self, file: StoredFile, headers: Mapping[str, str]) -> Reply:
        """Return the file, one range of it, 304 or 416; or 302 to the store where it gives what is no picture."""
        # An image of which there is no picture still has its metadata, or worse.
        is_picture = file.type in IMAGES and file.width is not None
        is_inline = is_picture or file.type in INLINE - IMAGES
        shown = {"Content-Disposition": disposition(file.name, inline=is_inline), **SAFETY}
        kind = file.type if is_inline else "application/octet-stream"
        if self._direct_links and not is_picture:
            # Pages show pictures, and let none in from elsewhere; anything else would take the page's place.
            as_told = {"content-disposition": disposition(file.name, inline=False), "content-type": kind}
            link = await self._blobs.link(content_blob(file.content), expires_in_s=LINK_TTL_S, headers=as_told)
            if link is not None:
                return Reply(status=302, headers={"Location": link, "Cache-Control": "no-store"})
        return self._bytes(content_blob(file.content), file.size, f'"{file.content}"', kind, shown, headers)

    async def thumbnail(self, content: StoredContent, width: int, headers: Mapping[str, str]) -> Reply:
        """Return the smallest thumbnail that is at least `width` wide, else the largest.

        Raises:
            NotFound: `files.no_thumbnail`.
        """
        if not content.thumbnails:
            raise NotFound("files.no_thumbnail", "This file has no thumbnail.")
        chosen = next((size for size in content.thumbnails if size >= width), content.thumbnails[-1])
        blob = thumbnail_blob(content.id, chosen)
        info = await self._blobs.stat(blob)
        if info is None:
            raise NotFound("files.no_thumbnail", "This file has no thumbnail.")
        return self._bytes(blob, info.size, f'"{content.id}-{chosen}"', "image/webp", SAFETY, headers)

    def _bytes(
        self, blob: str, size: int, etag: str, kind: str, shown: Mapping[str, str], headers: Mapping[str, str]
    ) -> Reply:
        answered = {**shown, "ETag": etag}
        if etag in headers.get("if-none-match", ""):
            return Reply(status=304, headers=answered)
        try:
            part = self._part(size, etag, headers)
        except Unsatisfiable:
            refused = {**answered, "Content-Range": f"bytes */{size}"}
            return Reply(b"", status=416, headers=refused, content_type=kind)
        if part is None:
            body = self._paced(self._blobs.read(blob))
            return Reply(body, headers={**answered, "Content-Length": str(size)}, content_type=kind)
        answered |= {"Content-Range": part.content_range(size), "Content-Length": str(part.length)}
        body = self._paced(self._blobs.read(blob, start=part.start, length=part.length))
        return Reply(body, status=206, headers=answered, content_type=kind)

    async def _paced(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Leave the link to the messages: on a full one, all downloads together get what those leave over."""
        self._under_way += 1
        try:
            async for chunk in chunks:
                yield chunk
                spare = self._gateway.spare_bytes_per_s()
                if spare is not None:
                    await asyncio.sleep(len(chunk) * self._under_way / spare)
        finally:
            self._under_way -= 1

    def _part(self, size: int, etag: str, headers: Mapping[str, str]) -> ByteRange | None:
        if headers.get("if-range", etag) != etag:
            return None  # the client has a part of something else
        return requested_range(headers.get("range", ""), size)
