"""A server in a process of its own, which a test may kill or put on a small disk."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from ops.children import Child, answers, free_port
from plugins.files.tests.conftest import House, new_house
from prickle.testing import Chat

PRICKLE = (Path(sys.executable).with_name("prickle"), "run")


@dataclass(frozen=True, slots=True)
class OwnServer:
    """The process, and the room in it."""

    process: Child
    house: House


@asynccontextmanager
async def own_server(data: Path, settings: Sequence[str], *before: str | Path) -> AsyncIterator[OwnServer]:
    """Run a server on `data` by a command that `before` may begin; its output goes to a file beside `data`."""
    port = free_port()
    sets = [part for setting in settings for part in ("--set", setting)]
    command = [*before, *PRICKLE, "--host", "127.0.0.1", "--port", str(port), "--data", data, *sets]
    process = Child("prickle", command, probe=answers(port, "/health/ready"), log=data.with_suffix(".log"))
    try:
        await process.start()
        async with aiohttp.ClientSession() as http:
            chat = Chat(f"http://127.0.0.1:{port}", None, http)  # type: ignore[arg-type]  # nobody looks inside
            yield OwnServer(process, await new_house(chat))
            await chat.close_devices()
    finally:
        await process.kill()
