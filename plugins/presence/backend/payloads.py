"""The wire shapes of presence."""

from typing import Annotated

from pydantic import Field

from plugins.presence.backend.models import Shown, State
from prickle.contract.payload import AfterField, IdField, Payload, Query, Timestamp


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
    last_seen: bool | None = None
    """Whether this server tells when the others were last there."""


class SeenQuery(Query):
    """`users`: the ids of up to a hundred guests, separated by commas."""

    users: Annotated[str, Field(max_length=6500, pattern=r"^[A-Za-z0-9_-]+(,[A-Za-z0-9_-]+){0,99}$")]


class GuestsLastSeen(Payload):
    """When guests were last there, of whom it is known."""

    users: dict[IdField, Timestamp]
