"""What a guest's presence is made of."""

from collections.abc import Iterable
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime

from prickle.contract.documents import Field, Model

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


class LastSeen(Model):
    """When a guest was there last."""

    id: str = Field(primary_field=True)
    """The guest."""
    seen_at: AwareDatetime

    model_config: ClassVar[Any] = {"collection": "last_seen"}
