"""Move an import through its life: checkpoint, end.

Who may write it is a matter of its run (`runs`). The import is written before its run, by all who
write both: two of them wait for each other in one order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, true, update

from longshore.database import Transaction
from longshore.errors import PermanentError, RequestRefused, RetryableError
from longshore.identifiers import ImportId, RunId
from longshore.imports.all_or_nothing import begin_judging, go_back, has_written_nothing
from longshore.imports.findings import forget_findings
from longshore.imports.group_rules import interrupt_members_behind
from longshore.imports.import_ import Import
from longshore.imports.ledger import forget_ledger
from longshore.imports.pins import forget_pins
from longshore.imports.stage import Stage
from longshore.imports.status import Status, statuses_before
from longshore.imports.stop_rules import StoppedBy
from longshore.imports.store import (
    PLAN,
    blockers,
    hold_import,
    notices_json,
    read_import,
    record_event,
    write_import,
)
from longshore.imports.store_moved import StoreMoved
from longshore.imports.tables import imports
from longshore.imports.texts import storable, storable_json
from longshore.journal import Actor, requested_by
from longshore.notices import Notice
from longshore.readers import Position
from longshore.runs import (
    Ending,
    Run,
    RunLife,
    chunk_note,
    claim_check,
    claim_lost,
    end_claimed,
    interrupt_run,
    is_claimed,
)

STOPPED = "it was stopped"  # the reason of what somebody has asked to stop


class CheckpointMoved(RetryableError):
    """The rows of the chunk are committed already: the answer to that commit was lost."""


class ImportGoesBack(PermanentError):
    """It is all or nothing, and is to write nothing more."""


# A text: making it of expressions, once for each chunk, took a tenth of an import's time.
_CHECKPOINT = (
    "UPDATE imports SET checkpoint_row = ?, checkpoint_line = ?, checkpoint_offset = ?,"
    " processed_count = processed_count + ?, errors_count = errors_count + ?,"
    " warnings_count = warnings_count + ?, created_count = created_count + ?,"
    " updated_count = updated_count + ?, unchanged_count = unchanged_count + ?,"
    " skipped_count = skipped_count + ?,"
    " notices = coalesce(?, notices), first_amounts = coalesce(?, first_amounts),"
    " updated_at = ? WHERE id = ? AND status = ? AND coalesce(checkpoint_row, 0) < ?"
    " AND coalesce(stage, '') <> ?"
)


def checkpoint(
    tx: Transaction,
    run: Run,
    *,
    last: Position,
    errors: int,
    warnings: int,
    created: int,
    updated: int,
    unchanged: int,
    skipped: int = 0,
    notices: Sequence[Notice] | None = None,
    first_amounts: Sequence[Mapping[str, Any]] | None = None,
    is_for_good: bool = True,
) -> Import:
    """Count the rows of a chunk, in the transaction that stores what became of them; the import
    with these counts.

    `run` is that of the import as it was claimed. `last` is the position of the chunk's last row,
    where a reader restarts and skips that row. `notices` and `first_amounts` take the place of
    those that the import had; None leaves them. What is not `is_for_good` is done again by whoever
    takes the run over, and does not save it from too many attempts. Raises ClaimLost, and
    CheckpointMoved when the last checkpoint is there already, and ImportGoesBack; the caller rolls
    back.
    """
    import_id = ImportId(run.id)
    written, is_claimed_still = write_import(
        tx,
        replace(run, attempts=0) if is_for_good else run,
        _CHECKPOINT,
        (
            *(last.row, last.line, last.offset),
            *(created + updated + unchanged + skipped, errors, warnings),
            *(created, updated, unchanged + skipped, skipped),
            None if notices is None else notices_json(notices),
            None if first_amounts is None else storable_json(list(first_amounts)),
            tx.now(),
            *(import_id, Status.IN_PROGRESS.value, last.row, Stage.GOING_BACK.value),
        ),
        *(chunk_note if is_for_good else claim_check)(run.id, run.fence),
    )
    if written is None:
        import_ = read_import(tx, import_id)
        if import_.run.fence == run.fence and _goes_back(import_):
            raise ImportGoesBack("what the import has written is to be taken back")
        if import_.run.fence == run.fence and import_.consumed_count >= last.row:
            raise CheckpointMoved(f"rows up to {import_.consumed_count} are committed already")
        raise claim_lost()
    if not is_claimed_still:
        raise claim_lost()
    return written


def _goes_back(import_: Import) -> bool:
    return import_.stage is Stage.GOING_BACK and not import_.is_finished


def complete_import(tx: Transaction, run: Run) -> None:
    """End an import whose rows were all gone through. Raises ClaimLost."""
    _end(tx, run, Ending.COMPLETED, status=Status.COMPLETED, completed_at=tx.now())


def interrupt_claimed(
    tx: Transaction,
    run: Run,
    *,
    reason: str | None = None,
    stopped_by: StoppedBy | None = None,
    moved: StoreMoved | None = None,
) -> None:
    """End an import before its last row, by its own runner: too many rows failed, a stop rule says
    so, what it is pinned to has `moved`, or `reason`.

    Raises ClaimLost.
    """
    rule = None if stopped_by is None else storable_json(stopped_by.to_dict())
    values = _interruption(tx, reason) | {"stopped_by": rule}
    if moved is not None:
        values["moved"] = storable_json(moved.to_dict())
    _end(tx, run, Ending.INTERRUPTED, **values)


class ImportLife(RunLife):
    """What happens to an import or a plan when its run is claimed (`runs.RunLife`)."""

    def hold(self, tx: Transaction, run_id: RunId) -> None:
        """Wait for whoever is about to commit a chunk, or the import's end."""
        hold_import(tx, ImportId(run_id))

    def claimed(self, tx: Transaction, run: Run) -> None:
        """It is in progress; whoever looks counts from now for how long nothing was committed."""
        claimed = update(imports).where(imports.c.id == run.id)
        begun = tx.connection.execute(
            claimed.where(_may_become(Status.IN_PROGRESS)).values(
                status=Status.IN_PROGRESS, started_at=run.started_at, updated_at=run.started_at
            )
        )
        if begun.rowcount == 1:
            if run.kind != PLAN:
                record_event(tx, ImportId(run.id), "start")
        else:
            tx.connection.execute(claimed.values(updated_at=tx.now()))
        begin_judging(tx, ImportId(run.id))

    def outlives(self, tx: Transaction, run: Run, reason: str) -> bool:
        """What is all or nothing goes back then."""
        return go_back(tx, ImportId(run.id), reason)

    def interrupted(self, tx: Transaction, run: Run, reason: str) -> None:
        """It is interrupted, also where it goes back and cannot go on with that."""
        import_ = read_import(tx, ImportId(run.id))
        if import_.stage is Stage.GOING_BACK:
            reason = f"{import_.interruption_reason or STOPPED}; going back: {reason}"
        _interrupt(tx, import_.id, reason, is_plan=import_.is_plan, is_final=True)


