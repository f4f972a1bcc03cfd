"""Ends a sweep by SIGKILL before its n-th call of a store, for every n, and prints what the next sweeps leave out of order.

Arguments: a data folder as a server has left it, the folder to work in, the step from one n to the next, and the URL of
an S3 store (a bucket of its own each time) or nothing for the folder. The answer is one line of JSON: `calls` and `found`.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Coroutine
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from plugins.files.tests.conftest import SETTINGS
from plugins.files.tests.order import LONG_LIVES, LaterClock, disorder, stream, sweep_all, sweeper
from prickle.storage.blobs.folder import FolderBlobs
from prickle.testing import Chat, running_chat
from tests.port_contract.minio_server import new_bucket

FEW = [*SETTINGS, *LONG_LIVES, "plugins.enabled=auth,rooms,messages,files"]


class Dying:
    """A store whose process is killed before a call of it."""

    def __init__(self, store: Any, before_call: Callable[[], None]) -> None:
        self._store = store
        self._before_call = before_call

    def __getattr__(self, name: str) -> Any:
        self._before_call()
        return getattr(self._store, name)


async def sweep_until_killed(data: Path, settings: list[str], at: int) -> None:
    calls = count(1)

    def before_call() -> None:
        if next(calls) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    clock = LaterClock()
    async with running_chat(data, settings=[*FEW, *settings], clock=clock) as chat:
        sweep = sweeper(chat)
        sweep._store._documents = Dying(sweep._store._documents, before_call)
        sweep._contents._blobs = Dying(sweep._contents._blobs, before_call)
        sweep._context = replace(sweep._context, blobs=sweep._contents._blobs)
        await sweep_all(sweep, clock)


async def recover(data: Path, settings: list[str], answer: Path) -> None:
    clock = LaterClock()
    async with running_chat(data, settings=[*FEW, *settings], clock=clock) as chat:
        await sweep_all(sweeper(chat), clock)
        answer.write_text(json.dumps([*await disorder(chat), *await lost(chat)]))
        os._exit(0)  # an orderly end would take longer than all before


async def lost(chat: Chat) -> list[str]:
    """What was shown before and has to be there still."""
    kept = (chat.app.settings.storage.data_dir / "kept").read_text().split()
    return [f"{id} is lost" for id in kept if await sweeper(chat)._store.get(id) is None]


async def fill(data: Path, url: str) -> None:
    """Put the blobs of the folder into the S3 store."""
    async with running_chat(data, settings=[*FEW, f"storage.blobs_url={url}"]) as chat:
        folder = FolderBlobs(data / "files")
        async for blob in folder.list(""):
            body = b"".join([chunk async for chunk in folder.read(blob.key)])
            await chat.app.engines.blobs.put(blob.key, stream(body))


def in_process(work: Coroutine[Any, Any, None]) -> int:
    """Run `work` in a process of its own and return how that ended."""
    child = os.fork()
    if child == 0:
        asyncio.run(work)
        os._exit(0)
    work.close()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(left: Path, folder: Path, step: int, s3: str) -> None:
    found: dict[int, Any] = {}
    for at in count(1, step):
        data, answer = folder / str(at), folder / "answer"
        shutil.copytree(left, data)
        settings: list[str] = []
        if s3:
            url = new_bucket(s3)
            settings = [f"storage.blobs_url={url}"]
            in_process(fill(data, url))
        ended = in_process(sweep_until_killed(data, settings, at))
        if in_process(recover(data, settings, answer)) != 0:
            found[at] = "no recovery"
        elif wrong := json.loads(answer.read_text()):
            found[at] = wrong
        shutil.rmtree(data)
        if ended != -signal.SIGKILL:
            sys.stdout.write(json.dumps({"calls": at - 1, "ended": ended, "found": found}))
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
