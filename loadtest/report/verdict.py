"""Says whether a phase kept what is promised: within, over, or not measurable; and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from loadtest.report.figures import Measured
from loadtest.shapes.overload import AGAIN_PHASE, OVERLOAD_PHASE
from loadtest.shapes.restart import KILLING_PHASE
from prickle.plugin_loader import find_plugins

BUCKET_TOLERANCE = 1.01
"""A token bucket is that exact; a full emulated link shows in the latency."""
MAX_LAG_MS = 150.0
MAX_LOAD_CPU = 0.9
MAX_FAILED = 0.01
MIN_DELIVERIES = 100
OVERLOAD_P99_MS = 2000.0
"""What p99 stays below even where more is said than fits."""
BACK = 0.7
"""Share of the typing told before an overload that has to be told again after it."""
MAX_COMING = 1 / 1000
"""Of the deliveries. Who comes gets a page of the room and is told to all; beyond this share that is no cost of messages."""
UNDECLARED_BYTES = 5.0
"""Per message delivered, for a plugin that declares no budget: people come and go while others chat."""


class Outcome(IntEnum):
    """The exit code."""

    WITHIN = 0
    OVER = 1
    NOT_MEASURABLE = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """What is promised."""

    mbps: float = 10.0
    p99_ms: float = 1000.0
    checks_time: bool = True
    """Off where the machine is shared, as in CI: bytes, loss and order are the same on any machine."""
    budgets: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one phase."""

    outcome: Outcome
    reasons: list[str]


def declared_budgets() -> dict[str, int]:
    """Return the byte budget of each installed plugin."""
    return {name: found.manifest.max_bytes_per_message for name, found in find_plugins().items()}


def judge(measured: Measured, so_far: Mapping[str, int], limits: Limits, before: Measured | None = None) -> Verdict:
    """Judge a phase.

    `so_far` are the counts of the run up to its end, since a violation need not be in a measured phase; `before` is the
    first phase, which the one after an overload is compared with.
    """
    if doubts := _doubts(measured, limits):
        return Verdict(Outcome.NOT_MEASURABLE, doubts)
    broken = _broken(measured, so_far, limits)
    if before and measured.phase == AGAIN_PHASE:
        broken += _held_back(before, measured)
    return Verdict(Outcome.OVER if broken else Outcome.WITHIN, broken)


def _doubts(measured: Measured, limits: Limits) -> list[str]:
    figures, doubts = measured.figures, []
    if measured.counts["delivered"] < MIN_DELIVERIES:
        doubts.append(f"only {measured.counts['delivered']} messages were delivered: that is no data")
    if limits.checks_time and figures["cpu"] > MAX_LOAD_CPU:
        doubts.append(f"the load generator used {figures['cpu']:.0%} of a core: use workers")
    if limits.checks_time and figures["lag_p90_ms"] > MAX_LAG_MS:
        doubts.append(f"the load generator was up to {figures['lag_p90_ms']:.0f} ms late in a tenth of the seconds")
    return doubts


def _broken(measured: Measured, so_far: Mapping[str, int], limits: Limits) -> list[str]:
    broken = []
    if measured.mbps > limits.mbps * BUCKET_TOLERANCE:
        broken.append(f"{measured.mbps:.2f} Mbps on the wire exceed {limits.mbps:g}")
    # Whoever is cut off comes back after up to two seconds, on purpose: how soon is no promise about deliveries.
    is_timed = limits.checks_time and measured.phase != KILLING_PHASE
    p99_ms = max(limits.p99_ms, OVERLOAD_P99_MS) if measured.phase == OVERLOAD_PHASE else limits.p99_ms
    if is_timed and not measured.latency_ms(0.99) < p99_ms:
        broken.append(f"p99 is {measured.latency_ms(0.99):,.0f} ms, not below {p99_ms:,.0f}")
    for name in ("lost", "doubled", "out_of_order", "unacked", "never_arrived"):
        if so_far.get(name):
            broken.append(f"{name.replace('_', ' ')}: {so_far[name]:,}")
    failures = _unexpected(measured)
    errors = sum(failures.values())
    if errors > MAX_FAILED * max(1, measured.counts["sent"] + errors):
        worst = max(failures.items(), key=lambda item: item[1])[0]
        broken.append(f"{errors:,} failures beside {measured.counts['sent']:,} messages, most of all “{worst}”")
    return broken + _over_budget(measured, limits)


def _held_back(before: Measured, again: Measured) -> list[str]:
    """Say so where ephemeral notices, which an overload holds back, have not come back after it."""
    was, now = before.class_bytes("ephemeral"), again.class_bytes("ephemeral")
    return [f"ephemeral notices: {now:.1f} B per message delivered, {was:.1f} before"] if now < BACK * was else []


def _unexpected(measured: Measured) -> dict[str, int]:
    """Return what failed; while a replica is dead, connections that end and do not succeed at once are the point."""
    failures: dict[str, int] = measured.figures["errors"]
    if measured.phase != KILLING_PHASE:
        return failures
    return {what: count for what, count in failures.items() if not what.startswith(("connection: ", "come back: "))}


def _over_budget(measured: Measured, limits: Limits) -> list[str]:
    """Name the plugins that spend too much on each message; while people come and go that cannot be told."""
    if measured.counts["came"] > MAX_COMING * measured.counts["delivered"]:
        return []
    spent = {plugin: size for plugin, size in measured.plugin_bytes().items() if plugin != "core"}
    return [
        f"plugin {plugin} spends {size:.0f} B per message delivered; its budget is {limits.budgets.get(plugin, 0)}"
        for plugin, size in sorted(spent.items())
        if size > max(UNDECLARED_BYTES, limits.budgets.get(plugin, 0))
    ]
