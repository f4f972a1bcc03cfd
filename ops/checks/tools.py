"""The tools that only checks need: pinned packages, each set in an environment of its own, made once and kept in the cache."""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "prickle"


class NotHad(Exception):
    """A tool cannot be had here; the message says why."""


def environment(pinned: Path) -> Path:
    """Return the folder of commands of an environment with what `pinned` lists, each package with its hashes.

    Raises:
        NotHad: the packages cannot be fetched.
    """
    digest = hashlib.sha256(pinned.read_bytes()).hexdigest()[:12]
    folder = CACHE / f"{pinned.stem}-{digest}"
    complete = folder / "complete"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # checks run side by side
        if not complete.exists():
            _install(pinned, folder)
            complete.touch()
    return folder / "bin"


def _install(pinned: Path, folder: Path) -> None:
    install = ["pip", "install", "--require-hashes", "--no-deps", "--python", str(folder), "-r", str(pinned)]
    for command in (["venv", "--clear", "--python", sys.executable, str(folder)], install):
        ended = subprocess.run([sys.executable, "-m", "uv", *command], capture_output=True, text=True)
        if ended.returncode:
            raise NotHad(f"the packages of {pinned.name} could not be installed ({last_line(ended.stderr)})")


def last_line(text: str) -> str:
    """Return the last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "without a word"


def left_out(what: str, why: object) -> int:
    """Say that a check is left out and why; return the exit code: continuous integration leaves nothing out."""
    if os.environ.get("CI"):
        print(f"{what} cannot be checked: {why}.")
        return 1
    print(f"Left out: {what}: {why}.")
    return 0
