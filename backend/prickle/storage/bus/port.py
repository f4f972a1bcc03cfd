"""The bus port: what replicas tell each other. It may lose messages; whoever listens heals by `seq` or by reading again."""

from collections.abc import Callable
from typing import Protocol

Receiver = Callable[[bytes], None]


class Bus(Protocol):
    """Named channels between replicas. A replica does not hear what it publishes itself."""

    async def open(self) -> None:
        """Connect.

        Raises:
            StoreRefused: nobody answers at the configured address.
        """

    async def close(self) -> None:
        """Disconnect; what was published has been handed over."""

    def publish(self, channel: str, message: bytes) -> None:
        """Send to every other replica that listens; returns at once and never raises, while the bus is away it is lost."""

    async def subscribe(self, channel: str, receiver: Receiver) -> None:
        """Call `receiver` for each message of `channel`; one receiver per channel. Returns when it listens, or at once while
        the bus is away: it listens when the bus is back."""

    def unsubscribe(self, channel: str) -> None:
        """Stop listening; an unknown channel is fine."""

    def on_return(self, callback: Callable[[], None]) -> None:
        """Call `callback` after every time that messages may have been lost."""

    @property
    def healthy(self) -> bool:
        """Whether messages pass now."""
