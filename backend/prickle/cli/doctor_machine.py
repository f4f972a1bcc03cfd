"""What `prickle doctor` looks at on the machine itself, and on the servers that the settings name."""

import asyncio
import resource
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from prickle.app import create_app
from prickle.cli.doctor_worry import Worry, compare_clocks
from prickle.config.loading import load_core
from prickle.config.refusal import Refusal
from prickle.config.settings import Settings
from prickle.config.sources import RawSettings
from prickle.serving import bind
from prickle.storage.clocks import bus_time_s, documents_time_s
from prickle.storage.documents import StoreRefused, sqlite_version

MIN_FREE_BYTES = 500 * 2**20
WORRYING_FREE_SHARE = 0.1
MIN_OPEN_FILES = 4096
FIRST_SANE_YEAR = 2025


def machine_checks(raw: RawSettings, is_deployed: bool) -> dict[str, Callable[[], str]]:
    """Return the checks by name; where it is deployed, the address is taken by what runs there."""
    settings = load_core(raw)
    checks = {
        "stores and plugins": lambda: _starts(raw),
        "address": lambda: _address(settings),
        "disk": lambda: _disk(settings.storage.data_dir),
        "open files": _open_files,
        "clock": _clock,
        "SQLite": _sqlite,
    }
    if is_deployed:
        del checks["address"]
    documents_url, bus_url = (
        url.get_secret_value() for url in (settings.storage.documents_url, settings.storage.bus_url)
    )
    if documents_url:
        checks["clock of the documents"] = lambda: _server_clock(
            "the documents' server", documents_time_s(documents_url)
        )
    if bus_url:
        checks["clock of the bus"] = lambda: _server_clock("Redis", bus_time_s(bus_url))
    return checks


def _starts(raw: RawSettings) -> str:
    async def start_and_stop() -> str:
        prickle = create_app(raw).ctx.prickle
        await prickle.start()
        await prickle.send_off()
        await prickle.stop()
        return f"{len(prickle.plugins)} plugins start and stop"

    return asyncio.run(start_and_stop())


def _address(settings: Settings) -> str:
    bind(settings.server.host, settings.server.port).close()
    return f"{settings.server.host}:{settings.server.port} is free"


def _disk(folder: Path) -> str:
    disk = shutil.disk_usage(folder if folder.exists() else folder.absolute().parent)
    said = f"{disk.free // 2**20} MiB free in {folder}"
    if disk.free < MIN_FREE_BYTES:
        raise Refusal(f"only {said}; make room for at least {MIN_FREE_BYTES // 2**20}")
    if disk.free < disk.total * WORRYING_FREE_SHARE:
        raise Worry(f"only {said}, {100 * disk.free // disk.total} % of the disk; make room before it is full")
    return said


def _open_files() -> str:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < MIN_OPEN_FILES:
        raise Worry(f"at most {soft} open files, so about that many people; raise it with ulimit -n {MIN_OPEN_FILES}")
    return f"at most {soft}, one per connection"


def _clock() -> str:
    year = time.gmtime().tm_year
    if year < FIRST_SANE_YEAR:
        raise Refusal(f"the clock says {year}: tokens would expire at once; set the time")
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())


def _server_clock(whose: str, their_time: Awaitable[float]) -> str:
    async def compare() -> str:
        before = time.time()
        theirs = await their_time
        return compare_clocks(whose, theirs, (before + time.time()) / 2)

    try:
        return asyncio.run(compare())
    except StoreRefused as error:
        raise Refusal(str(error)) from error


def _sqlite() -> str:
    return f"{sqlite_version} (needs 3.35)"
