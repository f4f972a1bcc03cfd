"""What the gateway tells about itself, for metrics, readiness and people."""

from dataclasses import dataclass

from prickle.contract.gateway import Delivery
from prickle.gateway.governor import Governor
from prickle.gateway.pacing import Pacer
from prickle.gateway.registry import Registry
from prickle.gateway.traffic import Traffic


@dataclass(frozen=True, slots=True)
class EventTraffic:
    """Packets and bytes of one event; `delivery` is empty for what clients sent."""

    event: str
    delivery: str
    packets: int
    bytes: int


@dataclass(frozen=True, slots=True)
class GatewayStats:
    """Counters since the start. `wire_*` add the estimate of TCP/IP headers and ACKs."""

    sockets: int
    compressors: int
    stage: str
    """Of the budget governor: free, busy, tight or full."""
    link_use: float
    """Share of this replica's part of the link that is in use; may exceed 1."""
    link_bytes_per_s: float
    """This replica's part of the link."""
    stage_thresholds: dict[str, float]
    """By stage: the use of the link at which it begins."""
    spare_bytes_per_s: float
    """What file transfers may use."""
    cpu_use: float
    wait_ms: float
    bytes_out: int
    bytes_in: int
    segments_out: int
    segments_in: int
    wire_bytes_out: int
    wire_bytes_in: int
    events_out: list[EventTraffic]
    events_in: list[EventTraffic]
    dropped: dict[str, int]

    @classmethod
    def of(cls, traffic: Traffic, registry: Registry, governor: Governor, pacer: Pacer) -> "GatewayStats":
        links = (traffic.far, traffic.near)
        return cls(
            sockets=len(registry.sockets),
            compressors=registry.compressors.count,
            stage=governor.stage.name.lower(),
            link_use=round(governor.use, 3),
            link_bytes_per_s=round(governor.share_bytes_per_s),
            stage_thresholds=governor.thresholds,
            spare_bytes_per_s=round(governor.spare_bytes_per_s),
            cpu_use=round(governor.cpu, 3),
            wait_ms=round(pacer.wait_s * 1000, 1),
            bytes_out=sum(link.bytes_out for link in links),
            bytes_in=sum(link.bytes_in for link in links),
            segments_out=sum(link.segments_out for link in links),
            segments_in=sum(link.segments_in for link in links),
            wire_bytes_out=sum(link.wire_out() for link in links),
            wire_bytes_in=sum(link.wire_in() for link in links),
            events_out=[
                EventTraffic(event, delivery, count.packets, count.bytes)
                for (event, delivery), count in traffic.events_out.items()
            ],
            events_in=[
                EventTraffic(event, "", count.packets, count.bytes) for event, count in traffic.events_in.items()
            ],
            dropped=dict(traffic.dropped),
        )

    @property
    def sent_bytes(self) -> dict[str, int]:
        """What sockets were sent so far, by class; without headers, and without files, which are HTTP."""
        sent = dict.fromkeys((str(delivery) for delivery in Delivery), 0)
        for event in self.events_out:
            sent[event.delivery] += event.bytes
        return sent
