from typing import Any

import pytest
import structlog
from pydantic import ValidationError

from prickle.contract.events import Event
from prickle.event_bus import InProcessEventBus
from prickle.storage.bus.memory import MemoryBus


class Rained(Event):
    """An event."""

    litres: int


class Snowed(Rained):
    """Another one, which is not delivered as the first."""


@pytest.fixture
def bus() -> InProcessEventBus:
    return InProcessEventBus(MemoryBus())


def logged(lines: list[dict[str, Any]]) -> Any:
    return structlog.wrap_logger(None, processors=[lambda _logger, _method, line: lines.append(line) or _drop()])


def _drop() -> Any:
    raise structlog.DropEvent


async def test_every_subscriber_is_called_in_order(bus: InProcessEventBus) -> None:
    seen: list[Any] = []

    def subscriber(name: str) -> Any:
        async def handle(event: Rained) -> None:
            seen.append((name, event.litres))

        return handle

    for name in ("a", "b"):
        bus.subscribe(Rained, subscriber(name), logged([]))
    await bus.publish(Rained(litres=3))
    assert seen == [("a", 3), ("b", 3)]


async def test_nobody_listening_is_fine_and_other_types_are_not_told(bus: InProcessEventBus) -> None:
    seen: list[Any] = []

    async def handle(event: Rained) -> None:
        seen.append(event)

    bus.subscribe(Rained, handle, logged([]))
    await bus.publish(Snowed(litres=1))
    assert seen == []


async def test_one_that_raises_is_logged_with_its_plugin_and_stops_no_other(bus: InProcessEventBus) -> None:
    seen: list[Any] = []
    lines: list[dict[str, Any]] = []

    async def broken(_event: Rained) -> None:
        raise ZeroDivisionError("a defect")

    async def handle(event: Rained) -> None:
        seen.append(event)

    bus.subscribe(Rained, broken, logged(lines).bind(plugin="weather"))
    bus.subscribe(Rained, handle, logged([]))
    await bus.publish(Rained(litres=1))
    assert len(seen) == 1
    assert (lines[0]["plugin"], lines[0]["event"], lines[0]["event_type"]) == (
        "weather",
        "event_handler_failed",
        "Rained",
    )


async def test_of_two_equal_subscriptions_one_may_end_twice(bus: InProcessEventBus) -> None:
    seen: list[Any] = []

    async def handle(event: Rained) -> None:
        seen.append(event)

    logger = logged([])
    end = bus.subscribe(Rained, handle, logger)
    bus.subscribe(Rained, handle, logger)
    end()
    end()
    await bus.publish(Rained(litres=1))
    assert len(seen) == 1


async def test_a_handler_may_end_its_own_subscription(bus: InProcessEventBus) -> None:
    seen: list[Any] = []

    async def once(event: Rained) -> None:
        seen.append(event)
        end()

    end = bus.subscribe(Rained, once, logged([]))
    for litres in (1, 2):
        await bus.publish(Rained(litres=litres))
    assert [event.litres for event in seen] == [1]


def test_an_event_is_closed_and_frozen() -> None:
    with pytest.raises(ValidationError):
        Rained(litres=1, where="here")  # type: ignore[call-arg]
    with pytest.raises(ValidationError):
        Rained(litres=1).litres = 2  # type: ignore[misc]
