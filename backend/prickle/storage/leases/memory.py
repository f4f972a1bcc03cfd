"""The leases of replicas in one process: one in a plain deployment, several in tests."""

from collections.abc import Callable, Collection, Mapping


class MemoryLeaseHub:
    """Where the leases of one process meet."""

    def __init__(self) -> None:
        self.replicas: list[MemoryLeases] = []

    def crash(self, replica: "MemoryLeases") -> None:
        """Let the leases of a replica expire that has died and dropped nothing."""
        self.replicas.remove(replica)
        if self.replicas:
            self.replicas[0].lost(list(replica.holdings))


class MemoryLeases:
    """Replicas of one process live as long as it does, so nothing here expires by itself."""

    def __init__(self, hub: MemoryLeaseHub | None = None) -> None:
        self._hub = hub or MemoryLeaseHub()
        self._callbacks: list[Callable[[Collection[str]], None]] = []
        self.holdings: dict[str, str] = {}

    async def open(self) -> None:
        self._hub.replicas.append(self)

    async def close(self) -> None:
        self.holdings.clear()
        if self in self._hub.replicas:
            self._hub.replicas.remove(self)

    async def hold(self, values: Mapping[str, str]) -> None:
        self.holdings.update(values)

    async def drop(self, keys: Collection[str]) -> None:
        for key in keys:
            self.holdings.pop(key, None)

    async def held(self, keys: Collection[str]) -> Mapping[str, Collection[str]]:
        found = {key: [each.holdings[key] for each in self._hub.replicas if key in each.holdings] for key in keys}
        return {key: values for key, values in found.items() if values}

    def on_loss(self, callback: Callable[[Collection[str]], None]) -> None:
        self._callbacks.append(callback)

    def lost(self, keys: Collection[str]) -> None:
        """Another replica has died."""
        for callback in self._callbacks:
            callback(keys)
