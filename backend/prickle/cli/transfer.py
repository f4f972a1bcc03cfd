"""`prickle export FILE` and `prickle import FILE`: all data, from any engines to any engines."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import typer

from prickle.app import create_app
from prickle.config.sources import RawSettings
from prickle.transfer import export_to, import_from

Transfer = Callable[..., Awaitable[None]]


def export_all(raw: RawSettings, path: Path) -> None:
    """Write everything to `path`."""
    asyncio.run(_transfer(raw, path, export_to))
    typer.echo(f"Everything is in {path}.")


def import_all(raw: RawSettings, path: Path) -> None:
    """Take everything from `path` into empty stores."""
    asyncio.run(_transfer(raw, path, import_from))
    typer.echo(f"Everything from {path} is there.")


async def _transfer(raw: RawSettings, path: Path, transfer: Transfer) -> None:
    prickle: Any = create_app(raw).ctx.prickle
    engines = prickle.engines
    await engines.open()
    try:
        await transfer(path, engines.documents, engines.blobs, prickle.models, _tell)
    finally:
        await engines.close()


def _tell(name: str, count: int) -> None:
    typer.echo(f"  {name}: {count:,}")
