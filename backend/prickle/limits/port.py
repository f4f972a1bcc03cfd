"""The port of rate limits."""

from typing import Protocol

from prickle.contract.errors import RateLimited
from prickle.contract.gateway import Rate


class RateLimits(Protocol):
    """Counts what each key has asked for."""

    async def take(self, key: str, rate: Rate) -> float:
        """Take one; returns 0, or in how many seconds one is free again (then nothing was taken)."""

    async def close(self) -> None:
        """Let go of what it holds."""


async def take_or_refuse(rates: RateLimits, key: str, rate: Rate) -> None:
    """Take one.

    Raises:
        RateLimited: `core.rate_limited`.
    """
    retry_after_s = await rates.take(key, rate)
    if retry_after_s:
        raise RateLimited("core.rate_limited", "Too many at once.", retry_after_s=retry_after_s)


class NoRateLimits:
    """For benchmarks."""

    async def take(self, key: str, rate: Rate) -> float:
        return 0.0

    async def close(self) -> None:
        """It holds nothing."""
