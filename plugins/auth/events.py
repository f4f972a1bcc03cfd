"""The events of guest identity."""

from prickle.contract.events import Event
from prickle.contract.types import SessionId, UserId


class GuestExpired(Event):
    """A guest has not come back for so long that everything about them goes now; published before it is gone.

    Handlers must bear being called again for the same guest.
    """

    user: UserId


class SessionEnded(Event):
    """A device was logged out; published on every replica."""

    session: SessionId
