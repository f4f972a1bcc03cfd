"""Events that every replica hears."""

import asyncio

import structlog

from prickle.contract.events import Event
from prickle.event_bus import InProcessEventBus
from prickle.storage.bus.memory import MemoryBus, MemoryHub


class LeafFell(Event):
    """Something happened."""

    number: int


async def replica(hub: MemoryHub) -> tuple[InProcessEventBus, list[int], asyncio.Event]:
    bus = MemoryBus(hub)
    await bus.open()
    events, heard, news = InProcessEventBus(bus), [], asyncio.Event()

    async def hear(event: LeafFell) -> None:
        heard.append(event.number)
        news.set()

    events.subscribe(LeafFell, hear, structlog.get_logger())
    await events.start()
    return events, heard, news


async def test_an_event_is_heard_here_or_everywhere_as_its_publisher_wishes() -> None:
    hub = MemoryHub()
    here, heard_here, _ = await replica(hub)
    _, heard_there, news = await replica(hub)
    await here.publish(LeafFell(number=1))
    await here.publish_everywhere(LeafFell(number=2))
    assert heard_here == [1, 2]
    await asyncio.wait_for(news.wait(), 5)
    assert heard_there == [2]
