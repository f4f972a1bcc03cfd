"""The time of the machine."""

import time
from datetime import UTC, datetime


class SystemClock:
    """See `prickle.contract.ports.Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()
