"""Move a run through its life: create, claim, checkpoint, give back, end.

Theory: whoever claims a run raises its fence and may write for as long as the fence is his.
Every write of a runner names its fence; stopping, deleting and giving back raise it. So the answer
to whoever stops a run is final at once: the chunk in flight fails its checkpoint, and rolls
back whole.

All functions work in the caller's transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Update, case, exists, insert, select, update

from longshore.database import Transaction
from longshore.identifiers import RunId
from longshore.runs.order import blocker_ids, note_tables, take_place
from longshore.runs.run import (
    ClaimLost,
    Ending,
    NewRun,
    Run,
    RunWaits,
    TooManyAttempts,
)
from longshore.runs.tables import runs


def create_run(tx: Transaction, new: NewRun, *, id: RunId | None = None) -> Run:
    """Create a run that waits, behind all others of its environment; its id is also that of what
    is run, which may be there already."""
    if id is None:
        (id,) = tx.reserve_ids(new.environment, 1)
    is_ordered = new.tables is not None
    tx.connection.execute(
        insert(runs).values(
            id=id,
            kind=new.kind,
            environment=new.environment,
            place=take_place(tx, new.environment) if is_ordered else None,
            is_ordered=is_ordered,
            created_at=tx.now(),
        )
    )
    if new.tables is not None:
        note_tables(tx, id, new.tables)
    return read_run(tx, id)


def read_run(tx: Transaction, run_id: int) -> Run:
    """The run with this id, which exists."""
    row = tx.connection.execute(select(runs).where(runs.c.id == run_id)).mappings().one()
    return run_of(dict(row))


def claim_run(
    tx: Transaction, run_id: int, *, runner: str | None = None, attempts_max: int | None = None
) -> Run | None:
    """Take a run, to go on from its checkpoint; None when it has ended.

    `runner` is the name of the process. Raises RunWaits when it has to wait for an older one, and
    TooManyAttempts when it has been taken so often in a row in vain.
    """
    # Who runs it at this moment may be about to commit its end.
    locked = select(runs).where(runs.c.id == run_id).with_for_update()
    run = run_of(dict(tx.connection.execute(locked).mappings().one()))
    if run.has_ended:
        return None
    if older := blocker_ids(tx, run_id):
        blocker = read_run(tx, older[0])
        name = f"{blocker.kind} {tx.public_ids.encode(blocker.id)}"
        raise RunWaits(f"it waits for the {name}", kind=blocker.kind)
    if attempts_max is not None and run.attempts >= attempts_max:
        raise TooManyAttempts(f"{run.attempts} runners in a row stopped without an answer")
    if run.started_at is None:
        # An older one that it waited for may have ended since this transaction began.
        tx.refresh_now()
    values: dict[str, Any] = {
        "started_at": tx.now() if run.started_at is None else run.started_at,
        "fence": run.fence + 1,
        "attempts": run.attempts + 1,
        "heartbeat_at": tx.now(),
        "runner": runner,
        "rests_until": None,
    }
    tx.connection.execute(update(runs).where(runs.c.id == run_id).values(values))
    return replace(run, **values)


def note_chunk(tx: Transaction, run_id: int, fence: int) -> None:
    """Say that a chunk was gone through, in the transaction that commits it. Raises ClaimLost."""
    if tx.execute(*chunk_note(run_id, fence)) != 1:
        raise claim_lost()


def chunk_note(run_id: int, fence: int) -> tuple[str, tuple[object, ...]]:
    """The statement of `note_chunk`, for whoever runs it together with one of his own: where it
    changes no row the claim is lost."""
    return _NOTE_CHUNK, (run_id, fence)


def claim_check(run_id: int, fence: int) -> tuple[str, tuple[object, ...]]:
    """As `chunk_note`, for what is done again by whoever claims the run next: the attempt counts
    on."""
    return _CHECK_CLAIM, (run_id, fence)


def forget_attempts(tx: Transaction, run_id: int) -> None:
    """Count the attempts at a run anew, because it does something else from now on."""
    tx.connection.execute(update(runs).where(runs.c.id == run_id).values(attempts=0))


_CHECK_CLAIM = "UPDATE runs SET attempts = attempts WHERE id = ? AND fence = ? AND ending IS NULL"
_NOTE_CHUNK = "UPDATE runs SET attempts = 0 WHERE id = ? AND fence = ? AND ending IS NULL"


def end_claimed(tx: Transaction, run_id: int, fence: int, ending: Ending) -> None:
    """End a run by its own runner. Raises ClaimLost."""
    ended = tx.connection.execute(_claimed(run_id, fence).values(ending=ending, ended_at=tx.now()))
    if ended.rowcount != 1:
        raise claim_lost()


def interrupt_run(tx: Transaction, run_id: int) -> bool:
    """End a run, whoever runs it; False when it has ended already. One UPDATE, so no chunk can come
    in between."""
    ended = tx.connection.execute(
        update(runs)
        .where(runs.c.id == run_id, is_open())
        .values(ending=Ending.INTERRUPTED, ended_at=tx.now(), fence=runs.c.fence + 1)
    )
    return ended.rowcount == 1


def release_run(
    tx: Transaction,
    run_id: int,
    fence: int,
    *,
    rests_until: int | None = None,
    is_counted: bool = False,
) -> bool:
    """Give a run back unfinished, because the runner was asked to stop or cannot go on.

    Nobody takes it before `rests_until`. The attempt does not count against it, unless
    `is_counted`. It raises the fence, so that a beat that is under way comes too late. Whether it
    was given back: of a lost claim there is nothing to release.
    """
    uncounted = case((runs.c.attempts > 0, runs.c.attempts - 1), else_=0)
    released = tx.connection.execute(
        _claimed(run_id, fence).values(
            fence=runs.c.fence + 1,
            attempts=runs.c.attempts if is_counted else uncounted,
            heartbeat_at=None,
            runner=None,
            rests_until=rests_until,
        )
    )
    return released.rowcount == 1


def beat(tx: Transaction, run_id: int, fence: int) -> None:
    """Say that the runner of a run is alive. A claim that was lost or given back is no matter, and
    does not come back."""
    tx.connection.execute(_claimed(run_id, fence).values(heartbeat_at=tx.now()))


def reserve_run(tx: Transaction, run_id: int, *, runner: str) -> None:
    """Keep a run that waits for a process that is going to claim it."""
    tx.connection.execute(
        update(runs).where(runs.c.id == run_id).values(runner=runner, heartbeat_at=tx.now())
    )


def beat_reserved(tx: Transaction, run_id: int, *, runner: str) -> None:
    """Say that the process that has reserved a run is alive. A reservation that was given up
    meanwhile is no matter, and does not come back."""
    tx.connection.execute(_reserved(run_id, runner).values(heartbeat_at=tx.now()))


def give_up_reservation(tx: Transaction, run_id: int, *, runner: str) -> bool:
    """Leave a run to others that a process kept for itself; whether it still did."""
    given_up = _reserved(run_id, runner).values(runner=None, heartbeat_at=None)
    return tx.connection.execute(given_up).rowcount == 1


def is_claimed(run_id: int, fence: int) -> ColumnElement[bool]:
    """Whether a claim of a run still holds."""
    return exists().where(runs.c.id == run_id, runs.c.fence == fence, is_open())


def is_open() -> ColumnElement[bool]:
    """Whether a run of the query's `runs` has not ended."""
    return runs.c.ending.is_(None)


def _claimed(run_id: int, fence: int) -> Update:
    return update(runs).where(
        runs.c.id == run_id, runs.c.fence == fence, runs.c.started_at.is_not(None), is_open()
    )


def _reserved(run_id: int, runner: str) -> Update:
    return update(runs).where(
        runs.c.id == run_id, runs.c.runner == runner, runs.c.started_at.is_(None), is_open()
    )


def claim_lost() -> ClaimLost:
    """What a runner is told whose claim is gone."""
    return ClaimLost("the run was stopped, deleted or taken over meanwhile")


def runs_of(rows: Iterable[Any]) -> list[Run]:
    """Rows of the table as runs."""
    return list(map(run_of, rows))


def run_of(row: Mapping[str, Any]) -> Run:
    """A row of the table as a run."""
    values = dict(row)
    ending = values.pop("ending")
    is_ordered = bool(values.pop("is_ordered"))
    return Run(**values, is_ordered=is_ordered, ending=None if ending is None else Ending(ending))
