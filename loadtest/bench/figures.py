"""Times as the tables of the benchmarks have them."""

from collections.abc import Sequence


def at_percent(sorted_times_s: Sequence[float], percent: float) -> str:
    """Return a percentile in milliseconds."""
    return f"{sorted_times_s[min(len(sorted_times_s) - 1, int(len(sorted_times_s) * percent / 100))] * 1000:.2f}"
