"""The base class of every plugin, and what the core hands to it."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from prickle.contract.blobs import Blobs
from prickle.contract.documents import Documents, Migration, Model
from prickle.contract.events import EventBus
from prickle.contract.gateway import Command, Gateway, Notice
from prickle.contract.http import Route
from prickle.contract.log import Log
from prickle.contract.ports import Clock, Leases
from prickle.contract.services import Services
from prickle.contract.settings import Section


class Logger(Protocol):
    """Structured log lines: `logger.info("room_created", room=room.id)`. The plugin's id is added."""

    def info(self, event: str, **fields: Any) -> None: ...
    def warning(self, event: str, **fields: Any) -> None: ...
    def error(self, event: str, **fields: Any) -> None: ...
    def exception(self, event: str, **fields: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class PluginContext:
    """Everything a plugin may touch. It belongs to one plugin: what is registered through it goes when the plugin stops."""

    settings: Any
    """An instance of the plugin's `Settings`."""
    documents: Documents
    blobs: Blobs
    log: Log
    gateway: Gateway
    events: EventBus
    services: Services
    clock: Clock
    leases: Leases
    logger: Logger
    secret: Callable[[str], bytes]
    """`secret("invites")`: 32 bytes that are stable for this deployment, derived for this plugin and purpose (HKDF, RFC 5869)."""
    new_id: Callable[[str], str]
    """`new_id("room")`: `room_` and 20 base32 characters, sortable by time."""
    spawn: Callable[[Coroutine[Any, Any, None], str], None]
    """Run a background task under a name; it is cancelled when the plugin stops, and a crash is logged."""


class Plugin:
    """One feature. Subclass it in `plugins/<id>/backend/plugin.py`; the core finds the one subclass there.

    `__init__` only wires objects and offers services (those of `requires` are there); nothing runs before `start`.
    State lives on the instance, never in the module: two apps in one process must not meet.
    """

    Settings: ClassVar[type[Section]] = Section
    collections: ClassVar[Sequence[type[Model]]] = ()
    migrations: ClassVar[Sequence[Migration]] = ()
    notices: ClassVar[Sequence[Notice[Any]]] = ()

    def __init__(self, context: PluginContext) -> None:
        self.context = context

    def routes(self) -> Sequence[Route]:
        """The routes it answers."""
        return ()

    def commands(self) -> Sequence[Command[Any]]:
        """The socket commands it answers."""
        return ()

    async def start(self) -> None:
        """Called when the stores are open, in the order of `requires`."""

    async def stop(self) -> None:
        """Called in reverse order before the stores close. Tasks of `spawn` have been cancelled."""
