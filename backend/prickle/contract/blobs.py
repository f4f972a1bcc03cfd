"""The blobs port: bytes under a key, streamed both ways, whole or not there."""

from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from prickle.contract.errors import Unavailable


class BlobMissing(Exception):
    """There is nothing under this key."""


class BlobsFull(Unavailable):
    """There is no room for more bytes; nothing of them was kept."""

    def __init__(self) -> None:
        super().__init__("core.store_full", "There is no room for more at the moment.", retry_after_s=600)


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """One blob. `etag` is opaque and changes with the content."""

    key: str
    size: int
    etag: str
    modified_at: datetime


class Blobs(Protocol):
    """A store of blobs. Keys are 1 to 200 of `a-z 0-9 _ - . /`, begin and end with a letter or digit, and hold no `..`: the
    owner makes them up, they never come from outside; anything else is a `ValueError`.

    Every call may raise `Unavailable`: the store is away, or `BlobsFull`, and nothing was kept.
    """

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> BlobInfo:
        """Keep what `chunks` yields, replacing what was there. Readers see the old blob or the new one, never a part; when
        `chunks` raises, nothing has changed. Memory does not grow with the size."""

    async def stat(self, key: str) -> BlobInfo | None:
        """Return the blob's data, or `None`."""

    def read(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """Yield the bytes from `start`, at most `length`; nothing where `start` is at the end or behind it.

        Raises:
            BlobMissing: at the first step.
        """

    async def compose(self, key: str, parts: Sequence[str]) -> BlobInfo:
        """Keep the concatenation of other blobs, which stay.

        Raises:
            BlobMissing: one of them is not there; nothing has changed.
        """

    async def delete(self, *keys: str) -> None:
        """Remove these; a missing one is fine."""

    def list(self, prefix: str) -> AsyncIterator[BlobInfo]:
        """Yield every whole blob whose key begins with `prefix`, in no promised order."""

    async def link(self, key: str, *, expires_in_s: int, headers: dict[str, str]) -> str | None:
        """Return an address from which anybody may read the blob for a while, answered with `headers`; `None` where the
        store cannot."""

    async def free_bytes(self) -> int | None:
        """Return how much more fits, or `None` where that is not known."""
