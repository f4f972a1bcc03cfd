"""How many people fit, what gives way next, and what size serves how many: from measured costs and a description of use.

    python -m loadtest.capacity                          tables for the committed costs
    python -m loadtest.capacity --measured report.json   the costs that a run of `make loadtest` came to

The link is a formula of what a message costs (docs/capacity.md has it), not a fit; processors and memory scale with
what was measured.
"""

import argparse
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from prickle.gateway.governor import RULES, SUM_USABLE, Stage, link_wait_s
from prickle.gateway.settings import GatewaySettings

MEASURED = Path(__file__).with_name("measured.json")
HEADER_BYTES = 66
TLS_RECORD_BYTES = 22
PING_INTERVAL_S = 25
LARGE_LINK_USE = 0.7
"""Of a link that is bought by size: what is left over is for the busy hour."""
MAX_WAIT_S = GatewaySettings().max_wait_ms / 1000
BUSY_CPU = 0.7
"""Share of a core that a replica should use at most."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What was measured. Bytes are payload with websocket framing, per message and copy or per message sent."""

    message_bytes: float
    typing_bytes: float
    command_bytes: float
    ack_bytes: float
    ping_bytes_per_s: float
    cpu_us_per_copy: float
    """Of replicas, nginx and Redis together."""
    memory_kb_per_person: float


@dataclass(frozen=True, slots=True)
class Use:
    """How people use it."""

    room_of: float = 20
    messages_per_hour: float = 360
    types: bool = True
    files_per_hour: float = 0.0
    file_bytes: float = 200_000
    downloads_per_file: float = 5
    tls: bool = False

    @property
    def messages_per_s(self) -> float:
        return self.messages_per_hour / 3600


@dataclass(frozen=True, slots=True)
class Engines:
    """What one node of each engine does in a second. Assumptions, not measured here: replace them by your own."""

    mongo_writes_per_s: float = 5_000
    redis_notices_per_s: float = 50_000
    replica_memory_mb: float = 1_500
    people_per_replica: float = 20_000
    """Open files and timers, whatever they say."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """How long writes wait for more, and in which share of the time typing leaves in a segment of its own."""

    wait_s: float
    typing_alone: float

    @classmethod
    def at(cls, link_use: float) -> "Pacing":
        """Return what the governor sets at this use of a link that sums both directions, on a processor that has time."""
        use, busy = link_use / SUM_USABLE, RULES[Stage.BUSY]
        # The stage begins at one use and ends at a lower; between them it is now on and now off.
        alone = (busy.enters - use) / (busy.enters - busy.leaves)
        return cls(min(MAX_WAIT_S, link_wait_s(use)), min(1.0, max(0.0, alone)))


def bytes_per_s(costs: Costs, use: Use, pacing: Pacing) -> float:
    """Return what one person costs on the wire, both directions."""
    rate, copies = use.messages_per_s, use.messages_per_s * use.room_of
    together = 1 + copies * pacing.wait_s
    typing_alone = pacing.typing_alone if use.types else 0.0
    commands = rate * (2 if use.types else 1)
    payload = copies * (costs.message_bytes + (costs.typing_bytes if use.types else 0))
    payload += rate * (costs.command_bytes + costs.ack_bytes) + costs.ping_bytes_per_s
    # The ack of a message leaves with its copy of the room's write; that of typing leaves alone.
    segments = copies / together + copies * typing_alone + commands + (rate if use.types else 0)
    files = use.files_per_hour / 3600 * use.file_bytes * (1 + use.downloads_per_file) * 1.05
    header = 2 * HEADER_BYTES + (TLS_RECORD_BYTES if use.tls else 0)
    return payload + segments * header + files


def mbps(costs: Costs, use: Use, people: float, link_mbps: float) -> float:
    """Return what that many people put on a link; the governor's wait follows from the use, and the use from the wait."""
    low, high = 0.0, 4.0
    for _ in range(40):
        middle = (low + high) / 2
        if people * bytes_per_s(costs, use, Pacing.at(middle)) * 8 / 1e6 > middle * link_mbps:
            low = middle
        else:
            high = middle
    return high * link_mbps


def predicted_mbps(costs: Costs, measured: Mapping[str, Any]) -> float:
    """Return what the people of a measured phase should have put on the link.

    How long writes waited is taken from the phase itself: on a shared machine the processor decides it, not the link.
    """
    use = Use(room_of=measured["room_of"], messages_per_hour=measured["messages_per_minute"] * 60)
    pacing = Pacing(measured["write_wait_s"], measured["typing_alone"])
    return float(measured["people"] * bytes_per_s(costs, use, pacing) * 8 / 1e6)


def people_on_link(costs: Costs, use: Use, link_mbps: float) -> float:
    """Return how many people fill the link."""
    return link_mbps * 1e6 / 8 / bytes_per_s(costs, use, Pacing.at(1.0))


def cores(costs: Costs, use: Use, people: float) -> float:
    return people * use.messages_per_s * use.room_of * costs.cpu_us_per_copy / 1e6


def bottlenecks(costs: Costs, use: Use, link_mbps: float, replicas: int, machine_cores: float) -> dict[str, float]:
    """Return how many people each part carries, the scarcest first."""
    engines = Engines()
    found = {
        "link": people_on_link(costs, use, link_mbps),
        "processors": machine_cores * BUSY_CPU / max(1e-12, cores(costs, use, 1)),
        "memory": replicas * engines.replica_memory_mb * 1024 / costs.memory_kb_per_person,
        "durable writes": engines.mongo_writes_per_s / use.messages_per_s,
        "fan-out between replicas": engines.redis_notices_per_s / (use.messages_per_s * min(replicas, use.room_of)),
    }
    return dict(sorted(found.items(), key=lambda item: item[1]))


