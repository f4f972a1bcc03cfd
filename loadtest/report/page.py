"""The report: one HTML file that needs nothing else, with the verdict first and the conditions last."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from string import Template

from loadtest.report.curves import curves
from loadtest.report.figures import Line, Measured, Sample
from loadtest.report.verdict import Limits, Outcome, Verdict

_PAGE = Template("""<!doctype html><html lang="en"><meta charset="utf-8"><title>Load test: $outcome</title>
<meta name="viewport" content="width=device-width"><style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
h1 span { padding: .1em .5em; border-radius: .3em; color: #fff; background: $colour }
figure { margin: 1.5rem 0 }
figcaption { font-weight: 600 } svg { width: 100%; font-size: 11px; fill: currentColor }
table { border-collapse: collapse; width: 100% }
td, th { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid #8884 }
td:first-child, th:first-child { text-align: left }
td:first-child { white-space: nowrap }
.wide, pre { overflow-x: auto }
@media (max-width: 40rem) { figure { overflow-x: auto } svg { min-width: 34rem } }</style>
<h1>$people people: <span>$outcome</span></h1>
$reasons
$layers
<h2>Phases</h2>$phases
<h2>Bytes by plugin, event and class</h2>$events
<h2>Over time</h2>$curves
<h2>Processes</h2>$processes
<h2>Conditions</h2><pre>$conditions</pre>
</html>
""")
COLOURS = {Outcome.WITHIN: "#1a7f37", Outcome.OVER: "#d1242f", Outcome.NOT_MEASURABLE: "#9a6700"}


@dataclass(frozen=True)
class Findings:
    """All that a report is made of."""

    phases: Sequence[tuple[Measured, Verdict]]
    judged: Measured
    verdict: Verdict
    limits: Limits
    conditions: Mapping[str, object]
    lines: Sequence[Line]
    samples: Sequence[Sample]


def page(findings: Findings) -> str:
    """Return the report as HTML."""
    verdict = findings.verdict
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in verdict.reasons)
    return _PAGE.substitute(
        outcome=words(verdict.outcome),
        colour=COLOURS[verdict.outcome],
        people=f"{findings.judged.people:,}",
        reasons=f"<ul>{reasons}</ul>" if reasons else "<p>Nothing was lost, doubled or out of order.</p>",
        layers=_layers(findings.judged, findings.limits),
        phases=_phases(findings.phases),
        events=_events(findings.judged),
        curves=curves(findings.lines, findings.samples, findings.limits),
        processes=_processes(findings.judged),
        conditions=escape(json.dumps(findings.conditions, indent=1, default=str, ensure_ascii=False)),
    )


def words(outcome: Outcome) -> str:
    """Return how the outcome is called."""
    return outcome.name.lower().replace("_", " ")


def summary(measured: Measured, verdict: Verdict) -> str:
    """Return a phase in a few lines of plain text."""
    counts = measured.counts
    return "\n".join(
        [
            f"{measured.people:,} people, {measured.phase}, {measured.seconds:.0f} s: {words(verdict.outcome)}",
            *(f"  ! {reason}" for reason in verdict.reasons),
            f"  wire      {measured.mbps:6.2f} Mbps ({measured.mbps_out:.2f} out, {measured.mbps_in:.2f} in; {measured.source}), "
            f"{measured.bytes_per_delivery:.0f} B per message delivered",
            f"  payload   {measured.payload_mbps:6.2f} Mbps; with TLS records {measured.tls_mbps:.2f} Mbps (computed)",
            f"  delivered {counts['delivered'] / measured.seconds:,.0f}/s of {counts['sent'] / measured.seconds:.1f} messages/s",
            f"  latency   p50 {measured.latency_ms(0.5):,.0f}, p95 {measured.latency_ms(0.95):,.0f}, "
            f"p99 {measured.latency_ms(0.99):,.0f} ms; ack p99 {measured.ack_ms(0.99):,.0f} ms",
            f"  memory    {measured.rss_mb.get('prickle', 0):,.0f} MB of all replicas",
        ]
    )


def _layers(measured: Measured, limits: Limits) -> str:
    """Which layer a provider counts at is not always known, so the verdict on bytes is given for each."""
    layers = {
        "all on the wire": measured.mbps,
        "with TLS (computed)": measured.tls_mbps,
        "payload alone": measured.payload_mbps,
    }
    rows = (
        [name, f"{mbps:.2f}", f"{limits.mbps:g}", words(Outcome.OVER if mbps > limits.mbps else Outcome.WITHIN)]
        for name, mbps in layers.items()
    )
    counted_at = f"<p>Counted at {escape(measured.source)}.</p>"
    return counted_at + _table(("if it counts", "Mbps", "of", ""), rows)


def _table(head: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    cells = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = ("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{cells}</tr>{"".join(lines)}</table></div>'


def _phases(phases: Sequence[tuple[Measured, Verdict]]) -> str:
    head = (
        "phase",
        "people",
        "Mbps",
        "out",
        "in",
        "payload",
        "with TLS",
        "delivered/s",
        "p50",
        "p95",
        "p99 ms",
        "B each",
        "MB",
        "verdict",
    )
    return _table(head, (_phase_row(measured, verdict) for measured, verdict in phases))


def _phase_row(measured: Measured, verdict: Verdict) -> list[str]:
    rates = (measured.mbps, measured.mbps_out, measured.mbps_in, measured.payload_mbps, measured.tls_mbps)
    return [
        measured.phase,
        f"{measured.people:,}",
        *(f"{rate:.2f}" for rate in rates),
        f"{measured.counts['delivered'] / measured.seconds:,.0f}",
        *(f"{measured.latency_ms(share):,.0f}" for share in (0.5, 0.95, 0.99)),
        f"{measured.bytes_per_delivery:.0f}",
        f"{measured.rss_mb.get('prickle', 0):,.0f}",
        words(verdict.outcome),
    ]


def _events(measured: Measured) -> str:
    delivered = max(1, measured.counts["delivered"])
    ordered = sorted(measured.bytes_by_event.items(), key=lambda item: -item[1])
    rows = (
        [*label.split("|"), f"{size / measured.seconds:,.0f}", f"{size / delivered:.1f}"] for label, size in ordered
    )
    return _table(("plugin", "event", "class", "direction", "B/s", "B per message delivered"), rows)


def _processes(measured: Measured) -> str:
    names = sorted(measured.cpu, key=lambda name: -measured.cpu[name])
    rows = [[name, f"{measured.cpu[name]:.2f}", f"{measured.rss_mb[name]:,.0f}"] for name in names]
    return _table(("process", "cores", "MB"), [*rows, ["load generator", f"{measured.figures['cpu']:.2f}", ""]])
