"""What a plugin's `loadtest.py` may offer: things people do with it, found by name and done by the users."""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from prickle.plugin_loader import find_plugins

Moment = Literal["before_message", "after_message", "seen"]


class Doer(Protocol):
    """A person as a plugin's task sees one: connected, with the room open."""

    room: str
    newest_seq: int

    def tell(self, command: str, payload: dict[str, Any]) -> None:
        """Send a command, whose failure is counted."""


@dataclass(frozen=True, slots=True)
class PluginTask:
    """Something done at a moment: before or after one's own message, or when another's was seen; `share` of the times.

    `lead_s` is how long before the message; only `before_message` has one.
    """

    plugin: str
    moment: Moment
    share: float
    lead_s: float
    do: Callable[[Doer], None]


def collect(only: Sequence[str] | None = None) -> list[PluginTask]:
    """Return the tasks of the installed plugins that bring some, or of those named in `only`.

    Raises:
        LookupError: a plugin in `only` brings none.
    """
    offered = {name: found.package for name, found in find_plugins().items() if (found.folder / "loadtest.py").exists()}
    if unknown := set(only or ()) - set(offered):
        raise LookupError(
            f"no loadtest.py in {', '.join(sorted(unknown))}; there is one in {', '.join(sorted(offered))}"
        )
    tasks = []
    for plugin in sorted(offered if only is None else set(only)):
        module = importlib.import_module(f"{offered[plugin]}.loadtest")
        tasks += [PluginTask(plugin, *task) for task in module.TASKS]
    return tasks
