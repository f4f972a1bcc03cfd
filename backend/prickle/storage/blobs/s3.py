"""Blobs in any S3 through the `minio` client, which blocks and therefore has threads of its own."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Sequence
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import IO, Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import urllib3
from minio import Minio
from minio.commonconfig import ComposeSource
from minio.datatypes import Part
from minio.deleteobjects import DeleteObject
from minio.error import MinioException, S3Error

from prickle.contract.blobs import BlobInfo, BlobMissing, BlobsFull
from prickle.contract.errors import Unavailable
from prickle.storage.blobs.keys import checked
from prickle.storage.blobs.refusals import unavailable
from prickle.storage.blobs.threads import BlobThreads
from prickle.storage.documents import StoreRefused

R = TypeVar("R")

THREADS = 8
PART_BYTES = 5 * 2**20
"""S3 takes no smaller part but the last, and at most 10,000."""
SENT_AT_ONCE = 2
"""Parts that are in memory, all uploads together."""
STALE_UPLOAD = timedelta(days=1)
MIN_PART_BYTES = 5 * 2**20
CHUNK_BYTES = 256 * 1024
MISSING = {"NoSuchKey", "NoSuchObject", "NotFound"}
FULL = {"XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded"}
"""Of MinIO, and of Ceph."""


class S3Blobs:
    """See `prickle.contract.blobs.Blobs`. `url` is `s3://KEY:SECRET@HOST[:PORT]/BUCKET[?secure=false&region=R]`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self._bucket = parts.path.strip("/")
        if parts.scheme != "s3" or not parts.hostname or not self._bucket:
            raise StoreRefused("storage.blobs_url: write it as s3://KEY:SECRET@HOST/BUCKET")
        self._threads = BlobThreads(THREADS, "s3")
        self._sending = asyncio.Semaphore(SENT_AT_ONCE)
        timeout = urllib3.Timeout(connect=3, read=30)
        self._connections = urllib3.PoolManager(maxsize=THREADS, timeout=timeout, retries=urllib3.Retry(1))
        self._client = Minio(
            parts.hostname + (f":{parts.port}" if parts.port else ""),
            access_key=unquote(parts.username or ""),
            secret_key=unquote(parts.password or ""),
            secure=options.get("secure", "true") != "false",
            region=options.get("region", "us-east-1"),  # given, so that no request is spent on asking
            http_client=self._connections,
        )

    async def open(self) -> None:
        """Raises:
        StoreRefused: nobody answers, the keys are wrong, or there is no such bucket.
        """
        try:
            exists = await self._run(lambda: self._client.bucket_exists(self._bucket))
        except Unavailable as error:
            cause = error.__cause__
            reason = cause.reason if isinstance(cause, urllib3.exceptions.MaxRetryError) else cause
            raise StoreRefused(f"S3 (storage.blobs_url) does not answer: {reason}") from error
        if not exists:
            raise StoreRefused(f"S3 (storage.blobs_url) has no bucket {self._bucket}: make it first")
        await self._run(self._abort_left)

    async def close(self) -> None:
        self._threads.end()
        self._connections.clear()

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> BlobInfo:
        name = checked(key)
        async with aclosing(_parts(chunks)) as parts:
            first, is_all = await anext(parts)
            if is_all:
                await self._send(first, lambda data: self._client._put_object(self._bucket, name, data))
            else:
                await self._put_in_parts(name, first, parts)
        return await self._must_stat(name)

    async def stat(self, key: str) -> BlobInfo | None:
        name = checked(key)
        try:
            found = await self._run(lambda: self._client.stat_object(self._bucket, name))
        except BlobMissing:
            return None
        return _info(name, found)

    async def read(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        info = await self._must_stat(checked(key))
        wanted = max(0, info.size - start) if length is None else min(length, max(0, info.size - start))
        if wanted == 0:
            return
        opening = partial(_told, lambda: self._client.get_object(self._bucket, key, offset=start, length=wanted))
        async with self._threads.holding(opening, _let_go) as answer:
            while chunk := await self._run(lambda: answer.read(CHUNK_BYTES)):
                yield chunk

    async def compose(self, key: str, parts: Sequence[str]) -> BlobInfo:
        name = checked(key)
        infos = [await self._must_stat(checked(part)) for part in parts]
        if any(info.size < MIN_PART_BYTES for info in infos[:-1]):
            return await self.put(name, self._joined(parts))
        sources = [ComposeSource(self._bucket, info.key) for info in infos if info.size]
        if not sources:
            return await self.put(name, self._joined([]))
        await self._run(lambda: self._client.compose_object(self._bucket, name, sources))
        return await self._must_stat(name)

    async def delete(self, *keys: str) -> None:
        names = [DeleteObject(checked(key)) for key in keys]
        failed = await self._run(lambda: list(self._client.remove_objects(self._bucket, names)))
        if failed:
            raise unavailable()

    async def list(self, prefix: str) -> AsyncIterator[BlobInfo]:
        objects = iter(self._client.list_objects(self._bucket, prefix=prefix, recursive=True))
        while (found := await self._run(lambda: next(objects, None))) is not None:
            yield _info(str(found.object_name), found)

    async def link(self, key: str, *, expires_in_s: int, headers: dict[str, str]) -> str | None:
        answered = {f"response-{name.lower()}": value for name, value in headers.items()}
        name, expires = checked(key), timedelta(seconds=expires_in_s)
        return await self._run(
            lambda: self._client.presigned_get_object(self._bucket, name, expires, response_headers=answered)  # type: ignore[arg-type]  # str is fine
        )

    async def free_bytes(self) -> int | None:
        return None

    async def _put_in_parts(self, name: str, first: IO[bytes], rest: AsyncIterator[tuple[IO[bytes], bool]]) -> None:
        """Do what the client's `put_object` does, which would hold a thread and a part's memory while bytes arrive."""
        upload = await self._run(lambda: self._client._create_multipart_upload(self._bucket, name, {}))
        try:
            sent = [await self._send_part(name, upload, 1, first)]
            async for part, _ in rest:
                sent.append(await self._send_part(name, upload, len(sent) + 1, part))
            await self._run(lambda: self._client._complete_multipart_upload(self._bucket, name, upload, sent))
        except BaseException:
            self._threads.later(self._client._abort_multipart_upload, self._bucket, name, upload)
            raise

    async def _send_part(self, name: str, upload: str, number: int, part: IO[bytes]) -> Part:
        etag = await self._send(
            part, lambda data: self._client._upload_part(self._bucket, name, data, {}, upload, number)
        )
        return Part(number, etag)

    async def _send(self, part: IO[bytes], work: Callable[[bytes], R]) -> R:
        async with self._sending:
            return await self._run(lambda: work(_content(part)))

    def _abort_left(self) -> None:
        """Give up what crashes have left half uploaded. MinIO lists none of it and does this by itself."""
        found = self._client._list_multipart_uploads(self._bucket)
        for upload in found.uploads:
            if upload.initiated_time and datetime.now(UTC) - upload.initiated_time > STALE_UPLOAD:
                self._client._abort_multipart_upload(self._bucket, str(upload.object_name), str(upload.upload_id))

    async def _joined(self, parts: Sequence[str]) -> AsyncIterator[bytes]:
        for part in parts:
            async for chunk in self.read(part):
                yield chunk

    async def _must_stat(self, key: str) -> BlobInfo:
        info = await self.stat(key)
        if info is None:
            raise BlobMissing(key)
        return info

    async def _run(self, work: Callable[[], R]) -> R:
        return await self._threads.run(_told, work)


def _told(work: Callable[..., R], *arguments: Any) -> R:
    """Do it; what fails is told in the words of the contract."""
    try:
        return work(*arguments)
    except S3Error as error:
        if error.code in MISSING:
            raise BlobMissing(error.resource) from error
        raise (BlobsFull() if error.code in FULL else unavailable()) from error
    except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
        raise unavailable(error) from error


def _let_go(answer: urllib3.BaseHTTPResponse) -> None:
    answer.close()
    answer.release_conn()


async def _parts(chunks: AsyncIterable[bytes]) -> AsyncGenerator[tuple[IO[bytes], bool], None]:
    """Yield what arrives as files of `PART_BYTES`, the last one as long as is left, each with whether it is the last.

    They are on disk: a part that fills slowly costs no memory, and no thread waits for it.
    """
    part = await asyncio.to_thread(_told, _spool)
    try:
        size = 0
        async for chunk in chunks:
            rest = memoryview(chunk)
            while len(rest) > PART_BYTES - size:
                await asyncio.to_thread(_told, part.write, rest[: PART_BYTES - size])
                rest = rest[PART_BYTES - size :]
                yield part, False
                part.seek(0)
                part.truncate()
                size = 0
            await asyncio.to_thread(_told, part.write, rest)
            size += len(rest)
        yield part, True
    finally:
        with suppress(OSError):  # what is still to be written does not fit either
            part.close()


def _spool() -> IO[bytes]:
    return tempfile.TemporaryFile()


def _content(part: IO[bytes]) -> bytes:
    part.seek(0)
    return part.read()


def _info(key: str, found: Any) -> BlobInfo:
    modified_at = (found.last_modified or datetime.now(UTC)).astimezone(UTC)
    return BlobInfo(key, int(found.size or 0), str(found.etag or "").strip('"'), modified_at)
