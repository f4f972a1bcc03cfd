"""Takes in what happens to sockets, memberships and rooms."""

from collections.abc import Callable, Coroutine
from typing import Any

from plugins.auth.events import GuestExpired
from plugins.rooms.events import MemberJoined, MemberLeft, MembersConnected
from plugins.unread.backend.connected import Connected
from plugins.unread.backend.devices import Devices
from plugins.unread.backend.models import Reader
from plugins.unread.backend.news import UnreadNews
from plugins.unread.backend.store import UnreadStore
from prickle.contract.events import RoomClosed, RoomOpened, SocketClosed, SocketOpened
from prickle.contract.log import Entry
from prickle.contract.types import UserId


class Following:
    """One method per event and entry."""

    def __init__(
        self,
        connected: Connected,
        devices: Devices,
        news: UnreadNews,
        store: UnreadStore,
        spawn: Callable[[Coroutine[Any, Any, None], str], None],
    ) -> None:
        self._connected = connected
        self._devices = devices
        self._news = news
        self._store = store
        self._spawn = spawn

    async def socket_opened(self, event: SocketOpened) -> None:
        self._connected.socket_opened(event.user, event.connection)
        await self._devices.came(event.user, event.connection)

    async def socket_closed(self, event: SocketClosed) -> None:
        self._connected.socket_closed(event.user, event.connection)
        await self._devices.went(event.user)

    async def room_opened(self, event: RoomOpened) -> None:
        self._connected.room_opened(event.user, event.connection, event.room)

    async def room_closed(self, event: RoomClosed) -> None:
        self._connected.room_closed(event.user, event.connection, event.room)

    async def members_connected(self, event: MembersConnected) -> None:
        for user, rooms in event.members.items():
            for room, since in rooms.items():
                self._news.enter(room, user, since)

    async def member_joined(self, event: MemberJoined) -> None:
        self._news.enter(event.room, event.user, event.since)

    async def member_left(self, event: MemberLeft) -> None:
        self._connected.leave(event.room, event.user)

    async def guest_expired(self, event: GuestExpired) -> None:
        await self._store.forget_user(event.user)

    def membership_ended(self, entry: Entry) -> None:
        """Whoever comes back begins anew."""
        reader = Reader(entry.room, UserId(entry.fields["user"]))
        self._connected.leave(entry.room, reader.user)
        self._spawn(self._store.forget(reader), "forget a former member")

    def room_deleted(self, entry: Entry) -> None:
        self._spawn(self._store.forget_room(entry.room), "forget a room")
