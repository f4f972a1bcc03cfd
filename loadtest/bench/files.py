"""How much memory do files take? Large and many uploads and downloads against a real server, whose memory is watched.

    python -m loadtest.bench.files [--large-mb 1024] [--many 50] [--many-mb 100] [--s3 URL] [--plot docs/images/files.svg]

Prints a Markdown table with the conditions it was measured under, and writes the curve. Memory is resident memory (RSS) of
the server and of the processes that it starts for images. The data goes to a temporary folder of `--folder`, and takes
twice the bytes of the largest step.
"""

import argparse
import asyncio
import io
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from PIL import Image

from loadtest.report.plot import Series, chart
from ops.children import Child, answers, free_port

MIB = 2**20
BLOCK = random.Random(1).randbytes(MIB)
SAMPLE_EVERY_S = 0.1
REST_S = 2.0
"""Between two steps, so that each has its own place in the plot."""
LIMIT_MB = 32
PHOTOS = 12
PHOTO_SIZE = (4000, 3000)
LARGEST = 2**40
SETTINGS = (
    "limits.enabled=false",
    "log.level=warning",
    "plugins.files.max_waiting_files=1000",
    *(f"plugins.files.max_{name}_bytes={LARGEST}" for name in ("file", "guest", "room", "server")),
)


@dataclass
class Memory:
    """What a process and its children take, sampled over time."""

    pid: int
    began: float = field(default_factory=time.monotonic)
    server: list[tuple[float, float]] = field(default_factory=list)
    """Seconds since the beginning, and MiB."""
    images: list[tuple[float, float]] = field(default_factory=list)

    async def watch(self) -> None:
        page = os.sysconf("SC_PAGE_SIZE")
        while True:
            at = time.monotonic() - self.began
            self.server.append((at, _resident_pages(self.pid) * page / MIB))
            self.images.append((at, sum(map(_resident_pages, _children(self.pid))) * page / MIB))
            await asyncio.sleep(SAMPLE_EVERY_S)

    def peak(self, since: float) -> tuple[float, float]:
        """Return the highest of the server, and of its children, from that second on."""
        return tuple(max(size for at, size in line if at >= since) for line in (self.server, self.images))  # type: ignore[return-value]  # two of them


def _resident_pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, (task / "children").read_text().split())
    return found


@dataclass
class Person:
    """Somebody in a room of their own, who uploads and downloads."""

    http: aiohttp.ClientSession
    url: str
    room: str = ""

    async def enter(self) -> None:
        answer = await self._json("POST", "/api/auth/guest", json={"name": "Bench"})
        self.http.headers["authorization"] = f"Bearer {answer['token']}"
        self.room = (await self._json("POST", "/api/rooms", json={"name": "Bench", "visibility": "private"}))["id"]

    async def upload(self, body: AsyncIterator[bytes] | io.BytesIO, size: int) -> str:
        headers = {"content-type": "application/octet-stream", "content-length": str(size)}
        answer = await self._json("POST", f"/api/rooms/{self.room}/files", data=body, headers=headers)
        return str(answer["id"])

    async def download(self, file: str) -> int:
        async with self.http.get(f"{self.url}/api/files/{file}") as answer:
            answer.raise_for_status()
            return sum([len(chunk) async for chunk in answer.content.iter_any()])

    async def _json(self, method: str, path: str, **options: object) -> dict[str, str]:
        async with self.http.request(method, self.url + path, **options) as answer:  # type: ignore[arg-type]  # they are its own
            if answer.status >= 300:
                raise RuntimeError(f"{method} {path}: {answer.status} {await answer.text()}")
            found: dict[str, str] = await answer.json()
            return found


async def content(number: int, size_mb: int) -> AsyncIterator[bytes]:
    """Yield bytes that no other number has."""
    yield number.to_bytes(8, "big") + BLOCK[8:]
    for _ in range(size_mb - 1):
        yield BLOCK


