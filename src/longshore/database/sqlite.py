"""Everything that is special to SQLite: its file, its settings, its one writer, its errors.

Rules for whoever changes this module:
- Every write transaction runs inside the file lock and starts with BEGIN IMMEDIATE. SQLite's own
  waiting is a lottery in which a busy importer starves everybody else; the lock is a queue.
- The driver never starts transactions itself (`isolation_level=None`): it would do so at a
  moment of its own choosing, and not for reads, which then see no single snapshot.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from longshore.database.errors import (
    DatabaseBusy,
    DatabaseUnusable,
    StatementRefused,
    StatementTimedOut,
    StorageDamaged,
    StorageFull,
)
from longshore.database.locks import FileLock
from longshore.database.sqlite_transaction import SqliteTransaction
from longshore.database.suspension import suspension_deferred
from longshore.database.transactions import STATEMENTS_KEPT, Locks
from longshore.errors import LongshoreError, PermanentError, RequestRefused
from longshore.identifiers import PublicIdKeys, PublicIds

DATABASE_NAME = "longshore.db"
_LOCK_NAME = "longshore.lock"
_QUEUE_NAME = "longshore.queue.lock"

# The write-ahead log is moved into the file by whoever has added so much to it, when the lock is
# free for others. SQLite's own way, within the commit, makes small writers wait for it (measured
# beside an import: p99 47 ms, this way 16 ms). Pages that chunks have in common are moved once:
# keys in no order touch most pages of their index in every chunk.
_LOG_BYTES_PER_CHECKPOINT = 32 * 1024 * 1024
# What others have added meanwhile is moved too, or the log could not start anew.
_PASSES_PER_CHECKPOINT = 3

# Readers that overlap keep the log from starting anew, and it would grow without bound. Beyond
# this size a writer, holding the lock, waits for those that read it. A reader that outlasts the
# wait is left alone until the log has doubled.
_LOG_BYTES_MAX = 2 * _LOG_BYTES_PER_CHECKPOINT
_RESTART_WAIT_SECONDS = 0.5

# Who is to be alone waits so long for commands that are about to end.
_ALONE_WAIT_SECONDS = 2.0

_BEGIN = "longshore_begin"

# Pages of the file that a reader keeps. There is one writer, but as many readers as a server has
# threads for: with 8 MB each, a hundred clients cost a server 442 MB. What a reader does not keep,
# the system does.
_READER_CACHE_BYTES = 1000 * 1024
_MEMORY_SHARE = 4  # the writer keeps no more than one part in so many

# So many steps of its machine are some milliseconds.
_STEPS_PER_LOOK = 20_000


class SqliteDialect:
    """One SQLite file in a data folder, shared by any number of processes."""

    is_embedded = True

    def __init__(self, folder: Path, *, lock_wait_seconds: float, page_cache_bytes: int) -> None:
        self.folder = folder
        self.path = folder / DATABASE_NAME
        self._lock_wait_seconds = lock_wait_seconds
        self._log_path = folder / f"{DATABASE_NAME}-wal"
        self._log_bytes_max = _LOG_BYTES_MAX
        self._log_bytes_added = 0  # by this process, since it moved the log last
        self._page_cache_bytes = page_cache_bytes
        self._readers = _create_engine(
            self.path, lock_wait_seconds=lock_wait_seconds, page_cache_bytes=_READER_CACHE_BYTES
        )
        # A connection of its own, which has the pages of the chunk before.
        self._writer = _create_engine(
            self.path,
            lock_wait_seconds=lock_wait_seconds,
            page_cache_bytes=min(page_cache_bytes, _memory_bytes() // _MEMORY_SHARE),
            connections=1,
        )

    @property
    def place(self) -> str:
        """What messages call the database."""
        return str(self.path)

    @contextmanager
    def transaction(
        self,
        public_ids: PublicIds,
        *,
        for_writing: bool,
        locks: Locks | None = None,
        seconds: float | None = None,
    ) -> Iterator[SqliteTransaction]:
        """A snapshot, or a unit of changes of the only writer, whatever its locks."""
        if not for_writing:
            with _transaction(self._readers, "BEGIN", public_ids) as tx, _ended_after(tx, seconds):
                yield tx
            return
        with self._writing(), _transaction(self._writer, "BEGIN IMMEDIATE", public_ids) as tx:
            yield tx
        self.checkpoint_log()  # others may write meanwhile

    @contextmanager
    def migrating(self, *, alone: bool) -> Iterator[Connection]:
        """A write transaction, with the write-ahead log in use.

        `alone` means that no other process has the file open, nor can open it meanwhile; raises
        RequestRefused when one has.
        """
        if alone:
            # Whoever waits for the write lock to do the same must not be in the way.
            self.close()
        with self._writing():
            if alone:
                with self._shutting_out() as connection:
                    yield connection
                return
            self.use_write_ahead_log()
            nothing = PublicIds(PublicIdKeys(key=bytes(32), secret=1))
            with _transaction(self._writer, "BEGIN IMMEDIATE", nothing) as tx:
                yield tx.connection

    def checkpoint_log(self) -> None:
        """Move the log into the file if it is time to.

        Who adds little does not wait for what others have added.
        """
        if self._log_bytes_added < _LOG_BYTES_PER_CHECKPOINT:
            return
        self._log_bytes_added = 0
        for _ in range(_PASSES_PER_CHECKPOINT):
            if self._checkpoint("PASSIVE", wait_seconds=self._lock_wait_seconds):
                return

    def use_write_ahead_log(self) -> None:
        """Turn the file's journal into a write-ahead log, for good; needs the write lock."""
        with self._autocommit() as driver:
            driver.execute("PRAGMA journal_mode=WAL")

    def is_set_up(self) -> bool:
        """Whether the file has its write-ahead log."""
        with self._autocommit() as driver:
            ((mode,),) = driver.execute("PRAGMA journal_mode").fetchall()
        return str(mode) == "wal"

    def translate(self, error: Exception) -> LongshoreError | None:
        """What an error of the driver means to a caller; None: a bug, to be raised as it is."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, sqlite3.Error):
            return None
        # The low byte is the kind, the rest says more (sqlite.org/rescode.html).
        kind = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if kind == sqlite3.SQLITE_FULL or (kind == sqlite3.SQLITE_IOERR and self._is_full()):
            return StorageFull(
                f"no space left for the database in {self.folder}",
                hint="free some space and run it again; nothing that was committed is lost",
            )
        if kind == sqlite3.SQLITE_INTERRUPT:
            return StatementTimedOut("a statement took longer than it may")
        if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return _busy(self._lock_wait_seconds)
        if kind in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            return DatabaseUnusable(
                f"the database {self.path} cannot be opened for writing: {cause}"
            )
        if kind in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return StorageDamaged(
                f"the database {self.path} is damaged or no database: {cause}",
                hint="restore it from a backup, or name another folder with --data",
            )
        if kind == sqlite3.SQLITE_IOERR:
            return PermanentError(f"the database {self.path} cannot be read or written: {cause}")
        if kind in (sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH):
            return StatementRefused(str(cause))
        if kind == sqlite3.SQLITE_ERROR and str(cause) == "integer overflow":
            return StatementRefused("a sum is beyond 64 bits")
        return None

    def is_there(self) -> bool:
        """The file is where this process is."""
        return True

    def apart(self) -> "SqliteDialect":
        """The same file, over a connection of its own."""
        return SqliteDialect(
            self.folder,
            lock_wait_seconds=self._lock_wait_seconds,
            page_cache_bytes=self._page_cache_bytes,
        )

    def close(self) -> None:
        """Close all connections; the last one of all processes folds the log into the file."""
        self._readers.dispose()
        self._writer.dispose()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the folder's write lock; raises DatabaseBusy when others do for too long."""
        with suspension_deferred():
            lock = self._acquire_lock()
            try:
                before = self._log_bytes()
                yield
                size = self._log_bytes()
                # It is shorter when it has started anew.
                self._log_bytes_added += size - before if size >= before else size
                self._bound_log(size)
            finally:
                lock.release()

    @contextmanager
    def _shutting_out(self) -> Iterator[Connection]:
        """A write transaction of the only process that has the file open.

        A connection that is exclusive from its first statement on needs the lock of the file that
        every other one has a share in for as long as it is open
        (sqlite.org/wal.html#use_of_wal_without_shared_memory).
        """
        engine = _create_engine(
            self.path,
            lock_wait_seconds=_ALONE_WAIT_SECONDS,
            page_cache_bytes=_READER_CACHE_BYTES,
            is_alone=True,
        )
        try:
            try:
                connection = engine.connect().execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
                transaction = connection.begin()
            except DBAPIError as error:
                if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                raise RequestRefused(
                    f"other processes have the database {self.path} open, and it is to be "
                    "upgraded to a schema that they do not know",
                    hint="stop `longshore serve` and whatever else works in the folder, then run "
                    "this again",
                ) from error
            with connection, transaction:
                yield connection
        finally:
            engine.dispose()

    def _acquire_lock(self) -> FileLock:
        """Wait in the queue for the lock.

        Who polls can be overtaken by who has just released it and comes again. So the head of
        the queue holds a second lock while it waits, and a writer that comes again stands behind.
        """
        wait = self._lock_wait_seconds
        try:
            turn = FileLock.acquire(self.folder / _QUEUE_NAME, wait_seconds=wait)
            if turn is None:
                raise _busy(wait)
            try:
                lock = FileLock.acquire(self.folder / _LOCK_NAME, wait_seconds=wait)
            finally:
                turn.release()
        except OSError as error:
            raise DatabaseUnusable(
                f"the data folder {self.folder} cannot be written to: {error.strerror}"
            ) from error
        if lock is None:
            raise _busy(wait)
        return lock

    def _bound_log(self, size: int) -> None:
        """Start the log anew when it has grown too long, waiting for its readers to finish."""
        if size <= self._log_bytes_max:
            return
        is_anew = self._checkpoint("TRUNCATE", wait_seconds=_RESTART_WAIT_SECONDS)
        self._log_bytes_max = _LOG_BYTES_MAX if is_anew else size * 2

    def _log_bytes(self) -> int:
        """How long the log is since it started anew: it is cut then (`journal_size_limit`)."""
        try:
            return self._log_path.stat().st_size
        except FileNotFoundError:
            return 0

    def _checkpoint(self, kind: str, *, wait_seconds: float) -> bool:
        """Move the log into the file; whether that went all the way.

        It comes after a commit, which a failure here must not make look like one that failed: on
        a full disk, say, the log stays as it is and readers find everything in it.
        """
        with self._autocommit() as driver:
            driver.execute(_busy_timeout(wait_seconds))
            try:
                ((is_busy, there, moved),) = driver.execute(
                    f"PRAGMA wal_checkpoint({kind})"
                ).fetchall()
            except sqlite3.OperationalError:
                return False
            finally:
                driver.execute(_busy_timeout(self._lock_wait_seconds))
        return not is_busy and bool(there == moved)

    @contextmanager
    def _autocommit(self) -> Iterator[sqlite3.Connection]:
        """A connection outside any transaction, for what SQLite allows only there."""
        pooled = self._readers.raw_connection()
        try:
            driver = pooled.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            yield driver
        finally:
            pooled.close()

    def _is_full(self) -> bool:
        """A full disk can also show as an input/output error, when a side file cannot grow."""
        state = os.statvfs(self.folder)
        return state.f_bavail * state.f_frsize < 1024 * 1024


