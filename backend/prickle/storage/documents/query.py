"""Reads odmantic's query expressions into the port's own small language, and refuses all else before anything runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bson import ObjectId
from odmantic.query import QueryExpression, SortExpression

from prickle.contract.documents import UnsupportedQuery
from prickle.storage.documents.collection import Collection, StoredField
from prickle.storage.documents.kinds import Kind
from prickle.storage.documents.plain import plain

Operator = Literal["$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in"]
_ORDERING = {"$lt", "$lte", "$gt", "$gte"}
_OPERATORS = {"$eq", "$ne", "$in", *_ORDERING}

_TYPES: dict[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.INTEGER: (int,),
    Kind.NUMBER: (int, float),
    Kind.BOOLEAN: (bool,),
    Kind.DATE: (datetime,),
    Kind.OBJECT_ID: (ObjectId,),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field against one plain value (for `$in`, a list of them)."""

    field: StoredField
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True)
class Combination:
    """`every`: all parts hold; else at least one."""

    every: bool
    parts: tuple["Condition", ...]


Condition = Comparison | Combination
Order = tuple[tuple[StoredField, int], ...]


def read_where(collection: Collection[Any], where: Sequence[Any]) -> Condition | None:
    """Return the condition that all of `where` hold, or `None` for no condition.

    Raises:
        UnsupportedQuery: something outside the port.
    """
    if not where:
        return None
    return _combination(collection, True, where) if len(where) > 1 else _condition(collection, where[0])


def _combination(collection: Collection[Any], every: bool, parts: Sequence[Any]) -> Condition:
    if not parts:
        raise UnsupportedQuery(f"{collection.name}: {'and_' if every else 'or_'}() of nothing")
    return Combination(every, tuple(_condition(collection, part) for part in parts))


def _condition(collection: Collection[Any], expression: Any) -> Condition:
    if not isinstance(expression, QueryExpression) or len(expression) != 1:
        raise UnsupportedQuery(f"{collection.name}: {expression!r} is no comparison of a declared field")
    [(key, operand)] = expression.items()
    if key in {"$and", "$or"}:
        return _combination(collection, key == "$and", operand)
    if key not in collection.by_key:
        raise UnsupportedQuery(f"{collection.name}: {key} is no declared field")
    if not isinstance(operand, dict) or len(operand) != 1 or not _OPERATORS.issuperset(operand):
        raise UnsupportedQuery(f"{collection.name}: {expression!r} uses an operator that the port does not have")
    [(operator, value)] = operand.items()
    return _comparison(collection, collection.by_key[key], operator, value)


def _comparison(collection: Collection[Any], field: StoredField, operator: Any, value: Any) -> Comparison:
    if not field.kind.is_queryable:
        raise UnsupportedQuery(f"{collection.name}: {field.name} is no scalar field, it cannot be compared")
    if operator == "$in":
        return Comparison(field, operator, [_operand(collection, field, item) for item in value])
    if value is None and operator in _ORDERING:
        raise UnsupportedQuery(f"{collection.name}: None has no order, compare {field.name} with == or !=")
    return Comparison(field, operator, _operand(collection, field, value))


def _operand(collection: Collection[Any], field: StoredField, value: Any) -> Any:
    try:
        value = plain(value)
    except ValueError as error:
        raise UnsupportedQuery(f"{collection.name}: {field.name} cannot be compared: {error}") from error
    fits = isinstance(value, _TYPES[field.kind]) and (field.kind is Kind.BOOLEAN or not isinstance(value, bool))
    if value is not None and not fits:
        raise UnsupportedQuery(f"{collection.name}: {field.name} is {field.kind}, {value!r} is not")
    return value


def read_sort(collection: Collection[Any], sort: Sequence[Any]) -> Order:
    """Return fields with 1 (ascending) or -1.

    Raises:
        UnsupportedQuery: not `asc` or `desc` of a declared scalar field.
    """
    order = []
    for item in sort:
        if not isinstance(item, SortExpression) or len(item) != 1:
            raise UnsupportedQuery(f"{collection.name}: sort by asc(field) or desc(field), not {item!r}")
        [(key, direction)] = item.items()
        field = collection.by_key.get(key)
        if field is None or not field.kind.is_queryable:
            raise UnsupportedQuery(f"{collection.name}: cannot sort by {key}")
        order.append((field, direction))
    return tuple(order)
