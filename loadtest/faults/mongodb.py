"""Where the cluster on MongoDB keeps its documents: FerretDB of our own, or the server that an environment variable names."""

import asyncio
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pymongo import MongoClient

from ops.children import Child, accepts, free_port
from tests.port_contract import ferretdb

GIVEN_URL = os.environ.get("PRICKLE_TEST_MONGO_URL")
DATABASE = "prickle_faults"


def is_available() -> bool:
    """Tell whether there is a server, or Go to build one."""
    return GIVEN_URL is not None or ferretdb.is_available()


def own_server(folder: Path) -> tuple[Child, str]:
    """Return a server that keeps its data in `folder`, not started yet, and the database's URL."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = ferretdb.command(folder, port)
    log = folder / "ferretdb.log"
    return Child("FerretDB", command, probe=accepts(port), log=log), f"mongodb://127.0.0.1:{port}/{DATABASE}"


def database_at(url: str) -> str:
    """Return the URL of a new database on the server that `url` names."""
    return urlsplit(url)._replace(path=f"/{DATABASE}_{secrets.token_hex(4)}").geturl()


async def drop_database(url: str) -> None:
    """Remove a database from a server that stays."""

    def drop() -> None:
        with MongoClient[dict[str, Any]](url) as client:
            client.drop_database(client.get_default_database())

    await asyncio.to_thread(drop)
