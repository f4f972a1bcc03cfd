"""The connected sockets of this replica, by id and by guest."""

from collections.abc import Collection

from prickle.contract.types import UserId
from prickle.gateway.connection import SocketConnection


class Connections:
    """Who is connected here."""

    def __init__(self) -> None:
        self._by_id: dict[str, SocketConnection] = {}
        self._by_user: dict[UserId, set[SocketConnection]] = {}

    def add(self, connection: SocketConnection) -> None:
        self._by_id[connection.id] = connection
        self._by_user.setdefault(connection.identity.user, set()).add(connection)

    def discard(self, connection: SocketConnection) -> None:
        user = connection.identity.user
        if self._by_id.pop(connection.id, None) is not None:
            self._by_user[user].discard(connection)
            if not self._by_user[user]:
                del self._by_user[user]

    def all(self) -> Collection[SocketConnection]:
        return tuple(self._by_id.values())

    def of_user(self, user: UserId) -> Collection[SocketConnection]:
        return tuple(self._by_user.get(user, ()))
