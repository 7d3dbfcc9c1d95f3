"""What is asked of a database, statement by statement."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from longshore.database import Database


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """The statements that this process sends to a database within the block, in their order.

    Those to other databases are left out: installations that several tests share stay open, and
    say from time to time that they live.
    """
    sent: list[str] = []
    with database.read() as tx:
        place = tx.connection.engine.url.database

    def note(connection: Connection, _cursor: Any, sql: str, *_: object) -> None:
        if connection.engine.url.database == place:
            sent.append(sql)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
