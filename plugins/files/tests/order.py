"""Whether everything that is kept belongs to something, and everything that is named is kept."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from plugins.files.backend.contents import content_blob, thumbnail_blob
from plugins.files.backend.models import FileUse, StoredContent, StoredFile, Upload
from plugins.files.backend.sweeper import Sweeper
from prickle.clock import SystemClock
from prickle.testing import Chat

if TYPE_CHECKING:
    from datetime import datetime

AFTER_GRACE = timedelta(minutes=11)
NEXT_DAY = timedelta(hours=25)
LONG_LIVES = ["plugins.auth.token_ttl_s=4000000", "plugins.auth.guest_ttl_days=90"]


class LaterClock(SystemClock):
    """The machine's clock, set forward by `ahead`."""

    ahead = timedelta()

    def now(self) -> "datetime":
        return super().now() + self.ahead


def sweeper(chat: Chat) -> Sweeper:
    host = next(host for host in chat.app.plugins if host.id == "files")
    found: Sweeper = host.plugin._sweeper  # type: ignore[attr-defined]
    return found


async def sweep_all(sweep: Sweeper, clock: LaterClock) -> None:
    """Sweep until nothing waits for its time any more."""
    clock.ahead += NEXT_DAY
    await sweep.sweep()
    clock.ahead += AFTER_GRACE
    await sweep.sweep()
    await sweep.sweep()


async def disorder(chat: Chat) -> list[str]:
    """Return what is out of order after `sweep_all`."""
    documents = sweeper(chat)._store._documents
    files, contents, uploads, uses = [
        await documents.find(model, limit=1000) for model in (StoredFile, StoredContent, Upload, FileUse)
    ]
    blobs = {blob.key: blob.size async for blob in chat.app.engines.blobs.list("")}
    named = {key for content in contents for key in _blobs_of(content)}
    named |= {part for upload in uploads for part in upload.parts}
    sizes = {content.id: content.size for content in contents}
    counted: Counter[str] = Counter()
    for file in files:
        counted.update({f"guest:{file.owner}": file.size, f"room:{file.room}": file.size, "server": file.size})
    noted = {use.id: use.bytes for use in uses}
    return [
        *(f"{file.id} has no content" for file in files if sizes.get(file.content) != file.size),
        *(f"{id} is shown by nothing" for id in sizes.keys() - {file.content for file in files}),
        *(f"{content.id} is cut" for content in contents if blobs.get(content_blob(content.id)) != content.size),
        *(f"{key} is missing" for key in named - blobs.keys()),
        *(f"{key} belongs to nothing" for key in blobs.keys() - named),
        *(
            f"{id}: noted {noted.get(id)}, used {counted[id]}"
            for id in {*noted, *counted}
            if noted.get(id) != counted[id]
        ),
    ]


def _blobs_of(content: StoredContent) -> list[str]:
    return [content_blob(content.id), *(thumbnail_blob(content.id, width) for width in content.thumbnails)]


async def stream(*chunks: bytes) -> AsyncIterator[Any]:
    for chunk in chunks:
        yield chunk
