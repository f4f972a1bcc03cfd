"""What is kept about reading."""

from dataclasses import dataclass
from typing import Any, ClassVar

from prickle.contract.documents import Field, Index, Model, asc
from prickle.contract.log import Place
from prickle.contract.types import RoomId, Seq, UserId


@dataclass(frozen=True, slots=True)
class Reader:
    """A guest in a room."""

    room: RoomId
    user: UserId

    @property
    def key(self) -> str:
        return f"{self.room}:{self.user}"


@dataclass(frozen=True, slots=True)
class Unread:
    """What a guest has not read in a room: the messages between two places of its log."""

    start: Place
    end: Place
    mentions: int

    @property
    def messages(self) -> int:
        return max(0, self.end.records - self.start.records)


class Position(Model):
    """How far a guest has read a room. The number of messages up to there makes the count a subtraction."""

    id: str = Field(primary_field=True)
    """The reader's key."""
    room: str = Field(index=True)
    user: str = Field(index=True)
    seq: int
    records: int

    model_config: ClassVar[Any] = {"collection": "unread_positions"}

    @property
    def place(self) -> Place:
        return Place(Seq(self.seq), self.records)


class Mention(Model):
    """A message that mentions a guest."""

    id: str = Field(primary_field=True)
    """`<reader's key>:<seq>`"""
    reader: str
    room: str = Field(index=True)
    user: str = Field(index=True)
    seq: int

    model_config: ClassVar[Any] = {
        "collection": "unread_mentions",
        "indexes": lambda: [Index(asc(Mention.reader), asc(Mention.seq))],
    }
