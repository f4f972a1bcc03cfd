"""The rules of messages. A message is a record of its room's log, so other plugins may revise it with their own notices."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from plugins.messages.backend.attachments import Attachments
from plugins.messages.backend.notices import CREATED, DELETED, UPDATED
from plugins.messages.backend.settings import MessageSettings
from plugins.messages.backend.text import checked_text
from plugins.rooms.api import RoomDirectory
from prickle.contract.errors import Conflict, Forbidden, NotFound
from prickle.contract.log import Log, Page, Record, Revision, Window
from prickle.contract.payload import wire_time
from prickle.contract.ports import Clock
from prickle.contract.types import RoomId, Seq, UserId


class MessageService:
    """Sends, edits, deletes and reads. Callers have checked that the guest is a member of the room."""

    def __init__(
        self, log: Log, rooms: RoomDirectory, attachments: Attachments, settings: MessageSettings, clock: Clock
    ) -> None:
        self._log = log
        self._attachments = attachments
        self._rooms = rooms
        self._max_text_characters = settings.max_text_characters
        self._max_mentions = settings.max_mentions
        self._clock = clock

    async def create(
        self,
        room: RoomId,
        author: UserId,
        text: str,
        *,
        client_id: str,
        reply_to: Seq | None = None,
        files: Sequence[str] = (),
    ) -> Record:
        """Write a message and send it to everybody who has the room open.

        A second call of the same author with the same `client_id` in this room returns the first message.

        Raises:
            InvalidInput: `messages.text_blank`, `messages.text_too_long` or `messages.too_many_mentions`.
            NotFound: `messages.message_not_found`: what it replies to; `files.file_not_found`.
        """
        state: dict[str, Any] = {}
        if text or not files:
            state["text"] = self._checked(text)
        if reply_to is not None:
            state["reply_to"] = (await self.get(room, reply_to)).seq
        if files:
            state["files"] = await self._attachments.claim(room, author, client_id, files)
        message = await self._log.record(room, CREATED, state, author=author, once=client_id)
        if files:
            await self._attachments.attached(room, message.seq, files)
        return message

    async def update(self, room: RoomId, seq: Seq, editor: UserId, text: str) -> Record:
        """Give one's own message another text. The same text again changes nothing.

        Raises:
            InvalidInput: `messages.text_blank`, `messages.text_too_long` or `messages.too_many_mentions`.
            NotFound: `messages.message_not_found`.
            Forbidden: `messages.not_author`.
            Conflict: `messages.deleted`.
        """
        new_text = self._checked(text)

        def change(message: Record) -> Revision | None:
            if message.author != editor:
                raise Forbidden("messages.not_author", "Only its author may edit a message.")
            if message.state.get("deleted"):
                raise Conflict("messages.deleted", "This message has been deleted.")
            if message.state.get("text") == new_text:
                return None
            return Revision({**message.state, "text": new_text, "edited_at": wire_time(self._clock.now())})

        with _no_record_is_no_message():
            return await self._log.revise(room, seq, UPDATED, change, author=editor)

    async def delete(self, room: RoomId, seq: Seq, deleter: UserId) -> Record:
        """Leave a tombstone, as the author or as the room's maker. Deleting it again changes nothing.

        Raises:
            NotFound: `messages.message_not_found`.
            Forbidden: `messages.not_author`.
        """
        message = await self.get(room, seq)
        if message.author != deleter and await self._rooms.created_by(room) != deleter:
            raise Forbidden("messages.not_author", "Only its author or the room's maker may delete a message.")
        return await self._log.revise(room, seq, DELETED, _tombstone, author=deleter)

    async def get(self, room: RoomId, seq: Seq) -> Record:
        """Return one message as it is now.

        Raises:
            NotFound: `messages.message_not_found`.
        """
        with _no_record_is_no_message():
            return await self._log.get(room, seq)

    async def history(self, room: RoomId, window: Window) -> Page:
        """Return messages as they are now, newest first, tombstones included."""
        return await self._log.page(room, window)

    def _checked(self, text: str) -> str:
        return checked_text(text, self._max_text_characters, self._max_mentions)


def _tombstone(message: Record) -> Revision | None:
    return None if message.state.get("deleted") else Revision({"deleted": True})


@contextmanager
def _no_record_is_no_message() -> Iterator[None]:
    try:
        yield
    except NotFound as error:
        raise NotFound("messages.message_not_found", "There is no such message in this room.") from error
