"""One command, and a notice that no compression makes smaller."""

import secrets
from collections.abc import Sequence
from typing import Any

from prickle.contract.gateway import Audience, Command, Connection, Delivery, Notice
from prickle.contract.payload import Empty, IdField, Payload
from prickle.contract.plugin import Plugin
from prickle.contract.types import RoomId


class Typed(Payload):
    """The room that the guest is writing in."""

    room: IdField


class Noise(Payload):
    """Nothing worth reading."""

    room: IdField
    noise: str


NOISE = Notice("loud.noise", Noise, Delivery.STATE, "A kilobyte that nobody needs.")


class LoudPlugin(Plugin):
    """Spends fifty times its budget."""

    notices = (NOISE,)

    def commands(self) -> Sequence[Command[Any]]:
        return (Command("loud.type", Typed, self.type, result=Empty, member_of="room", summary="Somebody types."),)

    async def type(self, connection: Connection, payload: Typed) -> None:
        noise = Noise(room=payload.room, noise=secrets.token_urlsafe(768))
        self.context.gateway.send(NOISE, Audience(room=RoomId(payload.room)), noise, key=secrets.token_hex(4))
