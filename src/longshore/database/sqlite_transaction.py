"""Transactions of an embedded database."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain, islice, repeat
from typing import Any

import msgspec
from sqlalchemy import Boolean, Connection

from longshore import clock
from longshore.database.new_ids import NewIds
from longshore.database.schema import metadata
from longshore.database.transactions import NOTHING, STATEMENTS_KEPT, Transaction
from longshore.identifiers import PublicIds, first_id

# Places for values in the rows of a statement: as many as every SQLite takes, however it was
# built, with room for constants beside them. Rows of a statement are a power of two, so that a
# remainder needs few further ones.
_PLACES_MAX = 960
_ROWS_PER_STATEMENT_MAX = 128


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
        count = len(next(iter(columns.values())))
        bound = [_bound(table, name, values) for name, values in columns.items()]
        bound += [repeat(value, count) for value in constants.values()]
        for rows, values in _statements(bound, count):
            self._driver.execute(_insert(table, names, rows), values)

    def update_columns(
        self,
        table: str,
        ids: Sequence[int],
        columns: Mapping[str, Sequence[object]],
        constants: Mapping[str, object] = NOTHING,
    ) -> None:
        bound = [_bound(table, name, values) for name, values in columns.items()]
        common = list(constants.values())
        for rows, values in _statements([ids, *bound], len(ids)):
            statement = _update(table, tuple(columns), tuple(constants), rows)
            self._driver.execute(statement, common + values)

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


@lru_cache(maxsize=STATEMENTS_KEPT)
def _spelled(sql: str) -> str:
    """The statement with its lists as SQLite takes them."""
    elements = "IN (SELECT value FROM json_each(?))"
    return sql.replace("IN (?integers)", elements).replace("IN (?texts)", elements)


def _parameter(value: object) -> object:
    if isinstance(value, Collection) and not isinstance(value, str | bytes):
        return msgspec.json.encode(list(value)).decode()
    return value


def _statements(
    columns: Sequence[Iterable[object]], count: int
) -> Iterator[tuple[int, list[object]]]:
    """So many rows cut for single statements: the number of rows and the values of each.

    Statements of many rows take two thirds of the time of as many statements; a larger number is
    no faster.
    """
    width = len(columns)
    values = chain.from_iterable(zip(*columns, strict=True))
    fitting = max(_PLACES_MAX // width, 1)
    rows = min(1 << (fitting.bit_length() - 1), _ROWS_PER_STATEMENT_MAX)
    while count:
        while rows > count:
            rows //= 2
        yield rows, list(islice(values, rows * width))
        count -= rows


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


@lru_cache(maxsize=STATEMENTS_KEPT)
def _insert(table: str, columns: tuple[str, ...], rows: int) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    row = f"({', '.join('?' * len(columns))})"
    return f'INSERT INTO "{table}" ({names}) VALUES {", ".join([row] * rows)}'


@lru_cache(maxsize=STATEMENTS_KEPT)
def _update(table: str, columns: tuple[str, ...], constants: tuple[str, ...], rows: int) -> str:
    """Constants first, then rows of the id and the columns."""
    assigned = [f'"{name}" = ?' for name in constants]
    # SQLite itself gives columns of VALUES their names.
    assigned += [f'"{name}" = given.column{index}' for index, name in enumerate(columns, start=2)]
    row = f"({', '.join('?' * (len(columns) + 1))})"
    return (
        f'UPDATE "{table}" SET {", ".join(assigned)} FROM (VALUES {", ".join([row] * rows)})'
        f' AS given WHERE "{table}".id = given.column1'
    )
