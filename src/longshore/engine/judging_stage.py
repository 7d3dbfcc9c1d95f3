"""The first stage of an import that is all or nothing: its rows are judged, and none is written.

Rows that fail are failed ones of the import, with their errors; to all others nothing has happened,
so they are skipped ones. The counts grow with each range, and say how far the judgement is. What it
has read of the store is kept as pins, by which the rows are written then.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from longshore.database import DatabaseAway, Transaction
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.import_runner import ImportRunner
from longshore.engine.judge import JudgementTooLarge, RangeJudged, judge
from longshore.engine.repetition import repeated
from longshore.engine.row_logs import write_logs
from longshore.identifiers import is_planned
from longshore.imports import (
    Import,
    LedgerColumns,
    LedgerEntry,
    PinnedHead,
    RowOutcome,
    Stage,
    append_to_ledger,
    begin_writing,
    checkpoint,
    interrupt_claimed,
    note_pinned,
    read_import,
    write_pins,
)
from longshore.readers import Rows
from longshore.records import read_table_counters
from longshore.runs import UNLOCKED

_Told = TypeVar("_Told")

NOTHING_WRITTEN = "nothing was written"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingStage:
    """Judges the rows of a claimed import."""

    runner: ImportRunner

    def run(
        self,
        import_: Import,
        prepared: Prepared,
        *,
        batches: Iterator[Rows],
        flags: Mapping[str, object],
    ) -> Import:
        """Judge the rows from the first one on. The import as it is then: about to be written,
        interrupted, or still being judged where `should_stop` has said so. Raises ClaimLost."""
        self._note_head(import_, prepared, flags)
        judgement = _JudgedRanges(self, import_, prepared)
        try:
            is_whole = judge(
                self.runner.database,
                self.runner.settings,
                prepared,
                batches=batches,
                inputs_size=import_.inputs_size,
                skip_errors=True,  # a tenth is no limit: one row is
                stop_rules=import_.stop_rules,
                disk_bytes_max=self.runner.settings.plan_bytes,
                on_range=judgement.take,
            )
        except JudgementTooLarge as error:
            reason = f"{NOTHING_WRITTEN}: {error.message}"
            self.commit(lambda tx: interrupt_claimed(tx, import_.run, reason=reason))
            with self.runner.database.read() as tx:
                return read_import(tx, import_.id)
        assert judgement.is_over or not is_whole, "the source ended early"
        return judgement.written

    def commit(self, transaction: Callable[[Transaction], _Told]) -> _Told:
        """Commit what is said of the import, whatever it takes; nobody but those who write the same
        import waits for it. Where the database is away, the judgement begins again some time."""

        def attempt() -> _Told:
            with self.runner.database.write(UNLOCKED) as tx:
                return transaction(tx)

        return repeated(attempt, is_hopeless=lambda error: isinstance(error, DatabaseAway))

    def _note_head(self, import_: Import, prepared: Prepared, flags: Mapping[str, object]) -> None:
        head = PinnedHead.of(import_, flags=flags, settings=self.runner.settings)
        with self.runner.database.read() as tx:
            counters = read_table_counters(tx, import_.environment, prepared.plan.tables)
        self.commit(
            lambda tx: note_pinned(tx, import_.id, pinned=head.to_dict(), table_counters=counters)
        )


class _JudgedRanges:
    """What is stored of one judgement, range by range."""

    def __init__(self, stage: JudgingStage, import_: Import, prepared: Prepared) -> None:
        self._stage = stage
        self._import = import_
        self._prepared = prepared
        self.written = import_  # as the last range leaves it

    def take(self, judged: RangeJudged) -> bool:
        """Commit what became of a range; whether another one is wanted."""
        self._stage.runner.on_point("judging")
        self.written = self._stage.commit(lambda tx: self._write_down(tx, judged))
        self._stage.runner.on_point("judged")
        self._stage.runner.on_progress(self.written)
        return not self.is_over and not self._stage.runner.should_stop()

    @property
    def is_over(self) -> bool:
        """Whether all rows are judged, or as many as matter."""
        return self.written.is_finished or self.written.stage is not Stage.JUDGING

    def _write_down(self, tx: Transaction, judged: RangeJudged) -> Import:
        """Pin, counts and log of a range, and what follows where it is the last; the import as it
        is then."""
        result, import_ = judged.result, self._import
        failed_count = result.counts[RowOutcome.FAILED]
        is_last = result.is_stopped or judged.last.row == import_.inputs_size
        has_failed = bool(self.written.errors_count + failed_count)
        if not has_failed:
            write_pins(tx, import_.id, [judged.pin])
            if is_last:
                return begin_writing(tx, import_.run)
        overview = judged.overview
        written = checkpoint(
            tx,
            import_.run,
            last=judged.last,
            errors=failed_count,
            warnings=len(result.warnings),
            created=0,
            updated=0,
            unchanged=0,
            skipped=result.consumed - failed_count,
            # What is found of the rows as a whole is told once: whoever writes them finds it again.
            notices=(*import_.notices, *overview.notices) if is_last else None,
            first_amounts=overview.first_amounts if is_last else None,
            is_for_good=False,
        )
        append_to_ledger(tx, import_.id, _ledger_entry(judged))
        write_logs(tx, written, self._prepared, judged.rows, result)
        if is_last:
            count = written.errors_count
            failed = "1 row failed" if count == 1 else f"{count:,} rows failed"
            interrupt_claimed(
                tx,
                import_.run,
                reason=f"{NOTHING_WRITTEN}: {failed}",
                stopped_by=result.stopped_by,
            )
            written = read_import(tx, import_.id)
        return written


def _ledger_entry(judged: RangeJudged) -> LedgerEntry:
    """What became of the rows of a range: those that did not fail are as if they had not been."""
    result = judged.result
    outcomes = bytes(
        RowOutcome.FAILED if outcome == RowOutcome.FAILED else RowOutcome.SKIPPED
        for outcome in result.outcomes
    )
    columns = LedgerColumns(
        outcomes=outcomes,
        records=_stored_records(result.records),
        lines=judged.rows.lines[: result.consumed],
    )
    return LedgerEntry.of(judged.first_row, columns)


def _stored_records(records: Sequence[int]) -> list[int]:
    """The records that rows have found; 0 stands for those that only the judgement has made."""
    return [0 if is_planned(record) else record for record in records]
