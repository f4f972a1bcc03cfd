"""Wires unread counts."""

from collections.abc import Sequence
from typing import Any

from plugins.auth.events import GuestExpired
from plugins.rooms.api import ROOM_DIRECTORY
from plugins.rooms.events import MemberJoined, MemberLeft, MembersConnected
from plugins.unread.backend.connected import Connected
from plugins.unread.backend.devices import Devices
from plugins.unread.backend.following import Following
from plugins.unread.backend.models import Mention, Position
from plugins.unread.backend.news import UnreadNews
from plugins.unread.backend.notices import MEMBER_LEFT, MESSAGE_CREATED, ROOM_DELETED, UPDATED
from plugins.unread.backend.routes import UnreadRoutes
from plugins.unread.backend.service import UnreadService
from plugins.unread.backend.settings import UnreadSettings
from plugins.unread.backend.sockets import UnreadCommands
from plugins.unread.backend.store import UnreadStore
from prickle.contract.events import RoomClosed, RoomOpened, SocketClosed, SocketOpened
from prickle.contract.gateway import Command
from prickle.contract.http import Route
from prickle.contract.plugin import Plugin, PluginContext


class UnreadPlugin(Plugin):
    """Read positions, and counts of what is behind them."""

    Settings = UnreadSettings
    collections = (Position, Mention)
    notices = (UPDATED,)

    def __init__(self, context: PluginContext) -> None:
        super().__init__(context)
        rooms, log, gateway = context.services.get(ROOM_DIRECTORY), context.log, context.gateway
        store, connected = UnreadStore(context.documents), Connected()
        self._service = UnreadService(store, log, rooms, context.clock)
        self._devices = Devices(connected, context.leases, gateway, context.settings)
        interval_s = context.settings.notice_interval_s
        self._news = UnreadNews(
            connected, self._service, store, log, rooms, gateway, context.clock, context.logger, interval_s
        )
        self._follow(Following(connected, self._devices, self._news, store, context.spawn))

    def routes(self) -> Sequence[Route]:
        return UnreadRoutes(self._service).all()

    def commands(self) -> Sequence[Command[Any]]:
        return UnreadCommands(self._service, self._news, self._devices).all()

    async def start(self) -> None:
        self.context.spawn(self._news.follow(), "rooms of those who come")
        self.context.spawn(self._news.tell(), "counts")
        self.context.spawn(self._news.keep_written(), "positions of writers")

    async def stop(self) -> None:
        await self._service.keep_written()

    def _follow(self, following: Following) -> None:
        events, log = self.context.events, self.context.log
        events.subscribe(SocketOpened, following.socket_opened)
        events.subscribe(SocketClosed, following.socket_closed)
        events.subscribe(RoomOpened, following.room_opened)
        events.subscribe(RoomClosed, following.room_closed)
        events.subscribe(MembersConnected, following.members_connected)
        events.subscribe(MemberJoined, following.member_joined)
        events.subscribe(MemberLeft, following.member_left)
        events.subscribe(GuestExpired, following.guest_expired)
        log.watch(MESSAGE_CREATED, self._news.message_created)
        log.watch(MEMBER_LEFT, following.membership_ended)
        log.watch(ROOM_DELETED, following.room_deleted)
