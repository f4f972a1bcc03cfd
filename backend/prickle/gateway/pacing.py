"""When what is due leaves: at once while there is time and room, together with more of the same when there is not."""

import asyncio
from typing import Protocol


class Flushable(Protocol):
    """Something that has frames to write."""

    def flush(self) -> None: ...


class Pacer:
    """One clock for all writes. What asks during a wait of zero leaves at the end of this turn of the event loop."""

    __slots__ = ("_ready", "_spare", "ephemeral_alone", "ride_gap_s", "ride_s", "state_wait_s", "wait_s")

    def __init__(self) -> None:
        self.wait_s = 0.0
        """How long what is due waits for more of the same."""
        self.state_wait_s = 0.0
        """How long state waits to be replaced by newer."""
        self.ride_s = 0.0
        """How long an ephemeral notice waits for something to ride with; 0: it leaves like the rest."""
        self.ephemeral_alone = True
        """Whether it leaves by itself after that."""
        self.ride_gap_s = 0.0
        """How long no other ephemeral notice rides in the same group."""
        self._ready: list[Flushable] = []
        self._spare: list[Flushable] = []

    def soon(self, flushable: Flushable) -> None:
        """Flush after the present wait."""
        if self.wait_s > 0:
            self.after(self.wait_s, flushable)
            return
        self._ready.append(flushable)
        if len(self._ready) == 1:
            asyncio.get_running_loop().call_soon(self._run)

    def after(self, delay_s: float, flushable: Flushable) -> None:
        """Flush after a wait of its own."""
        asyncio.get_running_loop().call_later(delay_s, flushable.flush)

    def _run(self) -> None:
        ready, self._ready = self._ready, self._spare
        for flushable in ready:
            flushable.flush()
        ready.clear()
        self._spare = ready
