"""Wires messages."""

from collections.abc import Sequence
from typing import Any

from plugins.messages.api import MESSAGE_ATTACHMENTS
from plugins.messages.backend.attachments import Attachments
from plugins.messages.backend.notices import NOTICES
from plugins.messages.backend.routes import MessageRoutes
from plugins.messages.backend.service import MessageService
from plugins.messages.backend.settings import MessageSettings
from plugins.messages.backend.sockets import MessageCommands
from plugins.rooms.api import ROOM_DIRECTORY
from prickle.contract.gateway import Command
from prickle.contract.http import Route
from prickle.contract.plugin import Plugin, PluginContext


class MessagesPlugin(Plugin):
    """Messages and their history."""

    Settings = MessageSettings
    notices = NOTICES

    def __init__(self, context: PluginContext) -> None:
        super().__init__(context)
        rooms = context.services.get(ROOM_DIRECTORY)
        attachments = Attachments(context.log)
        context.services.offer(MESSAGE_ATTACHMENTS, attachments)
        self._service = MessageService(context.log, rooms, attachments, context.settings, context.clock)

    def routes(self) -> Sequence[Route]:
        return MessageRoutes(self._service, self.context.log).all()

    def commands(self) -> Sequence[Command[Any]]:
        return MessageCommands(self._service, self.context.log, self.context.settings).all()