def photos() -> list[bytes]:
    """Return JPEGs of 12 megapixels, about 5 MB each, as phones take them; what follows the picture makes them differ."""
    out = io.BytesIO()
    noise = Image.effect_noise((PHOTO_SIZE[0] // 2, PHOTO_SIZE[1] // 2), 80).resize(PHOTO_SIZE)
    Image.merge("RGB", [noise, noise.rotate(90), noise.rotate(180)]).save(out, "JPEG", quality=90)
    return [out.getvalue() + number.to_bytes(8, "big") for number in range(PHOTOS)]


Step = tuple[str, Callable[[], Awaitable[object]]]


def steps(person: Person, options: argparse.Namespace) -> Sequence[Step]:
    files: dict[str, list[str]] = {}
    pictures = photos()

    async def upload(kind: str, count: int, size_mb: int) -> None:
        bodies = [content(hash((kind, number)) & 2**62, size_mb) for number in range(count)]
        files[kind] = await asyncio.gather(*(person.upload(body, size_mb * MIB) for body in bodies))

    async def download(kind: str, size_mb: int) -> None:
        sizes = await asyncio.gather(*map(person.download, files[kind]))
        if set(sizes) != {size_mb * MIB}:
            raise RuntimeError(f"downloads of {sizes} bytes")

    async def show() -> None:
        await asyncio.gather(*(person.upload(io.BytesIO(each), len(each)) for each in pictures))

    large, many, each = options.large_mb, options.many, options.many_mb
    return [
        (f"1 upload of {large:,} MB", lambda: upload("large", 1, large)),
        (f"1 download of {large:,} MB", lambda: download("large", large)),
        (f"{many} uploads of {each} MB at once", lambda: upload("many", many, each)),
        (f"{many} downloads of {each} MB at once", lambda: download("many", each)),
        (f"{PHOTOS} photos of 12 megapixels at once", show),
    ]


async def measure(person: Person, memory: Memory, options: argparse.Namespace) -> list[str]:
    """Take the steps one after the other; return the rows of the table."""
    await person.enter()
    await person.upload(io.BytesIO(b"warm"), 4)
    await asyncio.sleep(REST_S)
    before = memory.server[-1][1]
    rows = []
    for name, step in steps(person, options):
        began = time.monotonic() - memory.began
        await step()
        took = time.monotonic() - memory.began - began
        await asyncio.sleep(SAMPLE_EVERY_S * 2)
        server, images = memory.peak(began)
        rows.append(
            f"| {name} | {took:.1f} | {before:.0f} | {server:.0f} | **{server - before:+.0f}** | {images:.0f} |"
        )
        print(rows[-1], flush=True)
        await asyncio.sleep(REST_S)
    return rows


async def run(options: argparse.Namespace) -> None:
    port = free_port()
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="prickle-bench-") as folder:
        wanted = [*SETTINGS, *([f"storage.blobs_url={options.s3}"] if options.s3 else [])]
        sets = [part for setting in wanted for part in ("--set", setting)]
        command = ["-m", "prickle", "run", "--host", "127.0.0.1", "--port", str(port), "--data", folder, *sets]
        server = Child("prickle", [sys.executable, *command], probe=answers(port, "/health/ready"))
        try:
            await server.start()
            memory = Memory(server.pid)
            watching = asyncio.create_task(memory.watch())
            timeout = aiohttp.ClientTimeout(total=None)
            async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as http:
                await measure(Person(http, f"http://127.0.0.1:{port}"), memory, options)
            watching.cancel()
        finally:
            await server.stop()
    if options.plot:
        options.plot.write_text(curve(memory), encoding="utf-8")


def curve(memory: Memory) -> str:
    """Return the SVG: the server's memory over time, its limit, and that of the processes for images."""
    lines = [Series("server", memory.server), Series("images", memory.images)]
    figure = chart("Resident memory", "MiB", lines, limit=memory.server[0][1] + LIMIT_MB)
    drawing = figure[figure.index("<svg") : figure.index("</svg>")]
    return drawing.replace("<svg ", '<svg font-size="11" font-family="sans-serif" ', 1) + "</svg>\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large-mb", type=int, default=1024)
    parser.add_argument("--many", type=int, default=50)
    parser.add_argument("--many-mb", type=int, default=100)
    parser.add_argument("--s3", default=None, metavar="URL", help="keep the files there instead of in the folder")
    parser.add_argument("--folder", default=None, help="where the data goes: the disk that is measured")
    parser.add_argument("--plot", type=Path, default=None, metavar="FILE", help="write the curve as SVG")
    options = parser.parse_args()
    store = "S3" if options.s3 else "a folder"
    machine = f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f} before the start"
    print(f"{machine}, Python {platform.python_version()}, files in {store}\n")
    print("| step | seconds | MiB before | highest | more | processes for images, MiB |\n|---|---|---|---|---|---|")
    asyncio.run(run(options))


if __name__ == "__main__":
    main()
