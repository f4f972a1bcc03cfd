"""The wire shapes of messages."""

from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field, model_validator

from plugins.messages.api import MAX_FILES
from prickle.contract.log import Window
from prickle.contract.payload import AfterField, IdField, Payload, Query, SeqField, Timestamp
from prickle.contract.types import Seq

TEXT_CEILING = 16_000
"""No setting allows longer texts: four bytes each, this still fits a command's 64 KB."""

ClientId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[!-~]+$")]
Text = Annotated[str, Field(min_length=1, max_length=TEXT_CEILING)]
WireTime = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""A time that the log or the record's state has in its wire form already."""


class MessageCreate(Payload):
    """`client_id` is the sender's own name for this message: sending it again returns the first one. With
    `files` (ids of uploads of the sender in this room) the text may be empty."""

    room: IdField
    text: Annotated[str, Field(max_length=TEXT_CEILING)]
    client_id: ClientId
    reply_to: SeqField | None = None
    files: Annotated[tuple[IdField, ...], Field(min_length=1, max_length=MAX_FILES)] | None = None

    @model_validator(mode="after")
    def _has_content(self) -> "MessageCreate":
        if not self.text and not self.files:
            raise ValueError("a message has a text or files")
        return self


class MessageCreated(Payload):
    """The place of the message in its room, and when it was written."""

    seq: int
    created_at: Timestamp


class MessageUpdate(Payload):
    """A new text."""

    room: IdField
    seq: SeqField
    text: Text


class MessageDelete(Payload):
    """The message goes, its place stays."""

    room: IdField
    seq: SeqField


class MessageSync(Payload):
    """`after`: the last `seq` that the client has."""

    room: IdField
    after: AfterField


class MessageView(Payload):
    """A message as it is now; a deleted one has no text. Other plugins add fields of their own, such as reactions."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", frozen=True, strict=True)

    room: IdField
    seq: SeqField
    author: IdField
    text: str | None = None
    created_at: WireTime
    edited_at: WireTime | None = None
    deleted: bool | None = None
    reply_to: SeqField | None = None
    files: list[dict[str, Any]] | None = None


class MessageChanged(Payload):
    """`message` is whole, with its own `seq`; `seq` beside it is this change's place in the log."""

    room: IdField
    seq: SeqField
    message: MessageView


class Missed(Payload):
    """`entries` are `[event, payload]` as the notices would have been; `reload`: too many, load the newest page."""

    entries: list[tuple[str, dict[str, Any]]]
    last_seq: int
    reload: bool


class HistoryQuery(Query):
    """The newest page, or the one `before`, `after` or `around` a `seq`."""

    before: SeqField | None = None
    after: AfterField | None = None
    around: SeqField | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50

    @model_validator(mode="after")
    def _one_side(self) -> "HistoryQuery":
        if len(self.model_fields_set - {"limit"}) > 1:
            raise ValueError("give one of before, after and around")
        return self

    def window(self) -> Window:
        """Return which records this asks for."""
        if self.before is not None:
            return Window(self.limit, "before", Seq(self.before))
        if self.after is not None:
            return Window(self.limit, "after", Seq(self.after))
        if self.around is not None:
            return Window(self.limit, "around", Seq(self.around))
        return Window(self.limit)