def supersede_older(tx: Transaction, import_id: ImportId) -> list[Import]:
    """Interrupt the imports that this one waits for; they are returned as they are then, oldest
    first. One that is all or nothing and has written some of it goes back first, and is waited for;
    so is an earlier member of the same group.

    Whoever runs one of them may just be about to commit a chunk: that is waited for, and counts.
    """
    reason = f"the newer import {tx.public_ids.encode(import_id)} superseded it"
    superseded = []
    group_id = read_import(tx, import_id).group_id
    for older in blockers(tx, import_id):
        if group_id is not None and older.group_id == group_id:
            continue
        if _interrupt(tx, older.id, reason) or go_back(tx, older.id, reason):
            superseded.append(read_import(tx, older.id))
    return superseded


class ImportFinished(RequestRefused):
    """Nothing can be stopped any more."""

    def __init__(self, message: str, *, status: Status) -> None:
        super().__init__(message)
        self.status = status


class ImportWritten(RequestRefused):
    """It is all or nothing, and some of it is written."""


def interrupt_import(
    tx: Transaction,
    import_id: ImportId,
    *,
    reason: str | None = None,
    application_id: int | None = None,
) -> Import:
    """Stop an import or a plan at its last committed chunk, whoever runs it. An application asks
    for it, or without one a person at a terminal.

    One that is all or nothing and has written some of it is not finished then: it goes back first.
    Raises ImportFinished.
    """
    import_ = read_import(tx, import_id)
    actor = requested_by(application_id)
    if _interrupt(tx, import_id, reason, actor, is_plan=import_.is_plan):
        return read_import(tx, import_id)
    go_back(tx, import_id, reason)
    import_ = read_import(tx, import_id)
    if import_.is_finished:
        raise ImportFinished(
            f"the {import_.noun} {tx.public_ids.encode(import_id)} is {import_.status} already, "
            "only pending and running ones can be interrupted",
            status=import_.status,
        )
    return import_


