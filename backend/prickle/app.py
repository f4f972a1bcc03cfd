"""The only place where parts meet: from settings to a Sanic app with its plugins."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from sanic import Sanic

from prickle import __version__
from prickle.apidocs import Declarations, documentation_routes
from prickle.clock import SystemClock
from prickle.config.loading import check_plugin_sections, load_core, load_plugin
from prickle.config.refusal import Refusal
from prickle.config.sources import RawSettings
from prickle.contract.errors import Unavailable
from prickle.contract.ports import Clock
from prickle.contract.services import AUTHENTICATOR, MEMBERSHIP
from prickle.declarations import check_collections, check_one_owner, route_name
from prickle.engines import Schema, choose_engines
from prickle.event_bus import InProcessEventBus
from prickle.gateway.connection import CLOSED
from prickle.gateway.connections import Connections
from prickle.gateway.dispatch import Dispatch
from prickle.gateway.realtime import Realtime
from prickle.gateway.server import SocketServer
from prickle.gateway.sessions import SocketSessions
from prickle.http.edge import HttpEdge
from prickle.http.errors import JsonErrors
from prickle.http.health import health_routes
from prickle.http.metrics import LoopLag, metrics_route
from prickle.http.plugins import plugins_route
from prickle.http.proxies import Proxies
from prickle.http.request import LenientRequest
from prickle.http.webapp import Webapp
from prickle.identifiers import new_id
from prickle.log.models import LogEntry
from prickle.log.room_log import RoomLog
from prickle.plugin_host import PluginHost, SharedParts
from prickle.plugin_loader import choose_plugins, find_plugins, load_class
from prickle.secret import deployment_secret
from prickle.services import OfferedServices
from prickle.storage.bus.port import Bus

if TYPE_CHECKING:
    from prickle.contract.documents import Model
    from prickle.contract.gateway import Notice

PACKAGE = Path(__file__).parent


def create_app(raw: RawSettings, *, clock: Clock | None = None, bus: Bus | None = None) -> Sanic[Any, Any]:
    """Return the app; its `ctx.prickle` holds the parts. Stores are opened when the server starts.

    Raises:
        Refusal: it cannot start like this.
    """
    prickle = Prickle(raw, clock or SystemClock(), bus)
    return prickle.sanic


class Prickle:
    """One replica."""

    def __init__(self, raw: RawSettings, clock: Clock, bus: Bus | None) -> None:
        self.settings = settings = load_core(raw)
        self._logger = structlog.get_logger(plugin="core")
        found = find_plugins()
        check_plugin_sections(raw, found)
        chosen = [(plugin, load_class(plugin)) for plugin in choose_plugins(found, settings.plugins.enabled)]
        check_collections([(plugin.manifest.id, loaded) for plugin, loaded in chosen], [LogEntry])

        self.models: list[type[Model]] = [LogEntry, *(model for _, loaded in chosen for model in loaded.collections)]
        schema = Schema(self.models, [step for _, loaded in chosen for step in loaded.migrations])
        _check_writable(settings.storage.data_dir)
        self.engines = engines = choose_engines(settings, schema, clock, bus, self._logger)
        self.documents = engines.documents
        self.events = InProcessEventBus(engines.bus)
        self.services = OfferedServices()
        self.connections = Connections()
        self.realtime = Realtime(self.connections, engines.bus, self.events, settings.limits.open_rooms_per_socket)
        self.log = RoomLog(self.documents, engines.bus, self.realtime.fan_out, self.realtime, clock, self._logger)
        shared = SharedParts(
            documents=self.documents,
            blobs=engines.blobs,
            log=self.log,
            gateway=self.realtime,
            events=self.events,
            services=self.services,
            clock=clock,
            leases=engines.leases,
            secret=deployment_secret(settings.security.secret.get_secret_value(), settings.storage.data_dir),
        )
        self.plugins = [
            PluginHost(plugin, loaded, load_plugin(plugin.manifest.id, loaded.Settings, raw), shared)
            for plugin, loaded in chosen
        ]
        self.lag = LoopLag()
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.declared = self._declarations()
        self.sanic = self._build(clock)

    def _declarations(self) -> Declarations:
        core = [
            *health_routes({"documents": self._documents_answer, "bus": self._bus_answers}, self._gateway_state),
            metrics_route(lambda: self.server.stats(), self.outcomes, self.lag),
            plugins_route(lambda: [plugin.info for plugin in self.plugins]),
            *documentation_routes(lambda: self.declared),
        ]
        routes = [("core", route) for route in core]
        routes += [(host.id, route) for host in self.plugins for route in host.routes()]
        commands = [(host.id, command) for host in self.plugins for command in host.commands()]
        notices: list[tuple[str, Notice[Any]]] = [("core", CLOSED)]
        notices += [(host.id, notice) for host in self.plugins for notice in host.plugin.notices]
        check_one_owner("route", [(owner, route_name(route)) for owner, route in routes])
        check_one_owner("command", [(owner, command.name) for owner, command in commands])
        check_one_owner("notice", [(owner, notice.name) for owner, notice in notices])
        return Declarations(routes, commands, notices, __version__)

    def _build(self, clock: Clock) -> Sanic[Any, Any]:
        settings = self.settings
        authenticator, membership = self.services.get(AUTHENTICATOR), self.services.get(MEMBERSHIP)
        self.dispatch = Dispatch(membership, self.engines.rates, settings.limits, self._logger, self.outcomes)
        for _, command in self.declared.commands:
            self.dispatch.add(command)
        self.sessions = SocketSessions(
            authenticator,
            self.dispatch,
            self.realtime,
            self.connections,
            self.events,
            settings.limits,
            clock,
            self._logger,
        )
        self.server = SocketServer(settings.gateway, self.sessions)
        self.server.traffic.declare([command.name for _, command in self.declared.commands])
        self.realtime.connect_to(self.server, self.log.closed)
        sanic = _sanic(JsonErrors(self._logger, Webapp(_webapp_folder())))
        sanic.config.REQUEST_MAX_SIZE = max(route.max_body_bytes for _, route in self.declared.routes)
        proxies = Proxies(settings.gateway.trusted_proxies, settings.server.public_url)
        edge = HttpEdge(authenticator, membership, self.engines.rates, proxies)
        for owner, route in self.declared.routes:
            edge.mount(sanic, route, owner)
        self.server.attach(sanic)
        sanic.ctx.prickle = self
        sanic.before_server_start(self.start)
        sanic.before_server_stop(self.send_off)
        sanic.after_server_stop(self.stop)
        return sanic

    async def start(self, *_: object) -> None:
        """Open the stores, finish what a crash left, start the plugins.

        Raises:
            Refusal: a store or a plugin cannot start.
        """
        await self.engines.open()
        try:
            await self.events.start()
            await self.realtime.start()
            await self.log.start()
            for host in self.plugins:
                await host.start()
        except BaseException:
            await self.stop()
            raise
        self.sessions.start(self.server)
        self.lag.start()

    async def send_off(self, *_: object) -> None:
        """Let the commands that have begun end, then end all sockets; requests under way still have their stores."""
        await self.dispatch.stop()
        self.sessions.stop()
        await self.server.stop("core.server_stopping")

    async def stop(self, *_: object) -> None:
        """Stop the plugins and close the stores."""
        await self.lag.stop()
        for host in reversed(self.plugins):
            await host.stop()
        await self.log.stop()
        await self.engines.close()

    def _gateway_state(self) -> dict[str, Any]:
        stats = self.server.stats()
        names = ["sockets", "stage", "link_use", "wait_ms", "cpu_use"]
        names += ["link_bytes_per_s", "stage_thresholds", "sent_bytes"]
        # Behind a balancer two answers may come from two replicas: their counters must not be compared.
        return {"replica": self.sanic.name, **{name: getattr(stats, name) for name in names}}

    async def _documents_answer(self) -> None:
        await self.documents.check()

    async def _bus_answers(self) -> None:
        if not self.engines.bus.healthy:
            raise Unavailable("core.bus_unavailable", "The bus between replicas is away.", retry_after_s=2)


def _sanic(errors: JsonErrors) -> Sanic[Any, Any]:
    # The name is new each time: Sanic keeps a registry of names per process, and tests run several apps in one.
    sanic = Sanic(new_id("prickle"), error_handler=errors, request_class=LenientRequest, configure_logging=False)
    sanic.config.AUTO_EXTEND = False
    sanic.config.ACCESS_LOG = False
    sanic.config.MOTD = False
    sanic.config.TOUCHUP = False  # it rewrites Sanic's own methods for one app per process
    # Above nginx's, which is above the load balancer's 300: nobody sends into a connection that is closing.
    sanic.config.KEEP_ALIVE_TIMEOUT = 330
    sanic.config.RESPONSE_TIMEOUT = 120
    return sanic


def _check_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Refusal(f"data folder {folder} is not writable: {error.strerror or error}") from error


def _webapp_folder() -> Path:
    """The wheel holds the built webapp; a checkout has it where the webapp's own build puts it."""
    packed = PACKAGE / "webapp_dist"
    return packed if packed.is_dir() else PACKAGE.parents[1] / "webapp" / "dist"
