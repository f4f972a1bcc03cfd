"""The data volume is found, formatted only if it is empty, and mounted: on a file, with real tools where root is not needed."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ops.cluster import ROOT, SBIN

SCRIPT = ROOT / "ops" / "terraform" / "modules" / "cloud_init" / "prepare-volume.sh"
VOLUME_BYTES = 16 * 2**20
LINE = "LABEL=prickle-data {mount} ext4 defaults,noatime,_netdev,nofail 0 2\n"
NEEDS_ROOT = {
    "mount": 'touch "$STATE/mounted"',
    "mountpoint": '[ -e "$STATE/mounted" ]',
    "install": 'for last; do :; done; mkdir -p "$last"',
}


@dataclass
class Machine:
    """A machine to which a volume may be attached."""

    folder: Path

    @property
    def device(self) -> Path:
        return self.folder / "oraclevdb"

    @property
    def fallback(self) -> Path:
        return self.folder / "sdb"

    @property
    def fstab(self) -> str:
        return (self.folder / "fstab").read_text()

    def attach(self, device: Path) -> None:
        with device.open("wb") as volume:
            volume.truncate(VOLUME_BYTES)

    def prepare(self) -> "subprocess.CompletedProcess[str]":
        environment = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}:{SBIN}",
            "STATE": str(self.folder),
            "PRICKLE_DEVICE": str(self.device),
            "PRICKLE_FALLBACK_DEVICE": str(self.fallback),
            "PRICKLE_MOUNT": str(self.folder / "srv"),
            "PRICKLE_FSTAB": str(self.folder / "fstab"),
            "PRICKLE_WAIT_S": "0",
        }
        return subprocess.run(["sh", SCRIPT], env=environment, capture_output=True, text=True)


def identity(device: Path) -> str:
    """Return label and UUID of the file system: formatted again, it would be another one."""
    command = ["blkid", "--probe", "--output", "export", device]
    environment = {"PATH": f"{os.environ['PATH']}:{SBIN}"}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    (tmp_path / "bin").mkdir()
    (tmp_path / "fstab").write_text("UUID=1 / ext4 defaults 0 1\n")
    for name, text in NEEDS_ROOT.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    yield Machine(tmp_path)


def test_an_empty_volume_is_formatted_and_mounted(machine: Machine) -> None:
    machine.attach(machine.device)
    assert machine.prepare().returncode == 0
    assert "LABEL=prickle-data\n" in identity(machine.device)
    assert machine.fstab.endswith(LINE.format(mount=machine.folder / "srv"))
    assert (machine.folder / "mounted").exists()


def test_a_second_boot_changes_nothing(machine: Machine) -> None:
    machine.attach(machine.device)
    machine.prepare()
    before = identity(machine.device), machine.fstab
    assert machine.prepare().returncode == 0
    assert (identity(machine.device), machine.fstab) == before


def test_a_volume_that_holds_something_else_is_left_alone(machine: Machine) -> None:
    machine.attach(machine.device)
    environment = {"PATH": f"{os.environ['PATH']}:{SBIN}"}
    subprocess.run(["mkfs.ext4", "-q", "-L", "photos", machine.device], env=environment, check=True)
    before = identity(machine.device)
    ended = machine.prepare()
    assert (ended.returncode, ended.stderr) == (
        1,
        "The data volume holds something that is not Prickle's; nothing was changed.\n",
    )
    assert (identity(machine.device), "prickle" in machine.fstab) == (before, False)


def test_without_the_name_that_oracles_agent_makes_the_second_disk_is_taken(machine: Machine) -> None:
    machine.attach(machine.fallback)
    assert machine.prepare().returncode == 0
    assert "LABEL=prickle-data\n" in identity(machine.fallback)


def test_a_volume_that_never_comes_is_told(machine: Machine) -> None:
    ended = machine.prepare()
    assert (ended.returncode, ended.stderr) == (1, "The data volume did not appear.\n")
    assert not (machine.folder / "mounted").exists()
