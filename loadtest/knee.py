"""The largest number of people that is within: bisects, each number in a run of its own, and draws what was seen.

python -m loadtest.knee --low 1000 --high 2000 --step 100 --p99-ms 250      what follows is for `python -m loadtest`
python -m loadtest.knee --draw data/knee                                    the drawing again, in docs/images

A ramp finds the neighbourhood in one go; here every number has its own arrivals and young rooms, as in `--shape steady`.
A number counts as within if one of its runs is: a busy machine makes a run worse, never better.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from loadtest.link.stage import ROOT
from loadtest.report.plot import Series, by_itself, chart

RUNS = "knee.json"
DRAWING = ROOT / "docs" / "images" / "knee.svg"
Phase = Mapping[str, Any]


def bisect(low: int, high: int, step: int, is_within: Callable[[int], bool]) -> int | None:
    """Return the largest of `low`, `low + step`, … up to `high` that is within, or `None` if not even `low` is.

    It asks `high` first and `low` next: between two that differ it halves, so that it takes what grows with people to be one-way.
    """
    over = low + ((high - low) // step + 1) * step
    if is_within(over - step):
        return over - step
    over -= step
    if over == low or not is_within(low):
        return None
    within = low
    while over - within > step:
        middle = within + (over - within) // step // 2 * step
        within, over = (middle, over) if is_within(middle) else (within, middle)
    return within


class Search:
    """Plays numbers of people, a folder for each run, and keeps what each came to."""

    def __init__(self, folder: Path, tries: int, arguments: Sequence[str]) -> None:
        self._folder, self._tries, self._arguments = folder, tries, arguments
        self.phases: list[Phase] = []

    def is_within(self, people: int) -> bool:
        """Play so many, again where it is not within."""
        return any(self._play(people, number) for number in range(1, self._tries + 1))

    def _play(self, people: int, number: int) -> bool:
        out = self._folder / f"{people}-{number}"
        report = out / "report.json"
        report.unlink(missing_ok=True)
        print(f"\n{people:,} people, run {number} of at most {self._tries}.", flush=True)
        command = [sys.executable, "-m", "loadtest", *self._arguments, "--people", str(people), "--out", str(out)]
        ended = subprocess.run(command, check=False, cwd=ROOT)
        if not report.exists():
            raise SystemExit(f"No report of {people:,} people: see {out}.")
        self.phases += json.loads(report.read_text(encoding="utf-8"))["phases"]
        (self._folder / RUNS).write_text(json.dumps(self.phases, indent=1) + "\n", encoding="utf-8")
        return ended.returncode == 0


def rows(phases: Sequence[Phase]) -> Iterator[str]:
    """Tell each run in a line, the fewest people first."""
    yield "people   Mbps  with TLS   p50   p95     p99 ms"
    for phase in sorted(phases, key=lambda phase: phase["people"]):
        yield (
            f"{phase['people']:>6,} {phase['mbps']:>6.2f} {phase['tls_mbps']:>9.2f} {phase['p50_ms']:>5.0f} "
            f"{phase['p95_ms']:>5.0f} {phase['p99_ms']:>6,.0f}  {phase['outcome']}"
        )


def drawing(phases: Sequence[Phase]) -> str:
    """Return the latencies by people, of the best run of each number."""
    best: dict[int, Phase] = {}
    for phase in sorted(phases, key=lambda phase: phase["p99_ms"], reverse=True):
        best[phase["people"]] = phase
    lines = [
        Series(name, [(people, best[people][f"{name}_ms"]) for people in sorted(best)])
        for name in ("p50", "p95", "p99")
    ]
    return by_itself(chart("Latency from sending to reading, by people", "ms", lines, limit=1000, x="people"))


def main(arguments: Sequence[str]) -> int:
    """Search, tell and draw; 0 if a number was within."""
    parser = argparse.ArgumentParser(
        prog="python -m loadtest.knee", description=(__doc__ or "").splitlines()[0], allow_abbrev=False
    )
    add = parser.add_argument
    add("--low", type=int, default=200, help="the fewest people to ask about")
    add("--high", type=int, default=4000, help="the most")
    add("--step", type=int, default=100, help="how exactly")
    add("--tries", type=int, default=2, help="runs of a number before it counts as over")
    add("--out", type=Path, default=ROOT / "data" / "knee", help="folder for the reports of all runs")
    add("--draw", type=Path, nargs="+", help="folders of searches, to draw together in docs/images")
    options, given = parser.parse_known_args(arguments)
    if options.draw:
        told = [json.loads((folder / RUNS).read_text(encoding="utf-8")) for folder in options.draw]
        DRAWING.write_text(drawing([phase for phases in told for phase in phases]), encoding="utf-8")
        return 0
    if options.step < 1 or not 0 < options.low <= options.high or options.tries < 1:
        parser.error("it takes 0 < low <= high, and at least one try and one person a step")
    options.out.mkdir(parents=True, exist_ok=True)
    search = Search(options.out, options.tries, given)
    most = bisect(options.low, options.high, options.step, search.is_within)
    print("", *rows(search.phases), "", sep="\n")
    print(f"At most {most:,} people are within." if most else f"Not even {options.low:,} people are within.")
    return 0 if most else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
