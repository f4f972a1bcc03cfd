"""A file system of a few megabytes that one process and its children see at a folder; whoever may, makes it without root."""

import subprocess
from functools import cache
from pathlib import Path
from tempfile import gettempdir

SIZE_MIB = 64
MIB = 2**20
NEW_NAMESPACE = ("unshare", "--map-root-user", "--mount", "sh", "-c")
MOUNT_AND_RUN = f'mount -t tmpfs -o size={SIZE_MIB}m tmpfs "$0" && exec "$@"'


@cache
def is_available() -> bool:
    """Tell whether this machine lets us have name spaces of our own."""
    command = [*on_small_disk(Path(gettempdir())), "true"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def on_small_disk(folder: Path) -> list[str]:
    """Return what a command begins with whose process shall find the small disk at `folder`."""
    return [*NEW_NAMESPACE, MOUNT_AND_RUN, str(folder)]


def seen_by(pid: int, path: Path) -> Path:
    """Return where we find what the process finds at `path`."""
    return Path(f"/proc/{pid}/root") / path.relative_to("/")


def fill(folder: Path, *, but_bytes: int = 0) -> Path:
    """Take all the room of the file system but so much; return the file that takes it."""
    filler = folder / ".filler"
    with filler.open("wb", buffering=0) as sink:
        for size in (MIB, 4096):
            try:
                while sink.write(bytes(size)) == size:
                    pass
            except OSError:
                continue  # so much does not fit any more
        sink.truncate(sink.tell() - but_bytes)
    return filler
