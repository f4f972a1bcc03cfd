"""How long does a page of a room's history take, in logs of any length? The core's own reader on a log that is filled in bulk."""

import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from loadtest.bench.figures import at_percent
from prickle.contract.log import Window
from prickle.contract.types import RoomId, Seq
from prickle.log.models import LogEntry
from prickle.log.reader import LogReader
from prickle.storage.documents import SqliteDocuments
from prickle.storage.documents.mongo.adapter import MongoDocuments

ROOMS = 1_000
AUTHORS = 5_000
PAGE = 50
READS = 1_000
"""Of each kind, in rooms and at places of chance, one after the other."""
SQL_CHUNK, PORT_CHUNK = 200_000, 2_000

TEXT = "Shall we meet at the gate at nine? I bring the map and something warm to drink. "
HEAD = "| engine | messages | of a room | read | p50 ms | p99 ms | longest ms |\n|---|---|---|---|---|---|---|"

Store = SqliteDocuments | MongoDocuments

# The message number n, counted from 0, as the log's own columns; rooms take turns, so no two of a page are neighbours.
FILL = f"""
    WITH RECURSIVE numbers(n) AS (VALUES(?1) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?2)
    INSERT INTO log (id, room, seq, event, author, at_ms, once, body, kind, records, revision, pending)
    SELECT printf('%024x', n), printf('room_%020d', n % {ROOMS}), n / {ROOMS} + 1, 'messages.created',
        printf('guest_%020d', n * 7919 % {AUTHORS}), 1700000000000 + n,
        printf('guest_%020d:%032x', n * 7919 % {AUTHORS}, n), json_object('text', ?3), 'record',
        n / {ROOMS} + 1, 0, 0
    FROM numbers
"""  # noqa: S608  only our own numbers are put in


def room_name(number: int) -> RoomId:
    return RoomId(f"room_{number % ROOMS:020d}")


def entry(room: str, seq: int, number: int) -> LogEntry:
    """Return message `number` of the whole log, as `FILL` makes it."""
    author = f"guest_{number * 7919 % AUTHORS:020d}"
    return LogEntry(  # type: ignore[call-arg]  # it makes its own id
        room=room,
        seq=seq,
        event="messages.created",
        author=author,
        at_ms=1_700_000_000_000 + number,
        once=f"{author}:{number:032x}",
        body={"text": TEXT},
        kind="record",
        records=seq,
    )


def steps(start: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of what is to be filled, and tell how far it is."""
    began = time.monotonic()
    for first in range(start, end, size):
        yield first, min(first + size, end)
        done = min(first + size, end) - start
        rate = done / (time.monotonic() - began)
        if sys.stderr.isatty() or done == end - start:
            print(f"\r{start + done:,} messages ({rate:,.0f}/s) ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def fill_sqlite(path: Path, start: int, end: int) -> None:
    """Write as fast as SQLite can while nobody else has the file open; the indexes are made anew at the end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "threads=2"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        query = "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'log' AND type = 'index' AND sql IS NOT NULL"
        indexes = connection.execute(query).fetchall()
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        for first, last in steps(start, end, SQL_CHUNK):
            connection.execute(FILL, (first, last, TEXT))
        for _, made_by in indexes:
            connection.execute(made_by)
        connection.execute("PRAGMA journal_mode=WAL").fetchall()


async def fill_by_port(store: Store, start: int, end: int) -> None:
    """Write through the documents port, on a server whose insides are none of ours."""
    for first, last in steps(start, end, PORT_CHUNK):
        numbers = range(first, last)
        await store.insert(*(entry(room_name(number), number // ROOMS + 1, number) for number in numbers))


def windows(chance: random.Random, last_seq: int) -> dict[str, Callable[[], Window]]:
    """Return what is read: as a client does that opens a room, scrolls far back, or follows a link to a message."""

    def place() -> Seq:
        return Seq(chance.randint(1, last_seq))

    return {
        "first page": lambda: Window(PAGE),
        "deep page": lambda: Window(PAGE, "before", place()),
        "around a message": lambda: Window(PAGE, "around", place()),
    }


async def rows(engine: str, new_store: Callable[[], Store], file: Path | None, sizes: Sequence[int]) -> None:
    """Print the table's rows: the same reads while the log grows to each of `sizes`. `file` is SQLite's."""
    filled = 0
    for size in sizes:
        store = new_store()
        await store.open()
        if file is None:
            await fill_by_port(store, filled, size)
        else:
            await store.close()  # it has made the table
            fill_sqlite(file, filled, size)
            store = new_store()
            await store.open()
        filled = size
        await read(engine, LogReader(store), size)
        await store.close()


async def read(engine: str, reader: LogReader, size: int) -> None:
    """Print the rows of one size."""
    chance = random.Random(1)
    for name, window in windows(chance, size // ROOMS).items():
        times = []
        for _ in range(READS):
            room, wanted = room_name(chance.randrange(ROOMS)), window()
            began = time.perf_counter()
            await reader.page(room, wanted)
            times.append(time.perf_counter() - began)
        times.sort()
        figures = " | ".join(at_percent(times, percent) for percent in (50, 99, 100))
        print(f"| {engine} | {size:,} | {size // ROOMS:,} | {name} | {figures} |", flush=True)
