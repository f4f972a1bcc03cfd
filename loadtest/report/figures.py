"""What one measured phase came to, from the users' lines and the server's samples."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from loadtest.common.recorder import Figures, merged, percentile

Line = dict[str, Any]
Sample = dict[str, Any]

HEADER_BYTES = 66
TLS_RECORD_BYTES = 22


@dataclass
class Measured:
    """One phase. Rates are per second; `mbps_*` are megabits per second, `out` from the server to people."""

    phase: str
    people: int
    seconds: float
    figures: Figures
    mbps_out: float = 0.0
    mbps_in: float = 0.0
    source: str = "nothing"
    """Where the bytes were counted: on the interface, by the server, or only in people's sockets."""
    payload_mbps: float = 0.0
    tls_mbps: float = 0.0
    """What it would be if each segment with data carried a TLS record."""
    bytes_by_event: dict[str, float] = field(default_factory=dict)
    """By `plugin|event|class|direction`, the direction `out` or `in` as the server sees it."""
    cpu: dict[str, float] = field(default_factory=dict)
    """Cores used by process name."""
    rss_mb: dict[str, float] = field(default_factory=dict)
    dropped_packets: float = 0.0
    write_wait_s: float = 0.0
    """How long replicas made writes wait, in the mean."""
    typing_alone: float = 0.0
    """In which share of the looks at replicas nothing waited and the link was free, so that typing left at once, alone."""
    machine_cpu: float = 0.0
    """Share of all cores that was busy."""

    @property
    def counts(self) -> Counter[str]:
        return Counter(self.figures["counts"])

    @property
    def mbps(self) -> float:
        return self.mbps_out + self.mbps_in

    def latency_ms(self, share: float) -> float:
        return percentile(self.figures["latencies"], share)

    def ack_ms(self, share: float) -> float:
        return percentile(self.figures["acks"], share)

    @property
    def bytes_per_delivery(self) -> float:
        return self.mbps * 1e6 / 8 * self.seconds / max(1, self.counts["delivered"])

    def plain(self) -> dict[str, Any]:
        """Return all of it for JSON, the percentiles beside what they come from."""
        latencies = {f"p{share * 100:g}_ms": self.latency_ms(share) for share in (0.5, 0.95, 0.99)}
        kept = {name: value for name, value in asdict(self).items() if name != "figures"}
        return {**kept, "mbps": self.mbps, "counts": dict(self.counts), **latencies, "ack_p99_ms": self.ack_ms(0.99)}

    def class_bytes(self, delivery: str) -> float:
        """Return the bytes of notices of a delivery class per message delivered."""
        sent = (size for label, size in self.bytes_by_event.items() if label.endswith(f"|{delivery}|out"))
        return sum(sent) / max(1, self.counts["delivered"])

    def plugin_bytes(self) -> dict[str, float]:
        """Return the bytes of each plugin's notices per message delivered."""
        sums: dict[str, float] = defaultdict(float)
        for label, size in self.bytes_by_event.items():
            if label.endswith("|out"):
                sums[label.split("|")[0]] += size
        return {plugin: size / max(1, self.counts["delivered"]) for plugin, size in sums.items()}


def phases(lines: Sequence[Line]) -> list[str]:
    """Return the names of the measured phases, in order."""
    return list(dict.fromkeys(line["phase"] for line in lines if line["phase"].startswith("measure")))


def counted_until(lines: Sequence[Line], phase: str) -> Counter[str]:
    """Return the counts of the run up to the end of a phase; with the last one comes what shows only at the very end."""
    if phase in phases(lines)[:-1]:
        end = max(number for number, line in enumerate(lines) if line["phase"] == phase)
        lines = lines[: end + 1]
    return sum((Counter(line["counts"]) for line in lines), Counter())


