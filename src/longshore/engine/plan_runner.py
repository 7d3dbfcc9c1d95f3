"""Make a plan: judge all rows of a source, and keep what each range has shown.

Nothing is written but what is known of the plan: neither a record nor an entry of the journal.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from longshore.database import Database, Transaction
from longshore.engine.chunk.flusher import typed_changes
from longshore.engine.chunk.overview import notices_of_source
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.judge import JudgementTooLarge, RangeJudged, judge
from longshore.engine.picture import Picture
from longshore.engine.repetition import away_when_stopping, repeated
from longshore.engine.row_logs import write_logs
from longshore.imports import (
    GROUP_THRESHOLD,
    CheckpointMoved,
    Difference,
    Import,
    PinnedHead,
    RowOutcome,
    RowsOfGroup,
    Status,
    append_differences,
    append_to_ledger,
    begin_plan_again,
    checkpoint,
    complete_import,
    interrupt_claimed,
    note_pinned,
    percent_changed,
    read_import,
    rows_of_group,
    size_of_change,
    write_pins,
)
from longshore.readers import Rows
from longshore.records import read_table_counters
from longshore.runs import UNLOCKED, ClaimLost, Completed, End, Interrupted, Lost, Released
from longshore.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRunner:
    """Runs a claimed plan; the fence of the claim goes into everything it writes."""

    database: Database
    settings: Settings
    on_progress: Callable[[Import], None] = lambda _plan: None
    should_stop: Callable[[], bool] = lambda: False  # asked after each range
    on_point: Callable[[str], None] = lambda _point: None

    def run(
        self,
        plan: Import,
        prepared: Prepared,
        *,
        flags: Mapping[str, object],
        batches: Iterator[Rows],
        picture: Picture | None = None,
    ) -> End:
        """Go through all rows that `batches` yields, from the first on; `flags` are those of the
        organization, and the `picture` is that which the members of its group before it have left.

        Released says that `should_stop` said so; whoever takes the plan then begins again.
        """
        storing = _Storing(self, plan, prepared)
        try:
            storing.begin(flags)
            judge(
                self.database,
                self.settings,
                prepared,
                batches=batches,
                inputs_size=plan.inputs_size,
                skip_errors=plan.skip_errors,
                stop_rules=plan.stop_rules,
                disk_bytes_max=self.settings.plan_bytes,
                on_range=storing.store,
                of_group=self._rows_of_group(plan),
                picture=picture,
            )
            return storing.end()
        except JudgementTooLarge as error:
            return storing.interrupt(error.message)
        except ClaimLost:
            return Lost()  # whoever took the claim has the last word

    def _rows_of_group(self, plan: Import) -> RowsOfGroup:
        with self.database.read() as tx:
            return rows_of_group(tx, plan)


class _Storing:
    """Keeps what one run of a plan finds."""

    def __init__(self, runner: PlanRunner, plan: Import, prepared: Prepared) -> None:
        self._runner = runner
        self._database = runner.database
        self._plan = plan
        self._prepared = prepared
        self._written = plan  # as the last range leaves it

    def begin(self, flags: Mapping[str, object]) -> None:
        """Forget what was found before, and keep what all rows depend on."""
        plan = self._plan
        pinned = PinnedHead.of(plan, flags=flags, settings=self._runner.settings)
        tables = self._prepared.plan.tables
        with self._database.write(UNLOCKED) as tx:
            begin_plan_again(tx, plan.run, notices_of_source(plan.notices))
            # Before the first of them is read: what is written meanwhile counts as a move.
            counters = read_table_counters(tx, plan.environment, tables)
            note_pinned(tx, plan.id, pinned=pinned.to_dict(), table_counters=counters)

    def store(self, judged: RangeJudged) -> bool:
        """Keep what a range has shown; whether another is wanted."""
        is_away = away_when_stopping(self._runner.should_stop)

        def write_down() -> None:
            with self._database.write(UNLOCKED) as tx:
                self._write_down(tx, judged)
                self._runner.on_point("checkpointed")

        with suppress(CheckpointMoved):  # it was committed, and the answer was lost
            repeated(
                write_down,
                is_hopeless=lambda error: isinstance(error, CheckpointMoved) or is_away(error),
            )
        self._runner.on_point("committed")
        self._runner.on_progress(self._written)
        return not self._written.is_finished and not self._runner.should_stop()

    def end(self) -> End:
        """How the run has ended."""
        written = self._written
        if not written.inputs_size:
            with self._database.write(UNLOCKED) as tx:
                complete_import(tx, self._plan.run)
            return Completed()
        if not written.is_finished:
            return Released()
        return Completed() if written.status is Status.COMPLETED else Interrupted()

    def interrupt(self, reason: str) -> End:
        """End the plan where it is."""
        with self._database.write(UNLOCKED) as tx:
            interrupt_claimed(tx, self._plan.run, reason=reason)
        return Interrupted()

    def _write_down(self, tx: Transaction, judged: RangeJudged) -> None:
        """Logs, counts, ledger, differences, pin, and the plan's end where this is it."""
        plan, result = self._plan, judged.result
        counts = result.counts
        has_notices = any(added.notices for added in judged.added)
        has_amounts = any(added.first_amounts for added in judged.added)
        self._written = checkpoint(
            tx,
            plan.run,
            last=judged.last,
            errors=counts[RowOutcome.FAILED],
            warnings=len(result.warnings),
            created=counts[RowOutcome.CREATED],
            updated=counts[RowOutcome.UPDATED],
            unchanged=counts[RowOutcome.UNCHANGED],
            skipped=counts[RowOutcome.SKIPPED],
            notices=(*notices_of_source(plan.notices), *judged.overview.notices)
            if has_notices
            else None,
            first_amounts=judged.overview.first_amounts if has_amounts else None,
            is_for_good=False,
        )
        for added in judged.added:
            append_to_ledger(tx, plan.id, added.ledger)
        write_logs(tx, self._written, self._prepared, judged.rows, result)
        differences = [
            Difference(
                change.row,
                change.table.name,
                change.record_type,
                change.record_id,
                typed_changes(change),
            )
            for change in judged.changes
        ]
        append_differences(tx, plan.id, judged.first_row, differences, _change_sizes(judged))
        if plan.group_id is None:
            write_pins(tx, plan.id, [judged.pin])  # a group is applied by the counters alone
        if result.is_stopped:
            is_of_group = plan.group_id is not None and result.stopped_by is None
            interrupt_claimed(
                tx,
                plan.run,
                reason=GROUP_THRESHOLD if is_of_group else None,
                stopped_by=result.stopped_by,
            )
            self._written = read_import(tx, plan.id)
        elif judged.last.row == plan.inputs_size:
            complete_import(tx, plan.run)
            self._written = read_import(tx, plan.id)


def _change_sizes(judged: RangeJudged) -> bytes:
    """How much each row of a range would change, in all records together; of a row that updates
    none, nothing."""
    outcomes = judged.result.outcomes
    fields = [0] * len(outcomes)
    percents = [0] * len(outcomes)
    for change in judged.changes:
        index, amounts = change.row - judged.first_row, change.table.amounts
        fields[index] += len(change.changes)
        for name, (before, after) in change.changes.items():
            if name in amounts and (percent := percent_changed(before, after)):
                percents[index] = max(percents[index], percent)
    return bytes(
        size_of_change(percent=percents[index], fields=fields[index])
        if outcome == RowOutcome.UPDATED
        else 0
        for index, outcome in enumerate(outcomes)
    )
