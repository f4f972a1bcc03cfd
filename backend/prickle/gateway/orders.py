"""Orders to every replica: shut rooms, end sockets. The lasting ones are given again when the bus may have lost them."""

import time
from collections import deque
from collections.abc import Callable
from typing import Any

import orjson

from prickle.gateway.audiences import CONTROL_CHANNEL
from prickle.storage.bus.port import Bus

KEPT_S = 600.0
MAX_KEPT = 1000
REPEAT = {"do": "repeat"}


class Orders:
    """What this replica tells the others to do, and hears from them."""

    def __init__(self, bus: Bus, obey: Callable[[dict[str, Any]], None]) -> None:
        self._bus = bus
        self._obey = obey
        self._lasting: deque[tuple[float, bytes]] = deque(maxlen=MAX_KEPT)
        bus.on_return(self._catch_up)

    async def start(self) -> None:
        await self._bus.subscribe(CONTROL_CHANNEL, self._hear)

    def give(self, order: dict[str, Any], *, lasting: bool = False) -> None:
        """Tell every other replica; one that is `lasting` may be obeyed again minutes later."""
        message = orjson.dumps(order)
        if lasting:
            self._lasting.append((time.monotonic(), message))
        self._bus.publish(CONTROL_CHANNEL, message)

    def _hear(self, message: bytes) -> None:
        order = orjson.loads(message)
        if order == REPEAT:
            self._repeat()
        else:
            self._obey(order)

    def _catch_up(self) -> None:
        """Either side may have been cut off: ask for what others said, and say again what we said."""
        self.give(REPEAT)
        self._repeat()

    def _repeat(self) -> None:
        since = time.monotonic() - KEPT_S
        for given_at, message in tuple(self._lasting):
            if given_at >= since:
                self._bus.publish(CONTROL_CHANNEL, message)
