"""The faults: each breaks something, heals it again, and returns when it is healed."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from loadtest.faults.rig import Rig
from ops.cluster import roll as restart_in_turn

WRONG_CLOCK = Path(__file__).with_name("wrong_clock.py")

FREEZE_S = 20.0
CUT_S = 5.0
FLAPS = 8
FULL_S = 5.0
SWALLOW_S = 6.0
AWAY_S = 3.0
STORE_AWAY_S = 10.0
"""Longer than a command waits for the server before it answers that it is away."""


Inject = Callable[[Rig], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """`name` as in the table; `needs_small_disk` where the data folder has to be one that can be filled."""

    name: str
    summary: str
    inject: Inject
    needs_small_disk: bool = False
    part: str | None = None
    """What the rig must have for it, see `Rig.parts`."""
    away: str | None = None
    """The dependency that `/health/ready` has to name while the fault lasts."""


async def kill(rig: Rig) -> None:
    await rig.replicas[0].kill()
    await rig.replicas[0].start()


async def freeze(rig: Rig) -> None:
    rig.replicas[0].signal(signal.SIGSTOP)
    await asyncio.sleep(FREEZE_S)
    rig.replicas[0].signal(signal.SIGCONT)


def kill_part(name: str, away_s: float) -> Inject:
    """Redis comes back empty, the documents' server with all that it acknowledged."""

    async def inject(rig: Rig) -> None:
        await rig.parts[name].kill()
        await asyncio.sleep(away_s)
        await rig.parts[name].start()

    return inject


def freeze_part(name: str) -> Inject:
    async def inject(rig: Rig) -> None:
        rig.parts[name].signal(signal.SIGSTOP)
        await asyncio.sleep(FREEZE_S)
        rig.parts[name].signal(signal.SIGCONT)

    return inject


async def roll(rig: Rig) -> None:
    await restart_in_turn(rig.replicas)


async def set_clock_wrong(rig: Rig) -> None:
    """The replica goes on with the right time after `AWAY_S`, so that it jumps back as well."""
    replica, right = rig.replicas[0], rig.replicas[0].command
    for command in ([sys.executable, str(WRONG_CLOCK), *right[1:]], right):
        await replica.stop()
        replica.command = command
        await replica.start()
        await asyncio.sleep(AWAY_S)


async def cut(rig: Rig) -> None:
    await rig.network.cut()
    await asyncio.sleep(CUT_S)
    await rig.network.mend()


async def flap(rig: Rig) -> None:
    for _ in range(FLAPS):
        await rig.network.cut()
        await asyncio.sleep(0.3)
        await rig.network.mend()
        await asyncio.sleep(1.0)


async def swallow(rig: Rig) -> None:
    rig.network.lose_answers()
    await asyncio.sleep(SWALLOW_S / 2)
    rig.network.lose_everything()
    await asyncio.sleep(SWALLOW_S / 2)
    await rig.network.cut()
    await rig.network.mend()


async def fill_disk(rig: Rig) -> None:
    filler = rig.data / "filler"
    with filler.open("wb", buffering=0) as sink:
        for size in (1 << 20, 4096, 1):
            try:
                while sink.write(b"\0" * size):
                    pass
            except OSError:
                continue  # this size no longer fits
    await asyncio.sleep(FULL_S)
    filler.unlink()


async def fill_disk_and_kill(rig: Rig) -> None:
    await fill_disk(rig)
    await kill(rig)


FAULTS = {
    fault.name: fault
    for fault in (
        Fault("kill", "SIGKILL of a replica, started again at once", kill),
        Fault("freeze", f"SIGSTOP of a replica for {FREEZE_S:g} s", freeze),
        Fault(
            "redis-kill",
            f"SIGKILL of Redis, back and empty after {AWAY_S:g} s",
            kill_part("redis", AWAY_S),
            part="redis",
            away="bus",
        ),
        Fault("redis-freeze", f"SIGSTOP of Redis for {FREEZE_S:g} s", freeze_part("redis"), part="redis", away="bus"),
        Fault(
            "store-kill",
            f"SIGKILL of the documents' server, back after {STORE_AWAY_S:g} s",
            kill_part("store", STORE_AWAY_S),
            part="store",
            away="documents",
        ),
        Fault(
            "store-freeze",
            f"SIGSTOP of the documents' server for {FREEZE_S:g} s",
            freeze_part("store"),
            part="store",
            away="documents",
        ),
        Fault("roll", "every replica stopped and started, one after the other", roll, part="redis"),
        Fault("clock", "a replica comes back with a clock 1 hour ahead, later with the right one", set_clock_wrong),
        Fault("cut", f"the clients' network away for {CUT_S:g} s", cut),
        Fault("flap", f"the clients' network cut {FLAPS} times", flap),
        Fault("swallow", f"answers lost, then everything, without a word, for {SWALLOW_S:g} s", swallow),
        Fault("disk-full", f"no space left for {FULL_S:g} s", fill_disk, needs_small_disk=True),
        Fault("disk-kill", "no space left, then SIGKILL", fill_disk_and_kill, needs_small_disk=True),
    )
}
