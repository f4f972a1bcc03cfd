"""Asks a process of its own about an image: size, thumbnails, and the image without metadata."""

import asyncio
import json
import math
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from plugins.files.backend.settings import FileSettings
from prickle.contract.errors import Unavailable
from prickle.contract.plugin import Logger

AT_ONCE = 2
WORKER = "plugins.files.backend.image_worker"
CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Picture:
    """What an image gave. Its bytes are read once, `cleaned` before `thumbnails`, while the process that made them waits."""

    width: int
    height: int
    color: str
    size: int
    """Of the image without metadata, in bytes."""
    lengths: dict[int, int]
    """Bytes of each thumbnail, by its width."""
    output: asyncio.StreamReader

    async def cleaned(self) -> AsyncIterator[bytes]:
        """Yield the image without metadata."""
        left = self.size
        while left:
            chunk = await self.output.read(min(left, CHUNK_BYTES))
            if not chunk:
                raise Unavailable("files.image_lost", "The image could not be kept.", retry_after_s=5)
            left -= len(chunk)
            yield chunk

    async def thumbnails(self) -> AsyncIterator[tuple[int, bytes]]:
        """Yield the thumbnails, WebP, with their widths."""
        for width, length in self.lengths.items():
            try:
                yield width, await self.output.readexactly(length)
            except asyncio.IncompleteReadError as error:
                raise Unavailable("files.image_lost", "The image could not be kept.", retry_after_s=5) from error


class Imaging:
    """At most two images at once; each with limits of pixels, memory and time, and none of it in this process's memory."""

    def __init__(self, settings: FileSettings, logger: Logger) -> None:
        self._settings = settings
        self._logger = logger
        self._turns = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def picture(self, chunks: AsyncIterator[bytes], kind: str) -> AsyncIterator[Picture | None]:
        """Give what the image shows, or `None`: damaged, too large, or too slow, and then nobody sees a picture of it."""
        async with self._turns:
            process = await self._started(kind)
            try:
                yield await self._picture(process, chunks, kind)
            finally:
                if process.returncode is None:
                    process.kill()
                await process.communicate()

    async def _started(self, kind: str) -> asyncio.subprocess.Process:
        limits = (self._settings.max_image_pixels, self._settings.image_memory_mb, self._settings.image_time_limit_s)
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-m", WORKER, kind, *(str(math.ceil(limit)) for limit in limits)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def _picture(
        self, process: asyncio.subprocess.Process, chunks: AsyncIterator[bytes], kind: str
    ) -> Picture | None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise AssertionError("the process was started with pipes")
        try:
            async with asyncio.timeout(self._settings.image_time_limit_s):
                await _feed(process.stdin, chunks)
                head = await process.stdout.readline()
                errors = b"" if head else await process.stderr.read()
        except TimeoutError:
            self._logger.warning("image_too_slow", kind=kind)
            return None
        if not head:
            reason = errors.decode(errors="replace").strip().rpartition("\n")[2]
            self._logger.info("image_not_decoded", kind=kind, reason=reason[:200])
            return None
        told: dict[str, Any] = json.loads(head)
        lengths = {int(width): length for width, length in told["thumbnails"].items()}
        return Picture(told["width"], told["height"], told["color"], told["cleaned"], lengths, process.stdout)


async def _feed(stdin: asyncio.StreamWriter, chunks: AsyncIterator[bytes]) -> None:
    try:
        async for chunk in chunks:
            stdin.write(chunk)
            await stdin.drain()
        stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        return  # it has given up on the image; what it prints says why
