"""Counts what the users see and hands it over once a second, as sums that any number of workers can add up."""

import resource
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

Figures = dict[str, Any]


class Recorder:
    """Sums since the last `take`. All values add up over workers, but for `lag_ms`, of which the worst counts."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        """Since the last `take`: sent, acked, delivered, bytes_in, bytes_out, lost, doubled, out_of_order, …"""
        self.latencies: Counter[int] = Counter()
        self.acks: Counter[int] = Counter()
        self.errors: Counter[str] = Counter()
        self.levels: Counter[str] = Counter()
        """What is now: users, connected."""
        self._lag_ms = 0.0
        self._cpu_s = _cpu_s()
        self._at = time.monotonic()

    def take(self) -> Figures:
        """Return the sums and begin anew."""
        now, cpu_s = time.monotonic(), _cpu_s()
        figures: Figures = {
            "counts": dict(self.counts),
            "latencies": {str(ms): count for ms, count in self.latencies.items()},
            "acks": {str(ms): count for ms, count in self.acks.items()},
            "errors": dict(self.errors),
            "levels": dict(self.levels),
            "lag_ms": self._lag_ms,
            "cpu": (cpu_s - self._cpu_s) / max(1e-3, now - self._at),
        }
        for sums in (self.counts, self.latencies, self.acks, self.errors):
            sums.clear()
        self._lag_ms, self._cpu_s, self._at = 0.0, cpu_s, now
        return figures

    def late(self, ms: float) -> None:
        """Take in how late this process did what was due: a load machine that is late measures itself."""
        self._lag_ms = max(self._lag_ms, ms)


def merged(all_figures: list[Figures]) -> Figures:
    """Return the sums of several workers."""
    sums: Figures = {
        name: dict(sum((Counter(figures[name]) for figures in all_figures), Counter()))
        for name in ("counts", "latencies", "acks", "errors", "levels")
    }
    worst: Callable[[str], float] = lambda name: max((figures[name] for figures in all_figures), default=0.0)  # noqa: E731
    return {**sums, "lag_ms": worst("lag_ms"), "cpu": worst("cpu")}


def rounded(ms: int) -> int:
    """Return a latency to 1 ms below 100, to 10 below 1 s, to 100 above: a percentile needs no more."""
    return ms if ms < 100 else ms // 10 * 10 if ms < 1000 else ms // 100 * 100


def percentile(counts: Mapping[str, int], share: float) -> float:
    """Return the latency in ms below which `share` of those counted lie; NaN of none."""
    left = share * sum(counts.values())
    for ms in sorted(map(int, counts)):
        left -= counts[str(ms)]
        if left <= 0:
            return float(ms)
    return float("nan")


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
