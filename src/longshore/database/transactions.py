"""A transaction as everybody else sees it, whatever the database."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from longshore.database.new_ids import NewIds
from longshore.identifiers import PublicIds

NOTHING: Mapping[str, object] = MappingProxyType({})

# Statements that are kept once they are composed or prepared. A plan has some dozen for each of its
# tables; whoever sends rows of ever other fields would have everything kept for ever otherwise.
STATEMENTS_KEPT = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Locks:
    """What a write transaction needs to have for itself, where several can run at once.

    Two transactions whose locks conflict run one after the other: each sees all that the other
    has done, or nothing of it. Names are those of tables; a scope parts what never meets.
    """

    scope: int  # number of the environment
    shared: frozenset[str] = frozenset()  # read: nobody may write them meanwhile
    exclusive: frozenset[str] = frozenset()  # read and written
    is_whole: bool = False  # everything of the scope, in place of single tables


class Transaction(ABC):
    """One snapshot to read from, or one unit of changes; opened by `Database.read` and `write`.

    Statements are SQLAlchemy Core on `connection`. The methods below pass text straight to the
    driver, for the statements that run per chunk, where building and binding would cost more
    than running. Parameters are marked with `?`; one that is a list or a set of numbers or texts
    is marked by `IN (?integers)` or `IN (?texts)`.
    """

    __slots__ = ("_driver", "_now", "connection", "public_ids")

    def __init__(self, connection: Connection, public_ids: PublicIds) -> None:
        self.connection = connection
        self.public_ids = public_ids  # of this installation
        driver: Any = connection.connection.driver_connection
        self._driver = driver
        self._now: int | None = None

    def fetch(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, as tuples."""
        rows: list[tuple[Any, ...]] = self._run(sql, parameters).fetchall()
        return rows

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run one statement; the number of rows that it changed."""
        changed: int = self._run(sql, parameters).rowcount
        return changed

    def fetch_and_execute(
        self,
        update: str,
        parameters: Sequence[object],
        then: str,
        then_parameters: Sequence[object],
    ) -> tuple[list[tuple[Any, ...]], int]:
        """Run an update that returns its rows, and then one of another table: the rows of the
        first, and the number of rows that the second changed, if the first found any.

        Where answers travel it is one round trip.
        """
        return self.fetch(update, parameters), self.execute(then, then_parameters)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Add rows in bulk, each laid out like the columns."""
        if rows:
            values = zip(*rows, strict=True)
            self.insert_columns(table, dict(zip(columns, values, strict=True)))

    @abstractmethod
    def insert_columns(
        self,
        table: str,
        columns: Mapping[str, Sequence[object]],
        constants: Mapping[str, object] = NOTHING,
    ) -> None:
        """Add rows in bulk, given as columns of one length, of which there is at least one.

        A constant is what a further column holds in each of the rows. Columns and rows are spelled
        for the database without a look at single rows, so this is the fast way for many.
        """

    @abstractmethod
    def update_columns(
        self,
        table: str,
        ids: Sequence[int],
        columns: Mapping[str, Sequence[object]],
        constants: Mapping[str, object] = NOTHING,
    ) -> None:
        """Change rows in bulk: what the row of each id holds in these columns.

        No id comes twice. A constant is what a further column holds afterwards in all these rows.
        """

    @abstractmethod
    def delete(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Remove in bulk the rows whose columns hold these values."""

    @abstractmethod
    def _run(self, sql: str, parameters: Sequence[object]) -> Any:
        """The driver's cursor, after the statement has run."""

    def now(self) -> int:
        """The database's clock in milliseconds: one value for the whole transaction."""
        if self._now is None:
            self._now = self._read_clock()
        return self._now

    def refresh_now(self) -> None:
        """Read the clock anew for `now`: where others commit while this transaction waits or
        looks, what it does after it has seen theirs is then told as later than theirs."""
        self._now = self._read_clock()

    def server_started_at(self) -> int:
        """Since when the database answers, in milliseconds; 0 where there is no server."""
        return 0

    def end_connections(self, name: str) -> None:  # noqa: B027  nothing to do, not something forgotten
        """End what a process of this name has under way, and wait until its locks are gone.

        An embedded database needs none: the system ends it all with the process.
        """

    @abstractmethod
    def _read_clock(self) -> int: ...

    @abstractmethod
    def new_ids(self, environment: int) -> NewIds:
        """Ids of an environment for what this transaction creates; 0 is the number for what
        belongs to none.

        Whoever has created something calls their `keep` in the same transaction.
        """

    def reserve_ids(self, environment: int, count: int) -> Sequence[int]:
        """So many ids of an environment, ascending."""
        ids = self.new_ids(environment)
        taken = ids.take_many(count)
        ids.keep()
        return taken
