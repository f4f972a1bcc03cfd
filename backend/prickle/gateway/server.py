"""The Socket.IO server: what the rest of the core knows of sockets."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping

from prickle.contract.gateway import Delivery
from prickle.gateway import conformance, frames
from prickle.gateway.allowance import Allowance
from prickle.gateway.client import Client
from prickle.gateway.endpoint import App, Endpoint
from prickle.gateway.engine import Engine, MessageHandler, Session
from prickle.gateway.governor import Governor, Stage
from prickle.gateway.handshake import Upgrader
from prickle.gateway.heartbeat import Wheel
from prickle.gateway.origins import Origins
from prickle.gateway.pacing import Pacer
from prickle.gateway.registry import Registry
from prickle.gateway.settings import GatewaySettings
from prickle.gateway.socket import ConnectRefused, Socket, SocketHandlers
from prickle.gateway.stats import GatewayStats
from prickle.gateway.traffic import Traffic
from prickle.http.proxies import Proxies

__all__ = ["ConnectRefused", "Socket", "SocketHandlers", "SocketServer"]

logger = logging.getLogger(__name__)

PATH = "/socket.io/"
_CLOCK_S = 0.1
_REST_EVERY_S = 10.0
_GOODBYE_S = 0.4
"""How long `stop` waits for clients, and then for what their end has set off."""


class SocketServer:
    """Sockets in the namespace `/`, in groups."""

    def __init__(self, settings: GatewaySettings, handlers: SocketHandlers) -> None:
        self.settings = settings
        self.traffic = Traffic()
        self._pacer = Pacer(Allowance(self.traffic.far, settings))
        self._wheel = Wheel(min(settings.ping_interval_s, settings.ping_timeout_s))
        self._governor = Governor(settings, self.traffic, self._pacer)
        self._registry = Registry(settings, self._pacer, self.traffic)
        self._upgrader = Upgrader(settings, self._pacer, self.traffic)
        self._proxies = Proxies(settings.trusted_proxies, public_url="")
        self._origins = Origins(settings.origins, self._proxies)
        self._handlers: Mapping[str, SocketHandlers] = {"/": handlers}
        self._tasks: set[asyncio.Task[None]] = set()
        self._unconnected: deque[tuple[float, Client]] = deque()
        self._endpoints: list[tuple[Engine, Endpoint]] = []
        self._clock: asyncio.Task[None] | None = None

    def attach(self, app: App) -> None:
        """Answer under `/socket.io/`, and with `conformance` under `/conformance/`."""
        self._mount(app, PATH, "socketio", self._handlers)
        if self.settings.conformance:
            self._mount_conformance(app)

        @app.before_server_start
        async def start(_app: App) -> None:
            self._clock = asyncio.get_running_loop().create_task(self._tick())

    def _mount(self, app: App, path: str, name: str, handlers: Mapping[str, SocketHandlers]) -> None:
        def opens(session: Session) -> Client:
            client = Client(session, handlers, self._registry, self._tasks)
            self._unconnected.append((time.monotonic() + self.settings.connect_timeout_s, client))
            return client

        self._serve(app, path, name, opens)

    def _mount_conformance(self, app: App) -> None:
        logger.warning("TEST MODE: echoes without any sign-in are mounted under %s/", conformance.PREFIX)
        echo = conformance.SocketEcho()
        self._mount(app, f"{conformance.PREFIX}{PATH}", "conformance_socketio", {"/": echo, "/custom": echo})
        self._serve(app, f"{conformance.PREFIX}/engine.io/", "conformance_engineio", conformance.EngineEcho)
        conformance.mount_bare(app, self._upgrader)

    def _serve(self, app: App, path: str, name: str, opens: Callable[[Session], MessageHandler]) -> None:
        engine = Engine(self.settings, self._wheel)
        endpoint = Endpoint(engine, self._upgrader, self._origins, self._proxies, opens)
        endpoint.mount(app, path, name)
        self._endpoints.append((engine, endpoint))

    async def _tick(self) -> None:
        rested_at = time.monotonic()
        while True:
            await asyncio.sleep(_CLOCK_S)
            now = time.monotonic()
            self._governor.look(_CLOCK_S)
            while self._unconnected and self._unconnected[0][0] <= now:
                self._unconnected.popleft()[1].expire()
            if now - rested_at > _REST_EVERY_S:
                rested_at = now
                self._registry.rest(now)

    async def stop(self, reason: str) -> None:
        """Send everybody off and accept nobody more; stock clients come back by themselves."""
        for engine, endpoint in self._endpoints:
            endpoint.accepts = False
            for session in list(engine.sessions.values()):
                session.close(reason, code=frames.GOING_AWAY)
        if self._clock:
            self._clock.cancel()
        self._wheel.stop()
        await self._upgrader.close(_GOODBYE_S)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_GOODBYE_S)

    def join(self, socket: Socket, group: str) -> None:
        """Put `socket` into `group`; being there already is fine."""
        self._registry.join(socket, group)

    def leave(self, socket: Socket, group: str) -> None:
        """Take `socket` out of `group`; not being there is fine."""
        self._registry.leave(socket, group)

    def sockets(self, group: str) -> Collection[Socket]:
        return self._registry.members(group)

    def all_sockets(self) -> Collection[Socket]:
        return self._registry.sockets.values()

    def broadcast(
        self,
        group: str,
        event: str,
        payload: bytes,
        delivery: Delivery,
        *,
        key: str = "",
        without: str | None = None,
    ) -> None:
        """Send `event` with one argument, `payload` as JSON, to all of `group`; returns at once.

        `without` names a socket that is left out where that costs little: a durable notice, and any in a large group, may
        reach it all the same (clients know their own by `seq` or by who they are).
        """
        members = self._registry.get(group)
        if members:
            members.broadcast(event, payload, delivery, key, without)

    def spare_bytes_per_s(self) -> float | None:
        """Return what file transfers may use just now; `None` unless the link is full."""
        return self._governor.spare_bytes_per_s if self._governor.stage is Stage.FULL else None

    def stats(self) -> GatewayStats:
        """Return what has been counted since the start, and the state of the budget."""
        return GatewayStats.of(self.traffic, self._registry, self._governor, self._pacer)
