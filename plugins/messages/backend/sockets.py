"""The socket commands of messages."""

from collections.abc import Sequence
from typing import Any

from plugins.messages.backend.payloads import (
    MessageCreate,
    MessageCreated,
    MessageDelete,
    MessageSync,
    MessageUpdate,
    MessageView,
    Missed,
)
from plugins.messages.backend.service import MessageService
from plugins.messages.backend.settings import MessageSettings
from prickle.contract.gateway import Command, Connection, Rate
from prickle.contract.log import Log, Record
from prickle.contract.types import RoomId, Seq


class MessageCommands:
    """Command in, service call, ack out."""

    def __init__(self, service: MessageService, log: Log, settings: MessageSettings) -> None:
        self._service = service
        self._log = log
        self._send_rate = Rate(per_s=settings.sends_per_s, burst=settings.send_burst)

    def all(self) -> Sequence[Command[Any]]:
        return (
            Command(
                "messages.create", MessageCreate, self.create, result=MessageCreated, member_of="room",
                rate=self._send_rate, summary="Send a message; the ack comes when it is durable.",
            ),
            Command(
                "messages.update", MessageUpdate, self.update, result=MessageView, member_of="room",
                summary="Give one's own message another text.",
            ),
            Command(
                "messages.delete", MessageDelete, self.delete, result=MessageView, member_of="room",
                summary="Leave a tombstone, as the author or as the room's maker.",
            ),
            Command(
                "messages.sync", MessageSync, self.sync, result=Missed, member_of="room",
                summary="What came after a `seq`, in order.",
            ),
        )  # fmt: skip

    async def create(self, connection: Connection, payload: MessageCreate) -> MessageCreated:
        message = await self._service.create(
            RoomId(payload.room),
            connection.identity.user,
            payload.text,
            client_id=payload.client_id,
            reply_to=None if payload.reply_to is None else Seq(payload.reply_to),
            files=payload.files or (),
        )
        return MessageCreated(seq=message.seq, created_at=message.created_at)

    async def update(self, connection: Connection, payload: MessageUpdate) -> MessageView:
        user = connection.identity.user
        return self._view(await self._service.update(RoomId(payload.room), Seq(payload.seq), user, payload.text))

    async def delete(self, connection: Connection, payload: MessageDelete) -> MessageView:
        return self._view(await self._service.delete(RoomId(payload.room), Seq(payload.seq), connection.identity.user))

    async def sync(self, _connection: Connection, payload: MessageSync) -> Missed:
        missed = await self._log.entries(RoomId(payload.room), Seq(payload.after))
        entries = [(event, dict(fields)) for event, fields in missed.entries]
        return Missed(entries=entries, last_seq=missed.last_seq, reload=missed.reload)

    def _view(self, message: Record) -> MessageView:
        return MessageView(**self._log.wire(message))
