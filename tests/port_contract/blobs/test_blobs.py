"""What every store of blobs promises, on a folder and on a real S3 server where Go can build one."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from prickle.contract.blobs import BlobMissing
from prickle.storage.blobs.folder import FolderBlobs
from prickle.storage.blobs.s3 import S3Blobs
from tests.port_contract.minio_server import new_bucket, servers

AnyBlobs = FolderBlobs | S3Blobs


@pytest.fixture(params=["folder", *servers()])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AnyBlobs]:
    store: AnyBlobs = FolderBlobs(tmp_path) if request.param == "folder" else S3Blobs(new_bucket(request.param))
    await store.open()
    yield store
    await store.close()


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def read(blobs: AnyBlobs, key: str, start: int = 0, length: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in blobs.read(key, start=start, length=length)])


async def keys(blobs: AnyBlobs, prefix: str) -> list[str]:
    return sorted([info.key async for info in blobs.list(prefix)])


@pytest.mark.parametrize("chunks", [[], [b""], [b"a"], [b"a", b"", b"bc"], [os.urandom(70_000)] * 5])
async def test_what_is_put_is_read_again(blobs: AnyBlobs, chunks: list[bytes]) -> None:
    info = await blobs.put("a/b-1.bin", stream(*chunks))
    assert await read(blobs, "a/b-1.bin") == b"".join(chunks)
    assert info.size == len(b"".join(chunks))
    assert await blobs.stat("a/b-1.bin") == info


async def test_more_than_one_part_is_kept_whole(blobs: AnyBlobs) -> None:
    piece = os.urandom(2**20)
    await blobs.put("big", stream(*[piece] * 18))
    assert await read(blobs, "big", start=9 * 2**20 - 5, length=10) == piece[-5:] + piece[:5]
    assert await read(blobs, "big") == piece * 18


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [(0, None, b"0123456789"), (0, 1, b"0"), (9, 5, b"9"), (3, 4, b"3456"), (10, None, b""), (99, 1, b""), (4, 0, b"")],
)
async def test_a_range_is_exactly_that_range(blobs: AnyBlobs, start: int, length: int | None, expected: bytes) -> None:
    await blobs.put("digits", stream(b"0123456789"))
    assert await read(blobs, "digits", start, length) == expected


async def test_a_later_put_replaces_and_has_another_etag(blobs: AnyBlobs) -> None:
    first = await blobs.put("a", stream(b"one"))
    second = await blobs.put("a", stream(b"two"))
    assert await read(blobs, "a") == b"two"
    assert first.etag != second.etag


async def test_a_source_that_breaks_off_changes_nothing(blobs: AnyBlobs) -> None:
    await blobs.put("a", stream(b"before"))

    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 100_000
        raise ConnectionResetError("cut")

    for key in ("a", "new"):
        with pytest.raises(ConnectionResetError, match="cut"):
            await blobs.put(key, broken())
    assert await read(blobs, "a") == b"before"
    assert await keys(blobs, "") == ["a"]


async def test_missing_blobs_are_told(blobs: AnyBlobs) -> None:
    assert await blobs.stat("none") is None
    with pytest.raises(BlobMissing):
        await read(blobs, "none")
    await blobs.delete("none", "none/either")


async def test_deleted_blobs_are_gone_and_others_stay(blobs: AnyBlobs) -> None:
    for key in ("a/1", "a/2", "b/1"):
        await blobs.put(key, stream(key.encode()))
    await blobs.delete("a/1", "b/1")
    assert await keys(blobs, "") == ["a/2"]


async def test_listing_goes_by_prefix(blobs: AnyBlobs) -> None:
    for key in ("a/1", "a/2", "ab/1", "b"):
        await blobs.put(key, stream(b"x"))
    assert await keys(blobs, "a/") == ["a/1", "a/2"]
    assert await keys(blobs, "a") == ["a/1", "a/2", "ab/1"]
    assert await keys(blobs, "none/") == []


@pytest.mark.parametrize("sizes", [[], [0], [3, 0, 2], [6 * 2**20, 5 * 2**20, 7]])
async def test_composing_concatenates_and_keeps_the_parts(blobs: AnyBlobs, sizes: list[int]) -> None:
    contents = [os.urandom(size) for size in sizes]
    parts = [f"parts/{place}" for place in range(len(sizes))]
    for part, content in zip(parts, contents, strict=True):
        await blobs.put(part, stream(content))
    info = await blobs.compose("whole", parts)
    assert info.size == sum(sizes)
    assert await read(blobs, "whole") == b"".join(contents)
    assert await keys(blobs, "parts/") == parts


async def test_composing_with_a_missing_part_changes_nothing(blobs: AnyBlobs) -> None:
    await blobs.put("a", stream(b"a"))
    with pytest.raises(BlobMissing):
        await blobs.compose("whole", ["a", "none"])
    assert await blobs.stat("whole") is None


BAD_KEYS: Iterable[str] = ["", "/a", "a/", "../a", "a/../b", "a//b", "A", "a b", "a\x00", "고", "a" * 201, ".a"]


@pytest.mark.parametrize("key", BAD_KEYS)
async def test_what_is_no_key_is_refused(blobs: AnyBlobs, key: str) -> None:
    with pytest.raises(ValueError, match="no blob key"):
        await blobs.put(key, stream(b"x"))
    with pytest.raises(ValueError, match="no blob key"):
        await read(blobs, key)


async def test_sources_that_wait_hold_nobody_up(blobs: AnyBlobs) -> None:
    has_more = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"first"
        await has_more.wait()
        yield b"last"

    slow_ones = [asyncio.create_task(blobs.put(f"slow/{number}", slow())) for number in range(20)]
    await blobs.put("quick", stream(b"x"))
    assert await read(blobs, "quick") == b"x"
    has_more.set()
    assert {info.size for info in await asyncio.gather(*slow_ones)} == {9}


async def test_a_reader_who_leaves_at_any_moment_leaves_nothing_open(blobs: AnyBlobs) -> None:
    await blobs.put("big", stream(os.urandom(2**20)))
    for moment in range(80):
        reading = asyncio.create_task(read(blobs, "big"))
        await asyncio.sleep(moment * 0.0002)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    await blobs.close()
    gc.collect()  # warns of what was left open, and a warning is an error


async def test_what_a_crash_left_goes_at_the_next_start_and_what_is_written_stays(tmp_path: Path) -> None:
    writer, starter = FolderBlobs(tmp_path), FolderBlobs(tmp_path)
    await writer.open()
    drafts = tmp_path / ".drafts"
    (drafts / "left").write_bytes(b"half")  # nobody holds its lock
    has_more = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"first"
        await has_more.wait()

    writing = asyncio.create_task(writer.put("a", slow()))
    while len(list(drafts.iterdir())) < 2:
        await asyncio.sleep(0)
    await starter.open()
    assert [draft.name for draft in drafts.iterdir() if draft.name == "left"] == []
    has_more.set()
    assert (await writing).size == 5
    assert list(drafts.iterdir()) == []
    await asyncio.gather(writer.close(), starter.close())
