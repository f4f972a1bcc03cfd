"""The command `prickle` in processes of its own, forked from one that has imported everything: 20 starts in a second."""

import asyncio
import io
import multiprocessing
import os
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

FORKSERVER = multiprocessing.get_context("forkserver")
FORKSERVER.set_forkserver_preload(["prickle.cli.run", "prickle.cli.show", "prickle.cli.doctor", "prickle.cli.main"])
ENDS_WITHIN_S = 30


@dataclass(frozen=True)
class Ended:
    """How a process ended, and what it said."""

    code: int | None
    stdout: str
    stderr: str

    @property
    def refusal(self) -> str:
        """Return the one line of a refused start, without the name in front."""
        lines = self.stderr.splitlines()
        assert self.code == 2, f"ended with {self.code}: {self.stderr or self.stdout}"
        assert len(lines) == 1, self.stderr
        assert lines[0].startswith("prickle: "), self.stderr
        return lines[0].removeprefix("prickle: ")


class Console:
    """One `prickle ...`; `path` is put in front of `sys.path`, for plugins that a test makes."""

    def __init__(
        self, *arguments: str, environment: Mapping[str, str] | None = None, path: Sequence[Path] = ()
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="console")
        self._files = [Path(self._folder.name) / name for name in ("stdout", "stderr")]
        for file in self._files:
            file.touch()
        given = (
            [str(file) for file in self._files],
            arguments,
            dict(environment or {}),
            [str(entry) for entry in path],
        )
        self._process: ForkServerProcess = FORKSERVER.Process(target=run_command, args=given)
        self._process.start()

    @property
    def stdout(self) -> str:
        return self._files[0].read_text()

    @property
    def stderr(self) -> str:
        return self._files[1].read_text()

    @property
    def is_running(self) -> bool:
        return self._process.is_alive()

    def signal(self, number: int) -> None:
        os.kill(self._process.pid or 0, number)

    def ended(self) -> Ended:
        """Wait for the end."""
        self._process.join(ENDS_WITHIN_S)
        with suppress(ValueError):
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
        result = Ended(self._process.exitcode, self.stdout, self.stderr)
        self._process.close()
        self._folder.cleanup()
        return result


def prickle(*arguments: str, environment: Mapping[str, str] | None = None, path: Sequence[Path] = ()) -> Ended:
    """Run the command to its end."""
    return Console(*arguments, environment=environment, path=path).ended()


def run_command(files: list[str], arguments: Sequence[str], environment: dict[str, str], path: list[str]) -> None:
    """Become the command; runs in the new process."""
    for number, file in enumerate(files, start=1):
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND)
        os.dup2(descriptor, number)
    sys.stdout, sys.stderr = (io.TextIOWrapper(io.FileIO(number, "w"), write_through=True) for number in (1, 2))
    sys.argv = ["prickle", *arguments]
    sys.path[:0] = path
    os.environ.update(environment)
    from prickle.cli.main import main

    main()


async def ready(console: Console) -> str:
    """Wait until the server can be used; return its address."""
    async with asyncio.timeout(ENDS_WITHIN_S):
        while (found := re.search(r"Prickle is ready: (\S+)", console.stdout)) is None:
            assert console.is_running, console.stderr
            await asyncio.sleep(0.02)
    return found[1]
