"""Where imports are measured: installations on one of the databases, and copies of them.

Whatever an import finds is made once; each measurement has a copy of it, on the disk before the
clock starts.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Protocol

import psycopg

from benchmarks.raw import RawTable, raw_connection, time_copy_and_upsert, time_upsert
from benchmarks.shop import Shop, Timing, new_shop
from tests.postgresql import PostgresDatabases, PostgresServer

# As a server is set up where nobody has touched anything, for both sides alike: each commit waits
# until it is on the disk.
_SERVER_SETTINGS = {"timezone": "UTC", "log_min_messages": "panic"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A data folder and, on PostgreSQL, a database."""

    folder: Path
    database_url: str = ""
    processor: Callable[[], float] = process_time  # seconds that it has kept processors busy

    def open(self) -> AbstractContextManager[Shop]:
        return new_shop(self.folder, self.database_url, processor=self.processor)


class Place(Protocol):
    """A kind of database, and a folder for files."""

    folder: Path
    database: str
    version: str

    def make(self) -> Installation:
        """An empty installation."""

    def settle(self, installation: Installation) -> None:
        """Let the database do what it puts off, before copies are made."""

    def copied(self, installation: Installation) -> AbstractContextManager[Installation]:
        """A copy of an installation that nobody has open, until the end of the block."""

    def time_raw(self, installation: Installation, tables: Sequence[RawTable]) -> Timing:
        """Upsert rows by the bare driver."""


class SqlitePlace:
    database = "SQLite"
    version = sqlite3.sqlite_version

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self) -> Installation:
        return Installation(folder=_new_folder(self.folder))

    def settle(self, installation: Installation) -> None:
        pass  # who closed it last has moved its log into its file

    @contextmanager
    def copied(self, installation: Installation) -> Iterator[Installation]:
        with _copied_folder(installation.folder) as folder:
            yield Installation(folder=folder)

    def time_raw(self, installation: Installation, tables: Sequence[RawTable]) -> Timing:
        with installation.open() as shop, shop.longshore.database.write() as tx:
            pragmas = [
                f"{name}={tx.fetch(f'PRAGMA {name}')[0][0]}"
                for name in ("synchronous", "foreign_keys", "cache_size", "temp_store")
            ]
        with raw_connection(installation.folder, pragmas) as connection:
            return time_upsert(connection, tables)


class PostgresqlPlace:
    """One server, and a database of it for each installation."""

    database = "PostgreSQL"

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        self.folder = folder
        self._databases = PostgresDatabases(server.url())
        self._server = server
        with closing(psycopg.connect(server.url())) as connection:
            found = connection.execute("SHOW server_version").fetchone()
        assert found is not None
        self.version = str(found[0])

    def make(self) -> Installation:
        return self._installation(_new_folder(self.folder), self._databases.create())

    def settle(self, installation: Installation) -> None:
        with psycopg.connect(installation.database_url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

    @contextmanager
    def copied(self, installation: Installation) -> Iterator[Installation]:
        template = installation.database_url.rpartition("/")[2]
        # Copied as files, which are on the disk when it is there: through the log, as by default,
        # what is measured would have to share the disk with their writing.
        name = self._databases.create(template=template, options="STRATEGY FILE_COPY")
        try:
            with _copied_folder(installation.folder) as folder:
                yield self._installation(folder, name)
        finally:
            self._databases.drop(name)

    def time_raw(self, installation: Installation, tables: Sequence[RawTable]) -> Timing:
        with psycopg.connect(installation.database_url) as connection:
            return time_copy_and_upsert(connection, tables, processor=self._processor)

    def _installation(self, folder: Path, name: str) -> Installation:
        return Installation(
            folder=folder, database_url=self._databases.url(name), processor=self._processor
        )

    def _processor(self) -> float:
        return process_time() + _seconds_of(self._server.process_id)


@contextmanager
def sqlite_place() -> Iterator[SqlitePlace]:
    with _folder() as folder:
        yield SqlitePlace(folder)


@contextmanager
def postgresql_place() -> Iterator[PostgresqlPlace]:
    """On a server of its own, which lasts for as long as the place."""
    server = PostgresServer(settings=_SERVER_SETTINGS)
    try:
        with _folder() as folder:
            yield PostgresqlPlace(folder, server)
    finally:
        server.close()


PLACES: dict[str, Callable[[], AbstractContextManager[Place]]] = {
    "sqlite": sqlite_place,
    "postgresql": postgresql_place,
}


def _seconds_of(process: int) -> float:
    """How long the processors have worked for the children of a process, also for those that have
    ended: proc_pid_stat(5). Other systems than Linux do not tell.
    """
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended, and its parent has its time
        if int(words[1]) == process:
            ticks += int(words[11]) + int(words[12])
        elif stat.parent.name == str(process):
            ticks += int(words[13]) + int(words[14])
    return ticks / os.sysconf("SC_CLK_TCK")


def _new_folder(parent: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=parent)) / "data"


@contextmanager
def _copied_folder(folder: Path) -> Iterator[Path]:
    """A copy that is on the disk, so that nothing of it is written while the clock runs."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as parent:
        copy = Path(parent) / "data"
        shutil.copytree(folder, copy)
        for path in copy.rglob("*"):
            if path.is_file():
                with open(path, "rb") as file:
                    os.fsync(file.fileno())
        yield copy


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="longshore-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
