"""`deploy.sh` against a real cluster: a stand-in for Docker restarts its replicas, while people go on."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from ops.children import ChildFailed, free_port
from ops.cluster import ROOT, Cluster

STAND_IN = Path(__file__).resolve().parent / "stand_ins" / "docker.py"
BROKEN = "broken"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Machine:
    """A machine whose `docker compose up backend-1` restarts the first replica of a cluster."""

    folder: Path
    cluster: Cluster
    versions: dict[str, str] = field(default_factory=lambda: {"backend-1": "old", "backend-2": "old"})
    calls: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = json.loads(await reader.readline())
        code, output = await self._run(request["version"], request["arguments"])
        writer.write(json.dumps({"code": code, "output": output}).encode() + b"\n")
        await writer.drain()
        writer.close()

    async def _run(self, version: str, arguments: list[str]) -> tuple[int, str]:
        if "inspect" in arguments:
            return 0, "the same image"
        command = arguments[5:]
        names = [name for name in command[1:] if name in self.versions]
        self.calls.append(" ".join([command[0], *names]))
        for name in names if command[0] == "up" else []:
            self.versions[name] = version
            if not await self._restart(self.cluster.replicas[int(name[-1]) - 1], version):
                return 1, f"{name} is unhealthy"
        return 0, ""

    async def _restart(self, replica: Any, version: str) -> bool:
        whole = list(replica.command)
        await replica.stop()
        try:
            replica.command = ["false"] if version == BROKEN else whole
            await replica.start()
        except ChildFailed:
            return False
        finally:
            replica.command = whole
        return True

    def deployed(self) -> str:
        return (self.folder / "state" / "version").read_text().strip()

    async def deploy(self, *arguments: str) -> tuple[int, str]:
        """Run the script; return its exit code and what it said."""
        environment = {
            **os.environ,
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "STAND_IN_SOCKET": str(self.folder / "socket"),
            "PRICKLE_DEPLOYMENT": str(self.folder / "deployment.env"),
            "PRICKLE_STATE": str(self.folder / "state"),
            "PRICKLE_PORT": str(self.cluster.port),
            "PRICKLE_PAUSE_S": "3",
        }
        script = await asyncio.create_subprocess_exec(
            "bash", ROOT / "ops" / "deploy.sh", *arguments, env=environment, stdout=asyncio.subprocess.PIPE
        )
        said = (await script.communicate())[0].decode()
        return script.returncode or 0, said


@pytest_asyncio.fixture(loop_scope="module")
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    (tmp_path / "bin").mkdir()
    docker = tmp_path / "bin" / "docker"
    docker.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{STAND_IN}" "$@"\n')
    docker.chmod(0o755)
    (tmp_path / "deployment.env").write_text("DOMAIN=chat.example.org\nSIZE=free\nREPOSITORY_REF=\n")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "version").write_text("old\n")
    cluster = Cluster(tmp_path / "data", free_port(), ("--set", "limits.enabled=false"))
    machine = Machine(tmp_path, cluster)
    server = await asyncio.start_unix_server(machine.serve, tmp_path / "socket")
    try:
        await cluster.start()
        yield machine
    finally:
        server.close()
        await cluster.stop()


async def people(machine: Machine, done: asyncio.Event) -> list[int]:
    """Come one after the other until `done`; return how each was answered."""
    statuses = []
    async with aiohttp.ClientSession(f"http://127.0.0.1:{machine.cluster.port}") as http:
        while not done.is_set():
            async with http.post("/api/auth/guest", json={"name": "Ann"}) as answer:
                statuses.append(answer.status)
            await asyncio.sleep(0.02)
    return statuses


async def deploy_among_people(machine: Machine, *arguments: str) -> tuple[int, str]:
    done = asyncio.Event()
    crowd = asyncio.create_task(people(machine, done))
    try:
        outcome = await machine.deploy(*arguments)
    finally:
        done.set()
    assert set(await crowd) == {201}
    return outcome


async def test_a_version_that_does_not_start_is_rolled_back_and_nobody_notices(machine: Machine) -> None:
    (machine.folder / "state" / "version.before").write_text(f"{BROKEN}\n")
    code, said = await deploy_among_people(machine, "rollback")
    assert code == 1
    assert f"backend-1 is not well; back to {machine.deployed()}." in said
    assert machine.versions == {"backend-1": "old", "backend-2": "old"}
    assert machine.deployed() == "old"


async def test_a_rollback_replaces_one_after_the_other_and_nobody_notices(machine: Machine) -> None:
    (machine.folder / "state" / "version.before").write_text("older\n")
    code, said = await deploy_among_people(machine, "rollback")
    assert (code, machine.deployed()) == (0, "older"), said
    assert machine.versions == {"backend-1": "older", "backend-2": "older"}
    assert machine.calls == ["up", "up backend-1", "up backend-2", "up", "ps"]
    assert (machine.folder / "state" / "version.before").read_text() == "old\n"


async def test_without_a_version_before_there_is_nothing_to_go_back_to(machine: Machine) -> None:
    code, said = await machine.deploy("rollback")
    assert (code, machine.calls) == (1, [])
    assert "no version before" in said
