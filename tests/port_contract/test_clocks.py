"""The clocks of real servers, which here are this machine's own."""

import time
from pathlib import Path

import pytest

from prickle.storage.clocks import bus_time_s, documents_time_s
from prickle.storage.documents import StoreRefused
from tests.port_contract import ferretdb
from tests.redis_server import RedisServer

CLOSE_S = 60.0
"""Far more than a question takes, and far less than a wrong unit or time zone would make of it."""
SERVERS = ["redis", *(["mongodb"] if ferretdb.is_available() else [])]


@pytest.mark.parametrize("server", SERVERS)
# Closing pymongo's client while a monitor connects leaves that socket to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
async def test_a_servers_clock_is_read(server: str, tmp_path: Path) -> None:
    if server == "mongodb":
        with ferretdb.running(tmp_path) as url:
            theirs = await documents_time_s(url)
    else:
        redis = RedisServer(tmp_path)
        await redis.start()
        theirs = await bus_time_s(redis.url)
        await redis.kill()
        with pytest.raises(StoreRefused, match="the bus does not answer"):
            await bus_time_s(redis.url)
    assert abs(theirs - time.time()) < CLOSE_S
