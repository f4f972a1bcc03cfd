"""`GET /api/plugins`: what is enabled, for the webapp to load its UI and for people to see."""

from collections.abc import Callable, Sequence
from typing import Literal

from prickle.contract import CORE_VERSION
from prickle.contract.http import Request, Route
from prickle.contract.payload import Payload

State = Literal["starting", "running", "stopped"]


class PluginInfo(Payload):
    """One enabled plugin. `slots` are the places of the webapp that its UI fills; none: it has no UI."""

    id: str
    version: str
    summary: str
    state: State
    slots: tuple[str, ...]


class PluginList(Payload):
    """The enabled plugins in the order in which they were set up."""

    core: str
    plugins: tuple[PluginInfo, ...]


def plugins_route(plugins: Callable[[], Sequence[PluginInfo]]) -> Route:
    async def listed(_: Request) -> PluginList:
        return PluginList(core=CORE_VERSION, plugins=tuple(plugins()))

    return Route("GET", "/api/plugins", listed, result=PluginList, auth="none", summary="The enabled plugins.")
