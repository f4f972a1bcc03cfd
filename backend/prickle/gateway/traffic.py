"""Counts bytes where they leave and arrive: by event for people, by direction for the budget."""

from dataclasses import dataclass, field

SEGMENT_BYTES = 1448
HEADER_BYTES = 66
"""Ethernet, IPv4 and TCP with timestamps; so much goes with each segment, and once more the other way as its ACK."""

_OTHER = "other"


class Link:
    """Bytes and segments in both directions."""

    __slots__ = ("bytes_in", "bytes_out", "segments_in", "segments_out")

    def __init__(self) -> None:
        self.bytes_in = self.bytes_out = self.segments_in = self.segments_out = 0

    def sent(self, size: int) -> None:
        self.bytes_out += size
        self.segments_out += 1 + size // SEGMENT_BYTES

    def received(self, size: int) -> None:
        self.bytes_in += size
        self.segments_in += 1 + size // SEGMENT_BYTES

    def wire_out(self) -> int:
        """What the server has put on the wire, headers and ACKs of what it received included (an estimate)."""
        return self.bytes_out + HEADER_BYTES * (self.segments_out + self.segments_in)

    def wire_in(self) -> int:
        """The same for what came in."""
        return self.bytes_in + HEADER_BYTES * (self.segments_in + self.segments_out)


@dataclass(slots=True)
class EventCount:
    """Of one event and class: packets that crossed the wire, and their bytes there (compressed, fanned out)."""

    packets: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Traffic:
    """All that this replica's sockets send and receive."""

    far: Link = field(default_factory=Link)
    """Clients elsewhere: what the budget is about."""
    near: Link = field(default_factory=Link)
    """Clients on this machine, whose bytes cross no link."""
    events_out: dict[tuple[str, str], EventCount] = field(default_factory=dict)
    events_in: dict[str, EventCount] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)

    def declare(self, commands: list[str]) -> None:
        """Name the commands that are counted apart; whatever else a client invents is counted as `other`."""
        for name in (*commands, _OTHER):
            self.events_in.setdefault(name, EventCount())

    def out(self, event: str, delivery: str, packets: int, size: int) -> None:
        count = self.events_out.get((event, delivery))
        if count is None:
            count = self.events_out[event, delivery] = EventCount()
        count.packets += packets
        count.bytes += size

    def came(self, event: str, size: int) -> None:
        count = self.events_in.get(event) or self.events_in.get(_OTHER)
        if count is not None:
            count.packets += 1
            count.bytes += size

    def drop(self, delivery: str, packets: int = 1) -> None:
        self.dropped[delivery] = self.dropped.get(delivery, 0) + packets
