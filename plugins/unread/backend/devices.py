"""Knows whether a guest has another device that is to agree, on any replica, and so how soon reading is to be told."""

from plugins.unread.backend.connected import Connected
from plugins.unread.backend.notices import UPDATED
from plugins.unread.backend.payloads import UnreadUpdated
from plugins.unread.backend.settings import UnreadSettings
from prickle.contract.errors import Unavailable
from prickle.contract.gateway import Audience, Gateway
from prickle.contract.ports import Leases
from prickle.contract.types import UserId

HERE = "1"


class Devices:
    """A guest whose only device it is saves bytes: nobody else is there to see an old count."""

    def __init__(self, connected: Connected, leases: Leases, gateway: Gateway, settings: UnreadSettings) -> None:
        self._connected = connected
        self._leases = leases
        self._gateway = gateway
        self._alone_s = settings.report_alone_s
        self._shared_s = settings.report_shared_s

    async def came(self, user: UserId, connection: str) -> None:
        """A socket has opened: the guest's other devices tell at once what they have not told yet."""
        if self._connected.sockets_of(user) == 1:
            await self._leases.hold({user: HERE})
        if await self._are_several(user):
            self._gateway.send(UPDATED, Audience(user=user, without=connection), UnreadUpdated(rooms={}))

    async def went(self, user: UserId) -> None:
        """A socket has closed."""
        if not self._connected.sockets_of(user):
            await self._leases.drop([user])

    async def wait_s(self, user: UserId) -> float:
        """Return how long a device may wait before it tells what was read next."""
        return self._shared_s if await self._are_several(user) else self._alone_s

    async def _are_several(self, user: UserId) -> bool:
        if self._connected.sockets_of(user) > 1:
            return True
        try:
            held = await self._leases.held([user])
        except Unavailable:
            return True  # not known: agreeing is worth more than the bytes
        return len(held.get(user, ())) > 1
