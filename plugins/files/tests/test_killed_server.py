"""A server that is killed while files arrive: no half file is ever seen, uploads go on, and sweeps leave nothing behind."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from PIL import Image

from ops.children import Child
from plugins.files.tests.conftest import SETTINGS, House
from plugins.files.tests.order import LONG_LIVES, LaterClock, disorder, sweep_all, sweeper
from plugins.files.tests.own_server import own_server
from plugins.files.tests.test_images import encoded
from plugins.files.tests.test_uploads import PART, append, begin
from prickle.testing import Guest, running_chat
from tests.port_contract.minio_server import new_bucket, servers

MIB = 2**20
FIRST_BYTES = 900_000
PATIENCE_S = 60
FILES = [*SETTINGS[:1], *SETTINGS[2:], *LONG_LIVES, "plugins.enabled=auth,rooms,messages,files"]


@pytest.fixture(params=["folder", *servers()[:1]])
def settings(request: pytest.FixtureRequest) -> list[str]:
    return FILES if request.param == "folder" else [*FILES, f"storage.blobs_url={new_bucket(request.param)}"]


async def kill_when(process: Child, is_time: Callable[[int], bool]) -> None:
    """Kill the server, and nothing that it has started."""
    async with asyncio.timeout(PATIENCE_S):
        while not is_time(process.pid):
            await asyncio.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()


@asynccontextmanager
async def revived(data: Path, settings: list[str], house: House) -> AsyncIterator[House]:
    """The same house after the next start. In the end, nothing is out of order."""
    clock = LaterClock()
    async with running_chat(data, settings=settings, clock=clock) as chat:
        ann, bob, eve = (Guest(chat, guest.id, guest.token) for guest in (house.ann, house.bob, house.eve))
        yield replace(house, chat=chat, ann=ann, bob=bob, eve=eve)
        await sweep_all(sweeper(chat), clock)
        assert await disorder(chat) == []
        if (data / "files").exists():
            assert list((data / "files" / ".drafts").iterdir()) == []


def is_receiving(pid: int) -> bool:
    """Tell whether a file that nobody sees yet has grown."""
    for opened in Path(f"/proc/{pid}/fd").iterdir():
        try:
            name, size = str(opened.readlink()), opened.stat().st_size
        except FileNotFoundError:
            continue
        if size > 0 and (".drafts/" in name or name.endswith("(deleted)")):
            return True
    return False


def image_workers(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            if b"image_worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


def send_half(house: House, head: str) -> socket.socket:
    """Send a request whose body breaks off after 6 MiB: on S3, in its second part."""
    at = urlsplit(house.chat.url)
    sock = socket.create_connection((at.hostname, at.port))
    headers = {
        "host": "x",
        "authorization": f"Bearer {house.ann.token}",
        "content-length": 7 * MIB,
        "content-type": PART["content-type"],
        "upload-offset": FIRST_BYTES,
    }
    lines = [f"{head} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    sock.sendall("\r\n".join(lines).encode() + b"h" * (6 * MIB))
    return sock


async def test_an_upload_that_a_kill_cuts_off_never_was(tmp_path: Path, settings: list[str]) -> None:
    async with own_server(tmp_path, settings) as server:
        whole, _ = await server.house.sent(b"whole" * 1000)
        half = await asyncio.to_thread(send_half, server.house, f"POST /api/rooms/{server.house.room}/files")
        await kill_when(server.process, is_receiving)
        half.close()
    async with revived(tmp_path, settings, server.house) as house:
        listed = await house.bob.get(f"/api/rooms/{house.room}/files")
        assert [file["id"] for file in listed.body] == [whole["id"]]
        assert (await house.download(whole["id"])).body == b"whole" * 1000
        assert (await house.upload(b"next")).status == 201


async def test_a_resumable_upload_goes_on_behind_its_last_whole_part(tmp_path: Path, settings: list[str]) -> None:
    async with own_server(tmp_path, settings) as server:
        location = await begin(server.house, FIRST_BYTES + 7 * MIB)
        assert (await append(server.house, location, 0, b"a" * FIRST_BYTES)).status == 204
        half = await asyncio.to_thread(send_half, server.house, f"PATCH {location}")
        await kill_when(server.process, is_receiving)
        half.close()
    async with revived(tmp_path, settings, server.house) as house:
        offset = int((await house.raw("HEAD", location, house.ann, {})).headers["Upload-Offset"])
        assert offset == FIRST_BYTES
        for start in range(offset, FIRST_BYTES + 7 * MIB, MIB):
            body = b"b" * min(MIB, FIRST_BYTES + 7 * MIB - start)
            last = await append(house, location, start, body)
        whole = (await house.download(last.headers["X-File-Id"], house.ann)).body
        assert whole == b"a" * FIRST_BYTES + b"b" * (7 * MIB)


async def test_an_image_whose_thumbnails_a_kill_cuts_off_never_was(tmp_path: Path, settings: list[str]) -> None:
    image = encoded(Image.effect_noise((900, 900), 80), "PNG")
    workers: list[int] = []

    def is_thumbnailing(pid: int) -> bool:
        workers.extend(image_workers(pid))
        return bool(workers)

    async with own_server(tmp_path, settings) as server:
        upload = asyncio.create_task(server.house.upload(image, "a.png"))
        await kill_when(server.process, is_thumbnailing)
        with pytest.raises(aiohttp.ClientError):
            await upload
    while any(Path(f"/proc/{worker}/cmdline").exists() for worker in workers):
        await asyncio.sleep(0.01)  # it ends by itself, as nobody listens to it
    async with revived(tmp_path, settings, server.house) as house:
        assert (await house.ann.get(f"/api/rooms/{house.room}/files")).body == []
        again, _ = await house.sent(image, "a.png")
        assert (again["width"], again["height"]) == (900, 900)
