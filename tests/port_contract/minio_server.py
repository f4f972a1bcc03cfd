"""A real S3 server for tests: MinIO by its documented build with Go, or whatever `PRICKLE_TEST_S3_URL` names."""

import atexit
import os
import shutil
import subprocess
import tempfile
import uuid
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from minio import Minio

from ops.children import free_ports
from tests.port_contract.processes import listening

MODULE = "github.com/minio/minio@latest"
BINARY = Path.home() / ".cache" / "prickle" / "bin" / "minio"
START_S = 30.0
KEY = "prickle-tests"


def servers() -> list[str]:
    """Return the names of the S3 servers that the suite runs against."""
    return [*(["minio"] if is_available() else []), *(["named"] if os.environ.get("PRICKLE_TEST_S3_URL") else [])]


def is_available() -> bool:
    return BINARY.exists() or _go() is not None


def new_bucket(server: str) -> str:
    """Return the URL of a fresh, empty bucket."""
    return bucket_at(os.environ["PRICKLE_TEST_S3_URL"] if server == "named" else _running())


def bucket_at(url: str) -> str:
    """Return the URL of a fresh, empty bucket of the server at `url`."""
    parts = urlsplit(url)
    name = f"t{uuid.uuid4().hex}"
    client = Minio(
        parts.netloc.rpartition("@")[2],
        access_key=parts.username,
        secret_key=parts.password,
        secure="secure=false" not in parts.query,
        region="us-east-1",
    )
    client.make_bucket(name)
    return parts._replace(path=f"/{name}").geturl()


def build() -> Path:
    """Return the server's binary, made on the first call (some minutes)."""
    if not BINARY.exists():
        command = _go()
        if command is None:
            raise RuntimeError("building MinIO needs Go")
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "GOBIN": folder, "CGO_ENABLED": "0"}
            subprocess.run([command, "install", MODULE], env=environment, cwd=folder, check=True)
            BINARY.parent.mkdir(parents=True, exist_ok=True)
            ready = BINARY.with_suffix(f".{os.getpid()}")
            shutil.copy(Path(folder, "minio"), ready)
            ready.rename(BINARY)
    return BINARY


def _go() -> str | None:
    return shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")


@cache
def _running() -> str:
    """Start one server for this process; it ends with it."""
    folder = Path(tempfile.mkdtemp(prefix="minio-"))
    process, url = started(folder)
    atexit.register(_end, process, folder)
    return url


def started(folder: Path, *before: str) -> tuple["subprocess.Popen[bytes]", str]:
    """Start a server on `folder`, by a command that `before` may begin; return it, and its URL without a bucket."""
    port, console = free_ports(2)
    addresses = (f"--address=127.0.0.1:{port}", f"--console-address=127.0.0.1:{console}")
    command = [*before, build(), "server", folder / "data", *addresses]
    keys = {"MINIO_ROOT_USER": KEY, "MINIO_ROOT_PASSWORD": KEY, "HOME": str(folder)}
    process = listening(command, port, patience_s=START_S, environment=keys)
    return process, f"s3://{KEY}:{KEY}@127.0.0.1:{port}/?secure=false"


def _end(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    process.kill()
    process.wait()
    shutil.rmtree(folder, ignore_errors=True)
