"""The checks of what a deployment is made of find what is wrong, and never leave anything out in silence."""

import subprocess
from pathlib import Path

import pytest

from ops.checks import first_boot, lint, tools
from ops.cluster import ROOT

FAULTS = {
    "hadolint": ("ops/compose/Dockerfile", "FROM debian\nRUN cd /tmp && sudo ls\n"),
    "shellcheck": ("ops/deploy.sh", "#!/bin/sh\nrm -rf $1/*\n"),
    "check-jsonschema": ("ops/compose/compose.yaml", "services: {nginx: {imagee: nginx}}\n"),
}


def lay_out(root: Path) -> None:
    """Make the files that are checked, without a fault."""
    for folder in (".ci", "ops/compose"):
        (root / folder).mkdir(parents=True)
    (root / "ops/compose/Dockerfile").write_text("FROM debian:bookworm-slim\n")
    (root / "ops/compose/compose.yaml").write_text("services: {nginx: {image: nginx}}\n")
    (root / "ops/deploy.sh").write_text("#!/bin/sh\necho\n")


def found_by(root: Path) -> list[str]:
    ended = {Path(command[0]).name: subprocess.run(command, capture_output=True) for command in lint.commands(root)}
    return [name for name, process in ended.items() if process.returncode]


def test_what_is_right_passes(tmp_path: Path) -> None:
    lay_out(tmp_path)
    assert found_by(tmp_path) == []


@pytest.mark.parametrize("tool", FAULTS)
def test_a_fault_is_found(tmp_path: Path, tool: str) -> None:
    lay_out(tmp_path)
    file, text = FAULTS[tool]
    (tmp_path / file).write_text(text)
    assert found_by(tmp_path) == [tool]


def test_scripts_are_found_without_an_ending_too() -> None:
    found = {str(script.relative_to(ROOT)) for script in lint.scripts(ROOT)}
    assert {".ci/packages", "ops/deploy.sh", "ops/terraform/modules/cloud_init/first-boot.sh"} <= found


def test_a_first_boot_that_cloud_init_does_not_understand_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"properties": {"runcmd": {"type": "array"}}}')
    monkeypatch.setattr(first_boot, "schema", lambda: schema)
    assert first_boot.validates("#cloud-config\nruncmd: [reboot]\n")
    assert not first_boot.validates("#cloud-config\nruncmd: reboot\n")


def test_what_cannot_be_had_is_told_and_fails_continuous_integration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tools, "CACHE", tmp_path / "cache")
    pinned = tmp_path / "pinned.txt"
    pinned.write_text("no such package\n")
    with pytest.raises(tools.NotHad, match=r"the packages of pinned\.txt could not be installed"):
        tools.environment(pinned)
    monkeypatch.delenv("CI", raising=False)
    assert tools.left_out("hadolint", "it is not there") == 0
    monkeypatch.setenv("CI", "true")
    assert tools.left_out("hadolint", "it is not there") == 1
    assert capsys.readouterr().out.splitlines()[0] == "Left out: hadolint: it is not there."


def test_an_environment_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "CACHE", tmp_path / "cache")
    pinned = tmp_path / "pinned.txt"
    pinned.write_text("# nothing\n")
    made = tools.environment(pinned) / "python"
    assert made.exists()
    before = made.lstat().st_mtime_ns
    assert tools.environment(pinned) / "python" == made
    assert made.lstat().st_mtime_ns == before
