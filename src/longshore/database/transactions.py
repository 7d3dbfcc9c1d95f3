"""A transaction as everybody else sees it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from longshore import clock
from longshore.identifiers import PublicIds, first_id


class Transaction:
    """One snapshot to read from, or one unit of changes; opened by `Database.read` and `write`.

    Statements are SQLAlchemy Core on `connection`. The methods below pass text straight to the
    driver, for the statements that run per chunk, where building and binding would cost more
    than running. Parameters are marked with `?`.
    """

    __slots__ = ("_changes_before", "_driver", "_now", "connection", "public_ids")

    def __init__(self, connection: Connection, public_ids: PublicIds) -> None:
        self.connection = connection
        self.public_ids = public_ids  # of this installation
        driver: Any = connection.connection.driver_connection
        self._driver = driver
        self._changes_before: int = driver.total_changes
        self._now: int | None = None

    @property
    def changes(self) -> int:
        """Rows inserted, updated and deleted so far."""
        total: int = self._driver.total_changes
        return total - self._changes_before

    def fetch(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, as tuples."""
        rows: list[tuple[Any, ...]] = self._driver.execute(sql, parameters).fetchall()
        return rows

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run one statement; the number of rows that it changed."""
        changed: int = self._driver.execute(sql, parameters).rowcount
        return changed

    def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run one statement for each tuple of parameters."""
        self._driver.executemany(sql, rows)

    def now(self) -> int:
        """The database's clock in milliseconds: one value for the whole transaction."""
        if self._now is None:
            self._now = clock.now()  # an embedded database has the clock of its machine
        return self._now

    def read_sequence(self) -> int:
        """The last number that the sequence of ids has given; 0 before the first.

        Whoever allocates from it in memory writes the new last number back in the same write
        transaction.
        """
        ((value,),) = self.fetch("SELECT value FROM sequences WHERE name = 'ids'")
        assert isinstance(value, int)
        return value

    def write_sequence(self, value: int) -> None:
        """Say which number of the sequence was given last."""
        changed = self.execute(
            "UPDATE sequences SET value = ? WHERE name = 'ids' AND value <= ?", (value, value)
        )
        assert changed == 1, "the sequence of ids must not go back"

    def reserve_ids(self, environment: int, count: int) -> range:
        """So many consecutive ids of an environment; 0 is the number for what belongs to none."""
        last = self.read_sequence()
        self.write_sequence(last + count)
        first = first_id(environment) + last + 1
        return range(first, first + count)
