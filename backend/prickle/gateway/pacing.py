"""When what is due leaves: at once while there is time and room, together with more of the same when there is not."""

import asyncio
from collections import deque
from typing import Protocol

from prickle.gateway.allowance import Allowance

MAX_HELD_S = 1.0
"""After so long a write leaves, room or not: what clients cannot take is then dealt with, client by client."""


class Flushable(Protocol):
    """Something that has frames to write."""

    def flush(self) -> None: ...


class Pacer:
    """One clock for all writes. What asks during a wait of zero leaves at the end of this turn of the event loop.

    What has waited leaves no faster than `allowance` lets it; meanwhile more of the same may join it.
    """

    __slots__ = (
        "_allowance", "_held", "_ready", "_spare",
        "ephemeral_alone", "ride_gap_s", "ride_s", "state_wait_s", "wait_s",
    )  # fmt: skip

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
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
        self._held: deque[tuple[float, Flushable]] = deque()
        """What the link has no room for, and until when it waits at most."""

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
        asyncio.get_running_loop().call_later(delay_s, self._leave, flushable)

    def _leave(self, flushable: Flushable) -> None:
        self._held.append((asyncio.get_running_loop().time() + MAX_HELD_S, flushable))
        if len(self._held) == 1:
            self._release()

    def _release(self) -> None:
        """Write what there is room for by now."""
        loop = asyncio.get_running_loop()
        while self._held:
            wait_s = min(self._allowance.wait_s(), self._held[0][0] - loop.time())
            if wait_s > 0:
                loop.call_later(wait_s, self._release)
                return
            _, flushable = self._held.popleft()
            try:
                flushable.flush()
            except BaseException:
                loop.call_soon(self._release)  # a defect in one write does not hold those behind it
                raise

    def _run(self) -> None:
        ready, self._ready = self._ready, self._spare
        for flushable in ready:
            flushable.flush()
        ready.clear()
        self._spare = ready
