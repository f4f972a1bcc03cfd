"""Writes SQL for the port's conditions: identifiers from declared names, values as parameters only."""

# ruff: noqa: S608  identifiers are declared names in quotes, values are always parameters

from collections.abc import Callable
from typing import Any

import orjson
from bson import ObjectId

from prickle.contract.documents import UnsupportedQuery
from prickle.storage.documents.collection import Collection
from prickle.storage.documents.kinds import Kind
from prickle.storage.documents.plain import from_json, from_milliseconds, to_json, to_milliseconds
from prickle.storage.documents.query import Combination, Comparison, Condition, Order

Statement = tuple[str, list[Any]]

MAX_PARAMETERS = 32_000
"""SQLite's own limit is 32,766 where nobody has raised it."""

_COMPARATORS = {"$eq": "=", "$lt": "<", "$lte": "<=", "$gt": ">", "$gte": ">="}


def quoted(name: str) -> str:
    """Return an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


def to_column(kind: Kind, value: Any) -> Any:
    """Return what the column holds for a plain value."""
    if value is None:
        return None
    if kind is Kind.JSON:
        return to_json(value)
    if kind is Kind.DATE:
        return to_milliseconds(value)
    if kind is Kind.OBJECT_ID:
        return str(value)
    return value


FROM_COLUMN: dict[Kind, Callable[[Any], Any]] = {
    Kind.JSON: from_json,
    Kind.DATE: from_milliseconds,
    Kind.BOOLEAN: bool,
    Kind.OBJECT_ID: ObjectId,
}
"""From a column that is not NULL to the plain value, where they differ."""


def where_clause(condition: Condition | None) -> Statement:
    """Return ` WHERE ...` and its parameters, or an empty string.

    Raises:
        UnsupportedQuery: more values than SQLite takes in one statement.
    """
    if condition is None:
        return "", []
    parameters: list[Any] = []
    text = _rendered(condition, parameters)
    if len(parameters) > MAX_PARAMETERS:
        raise UnsupportedQuery(f"{len(parameters)} comparisons in one query; use in_(field, values)")
    return f" WHERE {text}", parameters


def _rendered(condition: Condition, parameters: list[Any]) -> str:
    if isinstance(condition, Combination):
        parts = [_rendered(part, parameters) for part in condition.parts]
        return _balanced(parts, " AND " if condition.every else " OR ")
    return _comparison(condition, parameters)


def _balanced(parts: list[str], joint: str) -> str:
    # SQLite bounds the depth of an expression (1,000), and reads a flat chain of n parts as a tree of depth n.
    while len(parts) > 1:
        parts = [f"({joint.join(parts[i : i + 2])})" for i in range(0, len(parts), 2)]
    return parts[0]


def _comparison(comparison: Comparison, parameters: list[Any]) -> str:
    column, kind, value = quoted(comparison.field.name), comparison.field.kind, comparison.value
    if comparison.operator == "$in":
        return _membership(column, kind, value, parameters)
    if value is None:
        return f"{column} IS NULL" if comparison.operator == "$eq" else f"{column} IS NOT NULL"
    parameters.append(to_column(kind, value))
    if comparison.operator == "$ne":
        return f"{column} IS NOT ?"
    return f"{column} {_COMPARATORS[comparison.operator]} ?"


def _membership(column: str, kind: Kind, values: list[Any], parameters: list[Any]) -> str:
    present = [int(value) if kind is Kind.BOOLEAN else to_column(kind, value) for value in values if value is not None]
    if kind is Kind.NUMBER:  # SQLite's own reading of decimals is not exact to the last bit
        parameters.extend(present)
        text = f"{column} IN ({', '.join('?' * len(present))})"
    else:
        parameters.append(orjson.dumps(present).decode())
        text = f"{column} IN (SELECT value FROM json_each(?))"
    return f"({text} OR {column} IS NULL)" if len(present) < len(values) else text


def order_clause(order: Order) -> str:
    """Return ` ORDER BY ...` or an empty string; SQLite puts NULL first when ascending, as MongoDB does."""
    if not order:
        return ""
    return " ORDER BY " + ", ".join(f"{quoted(field.name)} {'ASC' if way > 0 else 'DESC'}" for field, way in order)


def columns(collection: Collection[Any]) -> str:
    """Return the list of the declared columns."""
    return ", ".join(quoted(name) for name in collection.fields)
