"""The documents port: the few operations that every engine answers in the same way.

A plugin declares its collections as odmantic models and asks with odmantic's query expressions on declared fields:
`==`, `!=`, `<`, `<=`, `>`, `>=`, `in_`, `and_`, `or_`. Anything else is refused with `UnsupportedQuery`, on every
engine, before it runs. Absent and `None` are one thing: a field of value `None` matches `== None`.

What a model's author writes:
- A date is pydantic's `AwareDatetime`; it comes back aware, in UTC, cut to the millisecond. A bare `datetime` is refused.
- `str`, `int` (64 bits), finite `float`, `bool`, `AwareDatetime`, `ObjectId`, enums and `Literal`s of one of these, each
  also `| None`, can be compared, sorted by and indexed. `bytes`, lists, dictionaries (string keys, none starting with
  `$`), embedded models and unions are kept but not queried.
- `None` comes first when sorting up, text is ordered by code point. `!= x` matches `None`; `<` and its like never do.
- A unique index lets any number of documents through that have `None` in one of its fields.
- Texts hold neither NUL nor lone surrogates; whatever cannot be kept is refused with `ValueError` before anything runs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from odmantic import EmbeddedModel, Field, Index, Model
from odmantic.query import and_, asc, desc, in_, or_

__all__ = [
    "Documents",
    "DuplicateKey",
    "EmbeddedModel",
    "Field",
    "Index",
    "Migration",
    "Model",
    "UnsupportedQuery",
    "and_",
    "asc",
    "desc",
    "in_",
    "or_",
]

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Migration:
    """How the stored documents of a collection become what the model now declares.

    `number` counts from 1 without gaps, per collection. `apply` gets each stored document as a dictionary of plain values
    by field name (dates aware, embedded models as dictionaries) and returns the new one; what it leaves out is `None`.
    It runs once per document, before any plugin starts and while no other replica runs. A new field with a default, a
    field that goes and any change of indexes need none.
    """

    collection: str
    number: int
    apply: Callable[[dict[str, Any]], dict[str, Any]]


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
            ValueError: a document cannot be kept (see the module's text); none of the call is written.
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

        `set` and `inc` name declared top-level fields, but not the primary one. `inc` counts from 0 where the value is
        `None`; the sum is not held against the field's bounds, those go into `where`, as do all conditions on the
        current value. Where nothing matches, `upsert` (if given) is inserted as it is and returned, else `None`; two
        callers at once make one document only if a unique index says so.

        Raises:
            DuplicateKey: the new state, or `upsert`, collides with another document.
            ValueError: a value does not fit its field, or the sum of `inc` has more than 64 bits.
        """

    async def delete(self, model: type[M], *where: Any) -> int:
        """Remove every document that meets all of `where`; at least one condition is required. Returns how many.

        Thousands may go in several steps: who reads meanwhile may see some of them.
        """

    async def count(self, model: type[M], *where: Any) -> int:
        """Return how many documents meet all of `where`."""
