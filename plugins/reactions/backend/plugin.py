"""Wires reactions."""

from collections.abc import Sequence
from typing import Any

from plugins.reactions.backend.notices import UPDATED
from plugins.reactions.backend.service import ReactionService
from plugins.reactions.backend.settings import ReactionSettings
from plugins.reactions.backend.sockets import ReactionCommands
from prickle.contract.gateway import Command
from prickle.contract.plugin import Plugin


class ReactionsPlugin(Plugin):
    """Emoji on messages."""

    Settings = ReactionSettings
    notices = (UPDATED,)

    def commands(self) -> Sequence[Command[Any]]:
        return ReactionCommands(ReactionService(self.context.log, self.context.settings)).all()
