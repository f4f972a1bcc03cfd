"""A real MongoDB wire server for tests: FerretDB 1 on its SQLite backend, built once by Go and started on a free port."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.children import free_port
from tests.port_contract.processes import listening

MODULE, VERSION = "github.com/FerretDB/FerretDB", "v1.24.2"
BINARY = Path.home() / ".cache" / "prickle" / "bin" / f"ferretdb-{VERSION}"
START_S = 20.0


def go() -> str | None:
    """Return the path of Go's command, or `None`."""
    return shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")


def is_available() -> bool:
    """Tell whether `build` can work."""
    return BINARY.exists() or go() is not None


def build() -> Path:
    """Return the server's binary, made on the first call (a minute or two)."""
    if BINARY.exists():
        return BINARY
    command = go()
    if command is None:
        raise RuntimeError("building FerretDB needs Go")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        shutil.copytree(_downloaded(command), source, copy_function=shutil.copy)
        for directory in [source, *(path for path in source.rglob("*") if path.is_dir())]:
            directory.chmod(0o755)  # Go's module cache is read-only
        # `go install` alone makes a binary that stops at once: it wants this file, which is not in the module.
        (source / "build" / "version" / "version.txt").write_text(VERSION)
        built = Path(folder, "ferretdb")
        subprocess.run([command, "build", "-buildvcs=false", "-o", built, "./cmd/ferretdb"], cwd=source, check=True)
        BINARY.parent.mkdir(parents=True, exist_ok=True)
        # Two test processes may build at once; the rename makes either result whole.
        ready = BINARY.with_suffix(f".{os.getpid()}")
        shutil.copy(built, ready)
        ready.rename(BINARY)
    return BINARY


def _downloaded(command: str) -> Path:
    answer = subprocess.run(
        [command, "mod", "download", "-json", f"{MODULE}@{VERSION}"],
        cwd=tempfile.gettempdir(),
        capture_output=True,
        check=True,
    )
    return Path(json.loads(answer.stdout)["Dir"])


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a server whose data is in `folder`; yields its URL."""
    port = free_port()
    server = start(folder, port)
    try:
        yield f"mongodb://127.0.0.1:{port}/"
    finally:
        server.kill()
        server.wait()


def command(folder: Path, port: int) -> list[str | Path]:
    """Return what runs a server whose data is in `folder`, which must be there."""
    return [
        build(),
        "--handler=sqlite",
        f"--sqlite-url=file:{folder}/",
        f"--state-dir={folder}",
        f"--listen-addr=127.0.0.1:{port}",
        "--debug-addr=-",
        "--telemetry=disable",
        "--log-level=error",
    ]


def start(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    """Start a server and wait until it listens."""
    folder.mkdir(parents=True, exist_ok=True)
    return listening(command(folder, port), port, patience_s=START_S)
