"""The wire shapes of rooms."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from plugins.rooms.backend.models import Visibility
from prickle.contract.emoji import EmojiField
from prickle.contract.payload import AfterField, IdField, NameField, Payload, Query, SeqField, Timestamp

LimitField = Annotated[int, Field(ge=1, le=100)]


class RoomCreate(Payload):
    """Either a room with a name, or `direct`: the one private room with another guest."""

    name: NameField | None = None
    visibility: Visibility = "private"
    icon: EmojiField | None = None
    direct: IdField | None = None

    @model_validator(mode="after")
    def _named_or_direct(self) -> "RoomCreate":
        if self.direct is None and self.name is None:
            raise ValueError("needs a name, or direct")
        if self.direct is not None and self.model_fields_set - {"direct"}:
            raise ValueError("direct stands alone")
        return self


class RoomUpdate(Payload):
    """What is left out stays as it is; an icon of `null` goes away."""

    name: NameField = ""
    visibility: Visibility = "private"
    icon: EmojiField | None = None

    def changes(self) -> dict[str, Any]:
        """Return the fields that were given."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class RoomView(Payload):
    """A room as one guest sees it: a direct room carries the other guest's name and id."""

    id: str
    name: str
    visibility: Visibility
    icon: str | None = None
    created_by: str
    created_at: Timestamp
    member_count: int
    last_seq: int
    direct: str | None = None
    online: int | None = None
    """In lists, about how many members are there; absent where nobody counts them."""


class OpenRoomView(Payload):
    """What a public room shows to those who have not given a name yet."""

    id: str
    name: str
    icon: str | None = None
    member_count: int
    online: int | None = None


class RoomsQuery(Query):
    """`scope=mine`: all rooms that the caller is a member of. `q` is part of a name, in any case."""

    scope: Annotated[str, Field(pattern=r"^(public|mine)$")] = "mine"
    q: Annotated[str, Field(max_length=64)] = ""
    limit: LimitField = 50
    cursor: IdField | None = None


class PageQuery(Query):
    """A page of a list; `cursor` is the `X-Next-Cursor` of the page before."""

    limit: LimitField = 50
    cursor: IdField | None = None


class MemberView(Payload):
    """A member of a room."""

    user: str
    joined_at: Timestamp


class InviteCreate(Payload):
    """How long the invite holds; without it, as the settings say."""

    expires_in_s: Annotated[int, Field(ge=1, le=10 * 365 * 86_400)] | None = None


class InviteView(Payload):
    """An invite; the token stands in the fragment of `url`, which no server and no Referer ever sees."""

    token: str
    url: str
    expires_at: Timestamp


class InvitedRoom(Payload):
    """What an invite tells about its room before it is accepted."""

    name: str
    icon: str | None = None


class InvitePreview(Payload):
    """What an invite opens, and until when."""

    room: InvitedRoom
    expires_at: Timestamp


class RoomJoin(Payload):
    """`after`: the last `seq` that the client has; what came since is returned."""

    room: IdField
    after: AfterField | None = None


class RoomName(Payload):
    """A room by its id."""

    room: IdField


class RoomJoined(Payload):
    """`entries` are `[event, payload]` as the notices would have been; with `reload` there are too many of them."""

    room: RoomView
    last_seq: int
    entries: list[tuple[str, dict[str, Any]]] | None = None
    reload: bool | None = None


class RoomUpdatedNotice(Payload):
    """The room as it is now; how many members it has follows from `rooms.joined` and `rooms.left`."""

    room: IdField
    seq: SeqField
    name: str
    visibility: Visibility
    icon: str | None = None


class MemberNotice(Payload):
    """Who joined or left."""

    room: IdField
    seq: SeqField
    user: IdField


class RoomDeletedNotice(Payload):
    """The room and its messages are gone."""

    room: IdField
    seq: SeqField


class RoomAddedNotice(Payload):
    """To all sockets of a guest: a room that they are now a member of."""

    room: IdField


class RoomRemovedNotice(Payload):
    """To all sockets of a guest: a room that they are a member of no longer."""

    room: IdField
