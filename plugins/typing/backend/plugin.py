"""Wires typing."""

from collections.abc import Sequence
from typing import Any

from plugins.typing.backend.notices import MEMBER_LEFT, MESSAGE_CREATED, UPDATED
from plugins.typing.backend.service import Typists
from plugins.typing.backend.settings import TypingSettings
from plugins.typing.backend.sockets import TypingCommands
from prickle.contract.events import RoomClosed, RoomOpened
from prickle.contract.gateway import Command
from prickle.contract.plugin import Plugin, PluginContext


class TypingPlugin(Plugin):
    """Who is writing."""

    Settings = TypingSettings
    notices = (UPDATED,)

    def __init__(self, context: PluginContext) -> None:
        super().__init__(context)
        self._typists = Typists(context.gateway, context.clock, context.settings.max_open_sockets)
        context.log.watch(MESSAGE_CREATED, self._typists.message_created)
        context.log.watch(MEMBER_LEFT, self._typists.member_left)
        context.events.subscribe(RoomOpened, self._typists.room_opened)
        context.events.subscribe(RoomClosed, self._typists.room_closed)

    def commands(self) -> Sequence[Command[Any]]:
        return TypingCommands(self._typists).all()
