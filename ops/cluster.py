"""`make cluster`: two replicas behind nginx with Redis on this machine, as in a deployment but without containers."""

import argparse
import asyncio
import os
import resource
import shutil
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ops.children import Child, ChildFailed, accepts, answers, free_ports

ROOT = Path(__file__).resolve().parent.parent
NGINX_FOLDER = ROOT / "ops" / "nginx"
REQUESTS_END_S = 8
"""How long a replica that stops lets requests under way end; nginx sends it no new ones."""
SBIN = "/usr/local/sbin:/usr/sbin:/sbin"
ROLL_PAUSE_S = 6.0
"""Between two replicas of a rolling restart: clients of the first are back, and nginx has tried it again."""


@dataclass
class Cluster:
    """The processes, not yet started. Replicas share the data folder, or the stores that `options` name."""

    data: Path
    port: int
    options: Sequence[str] = ()
    replica_count: int = 2
    prickle: Sequence[str | Path] = (ROOT / ".venv" / "bin" / "prickle", "run")
    redis: Child = field(init=False)
    replicas: list[Child] = field(init=False)
    nginx: Child = field(init=False)

    def __post_init__(self) -> None:
        self.run_folder = self.data / "cluster"
        self.run_folder.mkdir(parents=True, exist_ok=True)
        self.redis_port, *self.replica_ports = free_ports(1 + self.replica_count)
        self.redis = self._redis()
        self.replicas = [self._replica(number, port) for number, port in enumerate(self.replica_ports)]
        self.nginx = self._nginx()

    @property
    def children(self) -> list[Child]:
        """Everything, in the order in which it starts."""
        return [self.redis, *self.replicas, self.nginx]

    async def start(self) -> None:
        """Start one after the other: the first replica makes the database and the secret that all share.

        Raises:
            ChildFailed: one of them does not come up; the others are left as they are.
        """
        for child in self.children:
            await child.start()

    async def stop(self) -> None:
        """End everything, nginx first."""
        for child in reversed(self.children):
            await child.stop()

    def _redis(self) -> Child:
        command = [
            "redis-server",
            "--port",
            str(self.redis_port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        command += ["--dir", str(self.run_folder), "--daemonize", "no"]
        return Child("redis", command, probe=accepts(self.redis_port), log=self.run_folder / "redis.log")

    def _replica(self, number: int, port: int) -> Child:
        settings = {
            "storage.bus_url": f"redis://127.0.0.1:{self.redis_port}/0",
            "gateway.replicas": str(self.replica_count),
            "server.stop_timeout_s": str(REQUESTS_END_S),
            "gateway.trusted_proxies": '["127.0.0.1/32"]',
        }
        sets = [part for name, value in settings.items() for part in ("--set", f"{name}={value}")]
        command: list[str | Path] = [
            *self.prickle,
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--data",
            self.data,
            *sets,
            *self.options,
        ]
        log = self.run_folder / f"replica-{number + 1}.log"
        return Child(f"replica {number + 1}", command, probe=answers(port, "/health/ready"), log=log)

    def _nginx(self) -> Child:
        """Lay out the deployed configuration with a `site/` for this machine."""
        folder = self.run_folder / "nginx"
        shutil.copytree(NGINX_FOLDER, folder, dirs_exist_ok=True)
        servers = [f"server 127.0.0.1:{port} max_fails=0;" for port in self.replica_ports]
        assets = ROOT / "webapp" / "dist"
        site = {
            "replicas.conf": "\n".join(servers),
            "pages.conf": "\n".join(servers),
            "listen.conf": f'listen {self.port} backlog=4096;\naccess_log "{self.run_folder}/access.log" json;',
            "trusted.conf": f"set_real_ip_from 127.0.0.1;\nreal_ip_header X-Forwarded-For;\n{self._temporary_paths()}",
            "assets.conf": f'root "{assets}";',
        }
        for name, text in site.items():
            (folder / "site" / name).write_text(text + "\n", encoding="utf-8")
        owner = " user root;" if os.geteuid() == 0 else ""  # the checkout may be readable by nobody else
        options = f'daemon off; pid "{self.run_folder}/nginx.pid";{owner}'
        command: list[str | Path] = [
            "nginx",
            "-p",
            self.run_folder,
            "-c",
            folder / "nginx.conf",
            "-e",
            "stderr",
            "-g",
            options,
        ]
        environment = {"PATH": f"{os.environ['PATH']}:{SBIN}"}
        log = self.run_folder / "nginx.log"
        return Child("nginx", command, probe=answers(self.port, "/health"), log=log, environment=environment)

    def _temporary_paths(self) -> str:
        kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        return "\n".join(f'{kind}_temp_path "{self.run_folder}/nginx-{kind}";' for kind in kinds)


async def roll(replicas: Sequence[Child]) -> None:
    """Restart the replicas one after the other."""
    for replica in replicas:
        await replica.stop()
        await replica.start()
        await asyncio.sleep(ROLL_PAUSE_S)


async def keep_up(child: Child) -> None:
    """Start a child again whenever it ends by itself, as a restart policy does."""
    while True:
        code = await child.wait()
        print(f"{child.name} ended with {code}; starting it again.", flush=True)
        await asyncio.sleep(0.5)
        await child.start()


async def run(cluster: Cluster) -> int:
    """Serve until SIGTERM or Ctrl-C; return the exit code."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    keepers: list[asyncio.Task[None]] = []
    try:
        await cluster.start()
        print(f"Prickle is ready: http://127.0.0.1:{cluster.port}")
        print(
            f"  {cluster.replica_count} replicas behind nginx; logs in {cluster.run_folder}; Ctrl-C ends it", flush=True
        )
        keepers = [asyncio.create_task(keep_up(child)) for child in cluster.children]
        ended, _ = await asyncio.wait(
            [*keepers, asyncio.create_task(stopped.wait())], return_when=asyncio.FIRST_COMPLETED
        )
        for task in ended:
            await task
    except ChildFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        for keeper in keepers:
            keeper.cancel()
        await cluster.stop()
    return 0


def main(arguments: Sequence[str]) -> int:
    """Read the command line: what is not known here goes to every replica."""
    parser = argparse.ArgumentParser(prog="make cluster", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path, default=ROOT / "data")
    parser.add_argument("--replicas", type=int, default=2)
    known, options = parser.parse_known_args(arguments)
    missing = [
        name for name in ("redis-server", "nginx") if not shutil.which(name, path=f"{os.environ['PATH']}:{SBIN}")
    ]
    if missing:
        print(
            f"make cluster needs {' and '.join(missing)}: on Debian, apt install redis-server nginx.", file=sys.stderr
        )
        return 1
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a socket is a file in nginx twice and in a replica once
    return asyncio.run(run(Cluster(known.data.resolve(), known.port, options, known.replicas)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
