"""An undo through its life: claimed, step by step, to one of its ends.

All functions work in the caller's transaction.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Update, select, update

from longshore.database import Transaction
from longshore.errors import RequestRefused
from longshore.identifiers import RunId
from longshore.runs import (
    Ending,
    Run,
    claim_lost,
    end_claimed,
    interrupt_run,
    is_claimed,
    note_chunk,
)
from longshore.undos.store import count_kept, hold_undo, read_undo
from longshore.undos.tables import import_undos
from longshore.undos.undo import Undo, UndoStatus

_columns = import_undos.c


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoneStep:
    """How far an undo is after a step, and what the step did to records."""

    checkpoint: int
    done_count: int  # of the changes that are to be looked at
    restored_count: int  # records of which nothing was given back before
    removed_count: int


class UndoLife:
    """What happens to an undo when its run is claimed (`runs.RunLife`)."""

    def hold(self, tx: Transaction, run_id: RunId) -> None:
        """Wait for whoever is about to commit a step, or the undo's end."""
        hold_undo(tx, run_id)

    def claimed(self, tx: Transaction, run: Run) -> None:
        """It is in progress."""
        begun = update(import_undos).where(
            _columns.id == run.id, _columns.status == UndoStatus.PENDING
        )
        tx.connection.execute(
            begun.values(
                status=UndoStatus.IN_PROGRESS, started_at=run.started_at, updated_at=run.started_at
            )
        )

    def outlives(self, tx: Transaction, run: Run, reason: str) -> bool:
        """It ends where its runners die again and again; what it did stays."""
        return False

    def interrupted(self, tx: Transaction, run: Run, reason: str) -> None:
        """It is interrupted."""
        _interrupt(tx, run.id, reason)


def note_step(tx: Transaction, run: Run, step: UndoneStep) -> None:
    """Count a step, in the transaction that has made it. `run` is that of the undo as it was
    claimed. Raises ClaimLost."""
    noted = _claimed(run).values(
        checkpoint=step.checkpoint,
        done_count=_columns.done_count + step.done_count,
        restored_count=_columns.restored_count + step.restored_count,
        removed_count=_columns.removed_count + step.removed_count,
        kept_count=count_kept(tx, run.id),
        updated_at=tx.now(),
    )
    if tx.connection.execute(noted).rowcount != 1:
        raise claim_lost()
    note_chunk(tx, run.id, run.fence)


def complete_undo(tx: Transaction, run: Run) -> None:
    """End an undo that has gone through all changes. Raises ClaimLost."""
    ended = _claimed(run).values(
        status=UndoStatus.COMPLETED,
        kept_count=count_kept(tx, run.id),
        completed_at=tx.now(),
        updated_at=tx.now(),
    )
    if tx.connection.execute(ended).rowcount != 1:
        raise claim_lost()
    end_claimed(tx, run.id, run.fence, Ending.COMPLETED)


def interrupt_undo(tx: Transaction, undo_id: int, *, reason: str | None = None) -> Undo:
    """Stop an undo behind its last step, whoever runs it; what it did stays, and another undo goes
    on with the rest. Raises RequestRefused for one that has ended."""
    undo = read_undo(tx, undo_id)
    if not _interrupt(tx, undo_id, reason):
        raise RequestRefused(
            f"the undo {tx.public_ids.encode(undo_id)} is {undo.status} already, only pending and "
            "running ones can be interrupted"
        )
    return read_undo(tx, undo_id)


def _interrupt(tx: Transaction, undo_id: int, reason: str | None) -> bool:
    """One UPDATE, so no step can come in between."""
    is_open = _columns.status.in_((UndoStatus.PENDING, UndoStatus.IN_PROGRESS))
    values: dict[str, Any] = {
        "status": UndoStatus.INTERRUPTED,
        "interrupted_at": tx.now(),
        "interruption_reason": reason,
        "updated_at": tx.now(),
    }
    stopped = update(import_undos).where(_columns.id == undo_id, is_open).values(values)
    if tx.connection.execute(stopped).rowcount != 1:
        return False
    interrupt_run(tx, undo_id)
    _interrupt_behind(tx, read_undo(tx, undo_id))
    return True


def _interrupt_behind(tx: Transaction, undo: Undo) -> None:
    """Interrupt the undos of the same group that wait for one: what it has left refers to what they
    would remove, so they would keep that all."""
    if undo.group_id is None:
        return
    query = (
        select(_columns.id)
        .where(
            _columns.group_id == undo.group_id,
            _columns.id > undo.id,
            _columns.status == UndoStatus.PENDING,
        )
        .order_by(_columns.id)
        .limit(1)
    )
    behind = tx.connection.execute(query).scalar_one_or_none()
    if behind is not None:
        id_ = tx.public_ids.encode(undo.id)
        _interrupt(tx, behind, f"the undo {id_}, before it in its group, was interrupted")


def _claimed(run: Run) -> Update:
    return update(import_undos).where(
        _columns.id == run.id,
        _columns.status == UndoStatus.IN_PROGRESS,
        is_claimed(run.id, run.fence),
    )
