"""Reads the arguments of `update`, in the same way for every engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prickle.storage.documents.collection import Collection
from prickle.storage.documents.kinds import Kind
from prickle.storage.documents.plain import check_size, plain


@dataclass(frozen=True, slots=True)
class Change:
    """Plain values by field name, checked against the declaration."""

    set: Mapping[str, Any]
    inc: Mapping[str, int | float]


def read_change(
    collection: Collection[Any], to_set: Mapping[str, Any] | None, to_add: Mapping[str, int | float] | None
) -> Change:
    """Return the change.

    Raises:
        ValueError: an unknown or the primary field, one field twice, or a value that does not fit its field.
    """
    to_set, to_add = to_set or {}, to_add or {}
    for name in (*to_set, *to_add):
        if name not in collection.fields or name == collection.primary or (name in to_set and name in to_add):
            raise ValueError(f"{collection.name}: cannot change {name}: unknown, primary, or named twice")
    values = {name: collection.fields[name].validated(value) for name, value in to_set.items()}
    check_size(values, collection.name)
    return Change(values, {name: _amount(collection, name, amount) for name, amount in to_add.items()})


def _amount(collection: Collection[Any], name: str, amount: int | float) -> int | float:
    kind = collection.fields[name].kind
    allowed = {Kind.INTEGER: (int,), Kind.NUMBER: (int, float)}.get(kind, ())
    if type(amount) not in allowed:
        raise ValueError(f"{collection.name}: cannot add {amount!r} to {name}, which is {kind}")
    checked: int | float = plain(amount)
    return float(checked) if kind is Kind.NUMBER else checked
