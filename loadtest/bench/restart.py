"""What a restart costs those who are connected: how soon all are sent off, and how soon all are back and caught up.

    .venv/bin/python -m loadtest.bench.restart [--people 2000] [--missed 5]

It needs the packages of `make .setup/loadtest`. One process on embedded engines, on a processor of its own where there are
two; everybody is sent off by SIGTERM, and comes back at the same instant, which clients in the wild do not: they spread
it over some seconds.
"""

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import gevent
from gevent.event import Event

from loadtest.common.chat_client import ChatClient, CommandFailed
from loadtest.common.web import ELSEWHERE, Web, WebFailed
from loadtest.common.websocket import ConnectionLost
from ops.children import free_port

ROOM_OF = 20
AGAIN_AFTER_S = (0.05, 0.3)
CHECK_EVERY_S = 0.02
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """How the server is started, again and again on one data folder."""

    port: int
    data: Path

    @property
    def web(self) -> Web:
        return Web(f"http://127.0.0.1:{self.port}", ELSEWHERE)

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[bytes]"]:
        command = [sys.executable, "-m", "prickle", "run", "--host", "127.0.0.1", "--port", str(self.port)]
        options = ["--data", str(self.data), "--set", "limits.enabled=false", "--set", "log.level=warning"]
        process = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL, preexec_fn=on_processor(0))
        try:
            wait_for(self.is_ready)
            yield process
        finally:
            process.kill()
            process.wait()

    def is_ready(self) -> bool:
        try:
            self.web.ask("GET", "/health/ready")
        except WebFailed:
            return False
        return True


class Guest:
    """One of the herd."""

    def __init__(self, server: Server, number: int) -> None:
        self._server = server
        body = server.web.ask("POST", "/api/auth/guest", {"name": f"Guest {number}"}).json()
        self.token = str(body["token"])
        self.room = ""
        self.after = 0
        self.is_gone = Event()
        self.attempts = 0
        self.client: ChatClient | None = None

    def come(self, *, missed: int = 0) -> float:
        """Connect and open the room, over and over until it succeeds; return when it did."""
        while True:
            self.attempts += 1
            try:
                self._open(missed)
            except (ConnectionLost, CommandFailed):
                gevent.sleep(random.uniform(*AGAIN_AFTER_S))
            else:
                return time.monotonic()

    def _open(self, missed: int) -> None:
        self.is_gone.clear()
        url = self._server.web.url
        self.client = ChatClient(url, self.token, headers=ELSEWHERE, on_notice=_ignore)
        question = {"room": self.room, **({"after": max(0, self.after - missed)} if self.after else {})}
        self.after = self.client.call("rooms.join", question)["last_seq"]
        self.client.when_lost(lambda _: self.is_gone.set())


def _ignore(*_: object) -> None:
    """Notices are not what is measured."""


def on_processor(number: int) -> Callable[[], None]:
    """Return what binds a process to one processor, where there are several."""
    return lambda: os.sched_setaffinity(0, {number}) if len(os.sched_getaffinity(0)) > 1 else None


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > until:
            raise SystemExit(f"gave up after {PATIENCE_S:g} s")
        gevent.sleep(CHECK_EVERY_S)


def settle(server: Server, people: int, missed: int) -> list[Guest]:
    """Let `people` become guests in rooms of twenty in which something has been said, and connect."""
    herd = [Guest(server, number) for number in range(people)]
    for first in range(0, people, ROOM_OF):
        crew = herd[first : first + ROOM_OF]
        made = server.web.ask(
            "POST", "/api/rooms", {"name": f"Room {first}", "visibility": "public"}, token=crew[0].token
        )
        for guest in crew:
            guest.room = made.json()["id"]
    gevent.joinall([gevent.spawn(guest.come) for guest in herd], raise_error=True)
    for speaker in herd[::ROOM_OF]:
        assert speaker.client  # noqa: S101 - it has just come
        for number in range(missed):
            message = {"room": speaker.room, "text": f"while you were out {number}", "client_id": str(number)}
            speaker.after = speaker.client.call("messages.create", message)["seq"]
    for number, guest in enumerate(herd):
        guest.after = herd[number - number % ROOM_OF].after
    return herd


def measure(server: Server, people: int, missed: int) -> None:
    with server.running() as process:
        print(f"{people} people come in rooms of {ROOM_OF} ...", flush=True)
        herd = settle(server, people, missed)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        gevent.joinall([gevent.spawn(guest.is_gone.wait, PATIENCE_S) for guest in herd])
        sent_off_s = time.monotonic() - began
        wait_for(lambda: process.poll() is not None)
        ended_s = time.monotonic() - began
    print(f"sent off after {sent_off_s:.2f} s, process ended after {ended_s:.2f} s", flush=True)
    for guest in herd:
        guest.attempts = 0
    with server.running():
        began = time.monotonic()
        back = gevent.joinall([gevent.spawn(guest.come, missed=missed) for guest in herd], raise_error=True)
        took = sorted(job.value - began for job in back)
    tries = sum(guest.attempts for guest in herd)
    p50 = statistics.median(took)
    print(f"back, each with {missed} entries: half after {p50:.2f} s, all after {took[-1]:.2f} s, in {tries} attempts")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--missed", type=int, default=5, help="entries that each has missed")
    options = parser.parse_args()
    on_processor(1)()
    with tempfile.TemporaryDirectory() as folder:
        measure(Server(free_port(), Path(folder)), options.people, options.missed)


if __name__ == "__main__":
    main()
