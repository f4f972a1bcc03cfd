"""Asks a process of its own about an image: size, thumbnails, and the image without metadata."""

import asyncio
import json
import math
import sys
from dataclasses import dataclass

from plugins.files.backend.settings import FileSettings
from prickle.contract.plugin import Logger

AT_ONCE = 2
WORKER = "plugins.files.backend.image_worker"


@dataclass(frozen=True, slots=True)
class Picture:
    """What an image gave. `thumbnails` are WebP, by width."""

    width: int
    height: int
    color: str
    cleaned: bytes
    thumbnails: dict[int, bytes]


class Imaging:
    """At most two images at once; each with limits of pixels, memory and time."""

    def __init__(self, settings: FileSettings, logger: Logger) -> None:
        self._settings = settings
        self._logger = logger
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def picture(self, data: bytes, kind: str) -> Picture | None:
        """Return what `data` shows, or `None`: damaged, too large, or too slow, and then nobody sees a picture of it."""
        async with self._turns:
            output = await self._worker(data, kind)
        if output is None:
            return None
        head, _, rest = output.partition(b"\n")
        told = json.loads(head)
        cleaned, rest = rest[: told["cleaned"]], rest[told["cleaned"] :]
        thumbnails: dict[int, bytes] = {}
        for width, length in told["thumbnails"].items():
            thumbnails[int(width)], rest = rest[:length], rest[length:]
        return Picture(told["width"], told["height"], told["color"], cleaned, thumbnails)

    async def _worker(self, data: bytes, kind: str) -> bytes | None:
        limits = (self._settings.max_image_pixels, self._settings.image_memory_mb, self._settings.image_time_limit_s)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-m", WORKER, kind, *(str(math.ceil(limit)) for limit in limits)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(self._settings.image_time_limit_s):
                output, errors = await process.communicate(data)
        except TimeoutError:
            self._logger.warning("image_too_slow", kind=kind, size=len(data))
            return None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            reason = errors.decode(errors="replace").strip().rpartition("\n")[2]
            self._logger.info("image_not_decoded", kind=kind, size=len(data), reason=reason[:200])
            return None
        return output
