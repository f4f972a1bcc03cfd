import asyncio
import signal
import sys
from pathlib import Path

import pytest

from ops.children import Child, ChildFailed, accepts, answers, free_port

SERVER = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1"]


async def test_a_child_is_started_when_its_probe_says_so_and_ends_by_stop(tmp_path: Path) -> None:
    port = free_port()
    child = Child("server", [*SERVER, str(port)], probe=answers(port, "/"), log=tmp_path / "log")
    await child.start()
    assert child.is_alive
    await child.stop()
    assert not child.is_alive
    assert not await accepts(port)()


async def test_a_child_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such luck')"]
    child = Child("unlucky", command, probe=accepts(free_port()), log=tmp_path / "log")
    with pytest.raises(ChildFailed, match=r"unlucky ended at once\.\nno such luck"):
        await child.start()


async def test_a_child_that_is_never_ready_is_killed(tmp_path: Path) -> None:
    child = Child("sleeper", ["sleep", "60"], probe=accepts(free_port()), log=tmp_path / "log")
    with pytest.raises(ChildFailed, match="not ready after"):
        await child.start(patience_s=0.2)
    assert not child.is_alive


async def test_a_signal_reaches_what_the_child_has_started(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"

    async def written() -> bool:
        return pid_file.exists() and pid_file.read_text().endswith("\n")

    child = Child("shell", ["sh", "-c", 'sleep 60 & echo $! > "$0"; wait', pid_file], probe=written)
    await child.start()
    child.signal(signal.SIGKILL)
    await child.wait()
    grandchild = Path(f"/proc/{pid_file.read_text().strip()}/stat")
    async with asyncio.timeout(10):
        while grandchild.exists() and grandchild.read_text().split()[2] != "Z":
            await asyncio.sleep(0.01)
