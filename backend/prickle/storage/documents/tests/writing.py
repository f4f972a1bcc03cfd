"""A process of its own that writes numbers one after the other and says each one when it is acknowledged.

`python writing.py FILE NAME`: runs until it is killed. Each line on stdout is a number that must be found afterwards.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any, ClassVar

from prickle.contract.documents import Index, Model
from prickle.storage.documents import SqliteDocuments


class Number(Model):
    writer: str
    value: int

    model_config: ClassVar[Any] = {
        "collection": "numbers",
        "indexes": lambda: [Index(Number.writer, Number.value, unique=True)],
    }


CALLERS = 20


async def main(path: Path, name: str) -> None:
    documents = SqliteDocuments(path, [Number])
    await documents.open()

    async def write(start: int) -> None:
        for value in range(start, 10**9, CALLERS):
            await documents.insert(Number(writer=name, value=value))
            print(value, flush=True)  # noqa: T201 - the protocol of this process

    await asyncio.gather(*(write(start) for start in range(CALLERS)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
