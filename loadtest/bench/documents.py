"""How fast is the documents port? Durable inserts by one and two processes, and a page of history in a long log.

    python -m loadtest.bench.documents [--rows 10000,100000] [--mongo URL] [--callers 50] [--seconds 5]

Prints Markdown tables with the conditions they were measured under. Data goes to a temporary folder of `--folder`; with
`--mongo`, the database `prickle_bench` is dropped before and after.
"""

import argparse
import asyncio
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from pymongo import MongoClient

from prickle.contract.documents import Index, Model, asc, desc
from prickle.storage.documents import SqliteDocuments
from prickle.storage.documents.mongo.adapter import MongoDocuments

TEXT = "Shall we meet at the gate at nine? I bring the map and something warm to drink. "
ROOMS = 20
DATABASE = "prickle_bench"


class Entry(Model):
    """As wide, and with as many indexes, as an entry of a room's log."""

    room: str
    seq: int
    author: str
    once: str
    event: str
    at_ms: int
    body: dict[str, Any]
    pending_since_ms: int = 0

    model_config: ClassVar[Any] = {
        "collection": "log",
        "indexes": lambda: [
            Index(asc(Entry.room), asc(Entry.seq), unique=True),
            Index(asc(Entry.room), asc(Entry.once), unique=True),
            Index(asc(Entry.pending_since_ms), asc(Entry.room)),
        ],
    }


def entry(room: str, seq: int) -> Entry:
    author = f"guest_{seq % 97:020d}"
    body = {"text": TEXT, "client_id": f"c{seq}", "reply_to": None}
    return Entry(  # type: ignore[call-arg]  # it makes its own id
        room=room, seq=seq, author=author, once=f"{author}:c{seq}", event="messages.created", at_ms=seq, body=body
    )


Store = SqliteDocuments | MongoDocuments


def store_at(location: str) -> Store:
    if location.startswith("mongodb"):
        return MongoDocuments(location, DATABASE, [Entry])
    return SqliteDocuments(Path(location), [Entry])


def at_percent(sorted_times: Sequence[float], percent: float) -> str:
    return f"{sorted_times[min(len(sorted_times) - 1, int(len(sorted_times) * percent / 100))] * 1000:.2f}"


async def insert_for(location: str, room: str, callers: int, seconds: float) -> list[float]:
    """Insert with `callers` at once, each waiting for its acknowledgement; returns the seconds each insert took."""
    store = store_at(location)
    await store.open()
    times: list[float] = []
    until = time.perf_counter() + seconds

    async def call(number: int) -> None:
        seq = number
        while (start := time.perf_counter()) < until:
            await store.insert(entry(room, seq))
            times.append(time.perf_counter() - start)
            seq += callers

    await asyncio.gather(*(call(number) for number in range(1, callers + 1)))
    await store.close()
    return times


def inserts_row(engine: str, location: str, processes: int, callers: int, seconds: float) -> str:
    """Return a row of the first table, from `processes` processes that insert at the same time."""
    command = [sys.executable, "-m", "loadtest.bench.documents", "--insert-for", str(seconds)]
    running = [
        subprocess.Popen(
            [
                *command,
                "--callers",
                str(callers),
                "--location",
                location,
                "--room",
                f"room_{number}_{callers}_{processes}",
            ],
            stdout=subprocess.PIPE,
        )
        for number in range(processes)
    ]
    each = [json.loads(process.communicate()[0]) for process in running]
    times = sorted(seconds for one in each for seconds in one)
    rates = " + ".join(f"{len(one) / seconds:,.0f}" for one in each)
    figures = [f"{len(times) / seconds:,.0f}", rates, *(at_percent(times, percent) for percent in (50, 99, 100))]
    return f"| {engine} | {processes} | {callers} | {' | '.join(figures)} |"


async def fill(store: Store, start: int, rows: int) -> None:
    for first in range(start, rows, 2_000):
        await store.insert(
            *(entry(f"room_{row % ROOMS}", row // ROOMS + 1) for row in range(first, min(first + 2_000, rows)))
        )


async def timed(call: Callable[[int], Awaitable[Any]], repeats: int) -> list[float]:
    times = []
    for number in range(repeats):
        start = time.perf_counter()
        await call(number)
        times.append(time.perf_counter() - start)
    return sorted(times)


async def pages(engine: str, location: str, sizes: Sequence[int]) -> list[str]:
    """Return the rows of the second table: the same reads while the log grows to each of `sizes`."""
    store = store_at(location)
    await store.open()
    lines, filled = [], 0
    for rows in sizes:
        await fill(store, filled, rows)
        filled = rows
        last = rows // ROOMS
        reads: dict[str, Callable[[int], Awaitable[Any]]] = {
            "page of 50": lambda number, last=last: store.find(  # type: ignore[misc]  # a default binds the loop's value
                Entry,
                Entry.room == f"room_{number % ROOMS}",
                Entry.seq < max(51, number * 7919 % last),
                sort=[desc(Entry.seq)],
                limit=50,
            ),
            "last entry": lambda number: store.find_one(
                Entry, Entry.room == f"room_{number % ROOMS}", sort=[desc(Entry.seq)]
            ),
        }
        for name, read in reads.items():
            times = await timed(read, 400)
            lines.append(f"| {engine} | {rows:,} | {name} | {at_percent(times, 50)} | {at_percent(times, 99)} |")
    await store.close()
    return lines


def conditions(folder: str) -> str:
    probe = Path(folder, "probe")
    with probe.open("wb", buffering=0) as file:
        start = time.perf_counter()
        for _ in range(50):
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
        sync_ms = (time.perf_counter() - start) / 50 * 1000
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    machine = f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f} before the start"
    return f"{machine}, {versions}, a sync of 4 KiB takes {sync_ms:.2f} ms"


def report(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="prickle-bench-") as folder:
        print(f"{conditions(folder)}; {options.seconds:g} s a row\n")
        location = options.mongo or str(Path(folder, "inserts.sqlite"))
        engine = "MongoDB" if options.mongo else "SQLite"
        print("| engine | processes | callers each | inserts/s | by process | p50 ms | p99 ms | longest ms |")
        print("|---|---|---|---|---|---|---|---|")
        for processes, callers in ((1, 1), (1, options.callers), (2, options.callers)):
            print(inserts_row(engine, location, processes, callers, options.seconds), flush=True)
        print("\n| engine | entries | read | p50 ms | p99 ms |\n|---|---|---|---|---|")
        location = options.mongo or str(Path(folder, "pages.sqlite"))
        drop(options.mongo)
        print("\n".join(asyncio.run(pages(engine, location, options.rows))))


def drop(url: str | None) -> None:
    if url:
        with MongoClient[dict[str, Any]](url) as client:
            client.drop_database(DATABASE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--rows", type=lambda text: sorted(map(int, text.split(","))), default=[10_000, 100_000, 1_000_000]
    )
    parser.add_argument("--callers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--folder", default=None, help="where the files go: the disk that is measured")
    parser.add_argument("--mongo", default=None, help="measure this server instead of SQLite")
    for name in ("--insert-for", "--location", "--room"):  # the processes that this one starts
        parser.add_argument(name, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.insert_for:
        seconds = float(options.insert_for)
        print(json.dumps(asyncio.run(insert_for(options.location, options.room, options.callers, seconds))))
        return
    drop(options.mongo)
    try:
        report(options)
    finally:
        drop(options.mongo)


if __name__ == "__main__":
    main()
