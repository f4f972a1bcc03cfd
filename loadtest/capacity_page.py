"""Keeps the measured costs and docs/capacity.md current: takes phases from reports, writes the page's tables and drawing.

python -m loadtest.capacity_page data/loadtest/report.json    measured.json from reports, then the page
python -m loadtest.capacity_page                              the page alone
python -m loadtest.capacity_page --overload data/loadtest     the drawing of an overload, from the folder of its run
python -m loadtest.capacity_page --knee data/knee             the drawing of searches for the knee, from their folders
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from loadtest.capacity import MEASURED, Use, costs_of, mbps, predicted_mbps, read_measured, table, tables
from loadtest.knee import RUNS
from loadtest.link.stage import RECORD, SAMPLES, read_lines
from loadtest.report.curves import governed, meanwhile
from loadtest.report.plot import Series, chart

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE, IMAGES = DOCS / "capacity.md", DOCS / "images"
DRAWING, OVERLOAD, KNEE = IMAGES / "capacity.svg", IMAGES / "overload.svg", IMAGES / "knee.svg"
LARGER_BY = 2
"""How many times as many people as the first phase the others must have: nearer, they would predict nothing."""


def taken(reports: Sequence[Path]) -> dict[str, Any]:
    """Return the phases that were within, the fewest people first, without those too near to the first."""
    told = [json.loads(report.read_text(encoding="utf-8")) for report in reports]
    found = [phase for report in told for phase in report["phases"] if phase["outcome"] == "within"]
    within = sorted(found, key=lambda phase: phase["people"])
    chosen = [phase for phase in within if phase is within[0] or phase["people"] > LARGER_BY * within[0]["people"]]
    return {"conditions": told[-1]["conditions"], "phases": chosen}


def page(text: str, phases: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of the page with both of its computed parts written anew."""
    costs = costs_of(phases[0], phases[-1])
    text = _between(text, "measured", _measured_table(phases))
    return _between(text, "computed", tables(costs, Use()))


def drawing(phases: Sequence[Mapping[str, Any]]) -> str:
    """Return what the model says as lines, and the points that were measured."""
    costs = costs_of(phases[0], phases[-1])
    steps = range(0, 5001, 100)
    lines = [
        Series(name, [(people, mbps(costs, use, people, 10)) for people in steps])
        for name, use in (("computed", Use()), ("with TLS", Use(tls=True)))
    ]
    measured = Series("measured", [(phase["people"], phase["mbps"]) for phase in phases])
    return _by_itself(chart("Mbps by people", "Mbps", [*lines, measured], limit=10, x="people"))


def drawing_of_overload(folder: Path) -> str:
    """Return how late durable notices were in a run, and the governor's stage behind it."""
    lines = read_lines(folder / RECORD)
    return _by_itself(governed(lines, meanwhile(lines, read_lines(folder / SAMPLES))))


def drawing_of_knee(folders: Sequence[Path]) -> str:
    """Return the latencies by people of searches, of each number its best run."""
    phases = [phase for folder in folders for phase in json.loads((folder / RUNS).read_text(encoding="utf-8"))]
    best = {phase["people"]: phase for phase in sorted(phases, key=lambda phase: phase["p99_ms"], reverse=True)}
    lines = [
        Series(name, [(people, best[people][f"{name}_ms"]) for people in sorted(best)])
        for name in ("p50", "p95", "p99")
    ]
    return _by_itself(chart("Latency from sending to reading, by people", "ms", lines, limit=1000, x="people"))


def _by_itself(figure: str) -> str:
    drawing = figure[figure.index("<svg") : figure.index("</svg>")]
    return drawing.replace("<svg ", '<svg font-size="11" font-family="sans-serif" ', 1) + "</svg>\n"


def _measured_table(phases: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    costs = costs_of(phases[0], phases[-1])
    head = ("people", "Mbps", "out", "in", "payload", "with TLS", "B per delivery", "computed", "p50", "p95", "p99 ms")
    yield from table(
        head,
        [
            (
                f"{phase['people']:,}",
                *(f"{phase[name]:.2f}" for name in ("mbps", "mbps_out", "mbps_in", "payload_mbps", "tls_mbps")),
                f"{phase['mbps'] * 125_000 * phase['seconds'] / phase['counts']['delivered']:.0f}",
                f"{predicted_mbps(costs, phase):.2f}",
                *(f"{phase[name]:.0f}" for name in ("p50_ms", "p95_ms", "p99_ms")),
            )
            for phase in phases
        ],
    )


def _between(text: str, name: str, lines: Iterator[str]) -> str:
    begin, end = f"<!-- {name}: written by loadtest.capacity_page -->\n", f"<!-- end of {name} -->\n"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n" + "\n".join(lines) + f"\n{end}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("reports", type=Path, nargs="*", help="report.json of runs to take the phases from")
    parser.add_argument("--overload", type=Path, help="folder of a run of that shape, to draw")
    parser.add_argument("--knee", type=Path, nargs="+", help="folders of searches, to draw together")
    options = parser.parse_args()
    if options.reports:
        MEASURED.write_text(json.dumps(taken(options.reports), indent=1) + "\n", encoding="utf-8")
    if options.overload:
        OVERLOAD.write_text(drawing_of_overload(options.overload), encoding="utf-8")
    if options.knee:
        KNEE.write_text(drawing_of_knee(options.knee), encoding="utf-8")
    phases = read_measured()
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), phases), encoding="utf-8")
    DRAWING.write_text(drawing(phases), encoding="utf-8")


if __name__ == "__main__":
    main()
