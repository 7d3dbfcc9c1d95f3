"""Undos and what they keep, looked at in pages. All functions work in the caller's transaction."""

from collections.abc import Mapping

from sqlalchemy import func, select

from longshore.database import Transaction
from longshore.identifiers import RunId
from longshore.undos.store import kept_parts, undo_of, undos_selected
from longshore.undos.tables import import_undos, undo_kept
from longshore.undos.undo import KeptPart, KeptReason, Undo, UndoStatus


def page_of_undos(
    tx: Transaction, environment: int, *, offset: int, limit: int
) -> tuple[list[Undo], int]:
    """A page of the undos of an environment, newest first, and how many there are in all."""
    columns = import_undos.c
    is_of = columns.environment == environment
    count: int = tx.connection.execute(select(func.count()).where(is_of)).scalar_one()
    query = undos_selected().where(is_of).order_by(columns.id.desc()).offset(offset).limit(limit)
    return [undo_of(row) for row in tx.connection.execute(query).mappings()], count


def open_undos(tx: Transaction) -> list[Undo]:
    """The undos that wait or run in all environments, of each in the order of their ids."""
    columns = import_undos.c
    is_open = columns.status.in_((UndoStatus.PENDING, UndoStatus.IN_PROGRESS))
    query = undos_selected().where(is_open).order_by(columns.environment, columns.id)
    return [undo_of(row) for row in tx.connection.execute(query).mappings()]


def last_undo_of(tx: Transaction, of: int) -> tuple[RunId, UndoStatus] | None:
    """The newest undo of an import or of an undo, and how it stands."""
    columns = import_undos.c
    query = (
        select(columns.id, columns.status)
        .where((columns.import_id == of) | (columns.undo_id == of))
        .order_by(columns.id.desc())
        .limit(1)
    )
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else (RunId(row.id), UndoStatus(row.status))


def count_kept_parts(tx: Transaction, run_id: int) -> Mapping[KeptReason, int]:
    """How many parts of records are kept for which reason; none for a reason that does not
    occur."""
    columns = undo_kept.c
    query = (
        select(columns.reason, func.count())
        .where(columns.run_id == run_id)
        .group_by(columns.reason)
        .order_by(columns.reason)
    )
    return {KeptReason(reason): count for reason, count in tx.connection.execute(query)}


def list_kept(tx: Transaction, run_id: int, *, offset: int, limit: int) -> list[KeptPart]:
    """A page of what stays, by record."""
    return kept_parts(tx, undo_kept.c.run_id == run_id, offset=offset, limit=limit)


def first_kept(tx: Transaction, run_id: int, reason: KeptReason, *, limit: int) -> list[KeptPart]:
    """The first parts that stay for a reason, by record."""
    columns = undo_kept.c
    return kept_parts(tx, columns.run_id == run_id, columns.reason == reason, limit=limit)
