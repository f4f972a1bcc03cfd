"""Runs the checks and the tests, phase by phase, and says how many of each ran."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / ".setup" / "logs"
CORES = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Part:
    """Commands that run one after the other; `counts` finds how many tests ran in what they print."""

    name: str
    commands: Sequence[Sequence[str]]
    counts: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a part ended; `output` is all that it printed."""

    part: Part
    failed: str
    output: str
    took_s: float

    @property
    def summary(self) -> str:
        """Return `812 passed`, or nothing for a part that counts no tests."""
        found = re.findall(self.part.counts, self.output) if self.part.counts else []
        return str(found[-1]).strip() if found else ""

    @property
    def left_out(self) -> list[str]:
        """Return what the part says that it did not check."""
        return re.findall(r"^Left out: .*", self.output, re.MULTILINE)


CHECKS = [
    Part(
        "Python: format, lint, types",
        [
            [".venv/bin/ruff", "format", "--check", "--quiet", "."],
            [".venv/bin/ruff", "check", "--quiet", "."],
            [".venv/bin/mypy", "--no-error-summary"],
            [".venv/bin/mypy", "--no-error-summary", "ops", "loadtest", ".ci/suite.py"],
        ],
    ),
    Part("Deployment: Terraform", [[".venv/bin/python", "-m", "ops.terraform.check"]]),
    Part("Deployment: everything else", [[".venv/bin/python", "-m", "ops.checks.lint"]]),
    Part("Webapp: lint, types", [["npm", "--prefix", "webapp", "run", "--silent", "check"]]),
]
WEBAPP_TESTS = Part(
    "Webapp tests", [["npm", "--prefix", "webapp", "run", "--silent", "test"]], r"Tests\s+(.*?)\s*\(\d+\)"
)
LOAD_TEST = Part(
    "Load test: bytes, loss, order",
    [
        [
            *[".venv/bin/python", "-m", "loadtest", "--untimed", "--no-link", "--people", "40"],
            *["--warm-s", "5", "--measure-s", "25", "--out", ".setup/logs/load"],
        ]
    ],
    r"\n(\d+ people)[^\n]* within\n",
)
PYTHON_TESTS = Part(
    "Python tests",
    [[".venv/bin/pytest", "-n", str(CORES), "--dist", "loadfile"]],
    r"\n=*\s*(\d+ (?:passed|failed|error)[^\n]*?) in [\d.:]+",
)
JOURNEYS = Part(
    "Browser journeys", [["npm", "--prefix", "webapp", "run", "--silent", "e2e"]], r"\n\s*(\d+ (?:passed|failed))"
)

# What uses one core runs side by side; what uses all of them, and what people would feel as slowness, runs alone.
ALL = [[LOAD_TEST, *CHECKS, WEBAPP_TESTS], [PYTHON_TESTS], [JOURNEYS]]


def run(part: Part) -> Outcome:
    """Run a part up to its first command that fails."""
    started = time.monotonic()
    log = LOGS / f"{re.sub('[^a-z]+', '-', part.name.lower())}.log"
    environment = {**os.environ, "NO_COLOR": "1", "FORCE_COLOR": "0", "PYTHONWARNINGS": ""}
    failed = ""
    with log.open("w", encoding="utf-8") as sink:
        for command in part.commands:
            ended = subprocess.run(
                command, cwd=ROOT, stdout=sink, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment
            )
            if ended.returncode:
                failed = f"`{' '.join(command)}` ended with {ended.returncode}"
                break
    outcome = Outcome(part, failed, log.read_text(encoding="utf-8", errors="replace"), time.monotonic() - started)
    if part.counts and not failed and not outcome.summary:
        return replace(outcome, failed="ended well but told of no test that ran")
    return outcome


def outcomes(phases: Sequence[Sequence[Part]]) -> Iterator[Outcome]:
    """Run the phases one after the other, the parts of each side by side, and yield each part as it ends."""
    for parts in phases:
        with ThreadPoolExecutor(max_workers=CORES) as pool:
            for future in as_completed([pool.submit(run, part) for part in parts]):
                yield future.result()


def report(outcome: Outcome) -> None:
    """Print one line for a part, and all of its output if it failed."""
    if outcome.failed:
        print(f"\n--- {outcome.part.name}\n{outcome.output}")
    mark = "FAILED" if outcome.failed else "ok"
    print(
        f"  {mark:<7}{outcome.part.name:<30}{outcome.summary or outcome.failed:<34}{outcome.took_s:5.0f} s", flush=True
    )
    for line in outcome.left_out:
        print(f"         {line}", flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run `check`, or everything; return the exit code."""
    phases = [CHECKS] if "check" in arguments else ALL
    print(f"Running: {', '.join(part.name for parts in phases for part in parts)}.", flush=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    ended = []
    for outcome in outcomes(phases):
        report(outcome)
        ended.append(outcome)
    failed = [outcome.part.name for outcome in ended if outcome.failed]
    counted = "; ".join(f"{outcome.part.name}: {outcome.summary}" for outcome in ended if outcome.summary)
    print(f"\n{counted}" if counted else "")
    print(f"FAILED: {', '.join(failed)}." if failed else "All passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
