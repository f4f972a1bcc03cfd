"""Ends tasks that speak to Redis."""

import asyncio
from collections.abc import Iterable

AGAIN_AFTER_S = 0.2


async def end(tasks: Iterable["asyncio.Task[None]"]) -> None:
    """Cancel `tasks` until all have ended.

    Once is not enough: redis-py (8.1) loses a cancellation that comes while it connects, and then goes on.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_AFTER_S)
