"""What `prickle new plugin` writes is a plugin that works, with tests that pass."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from prickle.cli.scaffold import new_plugin
from prickle.config.refusal import Refusal

ROOT = Path(__file__).parents[4]


def test_the_new_plugin_passes_its_own_tests_and_the_linter(tmp_path: Path) -> None:
    folder = tmp_path / "plugins"
    folder.mkdir()
    new_plugin("nice_things", folder)
    environment = {**os.environ, "PRICKLE_SCAFFOLD": str(folder)}
    (tmp_path / "conftest.py").write_text(
        "import os\n\nimport plugins\n\nplugins.__path__.append(os.environ['PRICKLE_SCAFFOLD'])\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)]
    run = subprocess.run(
        [*command, str(tmp_path)], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    lint = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--config",
        str(ROOT / "pyproject.toml"),
        "--ignore",
        "S101",
        str(folder),
    ]
    assert subprocess.run(lint, check=False).returncode == 0


@pytest.mark.parametrize("plugin_id", ["", "x", "1a", "A", "a-b", "a" * 33, "../a", "rooms"])
def test_what_is_no_new_id_is_refused_and_writes_nothing(tmp_path: Path, plugin_id: str) -> None:
    with pytest.raises(Refusal):
        new_plugin(plugin_id, tmp_path)
    assert list(tmp_path.iterdir()) == []