def measure(lines: Sequence[Line], samples: Sequence[Sample], phase: str) -> Measured:
    """Return what a phase came to; of its lines the first is left out, which may hold some of the phase before."""
    own = [line for line in lines if line["phase"] == phase][1:]
    began, ended = (own[0]["at"], own[-1]["at"]) if own else (0.0, 0.0)
    people = max((line["people"] for line in own), default=0)
    figures = merged(own)
    used = [line["cpu"] for line in own if line["cpu"]]  # a second without a worker's report tells nothing
    figures["cpu"] = sum(used) / max(1, len(used))
    figures["lag_p90_ms"] = sorted(line["lag_ms"] for line in own)[len(own) * 9 // 10] if own else 0.0
    measured = Measured(phase, people, ended - began + 1.0, figures)
    inside = [sample for sample in samples if began - 1 <= sample["at"] <= ended]
    if len(inside) > 1:
        _add_server(measured, inside)
    elif own:
        _add_sockets(measured)
    return measured


def deltas(samples: Sequence[Sample], family: str) -> dict[str, float]:
    """Return how much counters have grown in all replicas together; one that begins anew has grown from nothing."""
    grown: dict[str, float] = defaultdict(float)
    for port in samples[0]["replicas"]:
        for before, after in _pairs(sample["replicas"].get(port) for sample in samples):
            for label, value in after[family].items():
                earlier = before[family].get(label, 0.0)
                grown[label] += value - earlier if value >= earlier else value
    return grown


def _pairs(values: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    known = [value for value in values if value is not None]
    return pairwise(known)


def _add_server(measured: Measured, samples: Sequence[Sample]) -> None:
    first, last = samples[0], samples[-1]
    elapsed_s = last["at"] - first["at"]
    to_mbps = 8 / 1e6 / elapsed_s
    link = deltas(samples, "link_bytes_total")
    measured.bytes_by_event = {label: size for label, size in deltas(samples, "event_bytes_total").items() if size}
    payload = link["out|payload"] + link["in|payload"]
    wire = link["out|wire"] + link["in|wire"]
    measured.payload_mbps = payload * to_mbps
    if first["interface"]:
        grown = {kind: last["interface"][kind] - first["interface"][kind] for kind in first["interface"]}
        measured.mbps_out, measured.mbps_in = grown["tx_bytes"] * to_mbps, grown["rx_bytes"] * to_mbps
        measured.source = "the interface"
    else:
        measured.mbps_out, measured.mbps_in = link["out|wire"] * to_mbps, link["in|wire"] * to_mbps
        measured.source = "the server, with an estimate of headers"
    measured.tls_mbps = measured.mbps + (wire - payload) / (2 * HEADER_BYTES) * TLS_RECORD_BYTES * to_mbps
    measured.dropped_packets = last["dropped"] - first["dropped"]
    measured.machine_cpu = (last["machine"][0] - first["machine"][0]) / max(
        1e-9, last["machine"][1] - first["machine"][1]
    )
    looks = [told for sample in samples for told in sample["replicas"].values() if told]
    alone = [told for told in looks if told["write_wait_seconds"] == 0 and told["governor_stage"].get("free")]
    measured.write_wait_s = sum(told["write_wait_seconds"] for told in looks) / max(1, len(looks))
    measured.typing_alone = len(alone) / max(1, len(looks))
    _add_processes(measured, samples, elapsed_s)


def _add_processes(measured: Measured, samples: Sequence[Sample], elapsed_s: float) -> None:
    began = {process["pid"]: process["cpu_s"] for process in samples[0]["processes"]}
    cpu: dict[str, float] = defaultdict(float)
    rss: dict[str, float] = defaultdict(float)
    for process in samples[-1]["processes"]:
        cpu[process["name"]] += (process["cpu_s"] - began.get(process["pid"], 0.0)) / elapsed_s
        rss[process["name"]] += process["rss_mb"]
    measured.cpu, measured.rss_mb = dict(cpu), dict(rss)


def _add_sockets(measured: Measured) -> None:
    """Without a server to ask, people's own sockets tell the payload; each read or write was a segment, with an ACK."""
    counts, to_mbps = measured.counts, 8 / 1e6 / max(1.0, measured.seconds)
    reads, writes = counts["reads"], counts["writes"]
    measured.payload_mbps = (counts["bytes_in"] + counts["bytes_out"]) * to_mbps
    headers = (reads + writes) * HEADER_BYTES
    measured.mbps_out = (counts["bytes_in"] + headers) * to_mbps
    measured.mbps_in = (counts["bytes_out"] + headers) * to_mbps
    measured.tls_mbps = measured.mbps + (reads + writes) * TLS_RECORD_BYTES * to_mbps
    measured.source = "people's sockets, with an estimate of headers"
