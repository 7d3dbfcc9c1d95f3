"""Transactions of an embedded database."""

import json
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection

from longshore import clock
from longshore.database.new_ids import NewIds
from longshore.database.transactions import Transaction
from longshore.identifiers import PublicIds, first_id


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

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        self._driver.executemany(_insert(table, tuple(columns)), rows)

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


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'


@cache
def _update(table: str, columns: tuple[str, ...]) -> str:
    assigned = ", ".join(f'"{column}" = ?' for column in columns)
    return f'UPDATE "{table}" SET {assigned} WHERE id = ?'
