"""What SQLite promises beyond the port's suite: one sync for many writes, nothing acknowledged lost, a full disk survived."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from prickle.contract.documents import DuplicateKey
from prickle.contract.errors import Unavailable
from prickle.storage.documents import SqliteDocuments, StoreRefused
from prickle.storage.documents.tests import full_disk, writing
from prickle.storage.documents.tests.writing import Number


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a folder" / "documents.sqlite"


@pytest.fixture
async def documents(path: Path) -> AsyncIterator[SqliteDocuments]:
    documents = SqliteDocuments(path, [Number])
    await documents.open()
    yield documents
    await documents.close()


def number(value: int, writer: str = "w") -> Number:
    return Number(writer=writer, value=value)


def values_in(path: Path, writer: str) -> set[int]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {value for (value,) in connection.execute("SELECT value FROM numbers WHERE writer = ?", [writer])}


def start(path: Path, writer: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, writing.__file__, path, writer], stdout=subprocess.PIPE, text=True)


def heard(process: "subprocess.Popen[str]", lines: int) -> set[int]:
    """Return the first acknowledged numbers, then kill the process, and return what it said until it was dead too."""
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    process.kill()
    rest = process.stdout.read().splitlines(keepends=True)
    process.stdout.close()
    process.wait()
    return {int(line) for line in said + rest if line.endswith("\n")}


async def test_writes_that_wait_share_a_commit(documents: SqliteDocuments) -> None:
    before = documents.commits
    await asyncio.gather(*(documents.insert(number(value)) for value in range(200)))
    # The first one may find the thread idle and go alone; all others wait for it and go together.
    assert documents.commits - before <= 3


async def test_a_refused_write_leaves_its_group_alone(documents: SqliteDocuments) -> None:
    await documents.insert(number(50))
    answers = await asyncio.gather(*(documents.insert(number(value)) for value in range(100)), return_exceptions=True)
    assert [type(answer) for answer in answers if answer is not None] == [DuplicateKey]
    assert await documents.count(Number) == 100


async def test_killing_the_process_loses_nothing_acknowledged(path: Path) -> None:
    acknowledged = heard(start(path, "w"), 500)
    assert len(acknowledged) >= 500
    assert acknowledged <= values_in(path, "w")


async def test_two_processes_write_one_file_at_once(path: Path) -> None:
    processes = {name: start(path, name) for name in ("first", "second")}
    acknowledged = {name: heard(process, 300) for name, process in processes.items()}
    for name, values in acknowledged.items():
        assert values <= values_in(path, name)


async def test_a_full_disk_is_unavailable_until_there_is_room_again(path: Path) -> None:
    answer = subprocess.run([sys.executable, full_disk.__file__, path], capture_output=True, text=True, check=True)
    acknowledged, refused, seen_while_full, afterwards = (int(word) for word in answer.stdout.split())
    assert acknowledged > 0
    assert refused > 0
    assert seen_while_full == acknowledged
    assert afterwards == acknowledged + 1
    assert len(values_in(path, "w")) == afterwards


async def test_another_process_that_holds_the_lock_makes_it_unavailable_for_as_long(
    documents: SqliteDocuments, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prickle.storage.documents.sqlite.connection.LOCK_WAIT_S", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable) as refused:
            await documents.insert(number(1))
        assert (refused.value.code, refused.value.retry_after_s) == ("core.store_unavailable", 2.0)
        assert await documents.count(Number) == 0
        other.execute("ROLLBACK")
    await documents.insert(number(1))


async def test_the_first_write_waits_while_the_readers_connect(tmp_path: Path) -> None:
    for attempt in range(100):  # without the wait, one in some dozens found the file locked
        documents = SqliteDocuments(tmp_path / f"{attempt}.sqlite", [Number])
        await documents.open()
        await documents.insert(number(attempt))
        await documents.close()


async def test_after_closing_it_is_unavailable(documents: SqliteDocuments) -> None:
    await documents.close()
    for call in (documents.insert(number(1)), documents.count(Number)):
        with pytest.raises(Unavailable):
            await call


async def test_closing_finishes_what_was_asked_for(documents: SqliteDocuments, path: Path) -> None:
    calls = [asyncio.create_task(documents.insert(number(value))) for value in range(100)]
    await asyncio.sleep(0)
    await documents.close()
    await asyncio.gather(*calls)
    assert values_in(path, "w") == set(range(100))


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "documents.sqlite"
    path.write_bytes(b"something else entirely" * 100)
    with pytest.raises(StoreRefused, match="not a database"):
        await SqliteDocuments(path, [Number]).open()
    assert path.read_bytes().startswith(b"something else")


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreRefused, match="Not a directory"):
        await SqliteDocuments(tmp_path / "file" / "data" / "documents.sqlite", [Number]).open()


async def test_a_file_with_a_newer_layout_is_refused(documents: SqliteDocuments, path: Path) -> None:
    await documents.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=99")
    with pytest.raises(StoreRefused, match="layout 99"):
        await SqliteDocuments(path, [Number]).open()
