"""Which imports are not finished, and which of them wait for a runner that is known by heartbeats.

Nothing else of an import is read: one that cannot be read keeps no other from its turn.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.order import in_order, is_blocked
from longshore.imports.status import UNFINISHED
from longshore.imports.tables import imports


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """An import that is pending or in progress."""

    id: ImportId
    environment: int
    runner: str | None  # process that runs it, or ran it last; None: nobody does


def unfinished(tx: Transaction, *, only_unblocked: bool = False) -> list[Unfinished]:
    """What waits or runs in all environments, of each in the order of places.

    `only_unblocked` leaves out what waits for older imports.
    """
    return _found(tx, ~is_blocked()) if only_unblocked else _found(tx)


def waiting_imports(tx: Transaction, *, silent_before: int) -> list[Unfinished]:
    """What may be taken at this moment in all environments, of each in the order of places.

    Of an import whose runner has said nothing since `silent_before` (milliseconds) it is assumed
    that the runner is dead.
    """
    return _found(tx, _is_free(tx, silent_before), ~is_blocked())


def _found(tx: Transaction, *conditions: ColumnElement[bool]) -> list[Unfinished]:
    columns = imports.c
    query = (
        select(columns.id, columns.environment, columns.runner)
        .where(columns.deleted_at.is_(None), columns.status.in_(UNFINISHED), *conditions)
        .order_by(*in_order())
    )
    return [
        Unfinished(id=ImportId(row.id), environment=row.environment, runner=row.runner)
        for row in tx.connection.execute(query)
    ]


def _is_free(tx: Transaction, silent_before: int) -> ColumnElement[bool]:
    columns = imports.c
    is_alone = or_(columns.heartbeat_at.is_(None), columns.heartbeat_at < silent_before)
    is_rested = or_(columns.rests_until.is_(None), columns.rests_until <= tx.now())
    return and_(is_alone, is_rested)
