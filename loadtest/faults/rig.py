"""What a fault is done to: the chat under test, its processes, the network before it, and its data folder."""

import shutil
import subprocess
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loadtest.faults.mongodb import GIVEN_URL, database_at, drop_database, is_available, own_server
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
    replica_ports: list[int]
    parts: Mapping[str, Child] = field(default_factory=dict)
    """What replicas depend on: `redis`, and `store` where documents are kept by a process of their own."""
    clean_up: Callable[[], Awaitable[None]] | None = None
    """For what does not go with the data folder."""
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
        if self.clean_up:
            await self.clean_up()


def single_process(data: Path, *, command: Sequence[str | Path] = PRICKLE) -> Rig:
    """Return one process on the embedded engines."""
    port = free_port()
    options = ["--host", "127.0.0.1", "--port", str(port), "--data", str(data), *UNLIMITED]
    log = data.parent / "prickle.log"
    server = Child("prickle", [*command, *options], probe=answers(port, "/health/ready"), log=log)
    return Rig(data, port, [server], [server], [port])


def cluster(data: Path) -> Rig:
    """Return two replicas on one SQLite file, with Redis, behind nginx."""
    return _rig_of(Cluster(data, free_port(), UNLIMITED))


def mongodb(data: Path) -> Rig:
    """Return two replicas, with Redis, behind nginx, on a server of MongoDB's protocol."""
    if GIVEN_URL:
        url = database_at(GIVEN_URL)
        rig = _rig_of(_cluster_on(url, data))
        rig.clean_up = lambda: drop_database(url)
        return rig
    store, url = own_server(data / "store")
    return _rig_of(_cluster_on(url, data), store)


def _cluster_on(documents_url: str, data: Path) -> Cluster:
    return Cluster(data, free_port(), (*UNLIMITED, "--set", f"storage.documents_url={documents_url}"))


def _rig_of(cluster: Cluster, store: Child | None = None) -> Rig:
    dependencies = {"store": store, "redis": cluster.redis} if store else {"redis": cluster.redis}
    children = [store, *cluster.children] if store else cluster.children
    return Rig(
        data=cluster.data,
        port=cluster.port,
        children=children,
        replicas=cluster.replicas,
        replica_ports=cluster.replica_ports,
        parts=dependencies,
    )


@dataclass(frozen=True)
class Topology:
    """A kind of rig, which `parts` it has, why it cannot be had here, and whether it bears but a small crowd."""

    build: Callable[[Path], Rig]
    parts: frozenset[str] = frozenset()
    missing: str = ""
    is_slow: bool = False


TOPOLOGIES = {
    "single": Topology(single_process),
    "cluster": Topology(cluster, frozenset({"redis"})),
    "mongodb": Topology(
        mongodb,
        # A server that is given is not ours to break.
        frozenset({"redis"} if GIVEN_URL else {"redis", "store"}),
        "" if is_available() else "FerretDB is built with Go, which is not installed",
        is_slow=not GIVEN_URL,  # FerretDB 1 reads the whole collection for each query
    ),
}


def mount_small_disk(folder: Path) -> bool:
    """Put a file system of a few megabytes at `folder`; only root can, and not in every container."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_MB}m", "tmpfs", str(folder)]
    return (
        shutil.which("mount") is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=True)
