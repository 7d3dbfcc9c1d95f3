"""Glances: as much of undos as somebody needs who watches them, of many at once."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from longshore.database import Transaction
from longshore.identifiers import RunId
from longshore.undos.tables import import_undos
from longshore.undos.undo import UndoStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoGlance:
    """An undo at one moment; times are milliseconds since 1970."""

    id: RunId
    status: UndoStatus
    changes_count: int  # that are to be looked at
    done_count: int  # of them
    restored_count: int  # records
    removed_count: int
    kept_count: int
    started_at: int | None
    updated_at: int  # its last step, as long as it runs

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in (UndoStatus.COMPLETED, UndoStatus.INTERRUPTED)


def undo_glances_at(tx: Transaction, ids: Collection[int]) -> dict[RunId, UndoGlance]:
    """Undos by their ids."""
    columns = import_undos.c
    query = select(
        columns.id,
        columns.status,
        columns.changes_count,
        columns.done_count,
        columns.restored_count,
        columns.removed_count,
        columns.kept_count,
        columns.started_at,
        columns.updated_at,
    ).where(columns.id.in_(sorted(ids)))
    return {
        row.id: UndoGlance(
            id=RunId(row.id),
            status=UndoStatus(row.status),
            changes_count=row.changes_count,
            done_count=row.done_count,
            restored_count=row.restored_count,
            removed_count=row.removed_count,
            kept_count=row.kept_count,
            started_at=row.started_at,
            updated_at=row.updated_at,
        )
        for row in tx.connection.execute(query)
    }
