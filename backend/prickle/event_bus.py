"""Publish and subscribe of typed events between plugins, in this process and, where asked for, in the other replicas."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import orjson

from prickle.contract.events import Event
from prickle.contract.plugin import Logger
from prickle.storage.bus.port import Bus

E = TypeVar("E", bound=Event)

CHANNEL = "events"


class InProcessEventBus:
    """One per app; a plugin sees it through `PluginEvents`."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._handlers: dict[type[Event], list[tuple[Logger, Callable[[Event], Awaitable[None]]]]] = {}
        self._heard: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        await self._bus.subscribe(CHANNEL, self._hear)

    def subscribe(self, event: type[E], handler: Callable[[E], Awaitable[None]], logger: Logger) -> Callable[[], None]:
        """Call `handler` for each `event`; `logger` is its plugin's, for when it raises."""
        handlers = self._handlers.setdefault(event, [])
        subscription = (logger, handler)
        handlers.append(subscription)  # type: ignore[arg-type]  # it is kept under the very type that it takes

        def unsubscribe() -> None:
            handlers[:] = [other for other in handlers if other is not subscription]  # equal ones are others

        return unsubscribe

    async def publish(self, event: Event) -> None:
        """Run every handler of the event's type, one after the other; one that raises stops no other."""
        for logger, handler in tuple(self._handlers.get(type(event), ())):
            try:
                await handler(event)
            except Exception as error:  # a subscriber's defect is its own
                logger.exception("event_handler_failed", event_type=type(event).__name__, error=repr(error))

    async def publish_everywhere(self, event: Event) -> None:
        """Run the handlers here and on the other replicas."""
        self._bus.publish(CHANNEL, orjson.dumps([_name(type(event)), event.model_dump(mode="json")]))
        await self.publish(event)

    def _hear(self, message: bytes) -> None:
        name, fields = orjson.loads(message)
        for event in self._handlers:
            if _name(event) == name:
                task = asyncio.create_task(self.publish(event.model_validate(fields)), name=f"event {name}")
                self._heard.add(task)
                task.add_done_callback(self._heard.discard)


def _name(event: type[Event]) -> str:
    return f"{event.__module__}.{event.__qualname__}"
