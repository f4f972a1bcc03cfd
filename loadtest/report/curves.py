"""What happened over time, as charts."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

from loadtest.common.recorder import percentile
from loadtest.report.figures import Line, Sample, deltas
from loadtest.report.plot import Band, Series, chart
from loadtest.report.verdict import OVERLOAD_P99_MS, Limits

STAGES = ("free", "busy", "tight", "full")


def curves(lines: Sequence[Line], samples: Sequence[Sample], limits: Limits) -> str:
    """Return all charts."""
    if not lines:
        return "<p>No data.</p>"
    began = lines[0]["at"]
    samples = meanwhile(lines, samples)
    of_server = [governed(lines, samples), *_of_server(samples, began, limits)] if len(samples) > 1 else []
    return "".join([*_of_people(lines, began, limits), *of_server])


def meanwhile(lines: Sequence[Line], samples: Sequence[Sample]) -> Sequence[Sample]:
    """Return the samples since the first of `lines`."""
    return [sample for sample in samples if sample["at"] >= lines[0]["at"]]


def governed(lines: Sequence[Line], samples: Sequence[Sample]) -> str:
    """What the governor is for: durable notices stay quick while it holds back the rest, the more the fuller the link."""
    began = lines[0]["at"]
    p99 = Series("durable p99", [(line["at"] - began, percentile(line["latencies"], 0.99)) for line in lines])
    title = "p99 of durable notices, and the governor's highest stage behind it"
    return chart(title, "ms", [p99], limit=OVERLOAD_P99_MS, bands=list(_stages(samples, began)))


def _stages(samples: Sequence[Sample], began: float) -> Iterator[Band]:
    highest = [
        (sample["at"] - began, max((_stage(told) for told in sample["replicas"].values() if told), default=0.0))
        for sample in samples
    ]
    for stage, run in groupby(pairwise(highest), key=lambda pair: pair[0][1]):
        if stage > 0:
            pairs = list(run)
            yield Band(STAGES[int(stage)], pairs[0][0][0], pairs[-1][1][0], stage / (len(STAGES) - 1))


def _of_people(lines: Sequence[Line], began: float, limits: Limits) -> Iterator[str]:
    def series(name: str, value: Callable[[Line], float]) -> Series:
        return Series(name, [(line["at"] - began, value(line)) for line in lines])

    def latency(share: float) -> Series:
        return series(f"p{share * 100:g}", lambda line: percentile(line["latencies"], share))

    def count(name: str) -> Series:
        return series(name, lambda line: line["counts"].get(name, 0))

    def level(name: str) -> Series:
        return series(name, lambda line: line["levels"].get(name, 0))

    yield chart(
        "Latency from sending to reading", "ms", [latency(0.5), latency(0.95), latency(0.99)], limit=limits.p99_ms
    )
    ack = series("ack p99", lambda line: percentile(line["acks"], 0.99))
    yield chart("Until a message is durable and acknowledged", "ms", [ack])
    yield chart("Messages delivered", "per s", [count("delivered")])
    yield chart("People", "", [level("people"), level("connected")])
    names = ("lost", "doubled", "out_of_order", "holes", "caught_up")
    yield chart("Loss and order", "per s", [count(name) for name in names])
    lag, cpu = series("late, ms", lambda line: line["lag_ms"]), series("CPU, %", lambda line: line["cpu"] * 100)
    yield chart("The load generator itself", "", [lag, cpu])


def _of_server(samples: Sequence[Sample], began: float, limits: Limits) -> Iterator[str]:
    pairs = list(pairwise(samples))
    out = Series("out", [(b["at"] - began, _mbps(a, b, "out")) for a, b in pairs])
    into = Series("in", [(b["at"] - began, _mbps(a, b, "in")) for a, b in pairs])
    both = Series("sum", [(at, value + other[1]) for (at, value), other in zip(out.points, into.points, strict=True)])
    yield chart("Megabits per second on the link", "Mbps", [both, out, into], limit=limits.mbps)
    yield chart("Stage of the governor (0 free, 1 busy, 2 tight, 3 full)", "", list(_replicas(samples, began, _stage)))
    wait = _replicas(samples, began, lambda told: told["write_wait_seconds"] * 1000)
    yield chart("Wait before a write", "ms", list(wait))
    yield chart(
        "Share of a replica's part of the link in use",
        "",
        list(_replicas(samples, began, lambda told: told["link_use"])),
    )
    dropped = [
        (b["at"] - began, sum(deltas([a, b], "dropped_packets_total").values()) / (b["at"] - a["at"])) for a, b in pairs
    ]
    queue = [(b["at"] - began, (b["dropped"] - a["dropped"]) / (b["at"] - a["at"])) for a, b in pairs]
    yield chart(
        "Left out by the governor, and dropped by the full link",
        "per s",
        [Series("notices", dropped), Series("packets", queue)],
    )
    yield chart("CPU", "cores", list(_processes(samples, began, cpu=True)))
    yield chart("Memory", "MB", list(_processes(samples, began, cpu=False)))


def _mbps(before: Sample, after: Sample, direction: str) -> float:
    if before["interface"]:
        kind = {"out": "tx_bytes", "in": "rx_bytes"}[direction]
        grown = after["interface"][kind] - before["interface"][kind]
    else:
        grown = deltas([before, after], "link_bytes_total")[f"{direction}|wire"]
    return float(grown * 8 / 1e6 / (after["at"] - before["at"]))


def _replicas(samples: Sequence[Sample], began: float, value: Callable[[dict[str, Any]], float]) -> Iterator[Series]:
    for number, port in enumerate(samples[0]["replicas"]):
        told = [(sample["at"] - began, sample["replicas"].get(port)) for sample in samples]
        yield Series(f"replica {number + 1}", [(at, value(found) if found else math.nan) for at, found in told])


def _stage(told: dict[str, Any]) -> float:
    return float(next((STAGES.index(stage) for stage, on in told["governor_stage"].items() if on), math.nan))


def _processes(samples: Sequence[Sample], began: float, *, cpu: bool) -> Iterator[Series]:
    names = sorted({process["name"] for sample in samples for process in sample["processes"]})
    for name in names:
        if cpu:
            points = [(b["at"] - began, _cores(a, b, name)) for a, b in pairwise(samples)]
        else:
            points = [
                (sample["at"] - began, sum(p["rss_mb"] for p in sample["processes"] if p["name"] == name))
                for sample in samples
            ]
        yield Series(name, points)


def _cores(before: Sample, after: Sample, name: str) -> float:
    began = {process["pid"]: process["cpu_s"] for process in before["processes"]}
    used = sum(p["cpu_s"] - began.get(p["pid"], p["cpu_s"]) for p in after["processes"] if p["name"] == name)
    return float(used / (after["at"] - before["at"]))
