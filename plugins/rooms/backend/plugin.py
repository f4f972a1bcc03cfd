"""Wires rooms."""

from collections.abc import Sequence
from typing import Any

from plugins.auth.api import GUESTS
from plugins.auth.events import GuestExpired
from plugins.rooms.api import ROOM_DIRECTORY, ROOMS_ONLINE
from plugins.rooms.backend.attendance import Attendance
from plugins.rooms.backend.counting import MemberCounts
from plugins.rooms.backend.invite_routes import InviteRoutes
from plugins.rooms.backend.invites import Invites
from plugins.rooms.backend.listing import RoomListing
from plugins.rooms.backend.membership import MembershipCache, Memberships
from plugins.rooms.backend.models import Invite, Member, Room
from plugins.rooms.backend.notices import NOTICES
from plugins.rooms.backend.online import OnlineNumbers
from plugins.rooms.backend.routes import RoomRoutes
from plugins.rooms.backend.service import RoomService
from plugins.rooms.backend.settings import RoomSettings
from plugins.rooms.backend.sockets import RoomCommands
from plugins.rooms.backend.store import InviteStore, MemberStore, RoomStore
from plugins.rooms.backend.views import RoomViews
from prickle.contract.gateway import Command
from prickle.contract.http import Route
from prickle.contract.plugin import Plugin, PluginContext
from prickle.contract.services import MEMBERSHIP


class RoomsPlugin(Plugin):
    """Rooms, members, invites."""

    Settings = RoomSettings
    collections = (Room, Member, Invite)
    notices = NOTICES

    def __init__(self, context: PluginContext) -> None:
        super().__init__(context)
        settings: RoomSettings = context.settings
        guests, log = context.services.get(GUESTS), context.log
        rooms, invites = RoomStore(context.documents), InviteStore(context.documents)
        self._members = MemberStore(context.documents)
        cache = MembershipCache(context.clock, settings.member_cache_s)
        counts = MemberCounts(rooms, self._members, context.spawn, context.logger)
        self._memberships = Memberships(
            rooms, self._members, cache, counts, log, context.gateway, context.events, settings
        )
        self._attendance = Attendance(self._members, context.events, context.logger)
        self._service = RoomService(
            rooms,
            self._members,
            invites,
            self._memberships,
            cache,
            guests,
            log,
            context.clock,
            context.new_id,
            settings.max_name_characters,
        )
        self._online = OnlineNumbers()
        self._views = RoomViews(guests, log, self._online)
        self._listing = RoomListing(rooms, self._members, self._views, settings)
        self._invites = Invites(invites, rooms, self._memberships, settings, context.clock)
        context.services.offer(MEMBERSHIP, self._memberships)
        context.services.offer(ROOM_DIRECTORY, self._service)
        context.services.offer(ROOMS_ONLINE, self._online)
        self._memberships.attach()
        self._service.attach()
        self._attendance.attach()
        context.events.subscribe(GuestExpired, lambda event: self._memberships.forget_guest(event.user))

    def routes(self) -> Sequence[Route]:
        settings = self.context.settings
        rooms = RoomRoutes(self._service, self._listing, self._members, self._views, settings).all()
        return (*rooms, *InviteRoutes(self._invites, self._views, settings).all())

    def commands(self) -> Sequence[Command[Any]]:
        commands = RoomCommands(self._service, self._memberships, self._views, self.context.log, self.context.gateway)
        return commands.all()

    async def start(self) -> None:
        await self._service.finish_deletions()
        self.context.spawn(self._attendance.run(), "attendance")
