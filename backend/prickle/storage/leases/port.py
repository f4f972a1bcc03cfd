"""The leases port: what the contract promises to plugins, with its beginning and end."""

from typing import Protocol

from prickle.contract.ports import Leases


class SharedLeases(Leases, Protocol):
    """The leases of one replica."""

    async def open(self) -> None:
        """Connect, and begin to live.

        Raises:
            StoreRefused: nobody answers at the configured address.
        """

    async def close(self) -> None:
        """Drop everything, and disconnect."""
