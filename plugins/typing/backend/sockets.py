"""The socket commands of typing."""

from collections.abc import Sequence
from typing import Any

from plugins.typing.backend.payloads import TypingIn
from plugins.typing.backend.service import Typists
from prickle.contract.gateway import Command, Connection
from prickle.contract.payload import Empty
from prickle.contract.types import RoomId


class TypingCommands:
    """Command in, service call, ack out."""

    def __init__(self, typists: Typists) -> None:
        self._typists = typists

    def all(self) -> Sequence[Command[Any]]:
        return (
            Command(
                "typing.start", TypingIn, self.start, result=Empty, member_of="room",
                summary="Writing in a room: send it at the first key and every 3 s while it goes on.",
            ),
            Command(
                "typing.stop", TypingIn, self.stop, result=Empty, member_of="room",
                summary="Writing no more; not needed after a message, which says so itself.",
            ),
        )  # fmt: skip

    async def start(self, connection: Connection, payload: TypingIn) -> None:
        self._typists.start(connection, RoomId(payload.room))

    async def stop(self, connection: Connection, payload: TypingIn) -> None:
        self._typists.stop(connection, RoomId(payload.room))
