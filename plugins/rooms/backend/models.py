"""What is kept about rooms."""

import unicodedata
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime

from prickle.contract.documents import Field, Index, Model, asc
from prickle.contract.types import RoomId, UserId

Visibility = Literal["public", "private"]


class Room(Model):
    """One room. Its ids sort by time of creation, so lists are paged by id."""

    id: str = Field(primary_field=True)
    name: str
    folded_name: str
    """For search, see `folded`."""
    icon: str | None = None
    visibility: Visibility
    created_by: str
    created_at: AwareDatetime
    member_count: int = 0
    direct_key: str | None = Field(default=None, unique=True)
    """Of a room of two: both ids, sorted, so that the pair has one room."""
    updated_seq: int = 0
    """The log entry that name, icon and visibility are as new as."""
    deleted: bool = Field(default=False, index=True)
    """Being deleted: nobody sees it any more; what a crash leaves over goes at the next start."""

    model_config: ClassVar[Any] = {
        "collection": "rooms",
        "indexes": lambda: [Index(asc(Room.visibility), asc(Room.deleted), asc(Room.id))],
    }

    @property
    def room(self) -> RoomId:
        return RoomId(self.id)

    @property
    def pair(self) -> tuple[UserId, UserId] | None:
        """The two guests of a direct room."""
        if self.direct_key is None:
            return None
        one, other = self.direct_key.split(":")
        return UserId(one), UserId(other)


class Member(Model):
    """A guest in a room, now or formerly; made by log entries only, so that it can be made again after a crash."""

    id: str = Field(primary_field=True)
    room: str
    user: str
    present: bool
    changed_seq: int
    """The last `rooms.joined` or `rooms.left` of this guest here; an older one that is replayed changes nothing."""
    joined_at: AwareDatetime

    model_config: ClassVar[Any] = {
        "collection": "members",
        "indexes": lambda: [
            Index(asc(Member.room), asc(Member.present), asc(Member.user)),
            Index(asc(Member.user), asc(Member.present)),
        ],
    }


class Invite(Model):
    """A link into a room, used by any number of guests until it expires. Its id is a hash of the token."""

    id: str = Field(primary_field=True)
    room: str
    created_by: str
    expires_at: AwareDatetime

    model_config: ClassVar[Any] = {
        "collection": "invites",
        "indexes": lambda: [Index(asc(Invite.room), asc(Invite.expires_at))],
    }


def folded(text: str) -> str:
    """Return `text` such that names which differ only in case or in the spelling of accents are equal."""
    return unicodedata.normalize("NFC", text).casefold()


def member_id(room: RoomId, user: UserId) -> str:
    return f"{room}:{user}"


def direct_key(one: UserId, other: UserId) -> str:
    return ":".join(sorted((one, other)))
