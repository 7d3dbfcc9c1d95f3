"""The rows of a table in the order of its primary key, and what tells two tables apart.

SQLAlchemy's types give the same Python values whatever the database, so the checksum is of
values and not of anybody's spelling.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, Text, collate, select

from longshore.database import Transaction
from longshore.errors import PermanentError

# Rows fetched at a time: cells may hold a megabyte each.
_FETCHED = 100

Row = Sequence[Any]


class ContentsDiffer(PermanentError):
    """The target does not hold what the source holds."""


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a table holds: how much, and the SHA-256 of its values."""

    rows: int
    sha256: str


def rows_of(
    tx: Transaction,
    table: Table,
    columns: "Sequence[Column[Any]] | None" = None,
    *,
    skipped: int = 0,
) -> Iterator[Row]:
    """The rows behind the first ones, fetched as they are asked for."""
    query = select(*(columns or table.columns)).order_by(
        *(_bytewise(tx, column) for column in table.primary_key.columns)
    )
    if skipped:
        # SQLite knows no OFFSET without LIMIT.
        query = query.limit(2**62).offset(skipped)
    yield from tx.connection.execute(query, execution_options={"yield_per": _FETCHED})


def checksum_of(rows: Iterable[Row], *, on_row: Any) -> Checksum:
    """The checksum of the rows; `on_row` is told how many there were so far."""
    digest = hashlib.sha256()
    count = 0
    for row in rows:
        # Texts between quotation marks with all else escaped: no two rows are spelled alike.
        digest.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
        count += 1
        on_row(count)
    return Checksum(count, digest.hexdigest())


def _bytewise(tx: Transaction, column: "Column[Any]") -> Any:
    """The column, ordered by its bytes; PostgreSQL would follow the language of the cluster."""
    if isinstance(column.type, Text) and tx.connection.dialect.name == "postgresql":
        return collate(column, "C")
    return column
