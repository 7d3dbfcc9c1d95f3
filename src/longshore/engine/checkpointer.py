"""Where the run of an import stands, and what it writes down of the rows that it has gone through.

Everything here is written in the transaction that stores what the rows have done.
"""

from longshore.database import Database, Transaction
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.later_rows import LaterRows
from longshore.engine.chunk.overview import ChunkOverview, Overview
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.chunk.tally import Tally
from longshore.engine.row_logs import write_logs
from longshore.engine.values.outcomes import ChunkResult
from longshore.errors import PermanentError, RetryableError
from longshore.imports import (
    GROUP_THRESHOLD,
    Import,
    RowOutcome,
    append_to_ledger,
    checkpoint,
    complete_import,
    interrupt_claimed,
    ledger_entries,
    origins_of,
    read_import,
    rows_of_group,
)
from longshore.readers import Rows
from longshore.runs import ClaimLost


class Checkpointer:
    """Counts what one run of one import commits."""

    def __init__(self, database: Database, import_: Import, prepared: Prepared) -> None:
        self._database = database
        self._import = import_
        self._prepared = prepared
        self.public_id = database.public_ids.encode(import_.id)
        self.consumed = import_.consumed_count  # rows, up to the last commit
        self.written = import_  # as the last transaction leaves it
        self._errors = import_.errors_count
        self._overview = self._stored_overview(import_)
        self._added: ChunkOverview | None = None  # by the rows at hand

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to the import."""
        return self.written.is_finished

    def tally(self, first_row: int) -> Tally:
        """How far the import is before these rows."""
        rules, judged, series = self._import.stop_rules, self._judged, 0
        if rules.consecutive:
            series = self._overview.failed_in_series
            if series == self.consumed:
                series += judged.series_before
        return Tally(
            inputs_size=judged.inputs_size,
            skip_errors=self._import.skip_errors,
            errors=judged.errors_before + self._errors,
            amounts_wanted=self._overview.amounts_wanted,
            rules=rules,
            last_failed=first_row - 1,
            series=series,
        )

    def write_down(
        self, tx: Transaction, rows: Rows, candidates: Candidates, result: ChunkResult
    ) -> None:
        """Log, notices, counts, checkpoint, and the import's end where this is it."""
        import_ = self._import
        added = self._added = self._overview.of_chunk(tx, rows, candidates, result)
        counts = result.counts
        # Told behind the commit, where reading it would be another transaction for each chunk, and
        # one that fails when the database has just gone away.
        self.written = checkpoint(
            tx,
            import_.run,
            last=rows.position(result.consumed - 1),
            errors=counts[RowOutcome.FAILED],
            warnings=len(result.warnings),
            created=counts[RowOutcome.CREATED],
            updated=counts[RowOutcome.UPDATED],
            unchanged=counts[RowOutcome.UNCHANGED],
            skipped=counts[RowOutcome.SKIPPED],
            notices=self._overview.with_changed(added.notices) if added.notices else None,
            first_amounts=(*self._overview.first_amounts, *added.first_amounts)
            if added.first_amounts
            else None,
        )
        append_to_ledger(tx, import_.id, added.ledger)
        write_logs(tx, self.written, self._prepared, rows, result)
        if result.is_stopped:
            is_of_group = import_.group_id is not None and result.stopped_by is None
            interrupt_claimed(
                tx,
                import_.run,
                reason=GROUP_THRESHOLD if is_of_group else None,
                stopped_by=result.stopped_by,
            )
            self.written = read_import(tx, import_.id)
        elif self.consumed + result.consumed == import_.inputs_size:
            complete_import(tx, import_.run)
            self.written = read_import(tx, import_.id)

    def has_committed(self) -> bool:
        """Whether rows are stored during whose commit the database went away; not known as long
        as that is away.

        Raises ClaimLost when somebody else has the import, PermanentError when the database has
        forgotten what it had committed.
        """
        try:
            with self._database.read() as tx:
                import_ = read_import(tx, self._import.id)
        except RetryableError:
            return False
        consumed = import_.consumed_count - self.consumed
        if import_.run.fence != self._import.run.fence and not import_.is_finished:
            raise ClaimLost("somebody else took over the import")
        if consumed < 0:
            # A standby that was behind took over, say. Whoever claims it next begins where it is.
            raise PermanentError(
                f"the database has lost chunks: the import is behind row {import_.consumed_count}, "
                f"and was behind row {self.consumed}"
            )
        if not consumed:
            return False
        self.written = import_
        self._overview = self._stored_overview(import_)
        self._added = None
        return True

    def take(self) -> tuple[int, int]:
        """Take note of a commit; how many rows it had, and how many of them failed."""
        if self._added is not None:
            self._overview.take(self._added)
        consumed = self.written.consumed_count - self.consumed
        failed = self.written.errors_count - self._errors
        self.consumed += consumed
        self._errors += failed
        return consumed, failed

    def _stored_overview(self, import_: Import) -> Overview:
        """What is known of the rows up to the checkpoint."""
        with self._database.read() as tx:
            ledger = ledger_entries(tx, import_.id)
            origins = origins_of(tx, import_)
            self._judged = rows_of_group(tx, import_)
            later_rows = None if import_.retry_of is None else LaterRows(tx, import_, origins)
            return Overview(
                self._prepared,
                import_.notices,
                ledger,
                import_.first_amounts,
                origins=origins,
                later_rows=later_rows,
            )