def size_for(costs: Costs, use: Use, people: int) -> dict[str, float]:
    """Return what serves that many people: link, replicas, shards, nodes of Redis Cluster."""
    engines = Engines()
    by_cpu = cores(costs, use, people) / BUSY_CPU
    by_memory = people * costs.memory_kb_per_person / 1024 / engines.replica_memory_mb
    replicas = max(2, math.ceil(max(by_cpu, by_memory, people / engines.people_per_replica)))
    messages_per_s = people * use.messages_per_s
    # A room's people are on as many replicas as there are, up to one each.
    notices_per_s = messages_per_s * min(replicas, use.room_of)
    return {
        "link_mbps": people * bytes_per_s(costs, use, Pacing.at(LARGE_LINK_USE)) * 8 / 1e6 / LARGE_LINK_USE,
        "replicas": replicas,
        "mongo_shards": max(1, math.ceil(messages_per_s / engines.mongo_writes_per_s)),
        "redis_nodes": max(1, math.ceil(notices_per_s / engines.redis_notices_per_s)),
        "messages_per_s": messages_per_s,
    }


def costs_of(measured: Mapping[str, Any], larger: Mapping[str, Any]) -> Costs:
    """Return the costs that a measured phase came to, as `make loadtest` writes it to report.json.

    Processors and memory are what each person of a larger phase cost more: what replicas use anyway is no cost of people.
    """
    counts, events = measured["counts"], measured["bytes_by_event"]
    sent, copies = counts["sent"], counts["sent"] * measured["room_of"]

    def of(prefix: str, suffix: str = "") -> float:
        return math.fsum(size for label, size in events.items() if label.startswith(prefix) and label.endswith(suffix))

    return Costs(
        message_bytes=of("messages|messages.created", "|out") / copies,
        typing_bytes=of("typing|", "|out") / copies,
        command_bytes=of("", "|in") / sent,
        ack_bytes=of("core|ack", "|out") / sent,
        ping_bytes_per_s=(3 + 7 + 3 * HEADER_BYTES) / PING_INTERVAL_S,
        cpu_us_per_copy=(_cores(larger) - _cores(measured)) / (_copies_per_s(larger) - _copies_per_s(measured)) * 1e6,
        memory_kb_per_person=(_memory_kb(larger) - _memory_kb(measured)) / (larger["people"] - measured["people"]),
    )


def _cores(measured: Mapping[str, Any]) -> float:
    return math.fsum(measured["cpu"].get(name, 0.0) for name in ("prickle", "nginx", "redis-server"))


def _copies_per_s(measured: Mapping[str, Any]) -> float:
    return float(measured["counts"]["sent"] * measured["room_of"] / measured["seconds"])


def _memory_kb(measured: Mapping[str, Any]) -> float:
    return float(measured["rss_mb"].get("prickle", 0.0) * 1024)


def read_measured(path: Path = MEASURED) -> list[dict[str, Any]]:
    """Return the measured phases that are committed with the project."""
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["phases"]
    return found


def tables(costs: Costs, use: Use) -> Iterator[str]:
    """Yield the tables of docs/capacity.md."""
    yield from table(("cost", "measured"), [(name, f"{value:,.1f}") for name, value in asdict(costs).items()])
    cases = [(room, tls) for room in (5, 20, 100) for tls in (False, True)]
    yield from table(
        ("room of", "TLS", "people in 10 Mbps", "first to give way", "next"),
        [_case(costs, replace(use, room_of=room, tls=tls)) for room, tls in cases],
    )
    sizes = [
        (people, size_for(costs, replace(use, tls=True), people)) for people in (10**3, 10**4, 10**5, 10**6, 10**7)
    ]
    yield from table(
        ("people", "messages/s", "link, Mbps", "replicas of one core", "MongoDB shards", "Redis nodes"),
        [
            (
                f"{n:,}",
                *(f"{s[k]:,.0f}" for k in ("messages_per_s", "link_mbps", "replicas", "mongo_shards", "redis_nodes")),
            )
            for n, s in sizes
        ],
    )


def _case(costs: Costs, use: Use) -> tuple[str, ...]:
    found = bottlenecks(costs, use, 10, 2, 2)
    first, second = list(found.items())[:2]
    named = (f"{name} at {people:,.0f}" for name, people in (first, second))
    return f"{use.room_of:g}", "yes" if use.tls else "no", f"{found['link']:,.0f}", *named


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    yield from ("| " + " | ".join(row) + " |" for row in rows)
    yield ""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--measured", type=Path, default=MEASURED, help="figures of a run")
    for field in fields(Use):
        if isinstance(field.default, float | int) and not isinstance(field.default, bool):
            parser.add_argument(f"--{field.name.replace('_', '-')}", type=float, default=field.default)
    options = parser.parse_args()
    phases = read_measured(options.measured)
    costs = costs_of(phases[0], phases[-1])
    use = Use(**{name: value for name, value in vars(options).items() if name != "measured"})
    print("\n".join(tables(costs, use)))


if __name__ == "__main__":
    main()
