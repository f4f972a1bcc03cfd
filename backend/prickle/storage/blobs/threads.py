"""Threads for stores that block, and for what they open: it is closed, also if nobody waits for it any more."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

R = TypeVar("R")


class BlobThreads:
    """A few threads of their own."""

    def __init__(self, count: int, name: str) -> None:
        self._threads = ThreadPoolExecutor(count, name)

    async def run(self, work: Callable[..., R], *arguments: Any) -> R:
        """Return what `work` returns, or raise what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    @asynccontextmanager
    async def holding(self, opening: Callable[[], R], close: Callable[[R], None]) -> AsyncIterator[R]:
        """Hold what `opening` opens while the block runs, and `close` it then, in a thread.

        Whoever is cancelled meanwhile does not wait: a thread may be at work on it, and closes it after that.
        """
        opened: Future[R] = self._threads.submit(opening)
        try:
            yield await asyncio.wrap_future(opened)
        finally:
            opened.add_done_callback(partial(self._let_go, close))

    def later(self, work: Callable[..., object], *arguments: Any) -> None:
        """Do it without anybody who waits."""
        self._threads.submit(work, *arguments)

    def end(self) -> None:
        """Wait for what is under way."""
        self._threads.shutdown(wait=True)

    def _let_go(self, close: Callable[[R], None], opened: "Future[R]") -> None:
        if opened.cancelled() or opened.exception():
            return
        try:
            self.later(close, opened.result())
        except RuntimeError:  # all threads have ended, so none of them is at work on it
            close(opened.result())
