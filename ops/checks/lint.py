"""Checks what a deployment is made of without running it: Dockerfile, shell scripts, Compose files, and checkov's rules.

The tools install themselves. checkov is 200 MB: continuous integration (`CI=true`) installs it, anybody else is left alone.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ops.checks.tools import CACHE, NotHad, environment, left_out

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(__file__).resolve().parent
SCRIPT_FOLDERS = (".ci", "ops")
SHEBANGS = (b"#!/bin/sh\n", b"#!/bin/bash\n")


def scripts(root: Path) -> list[Path]:
    """Return every shell script, whatever its name: the first line tells."""
    files = [path for folder in SCRIPT_FOLDERS for path in (root / folder).rglob("*") if path.is_file()]
    return sorted(path for path in files if path.read_bytes().startswith(SHEBANGS))


def commands(root: Path) -> list[list[str | Path]]:
    """Return what checks the files of a checkout.

    Raises:
        NotHad: the tools cannot be installed.
    """
    tools = environment(FOLDER / "lint.txt")
    compose = sorted((root / "ops").glob("*/compose*.yaml"))
    return [
        [tools / "hadolint", root / "ops" / "compose" / "Dockerfile"],
        [tools / "shellcheck", *scripts(root)],
        [tools / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", *compose],
    ]


def checkov() -> list[str | Path]:
    """Return what runs checkov.

    Raises:
        NotHad: it is not there, and was not asked for.
    """
    pinned = FOLDER / "checkov.txt"
    if not os.environ.get("CI") and not list(CACHE.glob("checkov-*/complete")):
        raise NotHad("it is large; `CI=true make check` installs it")
    return [environment(pinned) / "checkov", "--skip-download", "--config-file", FOLDER / "checkov.yaml"]


def run(command: Sequence[str | Path]) -> int:
    """Run it; return 1 if it found something."""
    return int(subprocess.run(command, cwd=ROOT).returncode != 0)


def main() -> int:
    """Check everything that can be checked here; return the exit code."""
    try:
        failed = sum(run(command) for command in commands(ROOT))
    except NotHad as reason:
        failed = left_out("hadolint, shellcheck and Compose's schema", reason)
    try:
        failed += run(checkov())
    except NotHad as reason:
        failed += left_out("checkov", reason)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
