"""`GET /metrics` for Prometheus: bytes where they leave, by plugin, event and class; commands; the governor; the event loop."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from prickle.contract.http import Reply, Request, Route
from prickle.gateway.stats import EventTraffic, GatewayStats

LAG_INTERVAL_S = 0.5

EVENT_LABELS = ["plugin", "event", "class", "direction"]


class LoopLag:
    """How late the event loop runs what is due: the sign of a plugin that keeps it busy."""

    def __init__(self) -> None:
        self.last_s = 0.0
        self.worst_s = 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._measure(), name="loop lag")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _measure(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_INTERVAL_S
            await asyncio.sleep(LAG_INTERVAL_S)
            self.last_s = max(0.0, loop.time() - due)
            self.worst_s = max(self.worst_s, self.last_s)


class _ReplicaCollector(Collector):
    """Reads everything at the moment of the scrape: counting costs nothing in between."""

    def __init__(
        self, stats: Callable[[], GatewayStats], outcomes: Mapping[tuple[str, str], int], lag: LoopLag
    ) -> None:
        self._stats = stats
        self._outcomes = outcomes
        self._lag = lag

    def collect(self) -> Iterator[Metric]:
        stats = self._stats()
        yield from _gauges(stats, self._lag)
        yield from _events(stats)
        dropped = CounterMetricFamily("prickle_dropped_packets", "Packets left out, by class.", labels=["class"])
        for delivery, packets in stats.dropped.items():
            dropped.add_metric([delivery], packets)
        yield dropped
        commands = CounterMetricFamily("prickle_commands", "Commands, by outcome.", labels=["command", "outcome"])
        for (name, outcome), count in self._outcomes.items():
            commands.add_metric([name, outcome], count)
        yield commands


def metrics_route(stats: Callable[[], GatewayStats], outcomes: Mapping[tuple[str, str], int], lag: LoopLag) -> Route:
    """Return `/metrics` of one replica; each app has its own registry."""
    registry = CollectorRegistry()
    registry.register(_ReplicaCollector(stats, outcomes, lag))
    ProcessCollector(namespace="prickle", registry=registry)

    async def scraped(_: Request) -> Reply:
        return Reply(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return Route("GET", "/metrics", scraped, auth="none", summary="Counters of this replica for Prometheus.")


def _gauges(stats: GatewayStats, lag: LoopLag) -> Iterator[Metric]:
    yield GaugeMetricFamily("prickle_sockets", "Connected sockets.", value=stats.sockets)
    yield GaugeMetricFamily(
        "prickle_link_use", "Share of this replica's part of the link in use.", value=stats.link_use
    )
    yield GaugeMetricFamily("prickle_write_wait_seconds", "Present wait before a write.", value=stats.wait_ms / 1000)
    yield GaugeMetricFamily("prickle_loop_lag_seconds", "How late the event loop is.", value=lag.last_s)
    yield GaugeMetricFamily("prickle_loop_lag_worst_seconds", "The worst since the start.", value=lag.worst_s)
    stage = GaugeMetricFamily("prickle_governor_stage", "1 for the stage of the budget governor.", labels=["stage"])
    stage.add_metric([stats.stage], 1)
    yield stage
    link = CounterMetricFamily(
        "prickle_link_bytes",
        "Bytes of all sockets; `wire` adds an estimate of headers and ACKs.",
        labels=["direction", "layer"],
    )
    link.add_metric(["out", "payload"], stats.bytes_out)
    link.add_metric(["in", "payload"], stats.bytes_in)
    link.add_metric(["out", "wire"], stats.wire_bytes_out)
    link.add_metric(["in", "wire"], stats.wire_bytes_in)
    yield link


def _events(stats: GatewayStats) -> Iterator[Metric]:
    sizes = CounterMetricFamily(
        "prickle_event_bytes", "Bytes on the wire, compressed and fanned out.", labels=EVENT_LABELS
    )
    packets = CounterMetricFamily("prickle_event_packets", "Packets on the wire, fanned out.", labels=EVENT_LABELS)
    for direction, traffic in (("out", stats.events_out), ("in", stats.events_in)):
        for event in traffic:
            labels = _labels(event, direction)
            sizes.add_metric(labels, event.bytes)
            packets.add_metric(labels, event.packets)
    yield sizes
    yield packets


def _labels(event: EventTraffic, direction: str) -> list[str]:
    plugin, dot, _ = event.event.partition(".")
    return [plugin if dot else "core", event.event, event.delivery or "command", direction]
