"""`make faults`: plays every fault, prints a table, and exits with 1 if any promise was broken."""

import argparse
import asyncio
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from loadtest.faults.catalogue import FAULTS, Fault
from loadtest.faults.rig import TOPOLOGIES, Topology, mount_small_disk, unmount
from loadtest.faults.round import Plan, play
from loadtest.faults.verdict import Verdict


@dataclass(frozen=True)
class Crowd:
    """Who plays, and how much they say all together."""

    clients: int
    rooms: int
    sends: int
    sends_per_s: float


CROWD = Crowd(clients=200, rooms=20, sends=1000, sends_per_s=200.0)
CROWD_OF_ONE_ROOM = Crowd(clients=20, rooms=1, sends=1000, sends_per_s=200.0)
SMALL_CROWD = Crowd(clients=40, rooms=4, sends=300, sends_per_s=20.0)
SMALL_CROWD_OF_ONE_ROOM = Crowd(clients=20, rooms=1, sends=300, sends_per_s=40.0)
KILLS, KILLS_OF_SLOW = 10, 3

COLUMNS = (
    "{topology:<9}{fault:<13}{round:>6}{clients:>8}{rooms:>6}{acknowledged:>8}{lost:>6}{doubled:>9}{out_of_order:>7}{disagreeing:>9}{unexplained:>12}"
    "{reloads:>9}{agree:>18}  {errors}"
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
    "unexplained": "unexplained",
    "reloads": "reloads",
    "agree": "agree p50/max s",
    "errors": "errors seen",
}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtest.faults", description=__doc__)
    parser.add_argument("faults", nargs="*", metavar="FAULT", help=f"of: {', '.join(FAULTS)} (all)")
    parser.add_argument("--on", choices=[*TOPOLOGIES], action="append", help="what is broken (all of them)")
    parser.add_argument("--rounds", type=int, default=0, help="of each fault (10 of kill, 1 of the others)")
    parser.add_argument("--clients", type=int, default=0, help="(200; 20 for kill; fewer on FerretDB)")
    parser.add_argument("--rooms", type=int, default=0, help="(20; 1 for kill; fewer on FerretDB)")
    parser.add_argument("--sends", type=int, default=0, help="messages of all clients together, at the least (1000)")
    parser.add_argument("--sends-per-s", type=float, default=0, help="of all clients together (200)")
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
        rig = TOPOLOGIES[topology].build(data)
        try:
            await rig.start()
            verdicts = []
            for number in range(rounds):
                verdicts.append(await play(rig, fault, plan))
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
    errors += "".join(f"; BROKEN: {complaint}" for complaint in sorted(set(verdict.health)))
    figures = {
        name: getattr(verdict, name)
        for name in ("acknowledged", "lost", "doubled", "out_of_order", "disagreeing", "unexplained", "reloads")
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


def schedule(topology: Topology, fault: Fault, options: argparse.Namespace) -> tuple[int, Plan]:
    """Return how many rounds, and of what: kill crowds one room again and again, the others take many rooms once."""
    rounds, crowd = 1, SMALL_CROWD if topology.is_slow else CROWD
    if fault.name == "kill":
        rounds = KILLS_OF_SLOW if topology.is_slow else KILLS
        crowd = SMALL_CROWD_OF_ONE_ROOM if topology.is_slow else CROWD_OF_ONE_ROOM
    clients = options.clients or crowd.clients
    sends_per_s = (options.sends_per_s or crowd.sends_per_s) / clients
    plan = Plan(clients, options.rooms or crowd.rooms, options.sends or crowd.sends, sends_per_s)
    return options.rounds or rounds, plan


async def run(options: argparse.Namespace) -> int:
    """Play what was asked for; return the exit code."""
    print(COLUMNS.format(**TITLES))
    verdicts: list[Verdict] = []
    for name in options.on or TOPOLOGIES:
        topology = TOPOLOGIES[name]
        if topology.missing:
            print(f"{name:<9}not played: {topology.missing}")
            continue
        for fault in (FAULTS[chosen] for chosen in options.faults or FAULTS):
            if fault.part is None or fault.part in topology.parts:
                rounds, plan = schedule(topology, fault, options)
                verdicts += await play_rounds(name, fault, rounds, plan)
    broken = sum(not verdict.is_clean for verdict in verdicts)
    print(f"\n{len(verdicts)} rounds, {sum(v.acknowledged for v in verdicts)} messages acknowledged: ", end="")
    print(f"a promise was broken in {broken}." if broken else "none lost, none doubled, one order for all.")
    return 1 if broken or not verdicts else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(run(parse(sys.argv[1:]))))
