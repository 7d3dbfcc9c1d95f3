"""Which imports wait for a runner, where runners are known by their heartbeats."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.order import in_order, is_blocked
from longshore.imports.status import UNFINISHED
from longshore.imports.tables import imports


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An import that nobody runs."""

    id: ImportId
    environment: int
    runner: str | None  # process that is taken to be dead; None: nobody had it, or gave it back


def waiting_imports(tx: Transaction, *, silent_before: int) -> list[Waiting]:
    """What may be taken at this moment in all environments, of each in the order of places.

    Of an import whose runner has said nothing since `silent_before` (milliseconds) it is assumed
    that the runner is dead.
    """
    columns = imports.c
    query = (
        select(columns.id, columns.environment, columns.runner)
        .where(
            columns.deleted_at.is_(None),
            columns.status.in_(UNFINISHED),
            _is_free(tx, silent_before),
            ~is_blocked(),
        )
        .order_by(*in_order())
    )
    return [
        Waiting(id=ImportId(row.id), environment=row.environment, runner=row.runner)
        for row in tx.connection.execute(query)
    ]


def _is_free(tx: Transaction, silent_before: int) -> ColumnElement[bool]:
    columns = imports.c
    is_alone = or_(columns.heartbeat_at.is_(None), columns.heartbeat_at < silent_before)
    is_rested = or_(columns.rests_until.is_(None), columns.rests_until <= tx.now())
    return and_(is_alone, is_rested)
