"""How other plugins hang files on messages, hear that a message has gone, and find whom a text mentions."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from prickle.contract.services import ServiceKey
from prickle.contract.types import RoomId, Seq, UserId

MAX_FILES = 10
"""Of one message."""


class AttachmentSource(Protocol):
    """Knows the files that a message may carry."""

    async def claim(self, room: RoomId, author: UserId, once: str, files: Sequence[str]) -> list[dict[str, Any]]:
        """Bind `files` to the message that `author` sends as `once`, and return how each is shown in it.

        Asked again for the same message, it answers the same.

        Raises:
            NotFound: `files.file_not_found`: not in this room, not the author's, or bound to another message.
        """

    async def attached(self, room: RoomId, seq: Seq, files: Sequence[str]) -> None:
        """The message has been written. After a crash this is not called: `Log.find` tells what became of it."""


class MessageAttachments(Protocol):
    """Where a plugin says that it keeps files."""

    def set_source(self, source: AttachmentSource) -> None:
        """Ask `source` about the files of every message from now on."""

    def on_deleted(self, handler: Callable[[RoomId, Seq], Awaitable[None]]) -> None:
        """Call `handler` after a message has been deleted, at least once, also when a crash comes in between."""

    async def update(self, room: RoomId, seq: Seq, files: Mapping[str, Mapping[str, Any]], *, author: UserId) -> None:
        """Show these files of `author`'s message in another way, each under its `id`.

        Everybody who has the room open is told. The same again changes nothing, as where the message does not carry
        them any more, or is not there.
        """


_MENTION = re.compile("<@(guest_[0-9a-hjkmnp-tv-z]{20})>")


def mentioned(text: str) -> set[UserId]:
    """Return whom a text mentions: `<@guest_id>`, so that a mention survives a change of name.

    Nothing is known about these ids but their shape: they may be of nobody, or of no member.
    """
    return {UserId(user) for user in _MENTION.findall(text)} if "<@" in text else set()


MESSAGE_ATTACHMENTS: ServiceKey[MessageAttachments] = ServiceKey("messages.attachments")
