"""The documents port: the few operations that every engine answers in the same way.

A plugin declares its collections as odmantic models and asks with odmantic's query expressions on declared fields:
`==`, `!=`, `<`, `<=`, `>`, `>=`, `in_`, `and_`, `or_`. Anything else is refused with `UnsupportedQuery`, on every
engine, before it runs. Absent and `None` are one thing: a field of value `None` matches `== None`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from odmantic import EmbeddedModel, Field, Index, Model
from odmantic.query import and_, asc, desc, in_, or_

__all__ = [
    "Documents",
    "DuplicateKey",
    "EmbeddedModel",
    "Field",
    "Index",
    "Model",
    "UnsupportedQuery",
    "and_",
    "asc",
    "desc",
    "in_",
    "or_",
]

M = TypeVar("M", bound=Model)


class UnsupportedQuery(TypeError):
    """The query uses something outside the port: a defect of the caller, told before anything runs."""


class DuplicateKey(Exception):
    """A unique index refuses the write.

    `fields` are the index's field names; `inserted` is how many documents of the same `insert` call were written
    before the refused one (they stay written).
    """

    def __init__(self, collection: str, fields: tuple[str, ...], inserted: int = 0) -> None:
        super().__init__(f"{collection}: another document has the same {', '.join(fields)}")
        self.collection = collection
        self.fields = fields
        self.inserted = inserted


class Documents(Protocol):
    """Durable collections. Every call that returns has reached the disk; `Unavailable` means that nothing was done,
    or, for a write whose answer was lost, that it may have been (writers are idempotent by a unique index).

    Dates are kept to the millisecond, in UTC. A document is at most 1 MiB.
    """

    async def insert(self, *documents: Model) -> None:
        """Write new documents in this order; at the first refused one stop, keeping those before it.

        Raises:
            DuplicateKey: with `inserted`, see there.
        """

    async def find(self, model: type[M], *where: Any, sort: Sequence[Any] = (), limit: int | None = None) -> list[M]:
        """Return the documents that meet all of `where`, in the order of `sort` (`asc(field)`, `desc(field)`).

        Without `sort` the order is not promised. `limit=None` means all.
        """

    async def find_one(self, model: type[M], *where: Any, sort: Sequence[Any] = ()) -> M | None:
        """Return the first of `find`, or `None`."""

    async def update(
        self,
        model: type[M],
        *where: Any,
        set: Mapping[str, Any] | None = None,
        inc: Mapping[str, int | float] | None = None,
        upsert: M | None = None,
    ) -> M | None:
        """Change one document that meets all of `where`, atomically, and return its new state.

        `set` and `inc` name declared top-level fields. Where nothing matches, `upsert` (if given) is inserted as it is
        and returned, else `None`. Conditions on the current value belong in `where`.

        Raises:
            DuplicateKey: the new state, or `upsert`, collides with another document.
        """

    async def delete(self, model: type[M], *where: Any) -> int:
        """Remove every document that meets all of `where`; at least one condition is required. Returns how many."""

    async def count(self, model: type[M], *where: Any) -> int:
        """Return how many documents meet all of `where`."""
