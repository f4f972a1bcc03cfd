"""Threads that run submitted work in batches and hands all results of a batch to the event loop at once."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from prickle.storage.documents.errors import unavailable

R = TypeVar("R")

MAX_WAITING = 50_000
"""Beyond this many waiting jobs, more are refused: memory stays bounded when the disk stalls."""


@dataclass(slots=True, eq=False)
class Job:
    """One piece of work and, afterwards, its result or its error."""

    run: Callable[[Any], Any]
    future: "asyncio.Future[Any]"
    result: Any = None
    error: BaseException | None = None


class Runner(Protocol):
    """What one thread does with its batches."""

    def open(self) -> None:
        """Called on the thread when it starts."""

    def run(self, batch: list[Job]) -> None:
        """Fill in `result` or `error` of each job."""

    def close(self) -> None:
        """Called on the thread when it ends."""


class Workers:
    """One queue, and a thread for each of `runners`.

    Where a batch costs much and one more job in it little, `gather_s` is the least time from the beginning of a batch of
    several jobs to that of the next one. Jobs that come singly wait for nothing.
    """

    def __init__(self, name: str, runners: Sequence[Runner], max_batch: int, gather_s: float = 0.0) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._max_batch = max_batch
        self._gather_s = gather_s
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, args=(runner,), name=f"{name}-{number}", daemon=True)
            for number, runner in enumerate(runners, 1)
        ]
        for thread in self._threads:
            thread.start()

    async def submit(self, run: Callable[[Any], R]) -> R:
        """Run `run(connection)` on a thread. A cancelled caller's work may or may not be done."""
        return await self._put(run)  # type: ignore[no-any-return]  # a future of R, through a queue of any

    def _put(self, run: Callable[[Any], Any]) -> "asyncio.Future[Any]":
        """Return what is awaited. Nobody keeps it: an error in it holds the frames that it has passed."""
        if self._closed or self._jobs.qsize() >= MAX_WAITING:
            raise unavailable()
        job = Job(run, asyncio.get_running_loop().create_future())
        self._jobs.put(job)
        return job.future

    async def close(self) -> None:
        """Finish what waits, then end the threads."""
        if not self._closed:
            self._closed = True
            for _ in self._threads:
                self._jobs.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)

    def _work(self, runner: Runner) -> None:
        runner.open()
        not_before = 0.0
        open_ended = True
        while open_ended:
            batch, open_ended = self._next_batch(not_before)
            if not batch:
                continue
            not_before = time.monotonic() + self._gather_s if len(batch) > 1 else 0.0
            try:
                runner.run(batch)
            except BaseException as error:  # noqa: BLE001 the thread must outlive any defect; each caller gets the error
                for job in batch:
                    job.error = job.error or error
            with suppress(RuntimeError):  # the loop is closed: nobody waits for the answers any more
                batch[0].future.get_loop().call_soon_threadsafe(_resolve, batch)
        runner.close()

    def _next_batch(self, not_before: float) -> tuple[list[Job], bool]:
        batch: list[Job] = []
        job = self._jobs.get()
        if job is not None and (wait_s := not_before - time.monotonic()) > 0:
            time.sleep(wait_s)
        while job is not None:
            batch.append(job)
            if len(batch) >= self._max_batch:
                return batch, True
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False


def _resolve(batch: list[Job]) -> None:
    for job in batch:
        if job.future.done():  # its caller was cancelled
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
