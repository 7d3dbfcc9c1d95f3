"""Where imports are measured: a database for them, and one for the raw upserts beside it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from time import process_time
from typing import Any, Protocol

import psycopg

from benchmarks.raw import RawRow, raw_connection, time_upsert
from benchmarks.raw_postgresql import time_copy_and_upsert
from benchmarks.shop import Shop, new_shop
from tests.postgresql import PostgresDatabases, PostgresServer

_SQLITE_FILE = "longshore.db"

# As a server is set up where nobody has touched anything, for both sides alike: each commit waits
# until it is on the disk.
_SERVER_SETTINGS = {"timezone": "UTC", "log_min_messages": "panic"}


class Place(Protocol):
    """Two installations of the same kind, both made by longshore: `data` and `raw`."""

    @property
    def folder(self) -> Path:
        """For files of the benchmark."""

    def shop(self, name: str) -> AbstractContextManager[Shop]:
        """An installation, made when it is asked for the first time."""

    def time_upsert(self, rows: list[RawRow]) -> tuple[float, float]:
        """Upsert rows into `raw` by the bare driver: seconds, and those of the processor."""

    def fetch_raw(self, sql: str) -> list[tuple[Any, ...]]:
        """What `raw` holds."""


class SqlitePlace:
    """Two data folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def shop(self, name: str) -> AbstractContextManager[Shop]:
        return new_shop(self.folder / name)

    def time_upsert(self, rows: list[RawRow]) -> tuple[float, float]:
        with self._raw() as connection:
            return time_upsert(connection, rows)

    def fetch_raw(self, sql: str) -> list[tuple[Any, ...]]:
        with self._raw() as connection:
            return connection.execute(sql).fetchall()

    def _raw(self) -> AbstractContextManager[Any]:
        return raw_connection(self.folder / "raw" / _SQLITE_FILE)


class PostgresqlPlace:
    """Two databases of one server."""

    def __init__(self, folder: Path, databases: PostgresDatabases, server: PostgresServer) -> None:
        self.folder = folder
        self._server = server
        self.urls = {name: databases.url(databases.create()) for name in ("data", "raw")}

    def shop(self, name: str) -> AbstractContextManager[Shop]:
        return new_shop(self.folder / name, self.urls[name], processor=self._processor)

    def time_upsert(self, rows: list[RawRow]) -> tuple[float, float]:
        with psycopg.connect(self.urls["raw"]) as connection:
            return time_copy_and_upsert(connection, rows, processor=self._processor)

    def fetch_raw(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(psycopg.connect(self.urls["raw"])) as connection:
            return connection.execute(sql).fetchall()

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
            yield PostgresqlPlace(folder, PostgresDatabases(server.url()), server)
    finally:
        server.close()


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


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="longshore-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
