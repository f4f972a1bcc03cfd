"""Collections that the suite declares as a plugin would."""
# ruff: noqa: RUF012  pydantic copies a default for each document

from datetime import UTC, datetime
from enum import Enum, StrEnum
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime

from prickle.contract.documents import EmbeddedModel, Field, Index, Model, desc
from prickle.contract.types import RoomId


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Level(Enum):
    LOW = 1
    HIGH = 2


class Size(EmbeddedModel):
    width: int
    taken_at: AwareDatetime | None = None


class Entry(Model):
    """Like an entry of a room's log: numbered, and once per key."""

    room: str
    seq: int
    once: str
    text: str = ""

    model_config: ClassVar[Any] = {
        "collection": "entries",
        "indexes": lambda: [
            Index(Entry.room, desc(Entry.seq), unique=True),
            Index(Entry.room, Entry.once, unique=True),
        ],
    }


class Person(Model):
    """A bit of every scalar, most of it optional; `email` is unique where it is set, `nick` has another name in queries."""

    id: str = Field(primary_field=True)
    room: RoomId | None = None
    email: str | None = Field(default=None, unique=True)
    age: int | None = Field(default=None, ge=0)
    height: float | None = None
    is_admin: bool = False
    seen_at: AwareDatetime | None = Field(default=None, index=True)
    colour: Colour | None = None
    level: Level = Level.LOW
    theme: Literal["dark", "light"] = "light"
    nick: str = Field(default="", key_name="n")

    model_config: ClassVar[Any] = {"collection": "people"}


class Thing(Model):
    """What is kept but not asked for."""

    id: str = Field(primary_field=True)
    anything: Any = None
    data: dict[str, Any] = {}
    tags: list[str] = []
    raw: bytes = b""
    size: Size | None = None
    sizes: list[Size] = []
    by_name: dict[str, Size] = {}
    either: int | str = 0
    numbers: set[int] = set()

    model_config: ClassVar[Any] = {"collection": "things"}


MODELS: list[type[Model]] = [Entry, Person, Thing]


def entry(seq: int, *, room: str = "r", once: str | None = None, text: str = "") -> Entry:
    return Entry(room=room, seq=seq, once=once or f"#{seq}", text=text)


def moment(second: int = 0, microsecond: int = 0) -> datetime:
    return datetime(2026, 11, 25, 9, 41, second, microsecond, tzinfo=UTC)
