"""Tables taken from the source to the target, and compared.

The target says in the same transaction in which it gets rows how many of each table it has. So a
copy that was ended goes on behind them, and two that run at once are told apart: only one finds
what it has written.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from longshore.copying.contents import ContentsDiffer, Row, checksum_of, rows_of
from longshore.copying.order import TableOrder, tables_in_order
from longshore.database import Database, Transaction, note_copying
from longshore.errors import RequestRefused

# A chunk ends when it has so many rows, or so many characters and bytes.
_CHUNK_ROWS = 5_000
_CHUNK_CHARACTERS = 4_000_000

# Told a step, how much of it is done, of how much, and in which unit.
Progress = Callable[[str, int, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedTable:
    """A table that is the same on both sides."""

    name: str
    rows: int
    sha256: str  # of its values in the order of its primary key


class CopiedRows:
    """What the target says it has: rows by table."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._rows: dict[str, int] = json.loads(text)["rows"]

    @staticmethod
    def empty() -> str:
        """What stands in a target that has nothing yet."""
        return _spelled({})

    @property
    def is_empty(self) -> bool:
        return not self._rows

    def rows(self, table: str) -> int:
        """How many rows of a table were copied."""
        return self._rows.get(table, 0)

    def note(self, tx: Transaction, table: str, rows: int) -> None:
        """Say that the table has so many rows at the end of the transaction."""
        noted = {**self._rows, table: rows}
        self._write(tx, _spelled(noted))
        self._rows = noted

    def start_anew(self, tx: Transaction) -> None:
        """Say that no table has any."""
        self._write(tx, _spelled({}))
        self._rows = {}

    def close(self, tx: Transaction) -> None:
        """Say that the copy is complete."""
        self._write(tx, None)

    def _write(self, tx: Transaction, text: str | None) -> None:
        if not note_copying(tx, self._text, text):
            raise RequestRefused(
                "another process copies to the same database", hint="wait until it is done"
            )
        self._text = text or ""


def transfer(
    source: Transaction, target: Database, copied: CopiedRows, on_progress: Progress
) -> None:
    """Bring all rows to the target that it has not got yet."""
    for each in tables_in_order():
        _transfer_table(source, target, copied, each, on_progress)
    for each in tables_in_order():
        if each.later:
            _fill_in(source, target, each)


def compare(source: Transaction, target: Database, on_progress: Progress) -> list[CopiedTable]:
    """What both sides hold; raises ContentsDiffer naming every table in which they differ."""
    compared, different = [], []
    with target.read() as tx:
        for each in tables_in_order():
            step = f"verifying {each.name}"
            total = count_rows(source, each)

            def on_row(count: int, *, step: str = step, total: int = total) -> None:
                on_progress(step, count, total, "rows")

            expected = checksum_of(rows_of(source, each.table), on_row=on_row)
            found = checksum_of(rows_of(tx, each.table), on_row=on_row)
            if found != expected:
                different.append(f"{each.name} ({found.rows} of {expected.rows} rows)")
            compared.append(CopiedTable(name=each.name, rows=expected.rows, sha256=expected.sha256))
    if different:
        raise ContentsDiffer(f"these tables are not what they were: {', '.join(different)}")
    return compared


def count_rows(tx: Transaction, order: TableOrder) -> int:
    """How many rows a table has."""
    ((count,),) = tx.fetch(f'SELECT count(*) FROM "{order.name}"')
    assert isinstance(count, int)
    return count


def _transfer_table(
    source: Transaction,
    target: Database,
    copied: CopiedRows,
    order: TableOrder,
    on_progress: Progress,
) -> None:
    total = count_rows(source, order)
    done = copied.rows(order.name)
    names = [column.name for column in order.table.columns]
    emptied = [names.index(column.name) for column in order.later]
    for rows in _chunks(rows_of(source, order.table, skipped=done)):
        done += len(rows)
        with target.write() as tx:
            # First, or what another process has copied would be taken for a fault of these rows.
            copied.note(tx, order.name, done)
            tx.insert(order.name, names, [_without(row, emptied) for row in rows])
        on_progress(f"copying {order.name}", done, total, "rows")


def _fill_in(source: Transaction, target: Database, order: TableOrder) -> None:
    """Write what leads to tables that came later. May be done twice."""
    key = order.table.c.id
    columns = [*order.later, key]
    query = select(*columns).where(or_(*(column.is_not(None) for column in order.later)))
    found = source.connection.execute(query.order_by(key), execution_options={"yield_per": 100})
    for rows in _chunks(iter(found)):
        with target.write() as tx:
            *values, ids = zip(*rows, strict=True)
            names = [column.name for column in order.later]
            tx.update_columns(order.name, ids, dict(zip(names, values, strict=True)))


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    characters = 0
    for row in rows:
        chunk.append(row)
        characters += sum(len(value) for value in row if isinstance(value, str | bytes))
        if len(chunk) >= _CHUNK_ROWS or characters >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _without(row: Row, emptied: list[int]) -> Row:
    if not emptied:
        return row
    values: list[Any] = list(row)
    for index in emptied:
        values[index] = None
    return values


def _spelled(rows: dict[str, int]) -> str:
    return json.dumps({"rows": rows}, sort_keys=True)
