"""`prickle bytes URL`: who spends the bytes of a running replica, as a table."""

from dataclasses import dataclass
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rich.table import Table

from prickle.config.refusal import Refusal

TIMEOUT_S = 10


@dataclass(slots=True)
class EventBytes:
    """What one event has cost so far."""

    size: float = 0
    packets: float = 0


def show_bytes(url: str) -> None:
    """Fetch `URL/metrics` and print bytes and packets by plugin, event and class, the most expensive first.

    Raises:
        Refusal: no replica answers there.
    """
    events = _events(_fetch(url.rstrip("/") + "/metrics"))
    total = sum(event.size for event in events.values()) or 1
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("plugin", "event", "class", "direction"):
        table.add_column(title, overflow="fold")
    for title in ("packets", "bytes", "per packet", "share"):
        table.add_column(title, justify="right")
    for labels, event in sorted(events.items(), key=lambda item: -item[1].size):
        if event.packets:
            share, each = f"{event.size / total:.1%}", f"{event.size / event.packets:.1f}"
            table.add_row(*labels, f"{event.packets:,.0f}", f"{event.size:,.0f}", each, share)
    Console().print(table)


def _events(text: str) -> dict[tuple[str, ...], EventBytes]:
    events: dict[tuple[str, ...], EventBytes] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = tuple(sample.labels.get(name, "") for name in ("plugin", "event", "class", "direction"))
            if sample.name == "prickle_event_bytes_total":
                events.setdefault(labels, EventBytes()).size = sample.value
            elif sample.name == "prickle_event_packets_total":
                events.setdefault(labels, EventBytes()).packets = sample.value
    return events


def _fetch(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise Refusal(f"{url}: give the address of a replica, such as http://127.0.0.1:8000")
    try:
        with urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310  # the scheme was checked
            text: str = answer.read().decode()
    except (OSError, ValueError) as error:
        raise Refusal(f"{url} does not answer: {error}") from error
    return text
