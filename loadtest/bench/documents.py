"""How fast are durable messages? Sends of a whole chat, inserts of the store alone, and pages of history in a long log.

    python -m loadtest.bench.documents [sends] [inserts] [history] [--rows 10000,10000000] [--mongo URL] [--seconds 5]

Prints Markdown tables with the conditions they were measured under. Data goes to a temporary folder of `--folder` (6 GB
for 10,000,000 rows); with `--mongo`, the database `prickle_bench` is dropped before and after.
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
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from loadtest.bench import history, sends
from loadtest.bench.figures import at_percent
from loadtest.bench.history import Store, entry
from prickle.log.models import LogEntry
from prickle.storage.documents import SqliteDocuments
from prickle.storage.documents.mongo.adapter import MongoDocuments

DATABASE = "prickle_bench"
PARTS = ("sends", "inserts", "history")


def store_at(location: str) -> Store:
    if location.startswith("mongodb"):
        return MongoDocuments(location, DATABASE, [LogEntry])
    return SqliteDocuments(Path(location), [LogEntry])


async def insert_for(location: str, room: str, callers: int, seconds: float) -> list[float]:
    """Insert with `callers` at once, each waiting for its acknowledgement; returns the seconds each insert took."""
    store = store_at(location)
    await store.open()
    times: list[float] = []
    until = time.perf_counter() + seconds

    async def call(number: int) -> None:
        seq = number
        while (start := time.perf_counter()) < until:
            await store.insert(entry(room, seq, seq))
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
    """Print the tables that were asked for."""
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="prickle-bench-") as folder:
        print(f"{conditions(folder)}; {options.seconds:g} s a row")
        if "sends" in options.parts:
            print(f"\n{sends.HEAD}", flush=True)
            asyncio.run(sends.rows(options.callers, options.seconds))
        engine = "MongoDB" if options.mongo else "SQLite"
        if "inserts" in options.parts:
            print("\n| engine | processes | callers each | inserts/s | by process | p50 ms | p99 ms | longest ms |")
            print("|---|---|---|---|---|---|---|---|")
            location = options.mongo or str(Path(folder, "inserts.sqlite"))
            for processes, callers in ((1, 1), (1, options.callers), (2, options.callers)):
                print(inserts_row(engine, location, processes, callers, options.seconds), flush=True)
        if "history" in options.parts:
            print(f"\n{history.HEAD}", flush=True)
            drop(options.mongo)
            file = None if options.mongo else Path(folder, "history.sqlite")
            asyncio.run(history.rows(engine, lambda: store_at(options.mongo or str(file)), file, options.rows))


def drop(url: str | None) -> None:
    if url:
        with MongoClient[dict[str, Any]](url) as client:
            client.drop_database(DATABASE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of: {', '.join(PARTS)} (all)")
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
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"unknown part: {', '.join(sorted(unknown))}")
    options.parts = options.parts or PARTS
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
