"""Wires guest identity."""

from collections.abc import Sequence
from typing import Any

from plugins.auth.api import GUESTS
from plugins.auth.backend.guests import Guests
from plugins.auth.backend.links import DeviceLinks
from plugins.auth.backend.models import DeviceLink, Guest, Session
from plugins.auth.backend.routes import AuthRoutes
from plugins.auth.backend.sessions import Sessions
from plugins.auth.backend.settings import AuthSettings
from plugins.auth.backend.sockets import auth_update
from plugins.auth.backend.store import AuthStore
from plugins.auth.backend.sweep import Sweep
from plugins.auth.backend.tokens import TokenSigner
from prickle.contract.gateway import Command
from prickle.contract.http import Route
from prickle.contract.plugin import Plugin, PluginContext
from prickle.contract.services import AUTHENTICATOR


class AuthPlugin(Plugin):
    """Guests, their sessions and one-time links to other devices."""

    Settings = AuthSettings
    collections = (Guest, Session, DeviceLink)

    def __init__(self, context: PluginContext) -> None:
        super().__init__(context)
        settings: AuthSettings = context.settings
        store = AuthStore(context.documents)
        signer = TokenSigner.from_settings(settings, context.secret("tokens"))
        self._guests = Guests(store, context.clock, context.new_id, context.settings.max_name_characters)
        self._sessions = Sessions(
            store, signer, settings, context.clock, context.gateway, context.events, context.new_id
        )
        self._links = DeviceLinks(store, settings, context.clock)
        self._sweep = Sweep(store, settings, context.clock, context.events, context.logger)
        self._sessions.attach()
        context.services.offer(AUTHENTICATOR, self._sessions)
        context.services.offer(GUESTS, self._guests)

    def routes(self) -> Sequence[Route]:
        return AuthRoutes(self._guests, self._sessions, self._links, self.context.settings).all()

    def commands(self) -> Sequence[Command[Any]]:
        return (auth_update(self._sessions),)

    async def start(self) -> None:
        self.context.spawn(self._sweep.run(), "sweep")
