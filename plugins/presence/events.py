"""The events of presence."""

from prickle.contract.events import Event
from prickle.contract.types import UserId


class GuestsLeft(Event):
    """A replica stops, and these guests were connected to it; published on every replica, which look where they turn up."""

    users: dict[UserId, str]
    """With the state that others know of each."""
