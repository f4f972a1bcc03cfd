"""Rate limits by the generic cell rate algorithm (GCRA, ITU-T I.371): one number per key, exact bursts, no timers."""

from prickle.contract.gateway import Rate
from prickle.contract.ports import Clock

MAX_KEYS = 100_000
ROUNDING = 0.01
"""Part of an interval that counts as no wait: sums of intervals are not exact, and the last one of a burst must pass."""


class MemoryRateLimits:
    """The limits of one replica."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._free_at: dict[str, float] = {}

    async def take(self, key: str, rate: Rate) -> float:
        now = self._clock.monotonic()
        interval = 1 / rate.per_s
        theoretical = max(self._free_at.get(key, now), now)
        wait_s = theoretical - now - interval * (rate.burst - 1)
        if wait_s > interval * ROUNDING:
            return wait_s
        if len(self._free_at) >= MAX_KEYS:
            self._forget(now)
        self._free_at[key] = theoretical + interval
        return 0.0

    async def close(self) -> None:
        """It holds nothing outside of this process."""

    def _forget(self, now: float) -> None:
        """Drop the keys that are free; if nearly all are busy, all of them: memory is bounded before fairness."""
        self._free_at = {key: free_at for key, free_at in self._free_at.items() if free_at > now}
        if len(self._free_at) >= MAX_KEYS:
            self._free_at.clear()
