"""A MongoDB server that dies, freezes or was never there: bounded waiting, `Unavailable`, and back by itself."""

import asyncio
import gc
import signal
import socket
import subprocess  # noqa: TC003 - beside its users in annotations only, as a string
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ops.children import free_port
from prickle.contract.errors import Unavailable
from prickle.storage.documents import StoreRefused
from prickle.storage.documents.mongo import connection
from prickle.storage.documents.mongo.adapter import MongoDocuments
from tests.port_contract import ferretdb
from tests.port_contract.documents.models import Entry, entry

NOT_ON = {"sqlite", "mongodb"}
"""The server must be one that the test may kill."""


@dataclass
class Server:
    """A server of this test's own."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/"

    def kill(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        self.process = ferretdb.start(self.folder, self.port)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "SELECTION_TIMEOUT_MS", 300)
    monkeypatch.setattr(connection, "OPERATION_TIMEOUT_MS", 600)


@pytest.fixture(autouse=True)
def left_sockets() -> Iterator[None]:
    """The driver leaves a socket open whose connecting it cancels: it is collected here, and no other test warns of it."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def server(engine: str, tmp_path: Path) -> Iterator[Server]:
    port = free_port()
    server = Server(tmp_path, port, ferretdb.start(tmp_path, port))
    yield server
    server.kill()


async def opened(server: Server) -> MongoDocuments:
    store = MongoDocuments(server.url, "prickle", [Entry])
    await store.open()
    return store


async def assert_unavailable(store: MongoDocuments) -> None:
    for call in (
        store.insert(entry(99)),
        store.find(Entry),
        store.update(Entry, Entry.seq == 1, set={"text": "x"}),
        store.delete(Entry, Entry.seq == 1),
        store.count(Entry),
        store.check(),
    ):
        with pytest.raises(Unavailable) as refused:
            await asyncio.wait_for(call, 5)
        assert refused.value.code == "core.store_unavailable"


async def test_a_killed_server_is_unavailable_and_has_what_it_acknowledged_when_it_is_back(server: Server) -> None:
    store = await opened(server)
    await store.insert(*(entry(seq) for seq in range(1, 51)))
    server.kill()
    await assert_unavailable(store)
    server.start()
    assert await store.count(Entry) == 50
    await store.check()
    await store.insert(entry(51))
    await store.close()


async def test_a_frozen_server_is_unavailable_for_as_long(server: Server) -> None:
    store = await opened(server)
    await store.insert(entry(1))
    server.process.send_signal(signal.SIGSTOP)
    await assert_unavailable(store)
    server.process.send_signal(signal.SIGCONT)
    assert await store.count(Entry, Entry.seq == 1) <= 1
    await store.close()


async def test_a_killed_server_in_the_middle_of_writes_keeps_what_it_acknowledged(server: Server) -> None:
    store = await opened(server)
    acknowledged: list[int] = []

    async def write(start: int) -> None:
        for seq in range(start, 100_000, 20):
            await store.insert(entry(seq))
            acknowledged.append(seq)

    writers = [asyncio.create_task(write(start)) for start in range(1, 21)]
    while len(acknowledged) < 100:
        await asyncio.sleep(0.01)
    server.kill()
    answers = await asyncio.gather(*writers, return_exceptions=True)
    assert {type(answer) for answer in answers} == {Unavailable}
    server.start()
    assert {each.seq for each in await store.find(Entry)} >= set(acknowledged)
    await store.close()


async def test_a_server_that_is_not_there_refuses_the_start_without_telling_the_password(engine: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        store = MongoDocuments(f"mongodb://me:secret-word@127.0.0.1:{port}/?appName=x", "prickle", [Entry])
        with pytest.raises(StoreRefused, match=f"^MongoDB at 127.0.0.1:{port} ") as refused:
            await store.open()
    assert "secret-word" not in str(refused.value)
    assert "\n" not in str(refused.value)


async def test_before_opening_and_after_closing_it_is_unavailable(server: Server) -> None:
    store = MongoDocuments(server.url, "prickle", [Entry])
    await assert_unavailable(store)
    await store.open()
    await store.close()
    await assert_unavailable(store)
