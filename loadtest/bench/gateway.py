"""What the gateway costs: CPU and bytes per delivery, memory per connection, handshakes. No store, no plugins.

    .venv/bin/python -m loadtest.bench.gateway [--quick]

CPU is the server process's own time, so other load on the machine disturbs it little.
"""

import argparse
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from loadtest.bench.gateway_clients import Clients

PEOPLE, ROOMS = 1000, 20


class Server:
    """The server process, asked by lines."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.port = self._answer()["port"]

    def ask(self, **order: Any) -> Any:
        assert self._process.stdin  # noqa: S101 - it is a pipe
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout  # noqa: S101 - it is a pipe
        return json.loads(self._process.stdout.readline())


@contextmanager
def running(**settings: Any) -> Iterator[Server]:
    command = [sys.executable, "-m", "loadtest.bench.gateway_server", json.dumps({"ping_interval_s": 600, **settings})]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Server(process)
    finally:
        process.terminate()
        process.wait()


def fan_out(name: str, per_s: int, seconds: float, *, deflate: bool = True, **settings: Any) -> list[str]:
    with running(**settings) as server:
        clients = Clients(server.port, deflate=deflate)
        clients.add(PEOPLE, ROOMS)
        done = threading.Event()
        reading = threading.Thread(target=_read_until, args=(clients, done))
        reading.start()
        cost = server.ask(do="talk", rooms=ROOMS, per_s=per_s, seconds=seconds)
        done.set()
        reading.join()
        clients.close()
    return [
        name,
        f"{cost['deliveries_per_s']:,.0f}",
        f"{cost['cpu_us']:.2f}",
        f"{cost['bytes']:.1f}",
        f"{cost['per_write']:.1f}",
        f"{cost['wait_ms']:.0f}",
    ]


def _read_until(clients: Clients, done: threading.Event) -> None:
    while not done.is_set():
        clients.read(0.05)


def connections(name: str, count: int, *, deflate: bool) -> list[str]:
    with running() as server:
        clients = Clients(server.port, deflate=deflate)
        clients.add(500, ROOMS)
        before = server.ask(do="memory")
        clients.add(count, ROOMS)
        after = server.ask(do="memory")
        stopped = server.ask(do="stop")
        clients.close()
    cpu_ms = (after["cpu_s"] - before["cpu_s"]) / count * 1000
    rss_kb = (after["rss_kb"] - before["rss_kb"]) / count
    return [name, f"{rss_kb:.1f}", f"{cpu_ms:.2f}", f"{1000 / cpu_ms:,.0f}", f"{stopped['seconds']:.2f}"]


def commands(count: int) -> list[str]:
    text = '421["messages.create",{"room":"room_01hf8m2xv7p3n5k9q001","text":"%s","client_id":"b1f"}]' % ("hello " * 9)
    with running() as server:
        clients = Clients(server.port, deflate=True)
        clients.add(200, ROOMS)
        before = server.ask(do="memory")
        clients.send(text[:125], count)
        cpu_us = (server.ask(do="memory")["cpu_s"] - before["cpu_s"]) / count * 1e6
        clients.close()
    return ["commands with their acks", f"{cpu_us:.1f}", f"{1e6 / cpu_us:,.0f}"]


def table(head: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few seconds each, for a first look")
    seconds = 2.0 if parser.parse_args().quick else 8.0
    print(f"{PEOPLE} clients in {ROOMS} rooms\n")
    table(
        ["fan-out", "deliveries/s", "CPU us each", "bytes each", "messages per write", "wait ms"],
        [
            fan_out("400 messages/s", 400, seconds),
            fan_out("the same, no deflate", 400, seconds, deflate=False),
            fan_out("1,200 messages/s", 1200, seconds),
            fan_out("2,500 messages/s", 2500, seconds),
            fan_out("the same, no deflate", 2500, seconds, deflate=False),
            fan_out("2,500 messages/s, never waiting", 2500, seconds, max_cpu_wait_ms=0),
        ],
    )
    table(
        ["connections", "RSS kB each", "CPU ms per handshake", "handshakes/s of one core", "stop, s"],
        [
            connections("deflate negotiated", 3000, deflate=True),
            connections("no deflate", 3000, deflate=False),
        ],
    )
    table(["inbound", "CPU us each", "of one core, per s"], [commands(20_000)])


if __name__ == "__main__":
    main()
