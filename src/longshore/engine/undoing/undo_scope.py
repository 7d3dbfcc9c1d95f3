"""What an undo is about to look at: how many changes, of which tables."""

from dataclasses import dataclass

from longshore.database import Transaction
from longshore.engine.undoing.step_back import Undone
from longshore.imports import RowOutcome, count_ledger
from longshore.journal import count_of_undo
from longshore.runs import tables_of


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoScope:
    """What an undo is about to look at."""

    tables: frozenset[str]  # of the records that it may write; none: any
    changes_count: int  # rows that have changed something, or entries of an undo


def undo_scope(tx: Transaction, undone: Undone) -> UndoScope:
    """What an undo of an import or an undo would look at."""
    maker_id = undone.maker.id
    assert maker_id is not None, "an import or an undo has an id"
    if undone.import_id is not None:
        counts = count_ledger(tx, undone.import_id)
        changes = counts[RowOutcome.CREATED] + counts[RowOutcome.UPDATED]
    else:
        changes = count_of_undo(tx, maker_id)
    return UndoScope(tables=tables_of(tx, maker_id), changes_count=changes)
