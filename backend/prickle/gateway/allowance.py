"""What the link has room for right now: a token bucket over all that crosses it."""

import time

from prickle.gateway.settings import GatewaySettings
from prickle.gateway.traffic import Link

SUM_RATE = 0.95
"""Of a link that counts both directions together; what crosses it is an estimate, and it shall not fill a queue beyond us."""
BURST_S = 0.03


class Allowance:
    """Lets writes through at the rate of this replica's part of the link, after bursts of at most `BURST_S` of it.

    The governor's waits hold the mean below the rate; but a tenth of a second can ask for twice as much, as when a busy
    processor has come round to it. Beyond us that stands in a queue. Once this takes 0.2 s, TCP takes what waits for lost and
    sends it again, as long as the queue lasts that it thereby makes.
    """

    __slots__ = ("_bytes_per_s", "_crossed", "_link", "_looked_at", "_room", "_sums")

    def __init__(self, link: Link, settings: GatewaySettings) -> None:
        self._link = link
        self._sums = settings.link_counts == "sum"
        self._bytes_per_s = settings.share_bytes_per_s * (SUM_RATE if self._sums else 1.0)
        self._room = 0.0
        self._crossed = 0
        self._looked_at = time.monotonic()

    def wait_s(self) -> float:
        """Return how long the next write has to wait; 0 if it may leave."""
        now, crossed = time.monotonic(), self._link.wire_out() + (self._link.wire_in() if self._sums else 0)
        room = self._room + (now - self._looked_at) * self._bytes_per_s - (crossed - self._crossed)
        self._room = min(room, BURST_S * self._bytes_per_s)
        self._looked_at, self._crossed = now, crossed
        return max(0.0, -self._room / self._bytes_per_s)
