"""Transactions of PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from longshore.database.new_ids import NewIds
from longshore.database.postgresql_values import array_of, array_type, copy_data, list_of
from longshore.database.schema import metadata
from longshore.database.transactions import NOTHING, STATEMENTS_KEPT, Transaction
from longshore.identifiers import first_id

# Numbers of the sequence come without the locks of the transaction, so others may get some in
# between; runs of consecutive ones are told by their ends, not one by one.
_RESERVE = """
    SELECT min(number), max(number) FROM (
        SELECT number, number - row_number() OVER (ORDER BY number) AS run
        FROM (SELECT nextval('ids') AS number FROM generate_series(1, %s)) AS given
    ) AS numbered
    GROUP BY run ORDER BY run
"""

# So few rows travel with their statement, in one round trip; COPY, which is quicker for many,
# takes two.
_INSERTED_ROWS_MAX = 64


class PostgresqlTransaction(Transaction):
    """A transaction of one of many writers, or the snapshot of a reader.

    A list of values travels as the literal of one array, so a statement is prepared once whatever
    their number. Rows travel by COPY, which is five times as fast as INSERT through the driver;
    it begins when all its bytes are there, because a process that is stopped in the middle of it
    keeps its locks through every timeout.
    """

    __slots__ = ()

    def _run(self, sql: str, parameters: Sequence[object]) -> Any:
        return self._driver.execute(_spelled(sql), [*map(_parameter, parameters)])

    def fetch_and_execute(
        self,
        update: str,
        parameters: Sequence[object],
        then: str,
        then_parameters: Sequence[object],
    ) -> tuple[list[tuple[Any, ...]], int]:
        # What is returned is computed for a row that was updated, so the second update comes then.
        rows = self.fetch(
            f"WITH other AS ({then} RETURNING 1) {update}, (SELECT count(*) FROM other)",
            [*then_parameters, *parameters],
        )
        return [row[:-1] for row in rows], rows[0][-1] if rows else 0

    def insert_columns(
        self,
        table: str,
        columns: Mapping[str, Sequence[object]],
        constants: Mapping[str, object] = NOTHING,
    ) -> None:
        count = len(next(iter(columns.values())))
        if count <= _INSERTED_ROWS_MAX:
            repeated = {name: [value] * count for name, value in constants.items()}
            self._insert(table, {**columns, **repeated})
            return
        declared = metadata.tables[table].c
        data = copy_data(
            [(declared[name], values) for name, values in columns.items()],
            [(declared[name], value) for name, value in constants.items()],
        )
        with (
            self._driver.cursor() as cursor,
            cursor.copy(f'COPY "{table}" ({_names((*columns, *constants))}) FROM STDIN') as copy,
        ):
            copy.write(data)

    def update_columns(
        self,
        table: str,
        ids: Sequence[int],
        columns: Mapping[str, Sequence[object]],
        constants: Mapping[str, object] = NOTHING,
    ) -> None:
        assigned = [f'"{name}" = %s' for name in constants]
        assigned += [f'"{name}" = given."{name}"' for name in columns]
        given, arrays = _given(table, {"id": ids, **columns})
        self._driver.execute(
            f'UPDATE "{table}" AS stored SET {", ".join(assigned)} FROM {given}'
            " WHERE stored.id = given.id",
            [*constants.values(), *arrays],
        )

    def delete(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        met = " AND ".join(f'stored."{column}" = given."{column}"' for column in columns)
        given, arrays = _given(table, dict(zip(columns, zip(*rows, strict=True), strict=True)))
        self._driver.execute(f'DELETE FROM "{table}" AS stored USING {given} WHERE {met}', arrays)

    def new_ids(self, environment: int) -> NewIds:
        return NewIds(first_id(environment), self._reserve)

    def server_started_at(self) -> int:
        ((started,),) = self.fetch(
            "SELECT (extract(epoch FROM pg_postmaster_start_time()) * 1000)::bigint"
        )
        assert isinstance(started, int)
        return started

    def end_connections(self, name: str) -> None:
        self.fetch(
            "SELECT pg_terminate_backend(pid, ?) FROM pg_stat_activity"
            " WHERE application_name = ? AND datname = current_database()"
            " AND usename = current_user AND pid <> pg_backend_pid()",
            (_END_MILLISECONDS, name),
        )

    @property
    def is_lost(self) -> bool:
        """Whether the connection to the server has ended."""
        return bool(self._driver.closed)

    def begin(self, begin: str, settings: str, keys: Sequence[tuple[int, int, bool]]) -> None:
        """Begin with settings that last until the end, and with locks that are held as long: pairs
        of numbers, exclusive or shared, taken in this order.

        All of it is one round trip. A select list is computed in its order: what is set holds for
        the waiting, and each lock is taken before the next is asked for.
        """
        calls = "".join(
            f", pg_advisory_xact_lock{'' if exclusive else '_shared'}({first}, {second})"
            for first, second, exclusive in keys
        )
        # Several statements at once cannot be prepared.
        begun = self._driver.execute(f"{begin}; SELECT {settings}{calls}, {_CLOCK}", prepare=False)
        begun.nextset()
        *_, self._now = begun.fetchone()

    def _insert(self, table: str, columns: Mapping[str, Sequence[object]]) -> None:
        if not len(next(iter(columns.values()))):
            return
        given, arrays = _given(table, columns)
        names = _names(tuple(columns))
        self._driver.execute(f'INSERT INTO "{table}" ({names}) SELECT {names} FROM {given}', arrays)

    def _read_clock(self) -> int:
        ((now,),) = self.fetch(f"SELECT {_CLOCK}")
        assert isinstance(now, int)
        return now

    def _reserve(self, count: int) -> Sequence[int]:
        runs = self._driver.execute(_RESERVE, (count,)).fetchall()
        return [number for first, last in runs for number in range(first, last + 1)]


_END_MILLISECONDS = 5000  # a backend ends at its next step
_CLOCK = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"


@lru_cache(maxsize=STATEMENTS_KEPT)
def _spelled(sql: str) -> str:
    """The statement with places and lists as the driver and PostgreSQL take them."""
    return (
        sql.replace("%", "%%")
        .replace("IN (?integers)", "= ANY(%s::bigint[])")
        .replace("IN (?texts)", "= ANY(%s::text[])")
        .replace("?", "%s")
    )


def _parameter(value: object) -> object:
    return (
        list_of(value)
        if isinstance(value, Collection) and not isinstance(value, str | bytes)
        else value
    )


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _given(table: str, columns: Mapping[str, Sequence[object]]) -> tuple[str, list[str]]:
    """Columns as a table named `given`, and the arrays that are its parameters."""
    declared = metadata.tables[table].c
    places = ", ".join(f"%s::{array_type(declared[name])}" for name in columns)
    arrays = [array_of(declared[name], values) for name, values in columns.items()]
    if len(set(map(len, columns.values()))) > 1:
        raise ValueError("columns of unequal length")
    return f"unnest({places}) AS given({_names(tuple(columns))})", arrays
