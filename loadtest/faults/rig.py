"""What a fault is done to: the chat under test, its processes, the network before it, and its data folder."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loadtest.faults.proxy import Network
from ops.children import Child, answers, free_port
from ops.cluster import Cluster

ROOT = Path(__file__).resolve().parent.parent.parent
SMALL_DISK_MB = 64

PRICKLE = (ROOT / ".venv" / "bin" / "prickle", "run")
UNLIMITED = ("--set", "limits.enabled=false")


@dataclass
class Rig:
    """A chat, not started yet. Clients go to `url`, through the network; `direct_url` is for reading the truth."""

    data: Path
    port: int
    children: list[Child]
    """Everything, in the order in which it starts."""
    replicas: list[Child]
    redis: Child | None = None
    network: Network = field(init=False)

    def __post_init__(self) -> None:
        self.network = Network(self.port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.network.port}"

    @property
    def direct_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        for child in self.children:
            await child.start()
        await self.network.start()

    async def stop(self) -> None:
        await self.network.cut()
        for child in reversed(self.children):
            await child.stop()


def single_process(data: Path, *, command: Sequence[str | Path] = PRICKLE) -> Rig:
    """Return one process on the embedded engines."""
    port = free_port()
    options = ["--host", "127.0.0.1", "--port", str(port), "--data", str(data), *UNLIMITED]
    log = data.parent / "prickle.log"
    server = Child("prickle", [*command, *options], probe=answers(port, "/health/ready"), log=log)
    return Rig(data, port, [server], [server])


def cluster(data: Path) -> Rig:
    """Return two replicas on one SQLite file, with Redis, behind nginx."""
    parts = Cluster(data, free_port(), UNLIMITED)
    return Rig(data, parts.port, parts.children, parts.replicas, parts.redis)


TOPOLOGIES = {"single": single_process, "cluster": cluster}


def mount_small_disk(folder: Path) -> bool:
    """Put a file system of a few megabytes at `folder`; only root can, and not in every container."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_MB}m", "tmpfs", str(folder)]
    return (
        shutil.which("mount") is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=True)
