"""The limit: the same rows upserted by the bare driver, with nothing read, checked or kept.

The table is the one that longshore has made: same columns, indexes and foreign key, on a
connection with the same pragmas. The rows are complete before the clock starts: typed, with their
keys, ids and times. What longshore adds to this is the price of an import.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.inputs import SkuRow

CHUNK_ROWS = 5_000

RawRow = tuple[object, ...]

COLUMNS = (
    "id",
    "creator_id",
    "created_at",
    "updated_at",
    "code",
    "name",
    "description",
    "image_url",
    "pieces_per_pack",
    "weight",
    "unit_of_weight",
    "hs_tariff_number",
    "do_not_ship",
    "do_not_track",
    "shipping_category_id",
    "code_key",
)
KEPT = ("id", "creator_id", "created_at", "code", "code_key")  # by an update
_UPSERT = (
    f"INSERT INTO skus ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
    " ON CONFLICT (code_key) WHERE code_key IS NOT NULL DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name not in KEPT)
)

_NOW = 1_790_000_000_000


def raw_rows(
    rows: Iterator[SkuRow], *, environment: int, shipping_category: int, creator: int
) -> list[RawRow]:
    """What the table will hold of these rows, in the order of its columns."""
    first_id = (environment << 40) + (1 << 30)  # beyond what anything else in it was given
    return [
        (
            first_id + index,
            creator,
            _NOW,
            _NOW,
            row[0],
            row[1],
            *row[3:9],
            row[9],
            row[10],
            shipping_category,
            f"{environment}:{row[0]}",
        )
        for index, row in enumerate(rows)
    ]


@contextmanager
def raw_connection(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to longshore's database with the settings that longshore gives its own."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "cache_size=-8000",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        yield connection


def time_upsert(connection: sqlite3.Connection, rows: list[RawRow]) -> tuple[float, float]:
    """Upsert all rows, a transaction for each chunk.

    The seconds that it took, and those of the processor among them.
    """
    started, worked = perf_counter(), process_time()
    for start in range(0, len(rows), CHUNK_ROWS):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(_UPSERT, rows[start : start + CHUNK_ROWS])
        connection.execute("COMMIT")
    return perf_counter() - started, process_time() - worked
