"""Tells from a field's annotation how it is kept and whether it can be asked for."""

import types
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from bson import ObjectId
from pydantic import AwareDatetime


class Kind(StrEnum):
    """How a field is kept. Only the kinds that order in the same way on every engine may be queried."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    OBJECT_ID = "object_id"
    BYTES = "bytes"
    JSON = "json"

    @property
    def is_queryable(self) -> bool:
        return self not in {Kind.BYTES, Kind.JSON}


def bare(annotation: Any) -> Any:
    """Return the annotation without `Annotated`, `NewType` and `| None`."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif hasattr(annotation, "__supertype__"):
            annotation = annotation.__supertype__
        elif get_origin(annotation) in {Union, types.UnionType}:
            others = [part for part in get_args(annotation) if part is not type(None)]
            if len(others) != 1:
                return annotation
            annotation = others[0]
        else:
            return annotation


def kind_of(annotation: Any) -> Kind:
    """Return the kind of a field.

    Raises:
        TypeError: a date that may be naive.
    """
    annotation = bare(annotation)
    if annotation is AwareDatetime:
        return Kind.DATE
    if get_origin(annotation) is Literal:
        return _common({_kind_of_class(type(value)) for value in get_args(annotation)})
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return _kind_of_class(annotation)
    return Kind.JSON


def _kind_of_class(cls: type) -> Kind:
    if issubclass(cls, Enum):
        return _common({_kind_of_class(type(member.value)) for member in cls})
    if issubclass(cls, (datetime, date)):
        raise TypeError("write a date as pydantic's AwareDatetime")
    for scalar, kind in _SCALARS.items():
        if issubclass(cls, scalar):
            return kind
    return Kind.JSON


_SCALARS: dict[type, Kind] = {
    bool: Kind.BOOLEAN,  # before int, which it is too
    str: Kind.TEXT,
    int: Kind.INTEGER,
    float: Kind.NUMBER,
    bytes: Kind.BYTES,
    ObjectId: Kind.OBJECT_ID,
}


def _common(kinds: set[Kind]) -> Kind:
    return kinds.pop() if len(kinds) == 1 else Kind.JSON


def is_plain(annotation: Any) -> bool:
    """Tell whether a stored value of this type is read back as it is, without any conversion."""
    annotation = bare(annotation)
    if annotation in {Any, AwareDatetime} or get_origin(annotation) is Literal:
        return True
    if get_origin(annotation) in {list, dict, Union, types.UnionType}:
        return all(part is type(None) or is_plain(part) for part in get_args(annotation))
    return annotation in {str, int, float, bool, bytes, list, dict}
