"""What statements take, counted and not timed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from longshore.database import Database, Transaction
from tests.behaviour.reading.test_cost import rows_of

_AT_A_TIME = 10


@dataclass(slots=True)
class Steps:
    """Instructions of SQLite, or rows that PostgreSQL goes through."""

    count: float = 0.0


@contextmanager
def counting(database: Database, tx: Transaction) -> Iterator[Steps]:
    """The steps of what the transaction asks within the block."""
    steps = Steps()
    driver: Any = tx.connection.connection.driver_connection

    def step() -> None:
        steps.count += _AT_A_TIME

    def note(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_: object) -> None:
        explain = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}"
        ((plans,),) = driver.execute(explain, parameters).fetchall()
        steps.count += rows_of(plans[0]["Plan"])

    if database.is_embedded:
        driver.set_progress_handler(step, _AT_A_TIME)
    else:
        # There is little in the tables of tests, and no statistics of them.
        tx.execute("SET LOCAL enable_seqscan = off")
        tx.execute("SET LOCAL enable_bitmapscan = off")
        event.listen(tx.connection, "before_cursor_execute", note)
    yield steps
    if database.is_embedded:
        driver.set_progress_handler(None, 0)
    else:
        event.remove(tx.connection, "before_cursor_execute", note)
