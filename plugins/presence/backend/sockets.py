"""The socket command of presence."""

from collections.abc import Sequence
from typing import Any

from plugins.presence.backend.connected import Connected
from plugins.presence.backend.payloads import PresenceUpdate
from plugins.presence.backend.service import Presence
from prickle.contract.gateway import Command, Connection
from prickle.contract.payload import Empty


class PresenceCommands:
    """Command in, note made, ack out; others hear in the next round."""

    def __init__(self, connected: Connected, presence: Presence) -> None:
        self._connected = connected
        self._presence = presence

    def all(self) -> Sequence[Command[Any]]:
        return (
            Command(
                "presence.update", PresenceUpdate, self.update, result=Empty,
                summary="Say that nobody looks at this device any more (`away`), or that somebody does again.",
            ),
        )  # fmt: skip

    async def update(self, connection: Connection, payload: PresenceUpdate) -> None:
        user = connection.identity.user
        self._connected.socket_says(user, connection.id, payload.state)
        self._presence.changed([user])
