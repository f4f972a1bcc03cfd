"""Typed names under which one plugin offers an answer that another one asks for."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from prickle.contract.ports import Authenticator, Membership

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class ServiceKey(Generic[S]):
    """`ServiceKey[RoomDirectory]("rooms.directory")`; the part before the dot is the id of the plugin that offers it."""

    name: str


class Services(Protocol):
    """What is offered, by key."""

    def offer(self, key: ServiceKey[S], service: S) -> None:
        """Offer `service`. One plugin offers a key, and says so in its manifest (`provides`)."""

    def get(self, key: ServiceKey[S]) -> S:
        """Return the service; the plugin that offers it is in the caller's `requires`, so it has been set up."""


AUTHENTICATOR: ServiceKey[Authenticator] = ServiceKey("core.authenticator")
"""Who is behind a token. Exactly one enabled plugin offers it."""

MEMBERSHIP: ServiceKey[Membership] = ServiceKey("core.membership")
"""Who may see a room. Exactly one enabled plugin offers it."""
