"""The documents are as the code is: generated ones unchanged, links that lead somewhere, no command that does not exist."""

import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

import plugins
from loadtest.faults.catalogue import FAULTS
from prickle.apidocs.markdown import DOCS, documents
from prickle.config.settings import Settings
from tests.source_tree import ROOT, files

if TYPE_CHECKING:
    from pathlib import Path

    from prickle.app import Prickle

PAGES = [
    *ROOT.glob("*.md"),
    *files(ROOT / "docs", ".md"),
    *files(ROOT / "ops", ".md"),
    *files(ROOT / "loadtest", ".md"),
]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@pytest.mark.parametrize("name", ["routes.md", "events.md", "settings.md"])
def test_a_generated_document_is_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == documents()[name], "run `make docs`"


def test_every_setting_route_command_and_notice_is_documented(assembled: "Prickle") -> None:
    text = "\n".join((DOCS / name).read_text(encoding="utf-8") for name in ("routes.md", "events.md", "settings.md"))
    declared = assembled.declared
    names = [f"{route.method} {route.path}" for _, route in declared.routes]
    names += [item.name for _, item in [*declared.commands, *declared.notices]]
    for host in assembled.plugins:
        names += [f"plugins.{host.id}.{key}" for key in type(host.plugin).Settings.model_fields]
    assert [name for name in names if f"`{name}`" not in text] == []
    assert all(f"## {section}\n" in text for section in Settings.model_fields if section != "plugins")


def test_every_fault_is_documented() -> None:
    text = (DOCS / "faults.md").read_text(encoding="utf-8")
    assert [name for name in FAULTS if f"| `{name}` |" not in text] == []


@each_page
def test_links_lead_somewhere(page: "Path") -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if "://" not in target and path:
            assert (page.parent / path).exists(), target
        if anchor and not path:
            headings = {
                re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in text.splitlines()
            }
            assert anchor in headings, target


@each_page
def test_every_make_target_that_is_named_exists(page: "Path") -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`(?:make|\$ make) ([a-z]+)", page.read_text(encoding="utf-8")))
    assert named <= targets


def blocks_of(page: "Path") -> Iterator[tuple[str, str]]:
    """Yield (path, text) of every code block under a line that is a path."""
    yield from re.findall(
        r"^`(plugins/\S+)`\n```\w+\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


@pytest.fixture
def waves(tmp_path: "Path") -> Iterator["Path"]:
    """The plugin of docs/adding-a-plugin.md, installed beside the built-in ones."""
    for name, text in blocks_of(DOCS / "adding-a-plugin.md"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    plugins.__path__.append(str(tmp_path / "plugins"))
    yield tmp_path / "plugins" / "waves"
    plugins.__path__.pop()
    for module in [name for name in sys.modules if name.startswith("plugins.waves")]:
        del sys.modules[module]


@pytest.mark.parametrize("test", ["test_everybody_in_the_room_sees_the_wave", "test_a_stranger_cannot_wave"])
async def test_the_example_plugin_works_as_it_stands(waves: "Path", tmp_path: "Path", test: str) -> None:
    example = importlib.import_module("plugins.waves.tests.test_waves")
    await getattr(example, test)(tmp_path / "data")


def test_the_example_plugin_is_written_as_our_own_code_is(waves: "Path") -> None:
    ruff = [ROOT / ".venv" / "bin" / "ruff", "check", "--config", ROOT / "pyproject.toml", waves]
    subprocess.run([*ruff, "--ignore", "S101"], check=True, capture_output=True)


def test_make_help_tells_what_every_target_does() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^\.PHONY: ([a-z]+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert targets
    assert [target for target in targets if f"make {target} " not in shown] == []
