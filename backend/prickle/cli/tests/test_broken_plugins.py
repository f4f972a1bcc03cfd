"""Plugins that cannot run: the start is refused with the plugin's name and the reason."""

from pathlib import Path

import pytest

from prickle.cli.tests.console import prickle
from prickle.cli.tests.plugins import third_party

RAISES = 'raise ValueError("on purpose\\nin two lines")'


def refusal(tmp_path: Path) -> str:
    data = tmp_path / "data"
    return prickle("run", "--port", "0", "--data", str(data), path=[tmp_path]).refusal


@pytest.mark.parametrize(
    ("head", "body", "told"),
    [
        (RAISES, "pass", "plugin spikes: tests_spikes.backend.plugin cannot be imported: ValueError("),
        ("import no_such_module", "pass", "plugin spikes: tests_spikes.backend.plugin cannot be imported: ModuleNot"),
        ("", f"def __init__(self, context): {RAISES}", "plugin spikes cannot be set up: ValueError("),
        ("", f"def routes(self): {RAISES}", "plugin spikes cannot be set up: ValueError("),
        ("", f"def commands(self): {RAISES}", "plugin spikes cannot be set up: ValueError("),
        ("", f"async def start(self): {RAISES}", "plugin spikes cannot start: ValueError("),
        ("del Plugin; Plugin = object", "pass", "plugin spikes: tests_spikes.backend.plugin must define exactly one"),
        (
            "",
            'def routes(self): return [Route("GET", "/api/me", None)]',
            "plugins auth and spikes both declare the route GET /api/me",
        ),
        (
            "",
            'def routes(self): return [Route("GET", "/api/rooms/<any>", None)]',
            "plugins rooms and spikes both declare the route GET /api/rooms/<>",
        ),
        (
            "",
            'def commands(self): return [Command("rooms.join", Empty, None)]',
            "plugins rooms and spikes both declare the command rooms.join",
        ),
        (
            "",
            'notices = [Notice("rooms.joined", Empty, Delivery.STATE)]',
            "plugins rooms and spikes both declare the notice rooms.joined",
        ),
        (
            'class Room(Model):\n    id: str = Field(primary_field=True)\n    model_config = {"collection": "rooms"}',
            "collections = [Room]",
            "plugins rooms and spikes both declare the collection rooms",
        ),
        (
            'class Mine(Model):\n    id: str = Field(primary_field=True)\n    model_config = {"collection": "log"}',
            "collections = [Mine]",
            "plugins core and spikes both declare the collection log",
        ),
        (
            "from prickle.contract.services import MEMBERSHIP",
            "def __init__(self, context): context.services.offer(MEMBERSHIP, self)",
            "plugins rooms and spikes both offer the service core.membership",
        ),
        (
            "from prickle.contract.services import ServiceKey",
            'async def start(self): self.context.services.get(ServiceKey("nobody.offers"))',
            "no enabled plugin offers the service nobody.offers",
        ),
    ],
)
def test_a_plugin_that_cannot_run_is_named(head: str, body: str, told: str, tmp_path: Path) -> None:
    third_party(tmp_path, "spikes", body, head=head, requires="rooms")
    assert refusal(tmp_path).startswith(told)


def test_two_plugins_of_one_id(tmp_path: Path) -> None:
    third_party(tmp_path, "rooms")
    assert refusal(tmp_path).startswith("two plugins are called rooms: ")


def test_plugins_that_require_each_other_in_a_circle(tmp_path: Path) -> None:
    third_party(tmp_path, "ants", requires="bees")
    third_party(tmp_path, "bees", requires="wasps")
    third_party(tmp_path, "wasps", requires="ants")
    assert refusal(tmp_path) == "plugins require each other in a circle: ants -> bees -> wasps -> ants"


@pytest.mark.parametrize(
    ("core", "told"),
    [
        (">=2", "plugin spikes needs core >=2, this is 1."),
        ("<1", "plugin spikes needs core <1, this is 1."),
        ("soon", "plugin spikes: core = 'soon' is no version range"),
    ],
)
def test_a_plugin_for_another_core(core: str, told: str, tmp_path: Path) -> None:
    third_party(tmp_path, "spikes", core=core)
    assert refusal(tmp_path).startswith(told)


@pytest.mark.parametrize("manifest", ["id = 5", "nope", 'id = "spikes"', "\\"])
def test_a_manifest_that_cannot_be_read(manifest: str, tmp_path: Path) -> None:
    third_party(tmp_path, "spikes", manifest=manifest)
    assert refusal(tmp_path).startswith(f"{tmp_path / 'tests_spikes' / 'manifest.toml'}: ")


@pytest.mark.parametrize("target", ["tests_nowhere", "tests_nowhere.inside", "json.decoder", "tests_raises.inside"])
def test_an_entry_point_that_leads_nowhere(target: str, tmp_path: Path) -> None:
    third_party(tmp_path, "spikes")
    (tmp_path / "tests_raises").mkdir()
    (tmp_path / "tests_raises" / "__init__.py").write_text(RAISES)
    (tmp_path / "tests_spikes-1.0.0.dist-info" / "entry_points.txt").write_text(f"[prickle.plugins]\nx = {target}\n")
    assert refusal(tmp_path).startswith(f"plugin package {target} ")
