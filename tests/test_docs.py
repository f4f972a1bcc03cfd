"""The documents are as the code is: generated ones unchanged, links that lead somewhere, no command that does not exist."""

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

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


def test_make_help_tells_what_every_target_does() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^\.PHONY: ([a-z]+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert targets
    assert [target for target in targets if f"make {target} " not in shown] == []
