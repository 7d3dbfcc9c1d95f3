"""How often the records of each table were written, which says cheaply that nothing has moved.

Whoever writes records counts the transaction, once for each table of an environment. An older
release that runs beside this one does not; so a counter that has not moved spares a look, and
decides nothing.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import BigInteger, Column, Integer, Table, Text, delete, select

from longshore.database import Transaction, metadata

table_changes = Table(
    "table_changes",
    metadata,
    Column("environment", Integer, primary_key=True, autoincrement=False),
    Column("table_name", Text, primary_key=True),
    Column("counter", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

_COUNT = (
    "INSERT INTO table_changes (environment, table_name, counter) VALUES {}"
    " ON CONFLICT (environment, table_name) DO UPDATE SET counter = table_changes.counter + 1"
)


def count_table_changes(tx: Transaction, environment: int, tables: Collection[str]) -> None:
    """Say that a transaction writes records of these tables, under whose locks it runs.

    It may say so more than once, and of tables in which nothing changes in the end.
    """
    if tables:
        # In one order, in which the rows of the counters are locked.
        named = [value for table in sorted(tables) for value in (environment, table)]
        tx.execute(_COUNT.format(", ".join(["(?, ?, 1)"] * len(tables))), named)


def read_table_counters(
    tx: Transaction, environment: int, tables: Collection[str]
) -> Mapping[str, int]:
    """How often each of these tables was written so far."""
    columns = table_changes.c
    query = select(columns.table_name, columns.counter).where(
        columns.environment == environment, columns.table_name.in_(sorted(tables))
    )
    found = {row.table_name: row.counter for row in tx.connection.execute(query)}
    return {table: found.get(table, 0) for table in sorted(tables)}


def forget_table_changes(tx: Transaction, environment: int) -> None:
    """Remove the counters of an environment that is removed."""
    tx.connection.execute(delete(table_changes).where(table_changes.c.environment == environment))
