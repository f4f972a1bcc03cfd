"""A disk that fills up: uploads are refused and leave nothing, messages go on, and so do uploads when there is space again."""

import asyncio
import json
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from multidict import CIMultiDict
from PIL import Image

from plugins.files.tests.awkward import encoded
from plugins.files.tests.conftest import SETTINGS, House
from plugins.files.tests.own_server import own_server
from plugins.files.tests.test_uploads import append, begin
from prickle.storage.blobs import FolderBlobs
from prickle.storage.blobs.s3 import S3Blobs
from prickle.testing import Answer
from tests.port_contract import minio_server
from tests.small_disk import MIB, fill, is_available, on_small_disk, seen_by

pytestmark = pytest.mark.skipif(not is_available(), reason="needs mount namespaces of its own")

UNLIMITED = [
    SETTINGS[0],
    SETTINGS[2],
    f"plugins.files.max_guest_bytes={10 * MIB}",
    "plugins.enabled=auth,rooms,messages,files",
]
PATIENCE_S = 60
SMALL_CHANGE = 64 * 1024
"""What a store notes beside the bytes."""
RESERVE = 16 * MIB
FULL = (503, "files.store_full", 600)
FIRST, REST = b"a" * MIB, b"b" * (8 * MIB)


@dataclass(frozen=True, slots=True)
class Cramped:
    """A room whose files, and nothing else, have little space."""

    house: House
    disk: Path
    """The small one, as we find it."""
    blobs: FolderBlobs | S3Blobs

    async def keys(self) -> list[str]:
        return sorted([blob.key async for blob in self.blobs.list("")])

    def free_bytes(self) -> int:
        return shutil.disk_usage(self.disk).free


@asynccontextmanager
async def small_folder(tmp_path: Path) -> AsyncIterator[Cramped]:
    folder = tmp_path / "data" / "files"
    folder.mkdir(parents=True)
    async with own_server(folder.parent, UNLIMITED, *on_small_disk(folder)) as server:
        disk = seen_by(server.process.pid, folder)
        yield Cramped(server.house, disk, FolderBlobs(disk))


@asynccontextmanager
async def small_minio(tmp_path: Path) -> AsyncIterator[Cramped]:
    folder = tmp_path / "minio"
    folder.mkdir()
    process, url = minio_server.started(folder, *on_small_disk(folder))
    try:
        bucket = minio_server.bucket_at(url)
        async with own_server(tmp_path / "data", [*UNLIMITED, f"storage.blobs_url={bucket}"]) as server:
            yield Cramped(server.house, seen_by(process.pid, folder), S3Blobs(bucket))
    finally:
        process.kill()
        process.wait()


@asynccontextmanager
async def small_spool(tmp_path: Path) -> AsyncIterator[Cramped]:
    """Parts for S3 wait on the server's own disk until they are whole."""
    folder = tmp_path / "spool"
    folder.mkdir()
    bucket = minio_server.new_bucket("minio")
    before = (*on_small_disk(folder), "env", f"TMPDIR={folder}")
    async with own_server(tmp_path / "data", [*UNLIMITED, f"storage.blobs_url={bucket}"], *before) as server:
        yield Cramped(server.house, seen_by(server.process.pid, folder), S3Blobs(bucket))


STORES = [small_folder, small_minio] if minio_server.is_available() else [small_folder]
Place = Callable[[Path], AbstractAsyncContextManager[Cramped]]
PLACES = [*STORES, small_spool] if minio_server.is_available() else STORES


def told(answer: Answer) -> tuple[int, str, int]:
    """Return what a refusal says, which it says twice."""
    assert answer.body["details"]["retry_after_s"] == int(answer.headers["Retry-After"])
    return answer.status, answer.body["code"], answer.body["details"]["retry_after_s"]


Send = Callable[[], Awaitable[Answer]]


async def refused(send: Send) -> None:
    """Send until it is refused as it should be. MinIO looks at its disk once a second; until then it knows no reason."""
    async with asyncio.timeout(PATIENCE_S):
        while (answer := told(await send())) != FULL:
            assert answer == (503, "core.store_unavailable", 5)


async def taken(send: Send) -> Answer:
    """Send until it is taken; what refuses it meanwhile is what the store knew of its disk."""
    async with asyncio.timeout(PATIENCE_S):
        while (answer := await send()).status >= 300:
            assert told(answer) == FULL
    return answer


async def asked(house: House, length: int) -> Answer:
    """Ask for an upload in parts."""
    return await house.raw("POST", f"/api/rooms/{house.room}/uploads", house.ann, {"upload-length": str(length)})


async def say(house: House) -> None:
    """Send a message that somebody else gets."""
    ann, bob = await house.ann.connect(), await house.bob.connect()
    await bob.ok("rooms.join", {"room": house.room})
    sent = await ann.ok("messages.create", {"room": house.room, "text": "still here", "client_id": uuid.uuid4().hex})
    assert (await bob.notice("messages.created"))["seq"] == sent["seq"]
    await ann.close()
    await bob.close()