@contextmanager
def _transaction(engine: Engine, begin: str, public_ids: PublicIds) -> Iterator[SqliteTransaction]:
    with (
        engine.connect().execution_options(**{_BEGIN: begin}) as connection,
        connection.begin(),
    ):
        yield SqliteTransaction(connection, public_ids)


def _create_engine(
    path: Path,
    *,
    lock_wait_seconds: float,
    page_cache_bytes: int,
    connections: int = 5,
    is_alone: bool = False,
) -> Engine:
    _register_adapters()
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"isolation_level": None, "cached_statements": STATEMENTS_KEPT},
        pool_size=connections,
        max_overflow=-1,
        # Statements differ per plan; the default of 500 would keep those of many imports.
        query_cache_size=200,
    )

    @event.listens_for(engine, "connect")
    def set_up(driver: sqlite3.Connection, _: Any) -> None:
        if is_alone:
            driver.execute("PRAGMA locking_mode=EXCLUSIVE")  # before the file is looked at
        driver.execute(_busy_timeout(lock_wait_seconds))
        driver.execute("PRAGMA wal_autocheckpoint=0")  # `checkpoint_log` does it
        driver.execute("PRAGMA journal_size_limit=0").fetchall()
        driver.execute(f"PRAGMA cache_size=-{page_cache_bytes // 1024}")
        driver.execute("PRAGMA synchronous=NORMAL")
        driver.execute("PRAGMA foreign_keys=ON")
        driver.execute("PRAGMA temp_store=MEMORY")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        how = connection.get_execution_options().get(_BEGIN, "BEGIN")
        connection.exec_driver_sql(how)

    return engine


def _memory_bytes() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _register_adapters() -> None:
    """Spare the driver its search for what becomes of null and of booleans.

    It searches in places that have nothing, which takes ten times as long as binding a number,
    and looks no further when an adapter is there. These answer what comes of the search.
    """
    null: Any = {}.get  # of null: null
    sqlite3.register_adapter(type(None), null)
    sqlite3.register_adapter(bool, int)


def _busy_timeout(seconds: float) -> str:
    return f"PRAGMA busy_timeout={int(seconds * 1000)}"


def _busy(wait_seconds: float) -> DatabaseBusy:
    return DatabaseBusy(
        f"the database is busy: other programs have been writing for {wait_seconds:g} seconds",
        hint="try again, or wait longer with LONGSHORE_LOCK_WAIT_SECONDS",
    )


@contextmanager
def _ended_after(tx: SqliteTransaction, seconds: float | None) -> Iterator[None]:
    """End the statement under way when the block takes longer: sqlite3_progress_handler()."""
    if seconds is None:
        yield
        return
    driver: Any = tx.connection.connection.driver_connection
    until = time.monotonic() + seconds
    driver.set_progress_handler(lambda: time.monotonic() > until, _STEPS_PER_LOOK)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)
