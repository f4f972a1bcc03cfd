"""The socket commands of reactions."""

from collections.abc import Sequence
from typing import Any

from plugins.reactions.backend.payloads import ReactionChange
from plugins.reactions.backend.service import ReactionService
from prickle.contract.gateway import Command, Connection
from prickle.contract.payload import Empty
from prickle.contract.types import RoomId, Seq


class ReactionCommands:
    """Command in, service call, ack out."""

    def __init__(self, service: ReactionService) -> None:
        self._service = service

    def all(self) -> Sequence[Command[Any]]:
        return (
            Command(
                "reactions.add", ReactionChange, self.add, result=Empty, member_of="room",
                summary="React to a message with one emoji; doing it again changes nothing.",
            ),
            Command(
                "reactions.remove", ReactionChange, self.remove, result=Empty, member_of="room",
                summary="Take one's own reaction away; where there is none, nothing changes.",
            ),
        )  # fmt: skip

    async def add(self, connection: Connection, payload: ReactionChange) -> None:
        user = connection.identity.user
        await self._service.add(RoomId(payload.room), Seq(payload.seq), payload.emoji, user)

    async def remove(self, connection: Connection, payload: ReactionChange) -> None:
        user = connection.identity.user
        await self._service.remove(RoomId(payload.room), Seq(payload.seq), payload.emoji, user)
