"""The limit on PostgreSQL: the same rows copied and upserted, with nothing read, checked or kept.

They go by COPY into a temporary table and from there by one INSERT ... ON CONFLICT into the table
that longshore has made, in one transaction: with a transaction for every 5,000 rows it was no
faster. The rows are complete before the clock starts, as for SQLite (`raw`).
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import psycopg

from benchmarks.raw import COLUMNS, KEPT, RawRow

_NAMES = ", ".join(COLUMNS)
_MAKE = f"CREATE TEMPORARY TABLE given ON COMMIT DROP AS SELECT {_NAMES} FROM skus LIMIT 0"
_COPY = f"COPY given ({_NAMES}) FROM STDIN"
_UPSERT = (
    f"INSERT INTO skus ({_NAMES}) SELECT {_NAMES} FROM given"
    " ON CONFLICT (code_key) WHERE code_key IS NOT NULL DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name not in KEPT)
)


def time_copy_and_upsert(
    connection: "psycopg.Connection[Any]", rows: list[RawRow], *, processor: Callable[[], float]
) -> tuple[float, float]:
    """The seconds that it took, and those of the processors, the server's included."""
    started, worked = perf_counter(), processor()
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(_MAKE)
        with cursor.copy(_COPY) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_UPSERT)
    return perf_counter() - started, processor() - worked
