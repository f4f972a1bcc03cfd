"""What a guest's presence is made of."""

from collections.abc import Iterable
from typing import Literal

Shown = Literal["online", "away"]
"""What a socket says of its guest."""

State = Literal["online", "away", "offline"]
"""What others see."""


def together(shown: Iterable[str]) -> State:
    """Return one state for everything that a guest's sockets, or the replicas that have them, say."""
    states = set(shown)
    if "online" in states:
        return "online"
    return "away" if states else "offline"
