"""Keeps the replica within its share of the link and its processor: the busier they are, the longer writes wait."""

import math
import time
from dataclasses import dataclass
from enum import IntEnum

from prickle.gateway.pacing import Pacer
from prickle.gateway.settings import GatewaySettings
from prickle.gateway.traffic import Traffic

_FADES_S = 1.5
"""Use of the link is averaged over about this time."""
SUM_USABLE = 0.9
"""Of a link that counts both directions together, so much may be used: what crosses it is an estimate, without the records of
TLS, and what an overfull link drops TCP sends again, at a proxy in front of us where we do not see it."""
_WAIT_FALLS_PER_S = 0.05
"""A wait that ends at once lets go at once of all that has waited: a burst that fills the link for as long again."""
_CPU_AIM = 0.85
"""Share of the processor that is well used: below it writes wait less, above it more."""
_CPU_GAIN = 2.0
"""How quickly: at a tenth above the aim a wait grows by a fifth with each look."""
_CPU_FIRST_WAIT_S = 0.002
_LATE_S = 0.02
"""A look that comes so late says that the processor is short, whoever uses it."""


class Stage(IntEnum):
    """How full the link is. Each stage does what those before it do, and more."""

    FREE = 0
    """Everything leaves at once."""
    BUSY = 1
    """Typing and its like ride with messages, and leave alone after a while."""
    TIGHT = 2
    """They never leave alone, and ride once in two seconds per group; state is replaced by newer for a second."""
    FULL = 3
    """They ride once in four seconds; state waits two; file transfers get only what is left over."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A stage begins at `enters` (use of the link, as a share of what may be used) and ends below `leaves`."""

    enters: float
    leaves: float
    ride_s: float = 0.0
    ride_gap_s: float = 0.0
    ephemeral_alone: bool = True
    state_wait_s: float = 0.0


RULES = {
    Stage.FREE: Rule(0.0, 0.0),
    Stage.BUSY: Rule(0.45, 0.35, ride_s=1.5, state_wait_s=0.25),
    Stage.TIGHT: Rule(0.70, 0.60, ride_s=3.0, ride_gap_s=2.0, ephemeral_alone=False, state_wait_s=1.0),
    Stage.FULL: Rule(0.95, 0.85, ride_s=3.0, ride_gap_s=4.0, ephemeral_alone=False, state_wait_s=2.0),
}

_WAITS = ((0.50, 0.0), (0.80, 0.06), (0.90, 0.12), (0.95, 0.32), (1.0, 0.55), (1.1, 0.8))
"""Use of the link, and the wait in seconds there; between two points it is a line."""


class Governor:
    """Looks at what was sent and how busy the processor was, and sets the pacer."""

    def __init__(self, settings: GatewaySettings, traffic: Traffic, pacer: Pacer) -> None:
        self.use = 0.0
        """Share of this replica's part of the link that is in use; may exceed 1."""
        self.cpu = 0.0
        """Share of one processor that this process uses."""
        self.late_s = 0.0
        self.stage = Stage.FREE
        self.share_bytes_per_s = settings.share_bytes_per_s
        self._sums = settings.link_counts == "sum"
        self._usable = SUM_USABLE if self._sums else 1.0
        self._max_wait_s = settings.max_wait_ms / 1000
        self._max_cpu_wait_s = settings.max_cpu_wait_ms / 1000
        self._cpu_wait_s = 0.0
        self._link_wait_s = 0.0
        self._link = traffic.far
        self._pacer = pacer
        self._last = (time.monotonic(), time.process_time(), 0, 0)

    @property
    def thresholds(self) -> dict[str, float]:
        """By stage: the use of the link at which it begins."""
        return {stage.name.lower(): round(rule.enters * self._usable, 3) for stage, rule in RULES.items()}

    @property
    def spare_bytes_per_s(self) -> float:
        """What file transfers may use: what messages leave over, and never nothing."""
        return self.share_bytes_per_s * max(0.05, 0.9 * self._usable - self.use)

    def look(self, due_s: float) -> None:
        """Measure since the last look, which was to be `due_s` ago, and set the waits."""
        now, cpu, sent, came = self._last
        self._last = time.monotonic(), time.process_time(), self._link.wire_out(), self._link.wire_in()
        elapsed_s = self._last[0] - now
        if elapsed_s <= 0:
            return
        down, up = self._last[2] - sent, self._last[3] - came
        used = (down + up if self._sums else max(down, up)) / elapsed_s / self.share_bytes_per_s
        self.use += (used - self.use) * min(1.0, elapsed_s / _FADES_S)
        self.cpu = (self._last[1] - cpu) / elapsed_s
        self.late_s = max(0.0, elapsed_s - due_s)
        self._set_cpu_wait()
        use = self.use / self._usable
        self._set_stage(use)
        wait_s = min(self._max_wait_s, link_wait_s(use))
        self._link_wait_s = max(wait_s, self._link_wait_s - _WAIT_FALLS_PER_S * elapsed_s)
        self._pacer.wait_s = max(self._cpu_wait_s, self._link_wait_s)

    def _set_cpu_wait(self) -> None:
        """Waiting longer makes writes fewer; so it settles where the processor is busy but keeps up.

        A look sees a tenth of a second, of which one is busier than the other: steps up and down are of one size for
        one distance from the aim, or waits would drift to their bound long before the processor needs them.
        """
        growth = 1.5 if self.late_s > _LATE_S else math.exp(_CPU_GAIN * (self.cpu - _CPU_AIM))
        wait_s = max(_CPU_FIRST_WAIT_S, self._cpu_wait_s) * growth
        self._cpu_wait_s = min(self._max_cpu_wait_s, wait_s) if wait_s >= _CPU_FIRST_WAIT_S else 0.0

    def _set_stage(self, use: float) -> None:
        while self.stage < Stage.FULL and use >= RULES[Stage(self.stage + 1)].enters:
            self.stage = Stage(self.stage + 1)
        while self.stage > Stage.FREE and use < RULES[self.stage].leaves:
            self.stage = Stage(self.stage - 1)
        rule = RULES[self.stage]
        self._pacer.ephemeral_alone = rule.ephemeral_alone
        self._pacer.ride_gap_s = rule.ride_gap_s
        self._pacer.state_wait_s = rule.state_wait_s
        # When the processor is short, too, typing that rides costs a tenth of typing that leaves alone.
        self._pacer.ride_s = max(rule.ride_s, 0.5 if self._cpu_wait_s > 0 else 0.0)


def link_wait_s(use: float) -> float:
    """Return the wait at this use of the link."""
    below_use, below_wait_s = 0.0, 0.0
    for at, wait_s in _WAITS:
        if use < at:
            return below_wait_s + (wait_s - below_wait_s) * (use - below_use) / (at - below_use)
        below_use, below_wait_s = at, wait_s
    return below_wait_s
