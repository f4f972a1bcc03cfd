"""`prickle doctor`: does this machine give what the chat needs? One line per check, and what to do."""

import asyncio
import resource
import shutil
import time
from pathlib import Path

from rich.console import Console

from prickle.app import create_app
from prickle.config.loading import load_core
from prickle.config.refusal import Refusal
from prickle.config.settings import Settings
from prickle.config.sources import RawSettings
from prickle.serving import bind
from prickle.storage.documents import sqlite_version

MIN_FREE_BYTES = 500 * 2**20
MIN_OPEN_FILES = 4096
FIRST_SANE_YEAR = 2025


def run_checks(raw: RawSettings) -> int:
    """Print the checks; returns 0, or 1 if one failed."""
    settings = load_core(raw)
    checks = {
        "stores and plugins": lambda: _starts(raw),
        "address": lambda: _address(settings),
        "disk": lambda: _disk(settings.storage.data_dir),
        "open files": _open_files,
        "clock": _clock,
        "SQLite": _sqlite,
    }
    console, failed = Console(highlight=False), 0
    for name, check in checks.items():
        try:
            console.print(f"[green]ok[/green]      {name}: {check()}")
        except Refusal as refusal:
            failed += 1
            console.print(f"[red]problem[/red] {name}: {refusal}")
    return 1 if failed else 0


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
    free = shutil.disk_usage(folder if folder.exists() else folder.absolute().parent).free
    if free < MIN_FREE_BYTES:
        raise Refusal(
            f"only {free // 2**20} MiB are free in {folder}; make room for at least {MIN_FREE_BYTES // 2**20}"
        )
    return f"{free // 2**20} MiB free in {folder}"


def _open_files() -> str:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < MIN_OPEN_FILES:
        raise Refusal(f"at most {soft} open files, so about that many people; raise it with ulimit -n {MIN_OPEN_FILES}")
    return f"at most {soft}, one per connection"


def _clock() -> str:
    year = time.gmtime().tm_year
    if year < FIRST_SANE_YEAR:
        raise Refusal(f"the clock says {year}: tokens would expire at once; set the time")
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())


def _sqlite() -> str:
    return f"{sqlite_version} (needs 3.35)"
