"""Reads once a second what the server side does and prints it as JSON: replicas' metrics, processes, the interface.

python -m loadtest.link.sampler --folder DATA/cluster [--interface s0] [--bucket NAMESPACE]
"""

import argparse
import json
import os
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_METRIC = re.compile(r"^prickle_(\w+?)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')
WANTED = ("event_bytes_total", "event_packets_total", "link_bytes_total", "dropped_packets_total", "governor_stage")
GAUGES = ("link_use", "write_wait_seconds", "loop_lag_seconds", "sockets")
LABELS = ("plugin", "event", "class", "direction", "layer", "stage")
"""In this order they make the name of a counter, such as `typing|typing.updated|ephemeral|out`."""
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def metrics(port: int) -> dict[str, Any] | None:
    """Return what a replica tells; `None` if it does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=2) as answer:
            text = answer.read().decode()
    except OSError:
        return None
    found: dict[str, Any] = {name: {} for name in WANTED}
    for name, labels, value in _METRIC.findall(text):
        if name in GAUGES:
            found[name] = float(value)
        elif name in WANTED:
            named = dict(_LABEL.findall(labels))
            found[name]["|".join(named[label] for label in LABELS if label in named)] = float(value)
    return found


def processes(nginx_pid: Path) -> list[dict[str, Any]]:
    """Return nginx and all that its parent has started: name, seconds of CPU, megabytes of memory."""
    parents, found = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            head, _, rest = (folder / "stat").read_text().rpartition(")")
        except OSError:  # it has ended
            continue
        fields = rest.split()
        pid = int(folder.name)
        parents[pid] = int(fields[1])
        cpu_s, rss = (int(fields[11]) + int(fields[12])) / TICKS_PER_S, int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
        found[pid] = {"pid": pid, "name": head.partition("(")[2], "cpu_s": cpu_s, "rss_mb": rss / 2**20}
    root = parents[int(nginx_pid.read_text())]
    return [process for pid, process in found.items() if root in _ancestors(pid, parents)]


def _ancestors(pid: int, parents: dict[int, int]) -> Iterator[int]:
    while pid in parents:
        pid = parents[pid]
        yield pid


def interface(name: str) -> dict[str, int]:
    """Return the bytes and packets of an interface, in (`rx`) and out (`tx`)."""
    folder = Path("/sys/class/net") / name / "statistics"
    return {kind: int((folder / kind).read_text()) for kind in ("rx_bytes", "tx_bytes", "rx_packets", "tx_packets")}


def dropped(space: str) -> int:
    """Return how many packets the bucket has dropped."""
    shown = subprocess.run(["tc", "-n", space, "-s", "qdisc", "show"], capture_output=True, text=True, check=False)
    return sum(int(count) for count in re.findall(r"qdisc tbf .*\n.*dropped (\d+)", shown.stdout))


def machine_cpu() -> tuple[float, float]:
    """Return the seconds that all cores of the machine were busy, and all there were."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS_PER_S, sum(fields) / TICKS_PER_S


def sample(options: argparse.Namespace) -> dict[str, Any]:
    servers = (options.folder / "nginx" / "site" / "replicas.conf").read_text()
    return {
        "at": time.time(),
        "replicas": {port: metrics(int(port)) for port in re.findall(r"127\.0\.0\.1:(\d+)", servers)},
        "processes": processes(options.folder / "nginx.pid"),
        "interface": interface(options.interface) if options.interface else None,
        "dropped": dropped(options.bucket) if options.bucket else 0,
        "machine": machine_cpu(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--folder", type=Path, required=True, help="the cluster's folder")
    parser.add_argument("--interface", default="", help="the server's end of the link")
    parser.add_argument("--bucket", default="", help="the namespace with the token bucket")
    options = parser.parse_args()
    while True:
        began = time.monotonic()
        print(json.dumps(sample(options)), flush=True)
        time.sleep(max(0.1, 1.0 - (time.monotonic() - began)))


if __name__ == "__main__":
    main()