class RawUpload:
    """An upload whose bytes are sent when the test says so."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def begin(cls, house: House, size: int) -> "RawUpload":
        at = urlsplit(house.chat.url)
        upload = cls(*await asyncio.open_connection(at.hostname, at.port))
        head = f"POST /api/rooms/{house.room}/files HTTP/1.1\r\nhost: x\r\ncontent-length: {size}\r\n"
        await upload.send(f"{head}authorization: Bearer {house.ann.token}\r\n\r\n".encode())
        return upload

    async def send(self, body: bytes) -> None:
        self._writer.write(body)
        await self._writer.drain()

    async def answer(self) -> Answer:
        async with asyncio.timeout(PATIENCE_S):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
            lines = [line.partition(": ") for line in head.splitlines()[1:]]
            headers = CIMultiDict({name: value for name, _, value in lines})
            body = await self._reader.readexactly(int(headers["content-length"]))
        self._writer.close()
        return Answer(int(head.split()[1]), json.loads(body), headers)


@asynccontextmanager
async def with_reserve(tmp_path: Path) -> AsyncIterator[tuple[House, Path]]:
    """A room all of whose data is on one small disk, the last part of which is for messages."""
    data = tmp_path / "data"
    data.mkdir()
    settings = [*UNLIMITED[1:], f"plugins.files.min_free_bytes={RESERVE}"]
    async with own_server(data, settings, *on_small_disk(data)) as server:
        yield server.house, seen_by(server.process.pid, data)


async def test_in_the_reserve_no_upload_begins_and_messages_go_on(tmp_path: Path) -> None:
    async with with_reserve(tmp_path) as (house, disk):
        fill(disk, but_bytes=RESERVE + 3 * MIB)
        assert told(await asked(house, 2 * MIB)) == FULL  # its parts would fit, and the whole beside them would not
        location = await begin(house, MIB)
        filler = fill(disk, but_bytes=RESERVE - MIB)
        unsent = await RawUpload.begin(house, MIB)
        assert told(await unsent.answer()) == FULL
        assert told(await asked(house, 1)) == FULL
        assert told(await append(house, location, 0, FIRST)) == FULL
        assert [path for path in (disk / "files").rglob("*") if path.is_file()] == []
        await say(house)
        filler.unlink()
        assert (await append(house, location, 0, FIRST)).headers["X-File-Id"]
        assert (await house.upload(FIRST)).status == 201


async def test_an_upload_under_way_ends_at_the_reserve(tmp_path: Path) -> None:
    async with with_reserve(tmp_path) as (house, disk):
        upload = await RawUpload.begin(house, 12 * MIB)
        await upload.send(FIRST)
        async with asyncio.timeout(PATIENCE_S):
            while sum(draft.stat().st_size for draft in (disk / "files" / ".drafts").iterdir()) < MIB:
                await asyncio.sleep(0.01)
        fill(disk, but_bytes=RESERVE - MIB)
        await upload.send(REST)
        assert told(await upload.answer()) == FULL
        assert [path for path in (disk / "files").rglob("*") if path.is_file()] == []
        await say(house)


@pytest.mark.parametrize("place", PLACES)
async def test_space_that_ends_in_an_upload_leaves_nothing_and_it_goes_on_when_there_is_some(
    tmp_path: Path, place: Place
) -> None:
    async with place(tmp_path) as cramped:
        house = cramped.house
        location = await begin(house, len(FIRST + REST))
        assert (await append(house, location, 0, FIRST)).status == 204
        filler = fill(cramped.disk, but_bytes=3 * MIB)
        kept, free = await cramped.keys(), cramped.free_bytes()
        await refused(lambda: append(house, location, MIB, REST))
        await refused(lambda: house.upload(REST))
        await say(house)
        assert await cramped.keys() == kept
        async with asyncio.timeout(PATIENCE_S):
            while cramped.free_bytes() < free - SMALL_CHANGE:
                await asyncio.sleep(0.01)
        assert (await house.raw("HEAD", location, house.ann, {})).headers["Upload-Offset"] == str(MIB)
        filler.unlink()
        last = await taken(lambda: append(house, location, MIB, REST))
        assert (await house.download(last.headers["X-File-Id"], house.ann)).body == FIRST + REST


@pytest.mark.parametrize("place", STORES)
@pytest.mark.parametrize("copies", [1, 2], ids=["as it came", "and without metadata"])
async def test_an_image_that_fits_but_for_its_thumbnails_leaves_nothing_either(
    tmp_path: Path, place: Place, copies: int
) -> None:
    image = encoded(Image.effect_noise((1500, 1500), 80), "PNG")
    async with place(tmp_path) as cramped:
        filler = fill(cramped.disk, but_bytes=copies * len(image) + SMALL_CHANGE)
        for _ in range(5):  # nor is it counted: a fifth would be too much for one guest
            await refused(lambda: cramped.house.upload(image, "a.png"))
            assert await cramped.keys() == []
        filler.unlink()
        await taken(lambda: cramped.house.upload(image, "a.png"))
