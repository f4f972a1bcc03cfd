"""Starts the real servers that tests run against."""

import os
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from ops.children import ENDS_WITH_US


def listening(
    command: Sequence[str | Path], port: int, *, patience_s: float, environment: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start a server and return when something listens on its port of 127.0.0.1.

    Raises:
        RuntimeError: it has ended, or nothing listens after `patience_s`.
    """
    server = subprocess.Popen(
        [*ENDS_WITH_US, *command],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.05)
    server.kill()
    raise RuntimeError(f"{Path(command[0]).name} did not start on port {port}")
