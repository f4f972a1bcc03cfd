"""The `Gateway` of the contract: who gets a notice, on this replica and on the others."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import orjson

from prickle.contract.errors import Conflict
from prickle.contract.events import Event, RoomClosed, RoomOpened
from prickle.contract.gateway import Audience, Connection, Delivery, Notice
from prickle.contract.payload import Payload
from prickle.contract.types import RoomId, SessionId, UserId
from prickle.event_bus import InProcessEventBus
from prickle.gateway.audiences import notice_channel, room_group, user_group
from prickle.gateway.connection import SocketConnection
from prickle.gateway.connections import Connections
from prickle.gateway.orders import Orders
from prickle.gateway.server import SocketServer
from prickle.storage.bus.port import Bus

P = TypeVar("P", bound=Payload)


class Realtime:
    """Sends notices, opens and shuts rooms, ends sockets. What it does here it asks of every other replica too."""

    def __init__(self, connections: Connections, bus: Bus, events: InProcessEventBus, max_open_rooms: int) -> None:
        self._connections = connections
        self._bus = bus
        self._events = events
        self._max_open_rooms = max_open_rooms
        self._orders = Orders(bus, self._obey)
        self._server: SocketServer
        self._room_closed: Callable[[RoomId], None]
        self._tasks: set[asyncio.Task[None]] = set()

    def connect_to(self, server: SocketServer, room_closed: Callable[[RoomId], None]) -> None:
        """Say through which server it sends, and who is told that a socket has a room open no longer."""
        self._server = server
        self._room_closed = room_closed

    async def start(self) -> None:
        await self._orders.start()

    def send(self, notice: Notice[P], audience: Audience, payload: P, *, key: str = "") -> None:
        if notice.delivery is Delivery.DURABLE:
            raise ValueError(f"{notice.name} is durable: it goes through the log")
        if (audience.room is None) == (audience.user is None):
            raise ValueError("an audience is either a room or a guest")
        group = room_group(audience.room) if audience.room else user_group(audience.user or UserId(""))
        body = payload.model_dump_json(exclude_none=True).encode()
        self._server.broadcast(group, notice.name, body, notice.delivery, key=key, without=audience.without)
        message = [notice.name, orjson.Fragment(body), notice.delivery, key, audience.without]
        self._bus.publish(notice_channel(group), orjson.dumps(message))

    def fan_out(self, room: RoomId, event: str, payload: bytes) -> None:
        """Send an entry of the log to the sockets that have `room` open here; other replicas have their own feed."""
        self._server.broadcast(room_group(room), event, payload, Delivery.DURABLE)

    def shut_room(self, room: RoomId, user: UserId) -> None:
        self._shut_room(room, user)
        # Not a lasting one: the entry of the removal, which no replica misses, shuts the room as well.
        self._orders.give({"do": "shut_room", "room": room, "user": user})

    def disconnect(self, *, user: UserId | None = None, session: SessionId | None = None, reason: str) -> None:
        if user is None and session is None:
            raise ValueError("a guest or a session, not everybody")
        self._disconnect(user, session, reason)
        self._orders.give({"do": "disconnect", "user": user, "session": session, "reason": reason}, lasting=True)

    def spare_bytes_per_s(self) -> float | None:
        return self._server.spare_bytes_per_s()

    def open_room(self, connection: Connection, room: RoomId) -> bool:
        mine = self._mine(connection)
        if room in mine.rooms or mine.gone:
            return False
        if len(mine.rooms) >= self._max_open_rooms:
            raise Conflict("core.too_many_open_rooms", "Too many rooms are open here.", max=self._max_open_rooms)
        mine.rooms.add(room)
        group = room_group(room)
        self._server.join(mine.socket, group)
        self.listen(group)
        self.publish(mine, RoomOpened(user=mine.identity.user, connection=mine.id, room=room))
        return True

    def close_room(self, connection: Connection, room: RoomId) -> None:
        mine = self._mine(connection)
        if room not in mine.rooms:
            return
        mine.rooms.remove(room)
        self._server.leave(mine.socket, room_group(room))
        self.stop_listening(room_group(room))
        self._room_closed(room)
        self.publish(mine, RoomClosed(user=mine.identity.user, connection=mine.id, room=room))

    def listen(self, group: str) -> None:
        """Hear what other replicas send to `group`; it has its first socket here, or had one already."""
        if len(self._server.sockets(group)) == 1:
            self._spawn(self._subscribe(group))

    def stop_listening(self, group: str) -> None:
        if not self._server.sockets(group):
            self._bus.unsubscribe(notice_channel(group))

    async def _subscribe(self, group: str) -> None:
        await self._bus.subscribe(notice_channel(group), lambda message: self._hear(group, message))
        self.stop_listening(group)  # if the last socket has left meanwhile

    def _hear(self, group: str, message: bytes) -> None:
        event, payload, delivery, key, without = orjson.loads(message)
        self._server.broadcast(group, event, orjson.dumps(payload), Delivery(delivery), key=key, without=without)

    def _obey(self, order: dict[str, Any]) -> None:
        if order["do"] == "shut_room":
            self._shut_room(order["room"], order["user"])
        else:
            self._disconnect(order["user"], order["session"], order["reason"])

    def _shut_room(self, room: RoomId, user: UserId) -> None:
        for connection in self._connections.of_user(user):
            self.close_room(connection, room)

    def _disconnect(self, user: UserId | None, session: SessionId | None, reason: str) -> None:
        for connection in self._connections.of_user(user) if user else self._connections.all():
            if session is None or connection.identity.session == session:
                connection.end(reason)

    def _mine(self, connection: Connection) -> SocketConnection:
        if not isinstance(connection, SocketConnection):
            raise TypeError("a connection of another gateway")
        return connection

    def publish(self, connection: SocketConnection, event: Event) -> asyncio.Task[None]:
        """Publish `event` after those that were published about `connection` before; returns its end."""
        connection.told = self._spawn(self._publish_after(connection.told, event))
        return connection.told

    async def _publish_after(self, earlier: asyncio.Task[None] | None, event: Event) -> None:
        if earlier is not None:
            await asyncio.wait([earlier])
        await self._events.publish(event)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
