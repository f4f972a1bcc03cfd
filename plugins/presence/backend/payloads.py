"""The wire shapes of presence."""

from plugins.presence.backend.models import Shown, State
from prickle.contract.payload import AfterField, IdField, Payload


class PresenceUpdate(Payload):
    """`away`: nobody has looked at this device for a while."""

    state: Shown


class PresenceUpdated(Payload):
    """Guests whose state has changed. Of a `room` with many people only how many of them are `online` is told."""

    users: dict[IdField, State]
    room: IdField | None = None
    online: AfterField | None = None


class RoomPresence(Payload):
    """Who of a room's members is there, and how many; with many of them, not all are listed."""

    users: dict[IdField, Shown]
    online: AfterField
