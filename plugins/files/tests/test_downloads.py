"""Downloads leave the link to the messages."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plugins.files.backend.downloads import Downloads
from plugins.files.backend.models import StoredFile
from prickle.storage.blobs import FolderBlobs
from prickle.storage.blobs.folder import CHUNK_BYTES

if TYPE_CHECKING:
    from prickle.contract.gateway import Gateway

CHUNKS = 12


class Link:
    """A gateway of which only the spare is asked."""

    def __init__(self, spare: float | None) -> None:
        self.spare = spare

    def spare_bytes_per_s(self) -> float | None:
        return self.spare


@pytest.mark.parametrize(("spare", "waits"), [(None, []), (CHUNK_BYTES * 100.0, [0.01] * CHUNKS)])
async def test_a_full_link_slows_downloads_and_a_free_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spare: float | None, waits: list[float]
) -> None:
    waited: list[float] = []

    async def sleep(delay_s: float) -> None:
        waited.append(delay_s)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(CHUNKS):
            yield b"x" * CHUNK_BYTES

    blobs = FolderBlobs(tmp_path)
    await blobs.open()
    await blobs.put("content/c", chunks())
    size = CHUNKS * CHUNK_BYTES
    file = StoredFile(id="f", room="r", owner="o", name="n", size=size, type="x/y", content="c", created_ms=1)
    link: Gateway = Link(spare)  # type: ignore[assignment]  # nothing else is asked
    reply = await Downloads(blobs, link, direct_links=False).file(file, {})
    monkeypatch.setattr(asyncio, "sleep", sleep)
    assert len(b"".join([chunk async for chunk in reply.body])) == size
    assert waited == pytest.approx(waits)
