"""Finds plugins, holds them against each other, and orders them; nothing of a plugin runs before all manifests agree."""

import importlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from pydantic import ValidationError

from prickle.config.refusal import Refusal
from prickle.contract import CORE_VERSION
from prickle.contract.manifest import Manifest
from prickle.contract.plugin import Plugin

ENTRY_POINT_GROUP = "prickle.plugins"
BUILT_IN_PACKAGE = "plugins"


@dataclass(frozen=True, slots=True)
class FoundPlugin:
    """A plugin that is installed: what it says of itself, and where it is."""

    manifest: Manifest
    package: str
    folder: Path


def find_plugins() -> dict[str, FoundPlugin]:
    """Return every installed plugin by id: folders of the package `plugins`, and packages named by entry points.

    Raises:
        Refusal: a manifest that cannot be read, or two plugins of one id.
    """
    found: dict[str, FoundPlugin] = {}
    for package, folder in _candidates():
        plugin = FoundPlugin(_read_manifest(folder / "manifest.toml"), package, folder)
        other = found.setdefault(plugin.manifest.id, plugin)
        if other is not plugin:
            raise Refusal(f"two plugins are called {plugin.manifest.id}: {other.folder} and {folder}")
    return found


def choose_plugins(found: Mapping[str, FoundPlugin], enabled: Iterable[str] | None) -> list[FoundPlugin]:
    """Return the enabled plugins in the order in which they are set up.

    Raises:
        Refusal: an unknown id, a missing or circular requirement, a core that it does not fit.
    """
    ids = list(dict.fromkeys(found if enabled is None else enabled))
    for plugin_id in ids:
        if plugin_id not in found:
            raise Refusal(f"unknown plugin {plugin_id}; installed are {', '.join(sorted(found)) or 'none'}")
        _check_core(found[plugin_id].manifest)
    for plugin_id in ids:
        for required in found[plugin_id].manifest.requires:
            if required not in ids:
                raise Refusal(f"plugin {plugin_id} requires {required}, which is not enabled")
    return [found[plugin_id] for plugin_id in _ordered({plugin_id: found[plugin_id].manifest for plugin_id in ids})]


def load_class(found: FoundPlugin) -> type[Plugin]:
    """Import `<package>.backend.plugin` and return the one `Plugin` that it defines.

    Raises:
        Refusal: it cannot be imported, or does not define exactly one.
    """
    name = f"{found.package}.backend.plugin"
    try:
        module = importlib.import_module(name)
    except Exception as error:  # whatever a plugin raises when it is imported: it cannot start, and is named
        raise Refusal(f"plugin {found.manifest.id}: {name} cannot be imported: {error!r}") from error
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Plugin) and value.__module__ == name
    ]
    if len(classes) != 1:
        raise Refusal(f"plugin {found.manifest.id}: {name} must define exactly one Plugin, not {len(classes)}")
    return classes[0]


def _candidates() -> Iterable[tuple[str, Path]]:
    for package in [BUILT_IN_PACKAGE, *sorted(point.module for point in entry_points(group=ENTRY_POINT_GROUP))]:
        for location in map(Path, _locations(package)):
            if package != BUILT_IN_PACKAGE:
                yield package, location
                break
            for manifest in sorted(location.glob("*/manifest.toml")):
                yield f"{package}.{manifest.parent.name}", manifest.parent


def _locations(package: str) -> Iterable[str]:
    try:
        spec = find_spec(package)
    except Exception as error:  # a parent package runs when it is looked for, and may raise anything
        raise Refusal(f"plugin package {package} cannot be imported: {error!r}") from error
    if spec is None or spec.submodule_search_locations is None:
        raise Refusal(f"plugin package {package} is not installed as a package")
    return spec.submodule_search_locations


def _read_manifest(path: Path) -> Manifest:
    try:
        return Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        raise Refusal(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg'].lower()}") from error
    except (OSError, ValueError) as error:
        raise Refusal(f"{path}: {error}") from error


def _check_core(manifest: Manifest) -> None:
    try:
        fits = SpecifierSet(manifest.core).contains(CORE_VERSION)
    except InvalidSpecifier as error:
        raise Refusal(f"plugin {manifest.id}: core = {manifest.core!r} is no version range") from error
    if not fits:
        raise Refusal(f"plugin {manifest.id} needs core {manifest.core}, this is {CORE_VERSION}")


def _ordered(manifests: Mapping[str, Manifest]) -> list[str]:
    order: list[str] = []
    for plugin_id in sorted(manifests):
        _place(plugin_id, manifests, order, [])
    return order


def _place(plugin_id: str, manifests: Mapping[str, Manifest], order: list[str], path: list[str]) -> None:
    """Put what `plugin_id` needs into `order`, then itself; `path` is who asked for it."""
    if plugin_id in order:
        return
    if plugin_id in path:
        circle = [*path[path.index(plugin_id) :], plugin_id]
        raise Refusal(f"plugins require each other in a circle: {' -> '.join(circle)}")
    for required in sorted(manifests[plugin_id].requires):
        _place(required, manifests, order, [*path, plugin_id])
    for earlier in sorted(manifests[plugin_id].after):
        if earlier in manifests and earlier not in path:  # `after` is a wish: it never makes a circle
            _place(earlier, manifests, order, [*path, plugin_id])
    order.append(plugin_id)
