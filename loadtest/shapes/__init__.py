"""How many people there are at which moment: one module for each question, told apart into phases."""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SPAWN_PATIENCE_S = 180.0
DRAIN_S = 9.0
"""The check comes after four seconds of silence; workers report every three."""


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
