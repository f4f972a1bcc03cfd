"""Opens connections, commits groups, and tells a store that is away from a defect in a statement."""

import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from prickle.contract.documents import DuplicateKey
from prickle.storage.documents.errors import unavailable
from prickle.storage.documents.sqlite.worker import Job

LOCK_WAIT_S = 5.0
_LOCK_POLL_S = 0.001

_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}


def primary_code(error: sqlite3.Error) -> int:
    """Return SQLite's result code without its extension, 0 if Python raised the error itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_away(error: sqlite3.Error) -> bool:
    """Tell whether the store cannot work right now, as opposed to a statement that is wrong."""
    return primary_code(error) in _AWAY


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open the file; every commit of a writing connection reaches the disk before it returns."""
    connection = sqlite3.connect(
        path, timeout=LOCK_WAIT_S, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    try:
        # The first of these reads the file, and waits while another connection recovers it after a crash.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA cache_size=-16000")
        connection.execute(f"PRAGMA query_only={int(read_only)}")
        if not read_only:
            connection.execute("PRAGMA busy_timeout=0")  # a writer waits in `begin`
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class Connector:
    """A connection that is opened when it is needed and again after a failure."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self._path = path
        self._read_only = read_only
        self._connection: sqlite3.Connection | None = None

    def get(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(self._path, read_only=self._read_only)
        return self._connection

    def drop(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):  # it is given up because it fails; nothing is lost with it
                self._connection.close()
            self._connection = None


class GroupCommit:
    """Runs all jobs of a batch in one transaction: one sync of the disk for as many writes as were waiting.

    Each job is at most one changing statement at a time, which SQLite undoes by itself when it fails, so a refused
    write leaves its neighbours alone without a savepoint of its own.
    """

    def __init__(self, path: Path) -> None:
        self.connector = Connector(path, read_only=False)
        self.commits = 0
        self.is_failing = False
        """The last group could not be written."""

    def open(self) -> None:
        """It connects with the first write."""

    def run(self, batch: list[Job]) -> None:
        try:
            self._commit(batch)
        except sqlite3.Error as error:
            self._give_up(batch, error)
        except BaseException:
            self.connector.drop()  # with whatever it had begun
            raise

    def _commit(self, batch: list[Job]) -> None:
        connection = self.connector.get()
        begin(connection)
        for job in batch:
            _run(job, connection)
        connection.execute("COMMIT")
        self.commits += 1
        self.is_failing = False

    def close(self) -> None:
        self.connector.drop()

    def _give_up(self, batch: list[Job], error: sqlite3.Error) -> None:
        # Closing rolls back whatever state the failure has left, and a new connection starts clean.
        self.connector.drop()
        self.is_failing = True
        for job in batch:
            job.result = None
            job.error = away(error)


class Reads:
    """Runs each job on its own: a read sees the last commit, and a failed one does not touch the others."""

    def __init__(self, path: Path) -> None:
        self.connector = Connector(path, read_only=True)

    def open(self) -> None:
        # The first connection makes the shared memory file, the last one removes it. With the readers' connections open
        # from the start it outlives a writer that gives up on a full disk, where nobody could make it again.
        with suppress(sqlite3.Error):
            self.connector.get().execute("SELECT 1 FROM sqlite_schema").fetchall()

    def run(self, batch: list[Job]) -> None:
        for job in batch:
            try:
                _run(job, self.connector.get())
            except sqlite3.Error as error:
                self.connector.drop()
                job.error = away(error)

    def close(self) -> None:
        self.connector.drop()


def away(error: sqlite3.Error) -> BaseException:
    """Return what the caller gets: `Unavailable`, or the error itself if it shows a defect."""
    if not is_away(error):
        return error
    answer = unavailable()
    answer.__cause__ = error
    return answer


def begin(connection: sqlite3.Connection) -> None:
    """Start a writing transaction, waiting for other processes.

    SQLite's own wait backs off to 100 ms, which is an age beside a commit; with two replicas on a file this one is fairer.
    """
    deadline = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_LOCK_POLL_S)
        else:
            return


def _run(job: Job, connection: sqlite3.Connection) -> None:
    try:
        job.result = job.run(connection)
    except sqlite3.Error as error:
        if is_away(error):
            raise
        job.error = error
    except DuplicateKey as refused:
        # An answer and no defect, and a frequent one: with its traceback it would hold the job, and the job it, until
        # the garbage is collected, for which everything stops.
        refused.__cause__ = refused.__context__ = None
        job.error = refused.with_traceback(None)
    except Exception as error:  # noqa: BLE001 a refused write is its own caller's matter; the group goes on
        job.error = error
