"""Blobs as files of one folder: written aside, synced, then renamed into place."""

import asyncio
import fcntl
import os
import shutil
import uuid
from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from prickle.contract.blobs import BlobInfo, BlobMissing
from prickle.contract.errors import Unavailable
from prickle.storage.blobs.keys import checked
from prickle.storage.blobs.refusals import unavailable
from prickle.storage.blobs.threads import BlobThreads
from prickle.storage.documents import StoreRefused

R = TypeVar("R")

CHUNK_BYTES = 64 * 1024
THREADS = 8


class FolderBlobs:
    """See `prickle.contract.blobs.Blobs`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._drafts = folder / ".drafts"
        self._threads = BlobThreads(THREADS, "blobs")

    async def open(self) -> None:
        """Raises:
        StoreRefused: the folder cannot be made or written.
        """
        try:
            await asyncio.to_thread(self._prepare)
        except OSError as error:
            raise StoreRefused(f"folder for files {self._folder}: {error.strerror or error}") from error

    async def close(self) -> None:
        self._threads.end()

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> BlobInfo:
        path = self._path(key)
        async with self._threads.holding(partial(_told, _begun, self._drafts), _drop) as (draft, file):
            try:
                async for chunk in chunks:
                    await self._run(file.write, chunk)
                    del chunk  # else it is held until the next one is here, by each slow upload
                await self._run(_finish, file, draft, path)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
        return await self._must_stat(key)

    async def stat(self, key: str) -> BlobInfo | None:
        path = self._path(key)
        return await self._run(_info, key, path)

    async def read(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        path = self._path(key)
        try:
            async with self._threads.holding(partial(_told, _opened, path), _close) as file:
                await self._run(file.seek, start)
                left = length
                while left is None or left > 0:
                    size = CHUNK_BYTES if left is None else min(CHUNK_BYTES, left)
                    chunk = await self._run(file.read, size)
                    if not chunk:
                        return
                    left = None if left is None else left - len(chunk)
                    yield chunk
        except FileNotFoundError as error:
            raise BlobMissing(key) from error

    async def compose(self, key: str, parts: Sequence[str]) -> BlobInfo:
        if len(parts) == 1 and await self._run(_is_linked, self._path(parts[0]), self._path(key)):
            return await self._must_stat(key)

        async def chunks() -> AsyncIterator[bytes]:
            for part in parts:
                async for chunk in self.read(part):
                    yield chunk

        return await self.put(key, chunks())

    async def delete(self, *keys: str) -> None:
        paths = [self._path(key) for key in keys]
        await self._run(_unlink, paths)

    async def list(self, prefix: str) -> AsyncIterator[BlobInfo]:
        for info in await self._run(_below, self._folder, prefix):
            yield info

    async def link(self, key: str, *, expires_in_s: int, headers: dict[str, str]) -> str | None:
        return None

    async def free_bytes(self) -> int | None:
        usage = await self._run(shutil.disk_usage, self._folder)
        return usage.free

    async def _must_stat(self, key: str) -> BlobInfo:
        info = await self.stat(key)
        if info is None:
            raise Unavailable("core.store_unavailable", "The file is gone again.")
        return info

    def _prepare(self) -> None:
        self._drafts.mkdir(parents=True, exist_ok=True)
        for draft in self._drafts.iterdir():
            _drop_if_left(draft)

    def _path(self, key: str) -> Path:
        return self._folder / checked(key)

    async def _run(self, work: Callable[..., R], *arguments: Any) -> R:
        return await self._threads.run(_told, work, *arguments)


def _told(work: Callable[..., R], *arguments: Any) -> R:
    """Do it; what fails is told in the words of the contract, but for what is not there."""
    try:
        return work(*arguments)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise unavailable(error) from error


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")


def _close(file: BinaryIO) -> None:
    file.close()


def _begun(drafts: Path) -> tuple[Path, BinaryIO]:
    """Open a new draft and lock it. Other replicas write here too, and a lock ends with its process, however that ends."""
    while True:
        draft = drafts / uuid.uuid4().hex
        file = draft.open("xb")
        fcntl.flock(file, fcntl.LOCK_EX)
        if draft.exists():
            return draft, file
        file.close()  # a replica that starts took it for left behind before it was locked


def _drop(begun: tuple[Path, BinaryIO]) -> None:
    """Remove a draft that was not finished."""
    draft, file = begun
    if not file.closed:
        draft.unlink(missing_ok=True)
        with suppress(OSError):  # what is still to be written does not fit either
            file.close()


def _drop_if_left(draft: Path) -> None:
    """Remove a draft whose writer has died."""
    try:
        with draft.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            draft.unlink(missing_ok=True)
    except (BlockingIOError, FileNotFoundError):  # it is being written, or has just been finished
        return


def _finish(file: BinaryIO, draft: Path, path: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    path.parent.mkdir(parents=True, exist_ok=True)
    draft.replace(path)
    file.close()  # only now, with its lock: until then nobody takes it for left behind
    _sync_folder(path.parent)


def _is_linked(part: Path, path: Path) -> bool:
    """Give a blob, which never changes, a second name instead of copying it; false where that cannot be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.hardlink_to(part)
    except OSError:  # there is no such part, there is one of that name, or the file system has no links
        return False
    _sync_folder(path.parent)
    return True


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _unlink(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _info(key: str, path: Path) -> BlobInfo | None:
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    etag = f"{found.st_size:x}-{found.st_mtime_ns:x}-{found.st_ino:x}"
    return BlobInfo(key, found.st_size, etag, datetime.fromtimestamp(found.st_mtime, UTC))


def _below(folder: Path, prefix: str) -> list[BlobInfo]:
    start = folder / prefix.rpartition("/")[0]
    found = []
    for path in start.rglob("*"):
        key = path.relative_to(folder).as_posix()
        if key.startswith(prefix) and not key.startswith(".") and path.is_file() and (info := _info(key, path)):
            found.append(info)
    return found
