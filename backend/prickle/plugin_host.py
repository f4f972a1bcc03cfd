"""Gives each plugin a context of its own, starts and stops it, and takes back what it registered."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

from prickle.config.refusal import Refusal
from prickle.contract.blobs import Blobs
from prickle.contract.documents import Documents
from prickle.contract.errors import ChatError
from prickle.contract.events import Event
from prickle.contract.gateway import Command, Gateway
from prickle.contract.http import Route
from prickle.contract.log import Log
from prickle.contract.plugin import Logger, Plugin, PluginContext
from prickle.contract.ports import Clock, Leases
from prickle.contract.services import ServiceKey
from prickle.contract.settings import Section
from prickle.event_bus import InProcessEventBus
from prickle.http.plugins import PluginInfo, State
from prickle.identifiers import derived_key, new_id
from prickle.plugin_leases import PluginLeases
from prickle.plugin_loader import FoundPlugin
from prickle.services import OfferedServices

E = TypeVar("E", bound=Event)
S = TypeVar("S")
T = TypeVar("T")

STOP_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True)
class SharedParts:
    """What all plugins share."""

    documents: Documents
    blobs: Blobs
    log: Log
    gateway: Gateway
    events: InProcessEventBus
    services: OfferedServices
    clock: Clock
    leases: Leases
    secret: bytes


class PluginEvents:
    """The event bus as one plugin sees it."""

    def __init__(self, bus: InProcessEventBus, logger: Logger) -> None:
        self._bus = bus
        self._logger = logger
        self._subscriptions: list[Callable[[], None]] = []

    def subscribe(self, event: type[E], handler: Callable[[E], Awaitable[None]]) -> Callable[[], None]:
        unsubscribe = self._bus.subscribe(event, handler, self._logger)
        self._subscriptions.append(unsubscribe)
        return unsubscribe

    async def publish(self, event: Event) -> None:
        await self._bus.publish(event)

    async def publish_everywhere(self, event: Event) -> None:
        await self._bus.publish_everywhere(event)

    def end(self) -> None:
        for unsubscribe in self._subscriptions:
            unsubscribe()


class PluginServices:
    """The services as one plugin sees them."""

    def __init__(self, services: OfferedServices, plugin_id: str) -> None:
        self._services = services
        self._plugin_id = plugin_id

    def offer(self, key: ServiceKey[S], service: S) -> None:
        self._services.offer(key, service, self._plugin_id)

    def get(self, key: ServiceKey[S]) -> S:
        return self._services.get(key)


class PluginHost:
    """One plugin of one app."""

    def __init__(self, found: FoundPlugin, plugin_class: type[Plugin], settings: Section, shared: SharedParts) -> None:
        self.found = found
        self.id = found.manifest.id
        self.state: State = "starting"
        self._logger: Logger = structlog.get_logger(plugin=self.id)
        self._events = PluginEvents(shared.events, self._logger)
        self._tasks: set[asyncio.Task[None]] = set()
        context = PluginContext(
            settings=settings,
            documents=shared.documents,
            blobs=shared.blobs,
            log=shared.log,
            gateway=shared.gateway,
            events=self._events,
            services=PluginServices(shared.services, self.id),
            clock=shared.clock,
            leases=PluginLeases(shared.leases, self.id),
            logger=self._logger,
            secret=lambda purpose: derived_key(shared.secret, f"{self.id}/{purpose}"),
            new_id=new_id,
            spawn=self._spawn,
        )
        try:
            self.plugin = plugin_class(context)
        except (Refusal, ChatError):
            raise
        except Exception as error:
            raise Refusal(f"plugin {self.id} cannot be set up: {error!r}") from error

    @property
    def info(self) -> PluginInfo:
        manifest = self.found.manifest
        return PluginInfo(
            id=manifest.id,
            version=manifest.version,
            summary=manifest.summary,
            state=self.state,
            slots=manifest.slots,
        )

    def routes(self) -> Sequence[Route]:
        """Raises:
        Refusal: the plugin cannot tell them.
        """
        return self._declared(self.plugin.routes)

    def commands(self) -> Sequence[Command[Any]]:
        """Raises:
        Refusal: the plugin cannot tell them.
        """
        return self._declared(self.plugin.commands)

    def _declared(self, declare: Callable[[], Sequence[T]]) -> Sequence[T]:
        try:
            return declare()
        except Exception as error:
            raise Refusal(f"plugin {self.id} cannot be set up: {error!r}") from error

    async def start(self) -> None:
        """Raises:
        Refusal: the plugin cannot start; with its id and the reason.
        """
        try:
            await self.plugin.start()
        except Refusal:
            raise
        except Exception as error:
            reason = error.message if isinstance(error, ChatError) else repr(error)
            raise Refusal(f"plugin {self.id} cannot start: {reason}") from error
        self.state = "running"

    async def stop(self) -> None:
        """Take back what it registered; its own `stop` is called only if it has started."""
        for task in tuple(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_TIMEOUT_S)
        self._events.end()
        try:
            if self.state == "running":
                async with asyncio.timeout(STOP_TIMEOUT_S):
                    await self.plugin.stop()
        except Exception as error:  # the others are to stop too
            self._logger.exception("plugin_stop_failed", error=repr(error))
        self.state = "stopped"

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=f"{self.id}: {name}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._logger.error("background_task_failed", task=task.get_name(), error=repr(error), exc_info=error)
