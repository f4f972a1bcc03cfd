"""Holds what cloud-init is told against cloud-init's own schema, which Debian's and Ubuntu's package brings along."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from ops.checks.tools import CACHE, NotHad, environment, last_line

SCHEMA = Path("usr/lib/python3/dist-packages/cloudinit/config/schemas/schema-cloud-config-v1.json")


def schema() -> Path:
    """Return the schema: of the machine's own cloud-init, or taken out of its package, which is not installed for that.

    Raises:
        NotHad: the package cannot be fetched.
    """
    installed, kept = Path("/") / SCHEMA, CACHE / "cloud-init.json"
    if installed.exists():
        return installed
    if not kept.exists():
        with tempfile.TemporaryDirectory() as folder:
            _unpack(Path(folder))
            ready = Path(folder, "ready.json")
            shutil.copy(Path(folder, "package") / SCHEMA, ready)
            CACHE.mkdir(parents=True, exist_ok=True)
            shutil.move(ready, kept)
    return kept


def _unpack(folder: Path) -> None:
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise NotHad("cloud-init's schema comes with the package of Debian or Ubuntu")
    ended = _download(folder)
    if ended.returncode and os.geteuid() == 0:  # a new machine may have no list of packages yet
        subprocess.run(["apt-get", "-qq", "update"], capture_output=True)
        ended = _download(folder)
    if ended.returncode:
        raise NotHad(f"the package cloud-init could not be fetched ({last_line(ended.stderr)}); try apt-get update")
    package = next(folder.glob("cloud-init_*.deb"))
    subprocess.run(["dpkg-deb", "--extract", package, folder / "package"], check=True)


def _download(folder: Path) -> "subprocess.CompletedProcess[str]":
    command = ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", "cloud-init"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def validates(text: str) -> bool:
    """Tell whether the text is what cloud-init understands; what is wrong is printed.

    Raises:
        NotHad: there is no schema here, or nothing that reads it.
    """
    command = environment(Path(__file__).with_name("lint.txt")) / "check-jsonschema"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "cloud-init.yaml")
        file.write_text(text, encoding="utf-8")
        return subprocess.run([command, "--schemafile", schema(), file]).returncode == 0
