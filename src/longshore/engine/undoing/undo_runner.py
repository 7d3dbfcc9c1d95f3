"""Run an undo from its checkpoint to its end: a step, a transaction, again.

What a step took back is committed with the counts and the checkpoint that say so. So whenever the
process dies, the undo goes on behind its last step.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from longshore.catalogue import Catalogue
from longshore.database import Database, Transaction
from longshore.engine.chunk.collector import resting_collector
from longshore.engine.repetition import away_when_stopping, repeated
from longshore.engine.undoing.step_back import StepBack, Undone
from longshore.engine.undoing.taken_back import TakenBack
from longshore.engine.undoing.unlisted_rows import unlisted_rows
from longshore.errors import RetryableError
from longshore.identifiers import RunId
from longshore.observations import (
    NullObserver,
    Observer,
    UndoEnded,
    UndoStepCommitted,
    UndoStepRetried,
)
from longshore.records import record_tables
from longshore.runs import ClaimLost, Completed, End, Interrupted, Lost, Released
from longshore.settings import Settings
from longshore.undos import (
    KeptPart,
    Undo,
    UndoneStep,
    UndoStatus,
    complete_undo,
    hold_undo,
    note_step,
    read_undo,
    revise_kept,
    revised,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoRunner:
    """Runs a claimed undo; the fence of the claim goes into everything it writes."""

    database: Database
    catalogue: Catalogue
    settings: Settings
    observer: Observer = field(default_factory=NullObserver)
    on_progress: Callable[[Undo], None] = lambda _undo: None
    should_stop: Callable[[], bool] = lambda: False  # asked after each step
    # Called at named moments of a step's life; crash tests end the process there.
    on_point: Callable[[str], None] = lambda _point: None

    def run(self, undo: Undo) -> End:
        """Take steps to the end of the undo, or until `should_stop` says so."""
        record_tables()  # declared, so that their columns can be written in bulk
        started = time.monotonic()
        with self.database.read() as tx:
            back = _step_back(tx, self.catalogue, self.settings, undo)
        try:
            with resting_collector() as collector:
                while self._step(undo, back):
                    collector.after_chunk()
                    if self.should_stop():
                        return Released()
        except ClaimLost:
            return Lost()  # whoever took the claim has the last word
        left = self._read(undo.id)
        self.on_progress(left)
        self.observer.observe(
            UndoEnded(
                undo_id=self._public_id(undo),
                restored=left.restored_count,
                removed=left.removed_count,
                kept=left.kept_count,
                seconds=time.monotonic() - started,
            )
        )
        return Completed() if left.status is UndoStatus.COMPLETED else Interrupted()

    def _step(self, undo: Undo, back: StepBack) -> bool:
        """Commit the next step, whatever it takes; whether there was one. Raises ClaimLost."""

        def attempt() -> bool:
            started = time.monotonic()
            # Whether a step is stored during whose commit the database went away is told here.
            current = self._read(undo.id)
            if current.run.fence != undo.run.fence:
                raise ClaimLost("somebody else took over the undo")
            if current.is_finished:
                return False
            return self._commit(undo, current, back, started)

        def retry(error: RetryableError, seconds: float) -> None:
            self.observer.observe(
                UndoStepRetried(
                    undo_id=self._public_id(undo), reason=error.message, seconds=seconds
                )
            )

        return repeated(attempt, is_hopeless=away_when_stopping(self.should_stop), on_retry=retry)

    def _commit(self, undo: Undo, current: Undo, back: StepBack, started: float) -> bool:
        self.on_point("undoing")
        with self.database.write(back.locks) as tx:
            step = back.step(tx, before=current.checkpoint)
            if step is None:
                hold_undo(tx, undo.id)
                revise_kept(tx, undo.id, kept=_unlisted(tx, undo))
                complete_undo(tx, undo.run)
                return False
            taken = back.take_back(tx, step)
            self.on_point("taken back")
            hold_undo(tx, undo.id)
            revise_kept(tx, undo.id, kept=taken.kept, given_back=taken.given_back)
            note_step(
                tx,
                undo.run,
                UndoneStep(
                    checkpoint=step.checkpoint,
                    done_count=step.changes_count,
                    restored_count=taken.restored_count,
                    removed_count=taken.removed_count,
                ),
            )
            self.on_point("noted")
        self.on_point("undone")
        self.observer.observe(
            UndoStepCommitted(
                undo_id=self._public_id(undo),
                changes=step.changes_count,
                seconds=time.monotonic() - started,
            )
        )
        self.on_progress(self._read(undo.id))
        return True

    def _read(self, undo_id: RunId) -> Undo:
        with self.database.read() as tx:
            return read_undo(tx, undo_id)

    def _public_id(self, undo: Undo) -> str:
        return self.database.public_ids.encode(undo.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoTrial:
    """What an undo would do."""

    restored_count: int
    removed_count: int
    kept_count: int
    kept: tuple[KeptPart, ...]


class _RolledBack(Exception):
    """Nothing of it is to be stored."""


def try_undos(
    database: Database,
    catalogue: Catalogue,
    settings: Settings,
    undone: Sequence[Undone],
    *,
    environment: int,
    on_progress: Callable[[int], None] = lambda _done: None,
) -> list[UndoTrial]:
    """What undos of imports or undos would do, one after the other; nothing is written.

    They are done in one transaction that is rolled back, so whoever writes waits meanwhile.
    `on_progress` is told after each step how many changes were looked at; what it raises ends the
    trial. Raises DatabaseBusy.
    """
    record_tables()
    done_count = 0
    trials: list[UndoTrial] = []
    whole_environment = StepBack.locks_of(environment)
    try:
        with resting_collector() as collector, database.write(whole_environment) as tx:
            for each in undone:
                (actor_id,) = tx.reserve_ids(environment, 1)
                back = StepBack(
                    tx, catalogue, settings, each, environment=environment, actor_id=actor_id
                )
                total, kept = TakenBack(), list[KeptPart]()
                checkpoint: int | None = None
                while (step := back.step(tx, before=checkpoint)) is not None:
                    taken = back.take_back(tx, step)
                    kept = revised(kept, kept=taken.kept, given_back=taken.given_back)
                    total.restored_count += taken.restored_count
                    total.removed_count += taken.removed_count
                    checkpoint = step.checkpoint
                    collector.after_chunk()
                    done_count += step.changes_count
                    on_progress(done_count)
                if each.import_id is not None:
                    kept += unlisted_rows(tx, each.import_id)
                trials.append(_trial(total, kept))
            raise _RolledBack
    except _RolledBack:
        pass
    return trials


def _trial(total: TakenBack, kept: Sequence[KeptPart]) -> UndoTrial:
    return UndoTrial(
        restored_count=total.restored_count,
        removed_count=total.removed_count,
        kept_count=len({each.record_id for each in kept}),
        kept=tuple(sorted(kept, key=lambda each: (each.record_id, each.fields))),
    )


def _step_back(tx: Transaction, catalogue: Catalogue, settings: Settings, undo: Undo) -> StepBack:
    undone = Undone(import_id=undo.import_id, undo_id=undo.undo_id)
    return StepBack(tx, catalogue, settings, undone, environment=undo.environment, actor_id=undo.id)


def _unlisted(tx: Transaction, undo: Undo) -> list[KeptPart]:
    return [] if undo.import_id is None else unlisted_rows(tx, undo.import_id)
