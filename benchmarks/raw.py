"""The limit: what an import has written, upserted again by the bare driver.

The rows come from an installation in which the import has been made once, so they are complete:
typed, with their keys, ids and times, nested records and tags too. They go into a copy of the
installation as it was before: same tables, indexes and foreign keys, same settings of the
connection. Nothing is read, converted, checked, journaled or counted. What longshore adds to this
is the price of an import.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import psycopg

from benchmarks.shop import Shop, Timing

CHUNK_ROWS = 5_000

_SQLITE_FILE = "longshore.db"
_TAGGINGS = "taggings"
# Columns of which a statement need not speak: these are what a row has without it.
_DEFAULTS = {"metadata": "{}"}
# What an update leaves as it is, beside the key by which it finds its row.
_KEPT = ("id", "creator_id", "created_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """Rows of one table, in the order of their ids."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]  # a unique index, by which a row that is there already is found
    kept: tuple[str, ...]  # columns that such a row keeps
    rows: list[tuple[Any, ...]]

    @property
    def names(self) -> str:
        return ", ".join(f'"{name}"' for name in self.columns)

    @property
    def conflict(self) -> str:
        """The end of an INSERT that updates the rows that are there already."""
        where = ""
        if self.key[0].endswith("_key"):  # an index of the rows that have one
            where = f" WHERE {self.key[0]} IS NOT NULL"
        changed = [name for name in self.columns if name not in self.kept]
        assigned = ", ".join(f'"{name}" = excluded."{name}"' for name in changed)
        done = f"UPDATE SET {assigned}" if changed else "NOTHING"
        return f" ON CONFLICT ({', '.join(self.key)}){where} DO {done}"


def read_raw(shop: Shop, creator: int | None, type_name: str) -> list[RawTable]:
    """What an import has made, or all records of a type, which it has only gone through.

    Tables come in the order in which their rows may be written: those of targets first.
    """
    catalogue = shop.longshore.catalogue
    tables = []
    names = [catalogue.types[type_name].table] if creator is None else list(catalogue.tables)
    for name in names:
        where = "" if creator is None else f" WHERE creator_id = {creator}"
        table = _read(shop, name, f'SELECT * FROM "{name}"{where} ORDER BY id')
        if table is not None:
            tables.append(table)
    bearers = " UNION ALL ".join(
        f'SELECT id FROM "{table.name}" WHERE creator_id = {creator}' for table in tables
    )
    if creator is not None and tables:
        taggings = _read(
            shop, _TAGGINGS, f"SELECT * FROM {_TAGGINGS} WHERE record_id IN ({bearers}) ORDER BY 1"
        )
        tables += [taggings] if taggings is not None else []
    return tables


def _read(shop: Shop, name: str, sql: str) -> RawTable | None:
    names, rows = shop.fetch_named(sql)
    if not rows:
        return None
    used = [
        index
        for index, column in enumerate(names)
        if any(row[index] is not None and row[index] != _DEFAULTS.get(column) for row in rows)
    ]
    columns = tuple(names[index] for index in used)
    key, kept = _key(shop, name, columns)
    laid_out = [tuple([row[index] for index in used]) for row in rows]
    return RawTable(name=name, columns=columns, key=key, kept=kept, rows=laid_out)


def _key(shop: Shop, name: str, columns: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a row is found by, and what it keeps."""
    if name == _TAGGINGS:
        return ("record_id", "tag_id"), ("record_id", "tag_id")
    for key in shop.longshore.catalogue.tables[name].keys:
        if key.unique and key.column in columns:
            parts = [part if part in columns else f"{part}_id" for part in key.parts]
            return (key.column,), (*_KEPT, key.column, *parts)
    return ("id",), _KEPT


@contextmanager
def raw_connection(folder: Path, pragmas: Sequence[str]) -> Iterator[sqlite3.Connection]:
    """A connection to longshore's database with the settings that longshore gives its own."""
    with closing(sqlite3.connect(folder / _SQLITE_FILE, isolation_level=None)) as connection:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        yield connection


def time_upsert(connection: sqlite3.Connection, tables: Sequence[RawTable]) -> Timing:
    """Upsert all rows into SQLite, a transaction for each chunk."""
    started, worked = perf_counter(), process_time()
    for table in tables:
        sql = (
            f'INSERT INTO "{table.name}" ({table.names})'
            f" VALUES ({', '.join('?' * len(table.columns))}){table.conflict}"
        )
        for start in range(0, len(table.rows), CHUNK_ROWS):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(sql, table.rows[start : start + CHUNK_ROWS])
            connection.execute("COMMIT")
    return Timing(seconds=perf_counter() - started, processor=process_time() - worked)


def time_copy_and_upsert(
    connection: "psycopg.Connection[Any]",
    tables: Sequence[RawTable],
    *,
    processor: Callable[[], float],
) -> Timing:
    """The same to PostgreSQL; the processor's seconds are those of client and server.

    Rows go by COPY into a temporary table and from there by one INSERT ... ON CONFLICT, in one
    transaction: with a transaction for every 5,000 rows it was no faster.
    """
    started, worked = perf_counter(), processor()
    with connection.transaction(), connection.cursor() as cursor:
        for table in tables:
            names, given = table.names, f"given_{table.name}"
            cursor.execute(
                f'CREATE TEMPORARY TABLE "{given}" ON COMMIT DROP'
                f' AS SELECT {names} FROM "{table.name}" LIMIT 0'
            )
            with cursor.copy(f'COPY "{given}" ({names}) FROM STDIN') as copy:
                for row in table.rows:
                    copy.write_row(row)
            cursor.execute(
                f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM "{given}"'
                f"{table.conflict}"
            )
    return Timing(seconds=perf_counter() - started, processor=processor() - worked)
