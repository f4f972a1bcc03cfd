"""What is documented: every route, command and notice, each with the id of the plugin that declares it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from prickle.contract.gateway import Command, Notice
from prickle.contract.http import Route

HTTP_DESCRIPTION = (
    "What is not live goes over HTTP; what is live, over the socket (see the AsyncAPI document). "
    "A guest's token is sent as `Authorization: Bearer`. Every refusal carries the same error object. "
    "A list that goes on has the header `X-Next-Cursor`."
)


SOCKET_DESCRIPTION = (
    "Plain Socket.IO 5 on `/socket.io/`, the token in the `auth` payload: `{token}`. Each command is answered by its ack, "
    "`{ok: true, data}` or `{ok: false, error}`. Durable notices are entries of a room's log, numbered by `seq` without "
    "gaps; whoever sees a hole asks `messages.sync`."
)


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
