"""The last stage of an import that is all or nothing, where it cannot be all: what it has written
is taken back, chunk by chunk from the last one, as an undo takes it back.

Rows of which nothing is left are skipped ones from then on; those whose fields somebody else has
changed meanwhile keep their outcome, and what stays is told with its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from longshore.engine.import_runner import ImportRunner
from longshore.engine.repetition import away_when_stopping, repeated
from longshore.engine.undoing.step_back import StepBack, Undone
from longshore.errors import RetryableError
from longshore.imports import (
    STOPPED,
    Import,
    LedgerEntry,
    RowOutcome,
    interrupt_claimed,
    last_ledger_chunk,
    note_taken_back,
    read_import,
)
from longshore.observations import ChunkRetried
from longshore.runs import ClaimLost, note_chunk
from longshore.undos import KeptPart, kept_of, revise_kept


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingBackStage:
    """Takes back what a claimed import has written."""

    runner: ImportRunner

    def run(self, import_: Import) -> Import:
        """Go back behind the last chunk that was taken back. The import as it is then: interrupted,
        or not at its end where `should_stop` has said so. Raises ClaimLost."""
        with self.runner.database.read() as tx:
            back = StepBack(
                tx,
                self.runner.catalogue,
                self.runner.settings,
                Undone(import_id=import_.id),
                environment=import_.environment,
                actor_id=import_.id,
            )
        while True:
            written = self._step(import_, back)
            self.runner.on_progress(written)
            if written.is_finished or self.runner.should_stop():
                return written

    def _step(self, import_: Import, back: StepBack) -> Import:
        """Commit the next step, whatever it takes; the import as it leaves it."""

        def retry(error: RetryableError, seconds: float) -> None:
            self.runner.observer.observe(
                ChunkRetried(
                    import_id=self.runner.database.public_ids.encode(import_.id),
                    first_row=import_.taken_back_row or 0,
                    reason=error.message,
                    seconds=seconds,
                )
            )

        return repeated(
            lambda: self._commit(import_, back),
            is_hopeless=away_when_stopping(self.runner.should_stop),
            on_retry=retry,
        )

    def _commit(self, import_: Import, back: StepBack) -> Import:
        self.runner.on_point("going back")
        with self.runner.database.write(back.locks) as tx:
            # Whether a step is stored during whose commit the database went away is told here.
            current = read_import(tx, import_.id)
            if current.run.fence != import_.run.fence:
                raise ClaimLost("somebody else took over the import")
            step = back.step(tx, before=current.taken_back_row)
            chunk = last_ledger_chunk(tx, import_.id, before_row=current.taken_back_row)
            if step is None or chunk is None:
                kept = list(kept_of(tx, import_.id))
                reason = _reason(current, sum(max(len(each.fields), 1) for each in kept))
                note_chunk(tx, import_.run.id, import_.run.fence)  # it has come to its end
                interrupt_claimed(tx, import_.run, reason=reason)
                return read_import(tx, import_.id)
            taken = back.take_back(tx, step)
            revise_kept(tx, import_.id, kept=taken.kept, given_back=taken.given_back)
            left = _left(chunk.entry, taken.kept)
            written = note_taken_back(tx, import_.run, chunk.entry, left)
            self.runner.on_point("taken back")
        self.runner.on_point("gone back")
        return written


def _left(entry: LedgerEntry, kept: Sequence[KeptPart]) -> LedgerEntry:
    """What is left of the rows of a chunk, where these parts stay as they are."""
    kept_records = {each.record_id for each in kept}
    kept_rows = {each.row_number for each in kept}
    columns = entry.columns()
    outcomes, records = bytearray(columns.outcomes), list(columns.records)
    for index, outcome in enumerate(columns.outcomes):
        if records[index] in kept_records:
            continue
        if outcome == RowOutcome.CREATED:
            records[index] = 0
        elif entry.first_row + index in kept_rows:
            continue  # of a nested record, say
        outcomes[index] = RowOutcome.SKIPPED
    further = [each for each in columns.further if each[2] in kept_records]
    left = replace(columns, outcomes=bytes(outcomes), records=records, further=further)
    return LedgerEntry.of(entry.first_row, left)


def _reason(import_: Import, kept_count: int) -> str:
    """Why the import went back, and what it has come to."""
    rows = import_.consumed_count - import_.created_count - import_.updated_count
    taken = "1 row was taken back" if rows == 1 else f"{rows:,} rows were taken back"
    why = f"{import_.interruption_reason or STOPPED}; {taken}"
    if not kept_count:
        return why
    if kept_count == 1:
        return f"{why}; 1 field stays as somebody else has left it"
    return f"{why}; {kept_count:,} fields stay as somebody else has left them"
