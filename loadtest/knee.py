"""The largest number of people that is within: bisects, each number in a run of its own.

python -m loadtest.knee --low 1000 --high 2000 --step 100 --p99-ms 250      what follows is for `python -m loadtest`

A ramp finds the neighbourhood in one go; here every number has its own arrivals and young rooms, as in `--shape steady`.
A number counts as within if one of its runs is: a busy machine makes a run worse, never better.
"""

import argparse
import json
import subprocess
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from loadtest.link.stage import ROOT

RUNS = "knee.json"
Phase = Mapping[str, Any]


def bisect(low: int, high: int, step: int, is_within: Callable[[int], bool]) -> int | None:
    """Return the largest of `low`, `low + step`, … up to `high` that is within, or `None` if not even `low` is."""
    candidates = range(low, high + 1, step)
    over = bisect_left(candidates, True, key=lambda people: not is_within(people))
    return candidates[over - 1] if over else None


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
        process = subprocess.Popen(command, cwd=ROOT)
        try:
            code = process.wait()
        finally:
            process.wait()  # Ctrl-C reaches the run as well, which then takes its link and its servers down
        if not report.exists():
            raise SystemExit(f"No report of {people:,} people: see {out}.")
        self.phases += json.loads(report.read_text(encoding="utf-8"))["phases"]
        (self._folder / RUNS).write_text(json.dumps(self.phases, indent=1) + "\n", encoding="utf-8")
        return code == 0


def rows(phases: Sequence[Phase]) -> Iterator[str]:
    """Tell each run in a line, the fewest people first."""
    yield "people   Mbps  with TLS   p50   p95     p99 ms"
    for phase in sorted(phases, key=lambda phase: phase["people"]):
        yield (
            f"{phase['people']:>6,} {phase['mbps']:>6.2f} {phase['tls_mbps']:>9.2f} {phase['p50_ms']:>5.0f} "
            f"{phase['p95_ms']:>5.0f} {phase['p99_ms']:>6,.0f}  {phase['outcome']}"
        )


def main(arguments: Sequence[str]) -> int:
    """Search and tell; 0 if a number was within."""
    parser = argparse.ArgumentParser(
        prog="python -m loadtest.knee", description=(__doc__ or "").splitlines()[0], allow_abbrev=False
    )
    add = parser.add_argument
    add("--low", type=int, default=200, help="the fewest people to ask about")
    add("--high", type=int, default=4000, help="the most")
    add("--step", type=int, default=100, help="how exactly")
    add("--tries", type=int, default=2, help="runs of a number before it counts as over")
    add("--out", type=Path, default=ROOT / "data" / "knee", help="folder for the reports of all runs")
    options, given = parser.parse_known_args(arguments)
    if options.step < 1 or not 0 < options.low <= options.high or options.tries < 1:
        parser.error("it takes 0 < low <= high, and at least one try and one person a step")
    options.out.mkdir(parents=True, exist_ok=True)
    search = Search(options.out, options.tries, given)
    try:
        most = bisect(options.low, options.high, options.step, search.is_within)
    except KeyboardInterrupt:
        raise SystemExit("Ended before the largest number was found.") from None
    print("", *rows(search.phases), "", sep="\n")
    print(f"At most {most:,} people are within." if most else f"Not even {options.low:,} people are within.")
    return 0 if most else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
