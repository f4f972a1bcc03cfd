"""Takes in what happens to sockets and memberships."""

from plugins.presence.backend.connected import Connected
from plugins.presence.backend.service import Presence
from plugins.presence.events import GuestsLeft
from plugins.rooms.events import MemberJoined, MemberLeft, MembersConnected
from prickle.contract.events import SocketClosed, SocketOpened
from prickle.contract.ports import Clock


class Following:
    """One method per event."""

    def __init__(self, connected: Connected, presence: Presence, clock: Clock) -> None:
        self._connected = connected
        self._presence = presence
        self._clock = clock

    async def socket_opened(self, event: SocketOpened) -> None:
        self._connected.socket_opened(event.user, event.connection)
        self._presence.changed([event.user])

    async def socket_closed(self, event: SocketClosed) -> None:
        self._connected.socket_closed(event.user, event.connection, self._clock.monotonic())
        self._presence.changed([event.user])

    async def members_connected(self, event: MembersConnected) -> None:
        rooms = self._connected.enter({user: set(rooms) for user, rooms in event.members.items()})
        self._presence.changed(event.members, rooms)

    async def member_joined(self, event: MemberJoined) -> None:
        if self._connected.enter({event.user: {event.room}}):
            self._presence.introduce(event.user, event.room)

    async def member_left(self, event: MemberLeft) -> None:
        if self._connected.leave(event.room, event.user):
            self._presence.changed(rooms=[event.room])

    async def guests_left(self, event: GuestsLeft) -> None:
        self._presence.expect(event.users)
