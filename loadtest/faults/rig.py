"""What a fault is done to: the chat under test, its processes, the network before it, and its data folder."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loadtest.faults.proxy import Network
from ops.children import Child, answers, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
SMALL_DISK_MB = 64

PRICKLE = (ROOT / ".venv" / "bin" / "prickle", "run")


@dataclass
class Rig:
    """A running chat. Clients go to `url`, through the network; `direct_url` is for reading the truth."""

    data: Path
    port: int
    replicas: list[Child]
    network: Network
    others: list[Child] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.network.port}"

    @property
    def direct_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        for child in [*self.others, *self.replicas]:
            await child.start()
        await self.network.start()

    async def stop(self) -> None:
        await self.network.cut()
        for child in [*self.replicas, *reversed(self.others)]:
            await child.stop()


def single_process(data: Path, *, command: Sequence[str | Path] = PRICKLE) -> Rig:
    """Return one process on the embedded engines, not yet started."""
    port = free_port()
    options = ["--host", "127.0.0.1", "--port", str(port), "--data", str(data), "--set", "limits.enabled=false"]
    server = Child(
        "prickle", [*command, *options], probe=answers(port, "/health/ready"), log=data.parent / "prickle.log"
    )
    return Rig(data=data, port=port, replicas=[server], network=Network(port))


def mount_small_disk(folder: Path) -> bool:
    """Put a file system of a few megabytes at `folder`; only root can, and not in every container."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_MB}m", "tmpfs", str(folder)]
    return (
        shutil.which("mount") is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=True)
