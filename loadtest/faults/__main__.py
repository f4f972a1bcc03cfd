"""`make faults`: plays every fault, prints a table, and exits with 1 if any promise was broken."""

import argparse
import asyncio
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from loadtest.faults.catalogue import FAULTS, Fault
from loadtest.faults.rig import TOPOLOGIES, mount_small_disk, unmount
from loadtest.faults.round import Plan, play
from loadtest.faults.verdict import Verdict

ALL_SENDS_PER_S = 200.0
"""Of all clients together."""

COLUMNS = (
    "{topology:<9}{fault:<13}{round:>6}{clients:>8}{rooms:>6}{acknowledged:>8}{lost:>6}{doubled:>9}{out_of_order:>7}{disagreeing:>9}{reloads:>9}{agree:>18}"
    "  {errors}"
)
TITLES = {
    "topology": "on",
    "fault": "fault",
    "round": "round",
    "clients": "clients",
    "rooms": "rooms",
    "acknowledged": "acked",
    "lost": "lost",
    "doubled": "doubled",
    "out_of_order": "order",
    "disagreeing": "disagree",
    "reloads": "reloads",
    "agree": "agree p50/max s",
    "errors": "errors seen",
}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtest.faults", description=__doc__)
    parser.add_argument("faults", nargs="*", metavar="FAULT", help=f"of: {', '.join(FAULTS)} (all)")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of each fault (10 of kill, 1 of the others)")
    parser.add_argument("--on", choices=[*TOPOLOGIES], action="append", help="one process, or a cluster (both)")
    parser.add_argument("--clients", type=int, default=0, help="(20 for kill, 200 for the others)")
    parser.add_argument("--rooms", type=int, default=0, help="(1 for kill, 20 for the others)")
    parser.add_argument("--sends", type=int, default=1000, help="messages of all clients together, at the least")
    options = parser.parse_args(arguments)
    if unknown := set(options.faults) - set(FAULTS):
        parser.error(f"unknown fault: {', '.join(sorted(unknown))}")
    return options


async def play_rounds(topology: str, fault: Fault, rounds: int, plan: Plan) -> list[Verdict]:
    """Play a fault on a chat of its own, round after round on the same data."""
    with tempfile.TemporaryDirectory(prefix="prickle-faults-") as folder:
        data = Path(folder) / "data"
        if fault.needs_small_disk and not mount_small_disk(data):
            print(f"{topology:<9}{fault.name:<13}not played: only root can mount a small file system", flush=True)
            return []
        rig = TOPOLOGIES[topology](data)
        try:
            await rig.start()
            verdicts = []
            for number in range(rounds):
                verdicts.append(await play(rig, fault.inject, plan))
                print(row(topology, fault.name, number + 1, plan, verdicts[-1]), flush=True)
            return verdicts
        finally:
            await rig.stop()
            if fault.needs_small_disk:
                unmount(data)


def row(topology: str, fault: str, number: int, plan: Plan, verdict: Verdict) -> str:
    """Return one line of the table."""
    agreed = verdict.agreed_after_s
    agree = f"{statistics.median(agreed):.2f} / {max(agreed):.2f}" if agreed else "never"
    errors = ", ".join(f"{kind} {times}" for kind, times in sorted(verdict.errors.items())) or "none"
    figures = {
        name: getattr(verdict, name)
        for name in ("acknowledged", "lost", "doubled", "out_of_order", "disagreeing", "reloads")
    }
    return COLUMNS.format(
        topology=topology,
        fault=fault,
        round=number,
        clients=plan.clients,
        rooms=plan.rooms,
        agree=agree,
        errors=errors,
        **figures,
    )


def schedule(fault: Fault, options: argparse.Namespace) -> tuple[int, Plan]:
    """Return how many rounds, and of what: kill crowds one room again and again, the others take many rooms once."""
    rounds, clients, rooms = (10, 20, 1) if fault.name == "kill" else (1, 200, 20)
    clients = options.clients or clients
    plan = Plan(clients, options.rooms or rooms, options.sends, sends_per_s=ALL_SENDS_PER_S / clients)
    return options.rounds or rounds, plan


async def run(options: argparse.Namespace) -> int:
    """Play what was asked for; return the exit code."""
    print(COLUMNS.format(**TITLES))
    verdicts: list[Verdict] = []
    for topology in options.on or TOPOLOGIES:
        for fault in (FAULTS[name] for name in options.faults or FAULTS):
            if topology == "cluster" or not fault.needs_redis:
                rounds, plan = schedule(fault, options)
                verdicts += await play_rounds(topology, fault, rounds, plan)
    broken = sum(not verdict.is_clean for verdict in verdicts)
    print(f"\n{len(verdicts)} rounds, {sum(v.acknowledged for v in verdicts)} messages acknowledged: ", end="")
    print(f"a promise was broken in {broken}." if broken else "none lost, none doubled, one order for all.")
    return 1 if broken or not verdicts else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(run(parse(sys.argv[1:]))))
