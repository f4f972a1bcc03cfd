"""Keeps what plugins offer each other, under typed keys."""

from typing import Any, TypeVar

from prickle.config.refusal import Refusal
from prickle.contract.services import ServiceKey

S = TypeVar("S")


class OfferedServices:
    """One per app; a plugin sees it through `PluginServices`."""

    def __init__(self) -> None:
        self._services: dict[str, tuple[str, Any]] = {}

    def offer(self, key: ServiceKey[S], service: S, plugin_id: str) -> None:
        """Raises:
        Refusal: another plugin offers this key.
        """
        other, _ = self._services.setdefault(key.name, (plugin_id, service))
        if other != plugin_id:
            raise Refusal(f"plugins {other} and {plugin_id} both offer the service {key.name}")

    def get(self, key: ServiceKey[S]) -> S:
        """Raises:
        Refusal: no enabled plugin offers this key.
        """
        if key.name not in self._services:
            raise Refusal(f"no enabled plugin offers the service {key.name}")
        service: S = self._services[key.name][1]
        return service
