"""The socket commands of unread counts."""

from collections.abc import Sequence
from typing import Any

from plugins.unread.backend.devices import Devices
from plugins.unread.backend.models import Reader, Unread
from plugins.unread.backend.news import UnreadNews, room_unread
from plugins.unread.backend.payloads import ReadUpTo, Reported, UnreadFrom
from plugins.unread.backend.service import UnreadService
from prickle.contract.gateway import Command, Connection
from prickle.contract.types import RoomId, Seq


class UnreadCommands:
    """Command in, service call, ack out; the guest's other devices hear of it."""

    def __init__(self, service: UnreadService, news: UnreadNews, devices: Devices) -> None:
        self._service = service
        self._news = news
        self._devices = devices

    def all(self) -> Sequence[Command[Any]]:
        return (
            Command(
                "unread.read", ReadUpTo, self.read, result=Reported, member_of="room",
                summary="What has been on a screen is read; the position never goes back by this.",
            ),
            Command(
                "unread.mark", UnreadFrom, self.mark, result=Reported, member_of="room",
                summary="Make a message, and what follows it, unread again.",
            ),
        )  # fmt: skip

    async def read(self, connection: Connection, payload: ReadUpTo) -> Reported:
        reader = Reader(RoomId(payload.room), connection.identity.user)
        return await self._tell(connection, reader, await self._service.read(reader, Seq(payload.seq)))

    async def mark(self, connection: Connection, payload: UnreadFrom) -> Reported:
        reader = Reader(RoomId(payload.room), connection.identity.user)
        return await self._tell(connection, reader, await self._service.mark(reader, Seq(payload.seq)))

    async def _tell(self, connection: Connection, reader: Reader, unread: Unread) -> Reported:
        self._news.send(reader.user, {reader.room: unread}, without=connection.id)
        wait_s = await self._devices.wait_s(reader.user)
        return Reported(**room_unread(unread).model_dump(), wait_s=wait_s)
