"""In-process publish and subscribe of typed events between plugins."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from prickle.contract.events import Event
from prickle.contract.plugin import Logger

E = TypeVar("E", bound=Event)


class InProcessEventBus:
    """One per app; a plugin sees it through `PluginEvents`."""

    def __init__(self) -> None:
        self._handlers: dict[type[Event], list[tuple[Logger, Callable[[Event], Awaitable[None]]]]] = {}

    def subscribe(self, event: type[E], handler: Callable[[E], Awaitable[None]], logger: Logger) -> Callable[[], None]:
        """Call `handler` for each `event`; `logger` is its plugin's, for when it raises."""
        handlers = self._handlers.setdefault(event, [])
        subscription = (logger, handler)
        handlers.append(subscription)  # type: ignore[arg-type]  # it is kept under the very type that it takes

        def unsubscribe() -> None:
            if subscription in handlers:
                handlers.remove(subscription)

        return unsubscribe

    async def publish(self, event: Event) -> None:
        """Run every handler of the event's type, one after the other; one that raises stops no other."""
        for logger, handler in tuple(self._handlers.get(type(event), ())):
            try:
                await handler(event)
            except Exception as error:  # a subscriber's defect is its own
                logger.exception("event_handler_failed", event_type=type(event).__name__, error=repr(error))
