"""Documents, conditions and changes as MongoDB has them; `None` is an absent field, so that both are one thing."""

from typing import Any

from prickle.contract.documents import Model
from prickle.storage.documents.change import Change
from prickle.storage.documents.collection import Collection, M
from prickle.storage.documents.mongo.connection import Raw
from prickle.storage.documents.query import Combination, Condition, Order


def to_raw(collection: Collection[Any], document: Model) -> Raw:
    """Return what is stored, checked."""
    values = collection.take_apart(document)
    return {stored.key: values[name] for name, stored in collection.fields.items() if values[name] is not None}


def from_raw(collection: Collection[M], raw: Raw) -> M:
    """Return the document."""
    return collection.put_together({name: raw.get(stored.key) for name, stored in collection.fields.items()})


def to_filter(condition: Condition | None) -> Raw:
    """Return the condition in MongoDB's words; its values are plain, so none of them can be an operator."""
    if condition is None:
        return {}
    if isinstance(condition, Combination):
        return {"$and" if condition.every else "$or": [to_filter(part) for part in condition.parts]}
    return {condition.field.key: {condition.operator: condition.value}}


def to_sort(order: Order) -> list[tuple[str, int]]:
    """Return the order as pairs of key and direction."""
    return [(field.key, way) for field, way in order]


def to_update(collection: Collection[Any], change: Change) -> Raw:
    """Return the update operators, an empty dictionary for no change."""
    keys = {name: stored.key for name, stored in collection.fields.items()}
    update = {
        "$set": {keys[name]: value for name, value in change.set.items() if value is not None},
        "$unset": {keys[name]: "" for name, value in change.set.items() if value is None},
        "$inc": {keys[name]: amount for name, amount in change.inc.items()},
    }
    return {operator: fields for operator, fields in update.items() if fields}
