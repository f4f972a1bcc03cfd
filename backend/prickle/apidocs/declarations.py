"""What is documented: every route, command and notice, each with the id of the plugin that declares it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from prickle.contract.gateway import Command, Notice
from prickle.contract.http import Route


@dataclass(frozen=True, slots=True)
class Declarations:
    """Pairs of a plugin's id (`core` for the core's own) and a declaration, in the order in which they are shown."""

    routes: Sequence[tuple[str, Route]] = ()
    commands: Sequence[tuple[str, Command[Any]]] = ()
    notices: Sequence[tuple[str, Notice[Any]]] = ()
    version: str = "0.0.0"
    """Prickle's version."""

    @property
    def plugins(self) -> list[str]:
        """Every plugin that declares something, in order, once."""
        return list(dict.fromkeys(plugin for plugin, _ in (*self.routes, *self.commands, *self.notices)))
