"""The clocks of real servers, which here are this machine's own."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from prickle.storage.clocks import bus_time_s
from prickle.storage.documents import StoreRefused
from tests.port_contract import ferretdb
from tests.redis_server import RedisServer

CLOSE_S = 60.0
"""Far more than a question takes, and far less than a wrong unit or time zone would make of it."""
ASK = (
    "import asyncio, sys; from prickle.storage import clocks; print(asyncio.run(clocks.documents_time_s(sys.argv[1])))"
)
SERVERS = ["redis", *(["mongodb"] if ferretdb.is_available() else [])]


@pytest.mark.parametrize("server", SERVERS)
async def test_a_servers_clock_is_read(server: str, tmp_path: Path) -> None:
    if server == "mongodb":
        with ferretdb.running(tmp_path) as url:
            # In a process of its own: pymongo's client, closed while a monitor connects, leaves a socket to the collector.
            command = [sys.executable, "-c", ASK, url]
            theirs = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    else:
        redis = RedisServer(tmp_path)
        await redis.start()
        theirs = await bus_time_s(redis.url)
        await redis.kill()
        with pytest.raises(StoreRefused, match="the bus does not answer"):
            await bus_time_s(redis.url)
    assert abs(theirs - time.time()) < CLOSE_S
