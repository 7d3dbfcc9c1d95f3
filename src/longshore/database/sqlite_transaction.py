"""Transactions of an embedded database."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain, islice, repeat
from typing import Any

from sqlalchemy import Boolean, Connection

from longshore import clock
from longshore.database.new_ids import NewIds
from longshore.database.schema import metadata
from longshore.database.transactions import NOTHING, Transaction
from longshore.identifiers import PublicIds, first_id

# Places for values that a statement has at most: as many as every SQLite takes, however it was
# built. Rows of a statement are a power of two, so that a remainder needs few further ones.
_PLACES_MAX = 999
_ROWS_PER_STATEMENT_MAX = 128

# Texts of statements that are kept: those of a table take seven or so for each set of columns.
_STATEMENTS_KEPT = 256


class SqliteTransaction(Transaction):
    """A transaction of the one writer, or the snapshot of a reader.

    A list of values travels as one JSON text, so a statement is prepared once whatever their
    number; SQLite looks up each of them in the index of the column.
    """

    __slots__ = ("_changes_before", "_last_number")

    def __init__(self, connection: Connection, public_ids: PublicIds) -> None:
        super().__init__(connection, public_ids)
        self._changes_before: int = self._driver.total_changes
        self._last_number = 0

    @property
    def changes(self) -> int:
        """Rows inserted, updated and deleted so far."""
        total: int = self._driver.total_changes
        return total - self._changes_before

    def _run(self, sql: str, parameters: Sequence[object]) -> Any:
        return self._driver.execute(_spelled(sql), [*map(_parameter, parameters)])

    def insert_columns(
        self,
        table: str,
        columns: Mapping[str, Sequence[object]],
        constants: Mapping[str, object] = NOTHING,
    ) -> None:
        names = (*columns, *constants)
        left = len(next(iter(columns.values())))
        bound = [_bound(table, name, values) for name, values in columns.items()]
        bound += [repeat(value, left) for value in constants.values()]
        values = chain.from_iterable(zip(*bound, strict=True))
        size = _rows_per_statement(len(names))
        while left:
            while size > left:
                size //= 2
            self._driver.execute(
                _insert(table, names, size), list(islice(values, size * len(names)))
            )
            left -= size

    def update(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        self._driver.executemany(_update(table, tuple(columns)), rows)

    def delete(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        met = " AND ".join(f'"{column}" = ?' for column in columns)
        self._driver.executemany(f'DELETE FROM "{table}" WHERE {met}', rows)

    def new_ids(self, environment: int) -> NewIds:
        self._last_number = self._read_last_number()
        return NewIds(first_id(environment), self._reserve, self._keep)

    def _read_clock(self) -> int:
        return clock.now()  # an embedded database has the clock of its machine

    def _read_last_number(self) -> int:
        ((value,),) = self.fetch("SELECT value FROM sequences WHERE name = 'ids'")
        assert isinstance(value, int)
        return value

    def _reserve(self, count: int) -> Sequence[int]:
        """Numbers behind the last one; nobody else can take any before this transaction ends."""
        first = self._last_number + 1
        self._last_number += count
        return range(first, first + count)

    def _keep(self, last: int) -> None:
        changed = self.execute(
            "UPDATE sequences SET value = ? WHERE name = 'ids' AND value <= ?", (last, last)
        )
        assert changed == 1, "the sequence of ids must not go back"


@cache
def _spelled(sql: str) -> str:
    """The statement with its lists as SQLite takes them."""
    elements = "IN (SELECT value FROM json_each(?))"
    return sql.replace("IN (?integers)", elements).replace("IN (?texts)", elements)


def _parameter(value: object) -> object:
    if isinstance(value, Collection) and not isinstance(value, str):
        return json.dumps(list(value), ensure_ascii=False)
    return value


def _rows_per_statement(width: int) -> int:
    """How many rows of so many columns one INSERT adds, which saves a third of the time of as many
    INSERTs; more are no faster."""
    fitting = max(_PLACES_MAX // width, 1)
    return min(1 << (fitting.bit_length() - 1), _ROWS_PER_STATEMENT_MAX)


def _bound(table: str, name: str, values: Sequence[object]) -> Iterable[object]:
    """A column as the driver binds it quickest: a number costs a fifth of what a boolean does."""
    return map(_BOOLEANS.__getitem__, values) if name in _booleans(table) else values


_BOOLEANS: Mapping[Any, object] = {None: None, False: 0, True: 1}


@cache
def _booleans(table: str) -> frozenset[str]:
    """The names of a table's boolean columns."""
    return frozenset(
        column.name for column in metadata.tables[table].c if isinstance(column.type, Boolean)
    )


@lru_cache(maxsize=_STATEMENTS_KEPT)
def _insert(table: str, columns: tuple[str, ...], rows: int) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    row = f"({', '.join('?' * len(columns))})"
    return f'INSERT INTO "{table}" ({names}) VALUES {", ".join([row] * rows)}'


@cache
def _update(table: str, columns: tuple[str, ...]) -> str:
    assigned = ", ".join(f'"{column}" = ?' for column in columns)
    return f'UPDATE "{table}" SET {assigned} WHERE id = ?'
