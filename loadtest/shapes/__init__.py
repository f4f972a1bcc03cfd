"""How many people there are at which moment: one module for each question, told apart into phases."""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SPAWN_PATIENCE_S = 180.0
MIN_DRAIN_S, MAX_DRAIN_S = 5.0, 60.0
"""Longer than everybody is silent, so that it is known who is settling; workers report once a second."""


@dataclass(frozen=True, slots=True)
class Step:
    """`people` at this moment, of whom `per_s` arrive in a second at most. `phase` is what the figures are filed under."""

    people: int
    per_s: float
    phase: str


@dataclass
class View:
    """What a shape knows of the run."""

    options: argparse.Namespace
    connected: int = 0
    settling: int = 0
    """How many processes wait for what is still on its way to their people."""
    is_over: bool = False
    """Whether the last measured phase broke a promise; a ramp ends there."""


Shape = Callable[[View], Iterator[Step]]
"""Yields what is to be, each time it is asked; the end of it ends the run."""


def gather(view: View, people: int, per_s: float) -> Iterator[Step]:
    """Let people arrive until all are connected, or for so long that some never will."""
    patience_s = people / per_s * 2 + SPAWN_PATIENCE_S
    began = time.monotonic()
    while view.connected < people and time.monotonic() - began < patience_s:
        yield Step(people, per_s, "connect")


def stay(people: int, phase: str, seconds: float) -> Iterator[Step]:
    """Keep everybody for a time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        yield Step(people, 1.0, phase)


def drain(view: View, people: int) -> Iterator[Step]:
    """Keep everybody, silent, until all that was on its way has come or was counted as lost."""
    began = time.monotonic()
    while (passed_s := time.monotonic() - began) < MIN_DRAIN_S or (view.settling and passed_s < MAX_DRAIN_S):
        yield Step(people, 1.0, "drain")
