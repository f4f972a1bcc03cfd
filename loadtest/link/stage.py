"""What a run is played on: a cluster of our own behind an emulated link where that can be, or somebody's deployment."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from loadtest.link.netns import SERVER_ADDRESS, SERVER_INTERFACE, Link, inside
from ops.children import Child, free_port

ROOT = Path(__file__).resolve().parents[2]
START_PATIENCE_S = 120.0
OWN_OPTIONS = {"host", "link_mbps", "link_counts", "no_link", "out", "untimed", "server", "mine", "processes"}
"""Options of `make loadtest` that Locust does not know."""

RECORD, SAMPLES = "people.jsonl", "server.jsonl"
"""Files of a run: a line a second of what people saw, and of what the replicas told."""


class Stage:
    """The processes of one run, in `folder`. With a `host` only the load generator is ours."""

    def __init__(self, options: argparse.Namespace, folder: Path, link: Link | None) -> None:
        self._options = options
        self._folder = folder
        self._link = link
        self.record = folder / RECORD
        self.samples = folder / SAMPLES
        self._port = free_port()
        self.cluster: Child | None = None if options.host else self._cluster()
        self._sampler: Child | None = None
        self.locust = self._locust()

    @property
    def url(self) -> str:
        if self._options.host:
            return str(self._options.host)
        return f"http://{SERVER_ADDRESS if self._link else '127.0.0.1'}:{self._port}"

    async def start(self) -> None:
        """Start the server side, then the people.

        Raises:
            ChildFailed: something does not come up.
        """
        if self.cluster:
            await self.cluster.start(patience_s=START_PATIENCE_S)
            self._sampler = self._make_sampler()
            await self._sampler.start()
        await self.locust.start()

    async def stop(self) -> None:
        for child in (self.locust, self._sampler, self.cluster):
            if child:
                await child.stop(patience_s=30.0)

    def kill_a_replica(self) -> None:
        """End one as a crash does; whoever watches the cluster starts it again."""
        last = last_line(self.samples)
        replicas = [process["pid"] for process in last["processes"] if process["name"] == "prickle"] if last else []
        if replicas:
            os.kill(replicas[0], signal.SIGKILL)

    def _cluster(self) -> Child:
        settings = {
            "limits.enabled": "false",
            "gateway.link_mbps": f"{self._options.link_mbps:g}",
            "gateway.link_counts": self._options.link_counts,
        }
        sets = [part for name, value in settings.items() for part in ("--set", f"{name}={value}")]
        sets += [part for setting in self._options.server for part in ("--set", setting)]
        prefix = inside(self._link.server) if self._link else []
        command: list[str | Path] = [
            *prefix,
            sys.executable,
            "-m",
            "ops.cluster",
            "--port",
            str(self._port),
            "--data",
            self._folder / "data",
        ]
        log = self._folder / "cluster.log"
        return Child(
            "the cluster", [*command, *sets], probe=says(log, "Prickle is ready"), log=log, environment=IN_ROOT
        )

    def _make_sampler(self) -> Child:
        command: list[str | Path] = [*(inside(self._link.server) if self._link else []), sys.executable]
        command += ["-m", "loadtest.link.sampler", "--folder", self._folder / "data" / "cluster"]
        if self._link:
            command += ["--interface", SERVER_INTERFACE, "--bucket", self._link.balancer]
        return Child("the sampler", command, log=self.samples, environment=IN_ROOT)

    def _locust(self) -> Child:
        command: list[str | Path] = [*(inside(self._link.client) if self._link else []), sys.executable, "-m", "locust"]
        command += ["-f", ROOT / "loadtest" / "locustfile.py", "--headless", "--only-summary", "--stop-timeout", "5"]
        command += ["--host", self.url, "--record", self.record]
        if self._options.processes > 1:
            command += ["--processes", str(self._options.processes)]
        for name, value in vars(self._options).items():
            if name not in OWN_OPTIONS | {"record", "elsewhere"} and value is not None:
                command += [f"--{name.replace('_', '-')}", str(value)]
        if not self._link and not self._options.host:
            command.append("--elsewhere")
        return Child("the load generator", command, log=self._folder / "locust.log", environment=IN_ROOT)


PATHS = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
IN_ROOT = {"PYTHONPATH": os.pathsep.join(PATHS), "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore"}


def says(log: Path, words: str) -> Callable[[], Awaitable[bool]]:
    """Return a probe: the log holds these words."""

    async def probe() -> bool:
        return log.exists() and words in log.read_text(encoding="utf-8", errors="replace")

    return probe


def last_line(path: Path) -> dict[str, Any] | None:
    """Return the last whole line of a file of JSON lines, if there is one."""
    found = read_lines(path)
    return found[-1] if found else None


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return all whole lines."""
    if not path.exists():
        return []
    whole, _, _ = path.read_text(encoding="utf-8").rpartition("\n")
    return [json.loads(line) for line in whole.splitlines() if line.startswith("{")]
