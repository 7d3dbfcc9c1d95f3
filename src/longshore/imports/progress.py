"""Move an import through its life: claim, checkpoint, end.

Theory: whoever claims an import raises its fence and may write for as long as the fence is his.
Every write of a runner names its fence; stopping, deleting and giving back raise it. So the answer
to whoever stops an import is final at once: the chunk in flight fails its checkpoint, and rolls
back whole.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Update, case, select, update

from longshore.database import Transaction
from longshore.errors import PermanentError, RequestRefused, RetryableError
from longshore.identifiers import ImportId
from longshore.imports.import_ import Import
from longshore.imports.ledger import forget_ledger
from longshore.imports.order import ImportWaits, blocker_ids
from longshore.imports.status import UNFINISHED, Status, assert_transition, statuses_before
from longshore.imports.store import blockers, notices_json, read_import, record_event, write_import
from longshore.imports.tables import imports
from longshore.imports.texts import storable, storable_json
from longshore.journal import Actor, requested_by
from longshore.notices import Notice
from longshore.readers import Position


class ClaimLost(PermanentError):
    """Somebody stopped, deleted or took over the import; what was not committed is void."""


class CheckpointMoved(RetryableError):
    """The rows of the chunk are committed already: the answer to that commit was lost."""


# A text: making it of expressions, once for each chunk, took a tenth of an import's time.
_CHECKPOINT = (
    "UPDATE imports SET checkpoint_row = ?, checkpoint_line = ?, checkpoint_offset = ?,"
    " processed_count = processed_count + ?, errors_count = errors_count + ?,"
    " warnings_count = warnings_count + ?, created_count = created_count + ?,"
    " updated_count = updated_count + ?, unchanged_count = unchanged_count + ?,"
    " notices = coalesce(?, notices), first_amounts = coalesce(?, first_amounts),"
    " attempts = 0, heartbeat_at = ?, updated_at = ?"
    " WHERE id = ? AND fence = ? AND status = ? AND coalesce(checkpoint_row, 0) < ?"
)


def claim_import(
    tx: Transaction,
    import_id: ImportId,
    *,
    runner: str | None = None,
    attempts_max: int | None = None,
) -> Import | None:
    """Take an import to run it, from its checkpoint on. None when it is finished or deleted.

    `runner` is the name of the process. When `attempts_max` runners in a row have died on the
    import without committing a chunk, it is not taken but interrupted, and None is returned.
    Raises ImportWaits when it has to wait for an older import.
    """
    # Who runs it at this moment may be about to commit its end.
    tx.connection.execute(select(imports.c.id).where(imports.c.id == import_id).with_for_update())
    import_ = read_import(tx, import_id)
    if import_.is_finished or import_.deleted_at is not None:
        return None
    if older := blocker_ids(tx, import_id):
        raise ImportWaits(f"it waits for the import {tx.public_ids.encode(older[0])}")
    if attempts_max is not None and import_.attempts >= attempts_max:
        _interrupt(tx, import_id, f"{import_.attempts} runners in a row stopped without an answer")
        return None
    starts = import_.status is Status.PENDING
    if starts:
        # An older one that it waited for may have ended since this transaction began.
        tx.refresh_now()
    values: dict[str, Any] = {
        "status": Status.IN_PROGRESS,
        "fence": imports.c.fence + 1,
        "attempts": imports.c.attempts + 1,
        "heartbeat_at": tx.now(),
        "runner": runner,
        "rests_until": None,
        "updated_at": tx.now(),
    }
    if starts:
        assert_transition(import_.status, Status.IN_PROGRESS)
        values["started_at"] = tx.now()
    tx.connection.execute(update(imports).where(imports.c.id == import_id).values(values))
    if starts:
        record_event(tx, import_id, "start")
    return read_import(tx, import_id)


def checkpoint(
    tx: Transaction,
    import_id: ImportId,
    fence: int,
    *,
    last: Position,
    errors: int,
    warnings: int,
    created: int,
    updated: int,
    unchanged: int,
    notices: Sequence[Notice] | None = None,
    first_amounts: Sequence[Mapping[str, Any]] | None = None,
) -> Import:
    """Count the rows of a chunk, in the transaction that stores what became of them; the import
    with these counts.

    `last` is the position of the chunk's last row, where a reader restarts and skips that row.
    `notices` and `first_amounts` take the place of those that the import had; None leaves them.
    Raises ClaimLost, and CheckpointMoved when the last checkpoint is there already; the caller
    rolls back.
    """
    written = write_import(
        tx,
        import_id,
        _CHECKPOINT,
        (
            *(last.row, last.line, last.offset),
            *(created + updated + unchanged, errors, warnings, created, updated, unchanged),
            None if notices is None else notices_json(notices),
            None if first_amounts is None else storable_json(list(first_amounts)),
            *(tx.now(), tx.now()),
            *(import_id, fence, Status.IN_PROGRESS.value, last.row),
        ),
    )
    if written is None:
        import_ = read_import(tx, import_id)
        if import_.fence == fence and import_.consumed_count >= last.row:
            raise CheckpointMoved(f"rows up to {import_.consumed_count} are committed already")
        raise _claim_lost()
    return written


def complete_import(tx: Transaction, import_id: ImportId, fence: int) -> None:
    """End an import whose rows were all gone through. Raises ClaimLost."""
    _write(
        tx,
        _claimed(import_id, fence).values(
            status=Status.COMPLETED, completed_at=tx.now(), updated_at=tx.now()
        ),
    )
    record_event(tx, import_id, "complete")


def interrupt_claimed(
    tx: Transaction, import_id: ImportId, fence: int, *, reason: str | None = None
) -> None:
    """End an import before its last row, by its own runner: too many rows failed, or `reason`.

    Raises ClaimLost.
    """
    _write(tx, _claimed(import_id, fence).values(_interruption(tx, reason)))
    record_event(tx, import_id, "interrupt")


def release_import(
    tx: Transaction,
    import_id: ImportId,
    fence: int,
    *,
    rests_until: int | None = None,
    is_counted: bool = False,
) -> bool:
    """Give an import back unfinished, because the runner was asked to stop or cannot go on.

    Nobody takes it before `rests_until`. The attempt does not count against it, unless
    `is_counted`. It raises the fence, so that a beat that is under way comes too late. Whether it
    was given back: of a lost claim there is nothing to release.
    """
    attempts = case((imports.c.attempts > 0, imports.c.attempts - 1), else_=0)
    released = tx.connection.execute(
        _claimed(import_id, fence).values(
            fence=imports.c.fence + 1,
            attempts=imports.c.attempts if is_counted else attempts,
            heartbeat_at=None,
            runner=None,
            rests_until=rests_until,
        )
    )
    return released.rowcount == 1


def let_rest(tx: Transaction, import_id: ImportId, *, until: int) -> None:
    """Let nobody take an import that nobody has before that (milliseconds)."""
    tx.connection.execute(
        update(imports)
        .where(imports.c.id == import_id, imports.c.status.in_(UNFINISHED))
        .values(rests_until=until)
    )


def beat(tx: Transaction, import_id: ImportId, fence: int) -> None:
    """Say that the runner of an import is alive. A claim that was lost or given back is no matter,
    and does not come back."""
    tx.connection.execute(_claimed(import_id, fence).values(heartbeat_at=tx.now()))


def reserve_import(tx: Transaction, import_id: ImportId, *, runner: str) -> None:
    """Keep a pending import for a process that is going to claim it."""
    tx.connection.execute(
        update(imports)
        .where(imports.c.id == import_id)
        .values(runner=runner, heartbeat_at=tx.now())
    )


def beat_reserved(tx: Transaction, import_id: ImportId, *, runner: str) -> None:
    """Say that the process that has reserved an import is alive. A reservation that was given up
    meanwhile is no matter, and does not come back."""
    tx.connection.execute(
        update(imports)
        .where(
            imports.c.id == import_id,
            imports.c.runner == runner,
            imports.c.status == Status.PENDING,
        )
        .values(heartbeat_at=tx.now())
    )


def give_up_reservation(tx: Transaction, import_id: ImportId, *, runner: str) -> bool:
    """Leave a pending import to others that a process kept for itself; whether it still did."""
    kept = update(imports).where(
        imports.c.id == import_id,
        imports.c.runner == runner,
        imports.c.status == Status.PENDING,
    )
    return tx.connection.execute(kept.values(runner=None, heartbeat_at=None)).rowcount == 1


def supersede_older(tx: Transaction, import_id: ImportId) -> list[Import]:
    """Interrupt the imports that this one waits for; they are returned as they were, oldest first.

    Whoever runs one of them may just be about to commit a chunk: that is waited for, and counts.
    """
    reason = f"the newer import {tx.public_ids.encode(import_id)} superseded it"
    superseded = []
    for older in blockers(tx, import_id):
        if _interrupt(tx, older.id, reason):
            superseded.append(read_import(tx, older.id))
    return superseded


class ImportFinished(RequestRefused):
    """Nothing can be stopped any more."""

    def __init__(self, message: str, *, status: Status) -> None:
        super().__init__(message)
        self.status = status


def interrupt_import(
    tx: Transaction,
    import_id: ImportId,
    *,
    reason: str | None = None,
    application_id: int | None = None,
) -> Import:
    """Stop an import at its last committed chunk, whoever runs it. An application asks for it, or
    without one a person at a terminal.

    Raises ImportFinished.
    """
    import_ = read_import(tx, import_id)
    if not _interrupt(tx, import_id, reason, requested_by(application_id)):
        raise ImportFinished(
            f"the import {tx.public_ids.encode(import_id)} is {import_.status} already, only "
            "pending and running ones can be interrupted",
            status=import_.status,
        )
    return read_import(tx, import_id)


def delete_import(
    tx: Transaction, import_id: ImportId, *, application_id: int | None = None
) -> None:
    """Hide an import; one that waits or runs is interrupted first. Its records stay.

    An application asks for it, or without one a person at a terminal.
    """
    actor = requested_by(application_id)
    _interrupt(tx, import_id, None, actor)
    changed = tx.connection.execute(
        update(imports)
        .where(imports.c.id == import_id, imports.c.deleted_at.is_(None))
        .values(deleted_at=tx.now(), updated_at=tx.now())
    ).rowcount
    if changed:
        forget_ledger(tx, import_id)
        record_event(tx, import_id, "destroy", actor=actor)


def _interrupt(
    tx: Transaction, import_id: ImportId, reason: str | None, actor: Actor | None = None
) -> bool:
    """Stop the import if it is not finished; one UPDATE, so no chunk can come in between."""
    changed = tx.connection.execute(
        update(imports)
        .where(imports.c.id == import_id, _may_become(Status.INTERRUPTED))
        .values(_interruption(tx, reason))
    ).rowcount
    if changed:
        record_event(tx, import_id, "interrupt", actor=actor)
    return changed == 1


def _interruption(tx: Transaction, reason: str | None) -> dict[str, Any]:
    return {
        "status": Status.INTERRUPTED,
        "interrupted_at": tx.now(),
        "interruption_reason": storable(reason),
        "fence": imports.c.fence + 1,
        "updated_at": tx.now(),
    }


def _claimed(import_id: ImportId, fence: int) -> Update:
    return update(imports).where(
        imports.c.id == import_id,
        imports.c.fence == fence,
        imports.c.status == Status.IN_PROGRESS,
    )


def _may_become(status: Status) -> ColumnElement[bool]:
    return imports.c.status.in_(statuses_before(status))


def _write(tx: Transaction, statement: Update) -> None:
    if tx.connection.execute(statement).rowcount != 1:
        raise _claim_lost()


def _claim_lost() -> ClaimLost:
    return ClaimLost("the import was stopped, deleted or taken over meanwhile")
