"""What a manifest says of its plugin is what the code does, no less and no more."""

import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from prickle.contract.events import Event
from prickle.declarations import collection_name
from tests.source_tree import ROOT, files, manifests, modules

if TYPE_CHECKING:
    from prickle.app import Prickle
    from prickle.plugin_host import PluginHost

each_plugin = pytest.mark.parametrize("plugin_id", sorted(manifests()))

VERBS = ["create", "update", "delete", "add", "remove", "join", "leave", "start", "stop"]
PAST = ["created", "updated", "deleted", "added", "removed", "joined", "left", "started", "stopped"]
FURTHER_COMMANDS = {"close", "mark", "read", "sync"}
"""What none of the verbs says: to look away, to have seen it or put it aside, to ask for what was missed."""


def host_of(assembled: "Prickle", plugin_id: str) -> "PluginHost":
    return next(host for host in assembled.plugins if host.id == plugin_id)


def said(plugin_id: str, key: str) -> set[str]:
    return set(manifests()[plugin_id].get(key, ()))


@cache
def web_sources(plugin_id: str) -> str:
    folder = ROOT / "plugins" / plugin_id / "web"
    sources = [path for suffix in (".ts", ".vue") for path in files(folder, suffix) if ".test." not in path.name]
    return "\n".join(path.read_text(encoding="utf-8") for path in sources)


def keys_defined_by(plugin_id: str) -> Iterator[str]:
    """Yield the names of the service keys that a plugin offers, read from its code."""
    for module in modules():
        if module.name.startswith(f"plugins.{plugin_id}.") and not module.is_test:
            yield from re.findall(r"services\.offer\(\s*(\w+)", module.path.read_text(encoding="utf-8"))


@each_plugin
def test_commands_and_notices(assembled: "Prickle", plugin_id: str) -> None:
    assert said(plugin_id, "commands") == {
        command.name for owner, command in assembled.declared.commands if owner == plugin_id
    }
    assert said(plugin_id, "notices") == {
        notice.name for owner, notice in assembled.declared.notices if owner == plugin_id
    }


@each_plugin
def test_every_route_lies_under_a_declared_prefix_and_every_prefix_has_one(
    assembled: "Prickle", plugin_id: str
) -> None:
    paths = [route.path for owner, route in assembled.declared.routes if owner == plugin_id]
    prefixes = said(plugin_id, "routes")
    assert all(prefix.startswith("/api/") for prefix in prefixes)
    for path in paths:
        assert any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes), path
    for prefix in prefixes:
        assert any(path == prefix or path.startswith(f"{prefix}/") for path in paths), prefix


@each_plugin
def test_collections_and_settings(assembled: "Prickle", plugin_id: str) -> None:
    plugin = host_of(assembled, plugin_id).plugin
    assert said(plugin_id, "collections") == {collection_name(model) for model in plugin.collections}
    assert said(plugin_id, "settings") == set(type(plugin).Settings.model_fields)


@each_plugin
def test_services(assembled: "Prickle", plugin_id: str) -> None:
    offered = assembled.services._services
    assert said(plugin_id, "provides") == {name for name, (owner, _) in offered.items() if owner == plugin_id}
    assert len(said(plugin_id, "provides")) == len(set(keys_defined_by(plugin_id)))


@each_plugin
def test_published_events(plugin_id: str) -> None:
    published = said(plugin_id, "publishes")
    if (ROOT / "plugins" / plugin_id / "events.py").exists():
        module = importlib.import_module(f"plugins.{plugin_id}.events")
        assert published == set(event_classes(module))
    else:
        assert not published


def event_classes(module: Any) -> Iterator[str]:
    for name, value in vars(module).items():
        if isinstance(value, type) and issubclass(value, Event) and value.__module__ == module.__name__:
            yield name


@each_plugin
def test_slots_are_those_that_the_web_part_fills(plugin_id: str) -> None:
    filled = set(re.findall(r"\.fill\(\s*'([a-z.-]+)'", web_sources(plugin_id)))
    assert said(plugin_id, "slots") == filled


@each_plugin
def test_names_follow_the_closed_list_of_verbs(plugin_id: str) -> None:
    for command in said(plugin_id, "commands"):
        assert command.split(".") in [[plugin_id, verb] for verb in (*VERBS, *FURTHER_COMMANDS)], command
    for notice in said(plugin_id, "notices"):
        assert notice.split(".") in [[plugin_id, verb] for verb in PAST], notice


@each_plugin
def test_the_folder_is_the_id(plugin_id: str) -> None:
    assert manifests()[plugin_id]["id"] == plugin_id


@each_plugin
def test_every_setting_has_a_description(assembled: "Prickle", plugin_id: str) -> None:
    fields = type(host_of(assembled, plugin_id).plugin).Settings.model_fields
    assert [name for name, field in fields.items() if not field.description] == []


@each_plugin
def test_every_route_command_and_notice_has_a_summary(assembled: "Prickle", plugin_id: str) -> None:
    declared = assembled.declared
    everything = [*declared.routes, *declared.commands, *declared.notices]
    assert [item for owner, item in everything if owner == plugin_id and not item.summary] == []


def test_every_folder_of_plugins_has_a_manifest() -> None:
    folders = {path.name for path in (ROOT / "plugins").iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert {name for name in folders if any(files(Path(ROOT / "plugins" / name), ".py"))} == set(manifests())