def delete_import(
    tx: Transaction, import_id: ImportId, *, application_id: int | None = None
) -> None:
    """Hide an import; one that waits or runs is interrupted first. Its records stay.

    An application asks for it, or without one a person at a terminal. Raises ImportWritten.
    """
    actor = requested_by(application_id)
    _interrupt(tx, import_id, None, actor)
    import_ = read_import(tx, import_id)
    if not import_.is_finished:
        # What it has written is found by its ledger, and whoever looks for it is to find it.
        public_id = tx.public_ids.encode(import_id)
        raise ImportWritten(
            f"the import {public_id} is all or nothing and has written some of it: it can be "
            "deleted when it has ended",
            hint=f"`longshore interrupt {public_id}` has it taken back, and ends it"
            if import_.stage is Stage.WRITING
            else "what it has written is being taken back; then it ends",
        )
    changed = tx.connection.execute(
        update(imports)
        .where(imports.c.id == import_id, imports.c.deleted_at.is_(None))
        .values(deleted_at=tx.now(), updated_at=tx.now())
    ).rowcount
    if changed:
        forget_ledger(tx, import_id)
        record_event(tx, import_id, "destroy", actor=actor)


def delete_plan(tx: Transaction, plan_id: ImportId) -> None:
    """Hide a plan, and all that it has found; one that waits or runs is interrupted first. It
    expires at once: its attachment goes with those of others."""
    _interrupt(tx, plan_id, None, is_plan=True)
    tx.connection.execute(
        update(imports)
        .where(imports.c.id == plan_id, imports.c.deleted_at.is_(None))
        .values(deleted_at=tx.now(), expires_at=tx.now(), updated_at=tx.now())
    )
    forget_findings(tx, plan_id)


def begin_plan_again(tx: Transaction, run: Run, notices: Sequence[Notice]) -> None:
    """Take a plan back to before its first row, by whoever has claimed it: what the judgement has
    read by now may have moved. `notices` are those of its source. Raises ClaimLost."""
    counts = dict.fromkeys(_COUNTS, 0)
    begun = tx.connection.execute(
        update(imports)
        .where(
            imports.c.id == run.id,
            imports.c.status == Status.IN_PROGRESS,
            is_claimed(run.id, run.fence),
        )
        .values(
            **counts,
            checkpoint_row=None,
            checkpoint_line=None,
            checkpoint_offset=None,
            notices=notices_json(notices),
            first_amounts=storable_json([]),
            updated_at=tx.now(),
        )
    )
    if begun.rowcount != 1:
        raise claim_lost()
    forget_findings(tx, ImportId(run.id))


_COUNTS = (
    "processed_count",
    "errors_count",
    "warnings_count",
    "created_count",
    "updated_count",
    "unchanged_count",
    "skipped_count",
)


def _interrupt(
    tx: Transaction,
    import_id: ImportId,
    reason: str | None,
    actor: Actor | None = None,
    *,
    is_plan: bool = False,
    is_final: bool = False,
) -> bool:
    """Stop the import if it is not finished; one UPDATE, so no chunk can come in between. One that
    has to go back first is stopped only if that `is_final`."""
    may_stop = true() if is_final else has_written_nothing()
    changed = tx.connection.execute(
        update(imports)
        .where(imports.c.id == import_id, _may_become(Status.INTERRUPTED), may_stop)
        .values(**_interruption(tx, reason), updated_at=tx.now())
    ).rowcount
    if changed:
        interrupt_run(tx, import_id)
    if changed and not is_plan:
        forget_pins(tx, import_id)  # nobody may be there any more who would
        record_event(tx, import_id, "interrupt", actor=actor)
    if changed:
        interrupt_members_behind(tx, import_id, actor=actor)
    return changed == 1


def _interruption(tx: Transaction, reason: str | None) -> dict[str, Any]:
    return {
        "status": Status.INTERRUPTED,
        "interrupted_at": tx.now(),
        "interruption_reason": storable(reason),
    }


def _may_become(status: Status) -> ColumnElement[bool]:
    return imports.c.status.in_(statuses_before(status))


def _end(tx: Transaction, run: Run, ending: Ending, **values: Any) -> None:
    """End an import by its own runner. Raises ClaimLost."""
    ended = tx.connection.execute(
        update(imports)
        .where(
            imports.c.id == run.id,
            imports.c.status == Status.IN_PROGRESS,
            is_claimed(run.id, run.fence),
        )
        # Told from the end by an older release by the heartbeat (revision 0021).
        .values(**values, heartbeat_at=None, updated_at=tx.now())
    )
    if ended.rowcount != 1:
        raise claim_lost()
    end_claimed(tx, run.id, run.fence, ending)
    if run.kind != PLAN:
        record_event(tx, ImportId(run.id), _EVENTS[ending])
    if ending is Ending.INTERRUPTED:
        interrupt_members_behind(tx, ImportId(run.id))


_EVENTS = {Ending.COMPLETED: "complete", Ending.INTERRUPTED: "interrupt"}
