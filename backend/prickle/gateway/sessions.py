"""The life of a socket: who may connect, what happens when it goes, and the end of its token."""

import asyncio
from collections.abc import Sequence
from typing import Any

from prickle.config.settings import LimitSettings
from prickle.contract.errors import ChatError, Internal, RateLimited, Unauthenticated
from prickle.contract.events import SocketClosed, SocketOpened
from prickle.contract.plugin import Logger
from prickle.contract.ports import Authenticator, Clock, Identity
from prickle.event_bus import InProcessEventBus
from prickle.gateway.audiences import user_group
from prickle.gateway.connection import EXPIRED, SocketConnection
from prickle.gateway.connections import Connections
from prickle.gateway.dispatch import Dispatch
from prickle.gateway.realtime import Realtime
from prickle.gateway.server import ConnectRefused, Socket, SocketServer
from prickle.identifiers import new_trace_id

EXPIRY_CHECK_EVERY_S = 5.0
MAX_TOKEN_CHARACTERS = 4096


class SocketSessions:
    """What the socket server calls; `context` of each socket is its connection."""

    def __init__(
        self,
        authenticator: Authenticator,
        dispatch: Dispatch,
        realtime: Realtime,
        connections: Connections,
        events: InProcessEventBus,
        limits: LimitSettings,
        clock: Clock,
        logger: Logger,
    ) -> None:
        self._authenticator = authenticator
        self._dispatch = dispatch
        self._realtime = realtime
        self._connections = connections
        self._events = events
        self._limits = limits
        self._clock = clock
        self._logger = logger
        self._server: SocketServer
        self._expiry: asyncio.Task[None] | None = None

    def start(self, server: SocketServer) -> None:
        self._server = server
        self._expiry = asyncio.create_task(self._end_expired(), name="token expiry")

    def stop(self) -> None:
        if self._expiry is not None:
            self._expiry.cancel()

    async def on_connect(self, socket: Socket, auth: Any) -> None:
        identity = await self._identify(auth)
        connection = SocketConnection(socket, identity, self._clock)
        socket.context = connection
        self._connections.add(connection)
        group = user_group(identity.user)
        self._server.join(socket, group)
        self._realtime.listen(group)
        await self._events.publish(SocketOpened(user=identity.user, connection=socket.id))

    def on_event(self, socket: Socket, data: str, ack_id: int | None, attachments: Sequence[bytes]) -> None:
        self._dispatch.receive(socket.context, data, ack_id, attachments)

    async def on_disconnect(self, socket: Socket, reason: str) -> None:
        connection: SocketConnection | None = socket.context
        if connection is None:
            return
        connection.gone = True
        for room in tuple(connection.rooms):
            self._realtime.close_room(connection, room)
        self._connections.discard(connection)
        self._realtime.stop_listening(user_group(connection.identity.user))
        await self._realtime.publish(connection, SocketClosed(user=connection.identity.user, connection=socket.id))

    async def _identify(self, auth: Any) -> Identity:
        try:
            token = auth.get("token") if isinstance(auth, dict) else None
            if not isinstance(token, str) or not 0 < len(token) <= MAX_TOKEN_CHARACTERS:
                raise Unauthenticated("core.no_token", "Pass a token in the auth payload.")
            identity = await self._authenticator.authenticate(token)
            if self._limits.enabled and len(self._connections.of_user(identity.user)) >= self._limits.sockets_per_user:
                raise RateLimited("core.too_many_sockets", "This guest has too many connections.", retry_after_s=30)
        except ChatError as error:
            raise ConnectRefused(error.message, error.to_wire(new_trace_id())) from error
        except Exception as error:
            trace_id = new_trace_id()
            self._logger.exception("connect_failed", trace_id=trace_id, error=repr(error))
            broken = Internal()
            raise ConnectRefused(broken.message, broken.to_wire(trace_id)) from error
        return identity

    async def _end_expired(self) -> None:
        while True:
            await asyncio.sleep(EXPIRY_CHECK_EVERY_S)
            for connection in self._connections.all():
                if connection.expired(self._limits.token_leeway_s):
                    connection.end(EXPIRED)
