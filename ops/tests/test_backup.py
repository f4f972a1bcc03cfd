"""A backup of a chat that is running, and the drill that restores it; Docker, age and object storage are stand-ins."""

import os
import subprocess
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from ops.backup import compare
from ops.cluster import ROOT
from prickle.testing.chat import running_chat
from tests.port_contract import ferretdb

PRICKLE = ROOT / ".venv" / "bin" / "prickle"
TOOLS = {
    "docker": r"""
        # What the container `tool` would do, with the data that the test has.
        name=$(echo "$*" | grep -o '/backups/[^ ]*zip')
        exec "$PRICKLE" export "$BACKUPS/${name#/backups/}" --data "$DATA" """,
    "age": r"""
        while [ $# -gt 1 ]; do
            case $1 in
                --output) out=$2; shift ;;
                --decrypt) way=-d ;;
                --identity) grep -q right "$2" || exit 1; shift ;;
                --recipient) shift ;;
            esac
            shift
        done
        base64 $way "$1" > "$out" """,
    "oci": r"""
        case "$*" in
            "os bucket get"*) echo "{\"data\": {\"approximate-size\": ${USED:-0}}}" ;;
            *) while [ "$1" != --file ]; do shift; done; cp "$2" "$STORE/" ;;
        esac """,
}


@dataclass
class Machine:
    """A machine with a chat on it."""

    folder: Path

    @property
    def stored(self) -> list[Path]:
        return sorted((self.folder / "store").iterdir())

    def run(self, script: str, *arguments: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
        settings = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "PRICKLE": str(PRICKLE),
            "DATA": str(self.folder / "data"),
            "STORE": str(self.folder / "store"),
            "BACKUPS": str(self.folder / "backups"),
            "PRICKLE_BACKUPS": str(self.folder / "backups"),
            "PRICKLE_DEPLOYMENT": str(self.folder / "deployment.env"),
            "PRICKLE_STATE": str(self.folder / "state"),
            "PRICKLE_FIGURES": str(self.folder / "figures"),
        }
        command = ["bash", ROOT / "ops" / "backup" / script, *arguments]
        return subprocess.run(command, env={**settings, **environment}, capture_output=True, text=True)


@pytest_asyncio.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    for folder in ("bin", "store", "backups", "state"):
        (tmp_path / folder).mkdir()
    for name, text in TOOLS.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh{text}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "state" / "version").write_text("abc\n")
    told = ["SIZE=free", "BACKUP_RECIPIENT=age1x", "BACKUP_NAMESPACE=n", "BACKUP_BUCKET=b"]
    (tmp_path / "deployment.env").write_text("\n".join(told) + "\n")
    async with running_chat(tmp_path / "data") as chat:
        for name in ("Ann", "Ben"):
            await chat.request("POST", "/api/auth/guest", json={"name": name})
        yield Machine(tmp_path)


async def test_a_backup_of_a_running_chat_restores(machine: Machine) -> None:
    made = machine.run("backup.sh")
    assert made.returncode == 0, made.stderr
    (machine.folder / "key").write_text("right")
    drill = machine.run("drill.sh", machine.stored[0], machine.folder / "key")
    assert drill.returncode == 0, drill.stderr
    assert "The same:" in drill.stdout
    assert (machine.folder / "figures" / "backup.prom").exists()


@pytest.mark.skipif(not ferretdb.is_available(), reason="FerretDB is built with Go, which is not installed")
async def test_a_backup_goes_through_mongodb_and_back_unchanged(machine: Machine) -> None:
    assert machine.run("backup.sh").returncode == 0
    (machine.folder / "key").write_text("right")
    with ferretdb.running(machine.folder / "ferretdb") as url:
        drill = machine.run("drill.sh", machine.stored[0], machine.folder / "key", url)
        assert (drill.returncode, drill.stdout.count("The same:")) == (0, 2), drill.stderr
        again = machine.run("drill.sh", machine.stored[0], machine.folder / "key", url)
    assert again.returncode != 0, "MongoDB was not used: it would no longer be empty"


async def test_only_what_is_encrypted_stays_on_the_machine_and_only_the_newest_three(machine: Machine) -> None:
    for day in range(1, 6):
        (machine.folder / "backups" / f"prickle-2026010{day}T000000Z.zip.age").touch()
    assert machine.run("backup.sh").returncode == 0
    left = sorted(file.name for file in (machine.folder / "backups").glob("prickle*"))
    assert left[:2] == ["prickle-20260104T000000Z.zip.age", "prickle-20260105T000000Z.zip.age"]
    assert left[2:] == [machine.stored[0].name]


async def test_what_would_cost_money_is_not_uploaded(machine: Machine) -> None:
    made = machine.run("backup.sh", USED="19000000000")
    assert (made.returncode, machine.stored) == (1, [])
    assert "ALARM" in made.stderr


async def test_a_drill_with_the_wrong_key_fails(machine: Machine) -> None:
    machine.run("backup.sh")
    (machine.folder / "key").write_text("wrong")
    assert machine.run("drill.sh", machine.stored[0], machine.folder / "key").returncode != 0


def test_a_lost_document_and_a_changed_file_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, lines, file in [("a.zip", '{"id": 1}\n{"id": 2}', "x"), ("b.zip", '{"id": 2}', "y")]:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("documents/guests.jsonl", lines)
            archive.writestr("blobs/1", file)
    monkeypatch.setattr("sys.argv", ["compare", str(tmp_path / "a.zip"), str(tmp_path / "b.zip")])
    assert compare.main() == 1
    assert capsys.readouterr().err == "Not the same: blobs/1\nNot the same: documents/guests.jsonl\n"
