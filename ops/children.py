"""Child processes that are started, watched, signalled and surely ended, each in a process group of its own."""

import asyncio
import os
import random
import shutil
import signal
import socket
import subprocess
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

Probe = Callable[[], Awaitable[bool]]

PROBE_EVERY_S = 0.05
SERVER_PORTS = (12_000, 32_000)
PROBE_TIMEOUT_S = 2.0
ENDS_WITH_US = ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()
"""Before a command: the process ends with the thread that starts it, however that ends."""


class ChildFailed(Exception):
    """A child ended, or did not become ready in time; the message holds the end of its log."""


class Child:
    """One process. What it prints goes to `log`, or to our own output without one."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        probe: Probe | None = None,
        log: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.command = [str(part) for part in command]
        """What the next `start` runs."""
        self._probe = probe
        self._log = log
        self._environment = {**os.environ, **(environment or {})}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """Of the process, once it has been started."""
        return self._process.pid if self._process else 0

    async def start(self, *, patience_s: float = 60.0) -> None:
        """Start it and return when its probe says that it is ready.

        Raises:
            ChildFailed: it ended before, or was not ready within `patience_s`.
        """
        with self._output() as output:
            self._process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self._environment,
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(patience_s):
                while self._probe and not await self._probe():
                    if not self.is_alive:
                        raise ChildFailed(f"{self.name} ended at once.{self._last_lines()}")
                    await asyncio.sleep(PROBE_EVERY_S)
        except TimeoutError:
            await self.kill()
            raise ChildFailed(f"{self.name} was not ready after {patience_s:g} s.{self._last_lines()}") from None

    async def wait(self) -> int:
        """Return its exit code when it has ended."""
        return await self._process.wait() if self._process else 0

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and to all that it has started."""
        if self._process and self.is_alive:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    async def kill(self) -> None:
        """End it by SIGKILL."""
        self.signal(signal.SIGKILL)
        await self.wait()

    async def stop(self, *, patience_s: float = 12.0) -> None:
        """End it by SIGTERM, and by SIGKILL after `patience_s`."""
        self.signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.wait(), patience_s)
        except TimeoutError:
            await self.kill()

    def _output(self) -> IO[bytes]:
        return self._log.open("ab") if self._log else os.fdopen(os.dup(1), "wb")

    def _last_lines(self) -> str:
        if self._log is None or not self._log.exists():
            return ""
        return "\n" + "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Return different ports that nobody has, below those that the system gives to clients: none takes one meanwhile."""
    found: set[int] = set()
    with ExitStack() as probes:
        while len(found) < count:
            port = random.randrange(*SERVER_PORTS)  # noqa: S311  # guards nothing
            with suppress(OSError):
                probes.enter_context(socket.socket()).bind(("", port))
                found.add(port)
    return list(found)


def accepts(port: int) -> Probe:
    """Return a probe: something accepts connections on the port."""

    async def probe() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    return probe


def answers(port: int, path: str) -> Probe:
    """Return a probe: a GET of the path is answered with 200."""

    async def probe() -> bool:
        try:
            async with asyncio.timeout(PROBE_TIMEOUT_S):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
                status = await reader.readline()
                writer.close()
        except (OSError, TimeoutError):
            return False
        return status.split(b" ")[1:2] == [b"200"]

    return probe
