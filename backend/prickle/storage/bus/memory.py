"""The bus of replicas in one process: one in a plain deployment, several in tests."""

import asyncio
from collections.abc import Callable

from prickle.storage.bus.port import Receiver
from prickle.storage.leases.memory import MemoryLeaseHub, MemoryLeases


class MemoryHub:
    """Where the buses, and the leases, of the replicas in one process meet."""

    def __init__(self) -> None:
        self.buses: list[MemoryBus] = []
        self.leases = MemoryLeaseHub()

    def crash(self, bus: "MemoryBus", leases: MemoryLeases) -> None:
        """Do what becomes of a replica that dies: it says and hears nothing more, and its leases expire."""
        self.buses.remove(bus)
        self.leases.crash(leases)


class MemoryBus:
    """Hands messages over in the order in which they were published, to the other buses of the same hub."""

    healthy = True

    def __init__(self, hub: MemoryHub | None = None) -> None:
        self.hub = hub or MemoryHub()
        self._receivers: dict[str, Receiver] = {}

    async def open(self) -> None:
        self.hub.buses.append(self)

    async def close(self) -> None:
        if self in self.hub.buses:
            self.hub.buses.remove(self)

    def publish(self, channel: str, message: bytes) -> None:
        # Not in the midst of whatever publishes: as over a network, the publisher has ended its step before others answer.
        for bus in self.hub.buses if self in self.hub.buses else ():
            if bus is not self:
                asyncio.get_running_loop().call_soon(bus._hand_over, channel, message)

    def _hand_over(self, channel: str, message: bytes) -> None:
        if receiver := self._receivers.get(channel):
            receiver(message)

    async def subscribe(self, channel: str, receiver: Receiver) -> None:
        self._receivers[channel] = receiver

    def unsubscribe(self, channel: str) -> None:
        self._receivers.pop(channel, None)

    def on_return(self, callback: Callable[[], None]) -> None:
        """Nothing is ever lost here."""
