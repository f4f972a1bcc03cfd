"""Threads that work in batches: who waits for whom."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from prickle.storage.documents.sqlite.worker import Job, Workers

GATHER_S = 30.0


class Batches:
    """Counts how many jobs came at a time; the first batch goes on when it may."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.begun = threading.Event()
        self.may_go_on = threading.Event()

    def open(self) -> None:
        """Nothing to open."""

    def run(self, batch: list[Job]) -> None:
        self.begun.set()
        self.may_go_on.wait()
        self.sizes.append(len(batch))

    def close(self) -> None:
        """Nothing to close."""


class Gathering:
    """Stands for the waits of the thread: each ends when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waits: list[float] = []
        self.begun = threading.Event()
        self.over = threading.Event()
        monkeypatch.setattr("prickle.storage.documents.sqlite.worker.time.sleep", self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.begun.set()
        self.over.wait()


@pytest.fixture
def gathering(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gathering]:
    gathering = Gathering(monkeypatch)
    yield gathering
    gathering.over.set()


def submit(workers: Workers) -> "asyncio.Task[None]":
    return asyncio.create_task(workers.submit(lambda _: None))


async def test_after_a_crowd_the_next_batch_waits_for_more(gathering: Gathering) -> None:
    batches = Batches()
    workers = Workers("test", [batches], max_batch=10, gather_s=GATHER_S)
    crowd = [submit(workers)]
    await asyncio.to_thread(batches.begun.wait, 10)
    crowd += [submit(workers), submit(workers)]
    await asyncio.sleep(0)
    batches.may_go_on.set()
    await asyncio.gather(*crowd)

    first = submit(workers)
    await asyncio.to_thread(gathering.begun.wait, 10)
    second = submit(workers)
    await asyncio.sleep(0)
    gathering.over.set()
    await asyncio.gather(first, second)
    await workers.close()

    assert batches.sizes == [1, 2, 2]
    assert gathering.waits == [GATHER_S]


async def test_jobs_that_come_singly_wait_for_nothing(gathering: Gathering) -> None:
    batches = Batches()
    batches.may_go_on.set()
    workers = Workers("test", [batches], max_batch=10, gather_s=GATHER_S)

    for _ in range(3):
        await workers.submit(lambda _: None)
    await workers.close()

    assert batches.sizes == [1, 1, 1]
    assert gathering.waits == []
