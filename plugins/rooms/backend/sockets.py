"""The socket commands of rooms."""

from collections.abc import Sequence
from typing import Any

from plugins.rooms.backend.membership import Memberships, room_not_found
from plugins.rooms.backend.payloads import RoomJoin, RoomJoined, RoomName
from plugins.rooms.backend.service import RoomService
from plugins.rooms.backend.views import RoomViews
from prickle.contract.gateway import Command, Connection, Gateway
from prickle.contract.log import Log
from prickle.contract.payload import Empty
from prickle.contract.types import RoomId, Seq


class RoomCommands:
    """Command in, service call, ack out."""

    def __init__(
        self, service: RoomService, memberships: Memberships, views: RoomViews, log: Log, gateway: Gateway
    ) -> None:
        self._service = service
        self._memberships = memberships
        self._views = views
        self._log = log
        self._gateway = gateway

    def all(self) -> Sequence[Command[Any]]:
        return (
            Command(
                "rooms.join", RoomJoin, self.join, result=RoomJoined,
                summary="Become a member where that is allowed, and open the room on this socket.",
            ),
            Command(
                "rooms.close", RoomName, self.close, result=Empty, member_of="room",
                summary="End the room's notices on this socket; the membership stays.",
            ),
            Command("rooms.leave", RoomName, self.leave, result=Empty, member_of="room", summary="End the membership."),
        )  # fmt: skip

    async def join(self, connection: Connection, payload: RoomJoin) -> RoomJoined:
        room, user = RoomId(payload.room), connection.identity.user
        view = await self._views.one(await self._service.join(room, user), user, last_seq=Seq(0))
        after = None if payload.after is None else Seq(payload.after)
        missed = await self._log.open(connection, room, after)
        # Whoever was removed since the check above was not shut out of a room that was not open yet.
        if not await self._memberships.is_member_now(room, user):
            self._gateway.close_room(connection, room)
            raise room_not_found()
        return RoomJoined(
            room=view.model_copy(update={"last_seq": missed.last_seq}),
            last_seq=missed.last_seq,
            entries=None if after is None else [(event, dict(payload)) for event, payload in missed.entries],
            reload=missed.reload or None,
        )

    async def close(self, connection: Connection, payload: RoomName) -> None:
        self._gateway.close_room(connection, RoomId(payload.room))

    async def leave(self, connection: Connection, payload: RoomName) -> None:
        await self._memberships.dismiss(RoomId(payload.room), connection.identity.user)
