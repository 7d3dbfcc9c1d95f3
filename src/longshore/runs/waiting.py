"""Which runs have not ended, and which of them wait for a runner that is known by heartbeats.

Nothing is read of what they run: one that cannot be read keeps no other from its turn.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, or_, select

from longshore.database import Transaction
from longshore.runs.life import is_open, runs_of
from longshore.runs.order import in_order, is_blocked
from longshore.runs.run import Run
from longshore.runs.tables import runs


def open_runs(tx: Transaction) -> list[Run]:
    """What waits or runs in all environments, of each in the order of places."""
    return _found(tx)


def unblocked_runs(tx: Transaction, *, kinds: Collection[str]) -> list[Run]:
    """Of what waits or runs, what neither waits for older runs nor rests; of these kinds."""
    return _found(tx, runs.c.kind.in_(kinds), ~is_blocked(), _is_rested(tx))


def waiting_runs(tx: Transaction, *, silent_before: int, kinds: Collection[str]) -> list[Run]:
    """What may be taken at this moment in all environments, of each in the order of places; of
    these kinds, because a later release that runs beside this one may know others.

    Of a run whose runner has said nothing since `silent_before` (milliseconds) it is assumed
    that the runner is dead.
    """
    columns = runs.c
    is_alone = or_(columns.heartbeat_at.is_(None), columns.heartbeat_at < silent_before)
    return _found(tx, columns.kind.in_(kinds), and_(is_alone, _is_rested(tx)), ~is_blocked())


def _found(tx: Transaction, *conditions: ColumnElement[bool]) -> list[Run]:
    query = select(runs).where(is_open(), *conditions).order_by(*in_order())
    return runs_of(tx.connection.execute(query).mappings())


def _is_rested(tx: Transaction) -> ColumnElement[bool]:
    columns = runs.c
    return or_(columns.rests_until.is_(None), columns.rests_until <= tx.now())
