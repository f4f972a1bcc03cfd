"""`prickle plugins` and `prickle settings`: what there is, as tables."""

from collections.abc import Iterator
from typing import Any

from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from prickle.config.loading import check_plugin_sections, load_core, load_plugin
from prickle.config.sources import RawSettings
from prickle.contract.settings import Section
from prickle.plugin_loader import choose_plugins, find_plugins, load_class

MASK = "(set)"


def show_plugins(raw: RawSettings) -> None:
    """Print every installed plugin, the enabled ones in their order of start first."""
    found = find_plugins()
    chosen = choose_plugins(found, load_core(raw).plugins.enabled)
    table = _table("plugin", "version", "state", "needs", "what it is")
    for plugin in [*chosen, *(found[name] for name in sorted(found) if found[name] not in chosen)]:
        manifest = plugin.manifest
        state = "enabled" if plugin in chosen else "off"
        table.add_row(manifest.id, manifest.version, state, ", ".join(manifest.requires), manifest.summary)
    Console().print(table)


def show_settings(raw: RawSettings) -> None:
    """Print every setting in force, with its source."""
    settings = load_core(raw)
    rows = list(_rows(settings, ""))
    found = find_plugins()
    check_plugin_sections(raw, found)
    for plugin in choose_plugins(found, settings.plugins.enabled):
        plugin_id = plugin.manifest.id
        rows += _rows(load_plugin(plugin_id, load_class(plugin).Settings, raw), f"plugins.{plugin_id}.")
    table = _table("setting", "value", "from")
    for name, value in rows:
        table.add_row(name, _shown(value), raw.sources.get(name, "default"))
    Console().print(table)


def _rows(section: Section, prefix: str) -> Iterator[tuple[str, Any]]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from _rows(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _shown(value: Any) -> str:
    if isinstance(value, SecretStr):
        return MASK if value.get_secret_value() else "(empty)"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "(none)"
    return str(value)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
