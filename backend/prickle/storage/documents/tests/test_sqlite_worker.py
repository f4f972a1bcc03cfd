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


async def crowd(workers: Workers, batches: Batches) -> None:
    """Have one batch of one job, and behind it one of two."""
    jobs = [submit(workers)]
    await asyncio.to_thread(batches.begun.wait, 10)
    jobs += [submit(workers), submit(workers)]
    await asyncio.sleep(0)
    batches.may_go_on.set()
    await asyncio.gather(*jobs)


async def test_after_a_crowd_the_next_batch_waits_for_more(gathering: Gathering) -> None:
    batches = Batches()
    workers = Workers("test", [batches], max_batch=10, gather_s=GATHER_S)
    await crowd(workers, batches)

    first = submit(workers)
    await asyncio.to_thread(gathering.begun.wait, 10)
    second = submit(workers)
    await asyncio.sleep(0)
    gathering.over.set()
    await asyncio.gather(first, second)
    await workers.close()

    assert batches.sizes == [1, 2, 2]
    [waited] = gathering.waits
    assert 0 < waited <= GATHER_S


async def test_jobs_that_come_singly_wait_for_nothing(gathering: Gathering) -> None:
    batches = Batches()
    batches.may_go_on.set()
    workers = Workers("test", [batches], max_batch=10, gather_s=GATHER_S)

    for _ in range(3):
        await workers.submit(lambda _: None)
    await workers.close()

    assert batches.sizes == [1, 1, 1]
    assert gathering.waits == []


async def test_a_crowd_long_ago_holds_nobody_up(gathering: Gathering) -> None:
    batches = Batches()
    workers = Workers("test", [batches], max_batch=10, gather_s=0.001)
    await crowd(workers, batches)
    await asyncio.sleep(0.05)

    await workers.submit(lambda _: None)
    await workers.close()

    assert batches.sizes == [1, 2, 1]
    assert gathering.waits == []
