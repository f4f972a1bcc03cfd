"""Everything that the core and the plugins declare, held against each other: one owner for each name."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from prickle.config.refusal import Refusal
from prickle.contract.documents import Model
from prickle.contract.http import Route
from prickle.contract.plugin import Plugin

T = TypeVar("T")


def check_one_owner(kind: str, named: Iterable[tuple[str, str]]) -> None:
    """Take pairs of owner and name.

    Raises:
        Refusal: one name has two owners, or one owner declares it twice.
    """
    owners: dict[str, str] = {}
    for owner, name in named:
        if name in owners:
            raise Refusal(f"plugins {owners[name]} and {owner} both declare the {kind} {name}")
        owners[name] = owner


def route_name(route: Route) -> str:
    """Return the route without the names of its placeholders: two that differ only there are one."""
    return f"{route.method} {re.sub(r'<[^>]*>', '<>', route.path)}"


def collection_name(model: type[Model]) -> str:
    name: str = +model
    return name


def check_collections(classes: Sequence[tuple[str, type[Plugin]]], core: Sequence[type[Model]]) -> None:
    named = [("core", collection_name(model)) for model in core]
    named += [(plugin_id, collection_name(model)) for plugin_id, plugin in classes for model in plugin.collections]
    check_one_owner("collection", named)
