"""A process of its own whose files may not grow any further: to SQLite that is a disk with no room.

`python full_disk.py FILE` prints how many inserts were acknowledged, how many were refused, how many documents were
readable while nothing could be written, and how many there were once there was room again.
"""

import asyncio
import resource
import signal
import sys
from pathlib import Path

from prickle.contract.errors import Unavailable
from prickle.storage.documents import SqliteDocuments
from prickle.storage.documents.tests.writing import Number

ROOM_BYTES = 512 * 1024


def allow(size: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


async def main(path: Path) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    documents = SqliteDocuments(path, [Number])
    await documents.open()
    allow(ROOM_BYTES)
    answers = await asyncio.gather(*(attempt(documents, value) for value in range(5_000)))
    allow(0)  # what a checkpoint has freed is gone too
    answers.append(await attempt(documents, -1))
    while_full = await documents.count(Number)
    assert not await is_ready(documents)
    allow(resource.RLIM_INFINITY)
    assert await is_ready(documents)
    await documents.insert(Number(writer="w", value=-1))
    print(answers.count(True), answers.count(False), while_full, await documents.count(Number))  # noqa: T201 - its answer
    await documents.close()


async def is_ready(documents: SqliteDocuments) -> bool:
    try:
        await documents.check()
    except Unavailable:
        return False
    return True


async def attempt(documents: SqliteDocuments, value: int) -> bool:
    try:
        await documents.insert(Number(writer="w", value=value))
    except Unavailable:
        return False
    return True


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
