"""Run an import from its checkpoint to its end: a chunk, a transaction, again.

Everything that a chunk has done is committed with the counts and the position that say so. So
whenever the process dies, the import goes on behind its last committed chunk, and the end is that
of a run that never stopped.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from longshore.catalogue import Catalogue
from longshore.database import Database, DatabaseAway, StatementRefused, Transaction
from longshore.engine.chunk.candidates import Candidates, one_candidate
from longshore.engine.chunk.flusher import Flusher
from longshore.engine.chunk.halves import Halves
from longshore.engine.chunk.later_rows import LaterRows
from longshore.engine.chunk.limits import ChunkLimits
from longshore.engine.chunk.log_rows import error_rows, warning_rows
from longshore.engine.chunk.loop import go_through
from longshore.engine.chunk.overview import ChunkOverview, Overview
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.chunk.processor import ChunkProcessor
from longshore.engine.chunk.sizes import ChunkSizes, cut
from longshore.engine.chunk.tally import Tally
from longshore.engine.plan.locks import locks_of
from longshore.engine.values.outcomes import ChunkResult
from longshore.error_codes import ErrorCode, message
from longshore.errors import PermanentError, RetryableError
from longshore.imports import (
    CheckpointMoved,
    Import,
    RowOutcome,
    Status,
    append_to_ledger,
    checkpoint,
    complete_import,
    grow_log_heads,
    interrupt_claimed,
    ledger_entries,
    log_errors,
    log_warnings,
    origins_of,
    read_import,
)
from longshore.journal import Actor, ActorKind
from longshore.observations import (
    ChunkCommitted,
    ChunkRetried,
    ImportCompleted,
    ImportInterrupted,
    ImportStarted,
    NullObserver,
    Observer,
)
from longshore.readers import Rows
from longshore.runs import ClaimLost, Completed, End, Interrupted, Lost, Released
from longshore.settings import Settings

_RETRY_SECONDS = 0.05  # before the first repetition of a chunk; doubled up to the next
_RETRY_SECONDS_MAX = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRunner:
    """Runs a claimed import; the fence of the claim goes into everything it writes."""

    database: Database
    catalogue: Catalogue
    settings: Settings
    observer: Observer = field(default_factory=NullObserver)
    on_progress: Callable[[Import], None] = lambda _import: None
    should_stop: Callable[[], bool] = lambda: False  # asked after each chunk
    # Called at named moments of a chunk's life; crash tests end the process there.
    on_point: Callable[[str], None] = lambda _point: None
    all_odd: bool = False  # every row goes the way of odd ones; tests compare the two

    def run(self, import_: Import, prepared: Prepared, *, batches: Iterator[Rows]) -> End:
        """Go through the rows that `batches` yields, from the one after the checkpoint on.

        Released says that `should_stop` said so; whoever has claimed the import gives it back.
        """
        run = _Run(self, import_, prepared)
        public_id = self.database.public_ids.encode(import_.id)
        self.observer.observe(
            ImportStarted(
                import_id=public_id,
                resource_type=import_.resource_type,
                rows=import_.inputs_size,
                resumed_after_row=import_.consumed_count,
            )
        )
        started = time.monotonic()
        try:
            end = run.go_through(batches)
        except ClaimLost:
            end = Lost()  # whoever took the claim has the last word
        with self.database.read() as tx:
            left = read_import(tx, import_.id)
        self._observe_end(left, public_id, time.monotonic() - started)
        return end

    def _observe_end(self, import_: Import, public_id: str, seconds: float) -> None:
        if import_.status == "completed":
            self.observer.observe(
                ImportCompleted(
                    import_id=public_id,
                    processed=import_.processed_count,
                    failed=import_.errors_count,
                    seconds=seconds,
                )
            )
        elif import_.status == "interrupted":
            self.observer.observe(
                ImportInterrupted(
                    import_id=public_id,
                    processed=import_.processed_count,
                    failed=import_.errors_count,
                    reason=_reason(import_),
                )
            )


def _reason(import_: Import) -> str:
    if import_.stopped_by is not None:
        return import_.stopped_by.reason
    return import_.interruption_reason or "too many rows failed, or a user"


class _Run:
    """One run of one import: what stays the same from chunk to chunk."""

    def __init__(self, runner: ImportRunner, import_: Import, prepared: Prepared) -> None:
        self._runner = runner
        self._import = import_
        self._prepared = prepared
        self._encode = runner.database.public_ids.encode
        self._processor = ChunkProcessor(
            prepared.plan, limits=ChunkLimits.of(runner.settings), all_odd=runner.all_odd
        )
        self._flusher = Flusher(
            prepared.plan, runner.catalogue, actor=Actor(ActorKind.IMPORT, import_.id)
        )
        self._locks = locks_of(prepared.plan, runner.catalogue)
        self._consumed = import_.consumed_count
        self._errors = import_.errors_count
        self._overview = self._stored_overview(import_)
        self._added: ChunkOverview | None = None  # by the chunk at hand
        self._is_over = False
        self._written = import_  # as the last chunk leaves it
        self._halves = Halves()
        self._sizes = ChunkSizes.of(runner.settings, is_embedded=runner.database.is_embedded)

    def _stored_overview(self, import_: Import) -> Overview:
        """What is known of the rows up to the checkpoint."""
        with self._runner.database.read() as tx:
            ledger = ledger_entries(tx, import_.id)
            origins = origins_of(tx, import_)
            later_rows = None if import_.retry_of is None else LaterRows(tx, import_, origins)
            return Overview(
                self._prepared,
                import_.notices,
                ledger,
                import_.first_amounts,
                origins=origins,
                later_rows=later_rows,
            )

    def go_through(self, batches: Iterator[Rows]) -> End:
        """Take chunks to the end of the import, or of the turn. Raises ClaimLost."""
        reads_ahead = not self._runner.database.is_embedded
        convert = self._prepared.convert
        pieces = cut(batches, self._sizes)
        if go_through(pieces, convert, self._step, reads_ahead=reads_ahead):
            assert self._consumed == self._import.inputs_size, "the source ended early"
            with self._runner.database.write() as tx:
                complete_import(tx, self._import.run)
            return Completed()
        if not self._is_over:
            return Released()
        return Completed() if self._written.status is Status.COMPLETED else Interrupted()

    def _step(self, rows: Rows, candidates: Candidates) -> int | None:
        """Commit a chunk; the number of its rows, None when no other is to follow."""
        consumed = self._process(rows, candidates)
        if self._is_over:
            return None
        return None if self._runner.should_stop() else consumed

    def _process(self, rows: Rows, candidates: Candidates) -> int:
        """Commit a chunk of these rows, whatever it takes; the number of rows that it had."""
        wait_seconds = _RETRY_SECONDS
        while True:
            started = time.monotonic()
            offered = self._halves.offer(rows.first, len(rows))
            if offered < len(rows):
                rows, candidates = rows.slice(0, offered), candidates.slice(0, offered)
            try:
                self._commit(rows, candidates)
            except RetryableError as error:
                if self._runner.should_stop() and isinstance(error, DatabaseAway):
                    # Nobody knows when it comes back, and somebody else may go on then.
                    raise
                self._runner.observer.observe(
                    ChunkRetried(
                        import_id=self._public_id,
                        first_row=rows.first,
                        reason=error.message,
                        seconds=wait_seconds,
                    )
                )
                time.sleep(wait_seconds)
                wait_seconds = min(wait_seconds * 2, _RETRY_SECONDS_MAX)
                if isinstance(error, DatabaseAway | CheckpointMoved) and self._has_committed():
                    return self._after(rows, time.monotonic() - started)
                continue
            except StatementRefused as refused:
                if offered > 1:
                    # Some row is behind it. Whoever wants the run to stop waits for the half that
                    # can be stored: each run must come further than the one before it.
                    self._halves.refused(rows.first, offered)
                    continue
                ((fields, findings),) = candidates.rows()
                if any(name == "base" for name, _, _ in findings):
                    raise  # nothing of the row was to be stored: it is not what is refused
                finding = ("base", message(ErrorCode.NOT_STORED, refused.message), None)
                candidates = one_candidate(fields, (finding,))
                continue
            return self._after(rows, time.monotonic() - started)

    def _has_committed(self) -> bool:
        """Whether a chunk is stored during whose commit the database went away; not known as long
        as that is away.

        Raises ClaimLost when somebody else has the import, PermanentError when the database has
        forgotten what it had committed.
        """
        try:
            with self._runner.database.read() as tx:
                import_ = read_import(tx, self._import.id)
        except RetryableError:
            return False
        consumed = import_.consumed_count - self._consumed
        if import_.run.fence != self._import.run.fence and not import_.is_finished:
            raise ClaimLost("somebody else took over the import")
        if consumed < 0:
            # A standby that was behind took over, say. Whoever claims it next begins where it is.
            raise PermanentError(
                f"the database has lost chunks: the import is behind row {import_.consumed_count}, "
                f"and was behind row {self._consumed}"
            )
        if not consumed:
            return False
        self._written = import_
        self._overview = self._stored_overview(import_)
        self._added = None
        return True

    @property
    def _public_id(self) -> str:
        return self._encode(self._import.id)

    def _commit(self, rows: Rows, candidates: Candidates) -> None:
        """Go through rows and commit what they did."""
        reached = self._runner.on_point
        rules = self._import.stop_rules
        tally = Tally(
            inputs_size=self._import.inputs_size,
            skip_errors=self._import.skip_errors,
            errors=self._errors,
            amounts_wanted=self._overview.amounts_wanted,
            rules=rules,
            last_failed=rows.first - 1,
            series=self._overview.failed_in_series if rules.consecutive else 0,
        )
        reached("started")
        with self._runner.database.write(self._locks) as tx:
            chunk = self._processor.process(
                tx,
                candidates,
                first_row=rows.first,
                ids=tx.new_ids(self._prepared.plan.environment),
                tally=tally,
                on_point=reached,
            )
            self._flusher.flush(tx, chunk)
            reached("flushed")
            self._write_down(tx, rows, candidates, chunk.result)
            reached("checkpointed")
        reached("committed")

    def _write_down(
        self, tx: Transaction, rows: Rows, candidates: Candidates, result: ChunkResult
    ) -> None:
        """Log, notices, counts, checkpoint, and the import's end where this is it."""
        import_ = self._import
        added = self._added = self._overview.of_chunk(tx, rows, candidates, result)
        errors = error_rows(
            rows, result, self._prepared.identify, self._prepared.places, self._encode
        )
        warnings = warning_rows(rows, result, self._prepared.identify)
        log_errors(tx, import_.id, errors)
        log_warnings(tx, import_.id, warnings)
        counts = result.counts
        # Told behind the commit, where reading it would be another transaction for each chunk, and
        # one that fails when the database has just gone away.
        self._written = checkpoint(
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
        grow_log_heads(
            tx,
            self._written,
            errors,
            warnings,
            failed_count=counts[RowOutcome.FAILED],
            warned_count=len(result.warnings),
        )
        if result.is_stopped:
            interrupt_claimed(tx, import_.run, stopped_by=result.stopped_by)
            self._written = read_import(tx, import_.id)
        elif self._consumed + result.consumed == import_.inputs_size:
            complete_import(tx, import_.run)
            self._written = read_import(tx, import_.id)

    def _after(self, rows: Rows, seconds: float) -> int:
        """Take note of a committed chunk, and tell; the number of its rows."""
        if self._added is not None:
            self._overview.take(self._added)
        written = self._written
        consumed = written.consumed_count - self._consumed
        failed = written.errors_count - self._errors
        self._consumed += consumed
        self._errors += failed
        self._is_over = written.is_finished
        self._runner.observer.observe(
            ChunkCommitted(
                import_id=self._public_id,
                last_row=rows.first + consumed - 1,
                rows=consumed,
                failed=failed,
                seconds=seconds,
            )
        )
        self._runner.on_progress(written)
        return consumed
