"""`make loadtest`: two replicas behind a link of 10 Mbps, people who chat, a verdict, and a page that shows why.

Ends with 0 within the limits, 1 over them, 2 where it could not be measured.
"""

import argparse
import asyncio
import json
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from loadtest.common.options import add_options
from loadtest.common.recorder import percentile
from loadtest.link.netns import Link, can_emulate
from loadtest.link.stage import ROOT, Stage, last_line, read_lines
from loadtest.report.conditions import conditions
from loadtest.report.figures import counted_until, measure, phases
from loadtest.report.page import Findings, page, summary, words
from loadtest.report.verdict import Limits, Outcome, Verdict, declared_budgets, judge
from loadtest.shapes.restart import KILLING_PHASE
from ops.children import ChildFailed

PROGRESS_EVERY_S = 5.0
MAX_PEOPLE, MAX_MEASURE_S = 100, 120.0
"""What a deployment gets at most unless whoever starts the test says that it is theirs."""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line: the options of the run, and those of what it is played on."""
    parser = argparse.ArgumentParser(prog="make loadtest", description=(__doc__ or "").splitlines()[0])
    add_options(parser)
    add = parser.add_argument
    add("--host", default=None, help="a deployment to test instead of a cluster of our own: only one that is yours")
    add("--link-mbps", type=float, default=10.0, help="capacity of the link, and what the verdict is about")
    add("--link-counts", choices=("sum", "each"), default="sum", help="both directions together, or each for itself")
    add("--no-link", action="store_true", help="emulate no link; the verdict then comes from the server's counters")
    add("--untimed", action="store_true", help="judge bytes, loss and order alone, as CI does on a shared machine")
    add("--server", action="append", default=[], metavar="SETTING=VALUE", help="a setting of the replicas; repeatable")
    add("--out", type=Path, default=ROOT / "data" / "loadtest", help="folder for the report and what it is made of")
    add("--mine", action="store_true", help="the deployment is mine: allow more than a small load on it")
    add("--processes", type=int, default=1, help="of Locust, where one core is too few for so many people")
    options = parser.parse_args(arguments)
    if options.host and not options.mine and (options.people > MAX_PEOPLE or options.measure_s > MAX_MEASURE_S):
        parser.error(
            f"more than {MAX_PEOPLE} people or {MAX_MEASURE_S:g} s on {options.host} need --mine: test only a "
            "deployment of your own, tell who else uses it, and mind what its traffic costs"
        )
    return options


def build_link(options: argparse.Namespace) -> tuple[Link | None, str]:
    """Return the emulated link, if there is one, and what to say of it."""
    if options.host:
        return None, f"{options.host}, as it is; who else uses it meanwhile feels the load, and is counted with it"
    if options.no_link or not can_emulate():
        return None, "none emulated (that needs root and iproute2): no cap; bytes by the server's counters"
    link = Link(options.link_mbps, options.link_counts)
    try:
        link.up()
    except subprocess.CalledProcessError as error:
        link.down()
        return None, f"none emulated, the kernel refused ({error.stderr.strip()}): bytes by the server's counters"
    return link, f"{options.link_mbps:g} Mbps, {options.link_counts}, emulated; bytes by its interface"


async def play(stage: Stage) -> None:
    """Play the shape to its end, telling how it goes, and kill a replica where the shape is about that."""
    ended = asyncio.create_task(stage.locust.wait())
    killed = False
    while not ended.done():
        await asyncio.wait([ended], timeout=PROGRESS_EVERY_S)
        line = last_line(stage.record)
        if line is None:
            continue
        if line["phase"] == KILLING_PHASE and not killed:
            stage.kill_a_replica()
            killed = True
        p99 = percentile(line["latencies"], 0.99)
        delivered = line["counts"].get("delivered", 0)
        print(f"  {line['phase']:<16} {line['levels'].get('connected', 0):>6} of {line['people']} people, "
              f"{delivered:>6}/s delivered, p99 {p99:,.0f} ms", flush=True)  # fmt: skip


def findings(options: argparse.Namespace, stage: Stage, link: str) -> Findings:
    """Judge every measured phase; the run is judged by the last that was within, or by the last of all."""
    lines, samples = read_lines(stage.record), read_lines(stage.samples)
    limits = Limits(options.link_mbps, options.p99_ms, not options.untimed, declared_budgets())
    measured = [measure(lines, samples, phase) for phase in phases(lines)] or [measure(lines, samples, "measure")]
    judged = [(phase, judge(phase, counted_until(lines, phase.phase), limits, measured[0])) for phase in measured]
    best = judged[-1]
    if options.shape == "ramp":
        best = next((pair for pair in reversed(judged) if pair[1].outcome is Outcome.WITHIN), judged[-1])
    elif worst := [pair for pair in judged if pair[1].outcome is not Outcome.WITHIN]:
        best = max(worst, key=lambda pair: pair[1].outcome)
    return Findings(judged, *best, limits, conditions(options, link), lines, samples)


async def run(options: argparse.Namespace) -> Verdict:
    """Run it and write the report."""
    options.out.mkdir(parents=True, exist_ok=True)
    for left_over in [*options.out.glob("*.jsonl"), *options.out.glob("*.log")]:
        left_over.unlink()
    shutil.rmtree(options.out / "data", ignore_errors=True)
    link, described = build_link(options)
    print(f"Link: {described}.", flush=True)
    stage = Stage(options, options.out, link)
    task = asyncio.current_task()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel if task else sys.exit)
    try:
        await stage.start()
        await play(stage)
    finally:
        await stage.stop()
        if link:
            link.down()
    found = findings(options, stage, described)
    report = options.out / "report.html"
    report.write_text(page(found), encoding="utf-8")
    given = {"room_of": options.room_of, "messages_per_minute": options.messages_per_minute, "tasks": options.tasks}
    told = [{**measured.plain(), **given, "outcome": words(verdict.outcome)} for measured, verdict in found.phases]
    document = {"conditions": found.conditions, "phases": told}
    report.with_suffix(".json").write_text(json.dumps(document, indent=1, default=str), encoding="utf-8")
    for measured, verdict in found.phases:
        print(summary(measured, verdict))
    print(f"Report: {report}")
    return found.verdict


def main(arguments: Sequence[str]) -> int:
    """Run it and return the exit code."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        verdict = asyncio.run(run(parse(arguments)))
    except ChildFailed as failure:
        print(failure, file=sys.stderr)
        return Outcome.NOT_MEASURABLE
    except asyncio.CancelledError:
        print("Ended before anything was measured.", file=sys.stderr)
        return Outcome.NOT_MEASURABLE
    return verdict.outcome


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
