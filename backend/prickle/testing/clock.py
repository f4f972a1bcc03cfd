"""A clock that tests can turn."""

import time
from datetime import UTC, datetime, timedelta


class TurnableClock:
    """Runs as time does, and ahead by as much as it was turned."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def turn(self, seconds: float) -> None:
        self._ahead_s += seconds

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead_s)

    def monotonic(self) -> float:
        return time.monotonic() + self._ahead_s
