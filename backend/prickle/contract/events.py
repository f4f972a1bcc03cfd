"""In-process events between plugins: a plugin that needs to react subscribes, one that needs an answer uses a service."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from prickle.contract.types import RoomId, UserId


class Event(BaseModel):
    """Base of every event: `<Noun><PastParticiple>`, frozen; an undeclared field is a defect of the publisher."""

    model_config = ConfigDict(extra="forbid", frozen=True)


E = TypeVar("E", bound=Event)


class EventBus(Protocol):
    """Publish after the write is committed. What every replica must know for certain goes through a room's log."""

    def subscribe(self, event: type[E], handler: Callable[[E], Awaitable[None]]) -> Callable[[], None]:
        """Call `handler` for every published `event`; returns a function that ends it (stopping the plugin does too)."""

    async def publish(self, event: Event) -> None:
        """Run all handlers here. One that raises is logged with its plugin's id and stops no other; nobody listening is fine."""

    async def publish_everywhere(self, event: Event) -> None:
        """Like `publish`, and on every other replica soon after; lost there while the bus is away."""


class SocketOpened(Event):
    """A guest's socket has connected, on this replica."""

    user: UserId
    connection: str


class SocketClosed(Event):
    """A guest's socket has gone, on this replica; its rooms have been closed before."""

    user: UserId
    connection: str


class RoomOpened(Event):
    """A socket has opened a room, on this replica."""

    user: UserId
    connection: str
    room: RoomId


class RoomClosed(Event):
    """A socket has closed a room or gone, on this replica."""

    user: UserId
    connection: str
    room: RoomId
