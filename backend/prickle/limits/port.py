"""The port of rate limits."""

from typing import Protocol

from prickle.contract.gateway import Rate


class RateLimits(Protocol):
    """Counts what each key has asked for."""

    async def take(self, key: str, rate: Rate) -> float:
        """Take one; returns 0, or in how many seconds one is free again (then nothing was taken)."""

    async def close(self) -> None:
        """Let go of what it holds."""


class NoRateLimits:
    """For benchmarks."""

    async def take(self, key: str, rate: Rate) -> float:
        return 0.0

    async def close(self) -> None:
        """It holds nothing."""
