"""The leases as one plugin sees them: its keys are its own."""

from collections.abc import Callable, Collection, Mapping

from prickle.contract.ports import Leases


class PluginLeases:
    """Puts the plugin's id before each key."""

    def __init__(self, leases: Leases, plugin_id: str) -> None:
        self._leases = leases
        self._prefix = f"{plugin_id}:"

    async def hold(self, values: Mapping[str, str]) -> None:
        await self._leases.hold({self._prefix + key: value for key, value in values.items()})

    async def drop(self, keys: Collection[str]) -> None:
        await self._leases.drop([self._prefix + key for key in keys])

    async def held(self, keys: Collection[str]) -> Mapping[str, Collection[str]]:
        found = await self._leases.held([self._prefix + key for key in keys])
        return {key.removeprefix(self._prefix): values for key, values in found.items()}

    def on_loss(self, callback: Callable[[Collection[str]], None]) -> None:
        def lost(keys: Collection[str]) -> None:
            own = [key.removeprefix(self._prefix) for key in keys if key.startswith(self._prefix)]
            if own:
                callback(own)

        self._leases.on_loss(lost)
