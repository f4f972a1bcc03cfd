"""Wires presence."""

from collections.abc import Sequence
from typing import Any

from plugins.auth.events import GuestExpired
from plugins.presence.backend.connected import Connected
from plugins.presence.backend.following import Following
from plugins.presence.backend.last_seen import LastSeenTimes
from plugins.presence.backend.models import LastSeen
from plugins.presence.backend.notices import UPDATED
from plugins.presence.backend.routes import PresenceRoutes
from plugins.presence.backend.service import Presence
from plugins.presence.backend.settings import PresenceSettings
from plugins.presence.backend.sockets import PresenceCommands
from plugins.presence.backend.store import LastSeenStore
from plugins.presence.events import GuestsLeft
from plugins.rooms.api import ROOM_DIRECTORY, ROOMS_ONLINE
from plugins.rooms.events import MemberJoined, MemberLeft, MembersConnected
from prickle.contract.events import SocketClosed, SocketOpened
from prickle.contract.gateway import Command
from prickle.contract.http import Route
from prickle.contract.plugin import Plugin, PluginContext


class PresencePlugin(Plugin):
    """Who is there."""

    Settings = PresenceSettings
    collections = (LastSeen,)
    notices = (UPDATED,)

    def __init__(self, context: PluginContext) -> None:
        super().__init__(context)
        self._rooms = context.services.get(ROOM_DIRECTORY)
        self._connected = Connected()
        self._last_seen = LastSeenTimes(
            LastSeenStore(context.documents), context.clock, context.logger, context.settings
        )
        self._presence = Presence(
            self._connected,
            context.leases,
            self._last_seen,
            self._rooms,
            context.gateway,
            context.clock,
            context.logger,
            context.settings,
        )
        context.leases.on_loss(self._presence.lost)
        context.services.get(ROOMS_ONLINE).count_with(self._presence.numbers)
        context.events.subscribe(GuestExpired, self._last_seen.forget)
        self._follow(Following(self._connected, self._presence, context.clock))

    def routes(self) -> Sequence[Route]:
        return PresenceRoutes(self._presence, self._last_seen, self._rooms, self.context.settings.max_listed).all()

    def commands(self) -> Sequence[Command[Any]]:
        return PresenceCommands(self._connected, self._presence).all()

    async def start(self) -> None:
        self.context.spawn(self._presence.run(), "rounds")

    async def stop(self) -> None:
        if users := self._connected.users:
            await self._last_seen.go(users)
            await self.context.events.publish_everywhere(
                GuestsLeft(users={user: self._connected.shown(user) or "online" for user in users})
            )

    def _follow(self, following: Following) -> None:
        events = self.context.events
        events.subscribe(SocketOpened, following.socket_opened)
        events.subscribe(SocketClosed, following.socket_closed)
        events.subscribe(MembersConnected, following.members_connected)
        events.subscribe(MemberJoined, following.member_joined)
        events.subscribe(MemberLeft, following.member_left)
        events.subscribe(GuestsLeft, following.guests_left)
