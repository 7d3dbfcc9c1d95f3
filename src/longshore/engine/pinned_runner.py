"""Run an import exactly as its rows were judged before, or stop where the store has moved.

Theory: what becomes of a range of rows follows from the rows and from what they read, and that was
pinned when they were judged. So each range is written in one transaction, which also compares its
pin: where that is the same, so is what was written; where not, the range is rolled back. Before the
first of them the whole source is gone through and compared, so that an import that cannot be whole
does not begin; it is left out where the counters of the tables say that nobody has written.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from longshore.database import StatementRefused, Transaction
from longshore.engine.checkpointer import Checkpointer
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.loader import DatabaseSource
from longshore.engine.chunk.loop import go_through
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.import_runner import ImportRunner
from longshore.engine.judge import (
    RangeJudged,
    judge,
    merged,
    ranged_processor,
    rows_naming,
)
from longshore.engine.moved_rows import MovedRange, MovedRows, moved
from longshore.engine.pins.made_records import MadeRecords
from longshore.engine.pins.range_reads import RangeReads
from longshore.engine.pins.ranges import RANGE_ROWS, cut_ranges
from longshore.engine.pins.reads import Reads
from longshore.engine.plan.locks import locks_of
from longshore.engine.values.outcomes import ChunkResult
from longshore.identifiers import ImportId
from longshore.imports import (
    MOVED_ROWS_MAX,
    Import,
    MovedRow,
    PinnedHead,
    RangePin,
    Status,
    StoreMoved,
    complete_import,
    interrupt_claimed,
    ledger_entries,
    read_pin,
    read_pinned,
)
from longshore.readers import Rows
from longshore.records import read_table_counters
from longshore.runs import Completed, End, Interrupted, Released

_FORGOTTEN = StoreMoved(
    message="what was found when the rows were judged is not kept any more",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedRunner:
    """Runs a claimed import whose rows were judged."""

    runner: ImportRunner
    pins_of: ImportId  # whose judgement it is: a plan, or the import itself

    def run(
        self,
        import_: Import,
        prepared: Prepared,
        *,
        rows_after: Callable[[Import], Iterator[Rows]],
        flags: Mapping[str, object],
    ) -> End:
        """Go through the rows that `rows_after` yields, those after the checkpoint; where the store
        has moved, the import is interrupted, and says so.

        `flags` are those of its organization.
        """

        def to_the_end() -> End:
            ended = self.go_through(import_, prepared, rows_after=rows_after, flags=flags)
            return self._interrupt(import_, ended) if isinstance(ended, StoreMoved) else ended

        return self.runner.observed(import_, to_the_end)

    def go_through(
        self,
        import_: Import,
        prepared: Prepared,
        *,
        rows_after: Callable[[Import], Iterator[Rows]],
        flags: Mapping[str, object],
    ) -> End | StoreMoved:
        """The same for a caller who decides what follows when the store has moved: then nothing of
        the range in which it has is written. Raises ClaimLost."""
        run = _PinnedRun(self.runner, import_, prepared, self.pins_of)
        if (head := run.moved_head(flags)) is not None:
            return head
        if not import_.consumed_count and not run.is_untouched():
            compared = run.compare(rows_after(import_))
            if compared is not None:
                return compared
        return run.write(rows_after(import_))

    def _interrupt(self, import_: Import, moved: StoreMoved) -> End:
        with self.runner.database.write() as tx:
            interrupt_claimed(tx, import_.run, reason=moved.message, moved=moved)
        return Interrupted()


class _RangeMoved(Exception):
    """The range at hand is not to be written."""

    def __init__(self, reads: RangeReads, result: ChunkResult, pin: RangePin | None) -> None:
        super().__init__()
        self.reads = reads
        self.result = result
        self.pin = pin  # None: there is none any more


class _OnlyTried(Exception):
    """What was written is to be rolled back."""


class _PinnedRun:
    """One run of one import: what stays the same from range to range."""

    def __init__(
        self, runner: ImportRunner, import_: Import, prepared: Prepared, pins_of: ImportId
    ) -> None:
        self._runner = runner
        self._database = runner.database
        self._import = import_
        self._prepared = prepared
        self._pins_of = pins_of
        self._flusher = runner.flusher(import_, prepared)
        self._locks = locks_of(prepared.plan, runner.catalogue)
        self._checkpointer = Checkpointer(runner.database, import_, prepared)
        self._attempts = runner.attempts(self._checkpointer)
        with self._database.read() as tx:
            made = MadeRecords.of_ledger(ledger_entries(tx, import_.id))
        self._reads = Reads(prepared.plan, made)
        sources = {name: DatabaseSource(table) for name, table in prepared.plan.tables.items()}
        self._processor = ranged_processor(
            prepared,
            runner.settings,
            self._reads,
            self._reads.sources(sources),
            all_odd=runner.all_odd,
        )
        self._pieces: list[tuple[Rows, Candidates]] = []  # of the range at hand
        self._moved: StoreMoved | None = None
        root = prepared.plan.root
        self._moved_rows = MovedRows(
            resource_type=root.resource_type.name,
            table=root.table.name,
            identify=prepared.identify,
            encode=runner.database.public_ids.encode,
        )

    # Before the first row

    def moved_head(self, flags: Mapping[str, object]) -> StoreMoved | None:
        """What differs of all that decides about every row."""
        with self._database.read() as tx:
            pinned, _ = read_pinned(tx, self._pins_of)
        if not pinned:
            return _FORGOTTEN
        now = PinnedHead.of(self._import, flags=flags, settings=self._runner.settings)
        changes = PinnedHead.from_dict(pinned).changes(now)
        if not changes:
            return None
        return StoreMoved(message=f"what decides about all rows has changed: {'; '.join(changes)}")

    def is_untouched(self) -> bool:
        """Whether nobody has written the tables since the rows were judged; an older release would
        not have said so."""
        environment, tables = self._import.environment, self._prepared.plan.tables
        with self._database.read() as tx:
            _, before = read_pinned(tx, self._pins_of)
            return before == read_table_counters(tx, environment, tables)

    def compare(self, batches: Iterator[Rows]) -> StoreMoved | End | None:
        """Judge all rows once more, and compare; None: they are as they were."""
        runner, import_ = self._runner, self._import
        rows: list[MovedRow] = []
        forgotten = False

        def on_range(judged: RangeJudged) -> bool:
            nonlocal forgotten
            runner.on_point("compared")
            with self._database.read() as tx:
                pin = read_pin(tx, self._pins_of, judged.first_row)
                before = self._judged_outcomes(tx, judged.first_row)
            if pin is None:
                forgotten = True
                return False
            if pin.digest != judged.pin.digest:
                outcomes = bytes(judged.result.outcomes)
                rows.extend(
                    self._moved_rows.of_range(
                        MovedRange(
                            rows=judged.rows,
                            outcomes=outcomes,
                            records=judged.result.records,
                            before=before,
                            items=judged.reads.moved_since(pin),
                            made=judged.made,
                            rows_naming=judged.rows_naming,
                        )
                    )
                )
                # What is behind rows with other outcomes differs because of them.
                if before != outcomes or len(rows) >= MOVED_ROWS_MAX:
                    return False
            runner.on_progress(import_)
            return not runner.should_stop()

        is_whole = judge(
            self._database,
            runner.settings,
            self._prepared,
            batches=batches,
            inputs_size=import_.inputs_size,
            skip_errors=import_.skip_errors,
            stop_rules=import_.stop_rules,
            disk_bytes_max=runner.settings.plan_bytes,
            on_range=on_range,
            all_odd=runner.all_odd,
        )
        if forgotten:
            return _FORGOTTEN
        if rows:
            return moved(rows)
        return None if is_whole else Released()

    # The rows

    def write(self, batches: Iterator[Rows]) -> End | StoreMoved:
        """Write range after range to the end of the import, or of the turn."""
        pieces = cut_ranges(batches, self._runner.settings.chunk_bytes)
        convert, checkpointer = self._prepared.convert, self._checkpointer
        reads_ahead = not self._database.is_embedded
        if go_through(pieces, convert, self._step, reads_ahead=reads_ahead):
            assert checkpointer.consumed == self._import.inputs_size, "the source ended early"
            with self._database.write() as tx:
                complete_import(tx, self._import.run)
            return Completed()
        if self._moved is not None:
            return self._moved
        if not checkpointer.is_over:
            return Released()
        is_completed = checkpointer.written.status is Status.COMPLETED
        return Completed() if is_completed else Interrupted()

    def _step(self, rows: Rows, candidates: Candidates) -> int | None:
        """Take a piece, and commit its range where it ends with it; None when no other is to
        follow."""
        self._pieces.append((rows, candidates))
        last = rows.first + len(rows) - 1
        if last % RANGE_ROWS and last != self._import.inputs_size:
            return len(rows)
        pieces, self._pieces = self._pieces, []
        self._commit(pieces)
        is_last = self._moved is not None or self._checkpointer.is_over
        return None if is_last or self._runner.should_stop() else len(rows)

    def _commit(self, pieces: list[tuple[Rows, Candidates]]) -> None:
        """Commit a range, or note why it is not."""
        rows = Rows.joined([rows for rows, _ in pieces])
        first, made_before = rows.first, self._reads.made.count
        assert first % RANGE_ROWS == 1, "a pinned import is resumed where a range begins"
        whole = pieces[0][1] if len(pieces) == 1 else self._prepared.convert(rows.values)
        reached = self._runner.on_point

        def transaction() -> None:
            self._reads.go_back(made_before)  # where an attempt was rolled back
            reached("started")
            with self._database.write(self._locks) as tx:
                result = self._write_range(tx, pieces)
                reads = self._reads.end_range(first, bytes(result.outcomes))
                pin = read_pin(tx, self._pins_of, first)
                if pin is None or pin.digest != reads.pin.digest:
                    raise _RangeMoved(reads, result, pin)
                self._checkpointer.write_down(tx, rows, whole, result)
                reached("checkpointed")
            reached("committed")

        try:
            seconds = self._attempts.commit(first, transaction)
        except _RangeMoved as range_moved:
            self._moved = self._told(rows, range_moved, made_before)
        except StatementRefused as refused:
            self._moved = self._refused(rows, pieces, made_before, refused)
        else:
            self._runner.tell(self._checkpointer, first, seconds)

    def _write_range(self, tx: Transaction, pieces: list[tuple[Rows, Candidates]]) -> ChunkResult:
        """Go through the rows of a range, chunk by chunk as they were judged, and write what they
        did."""
        self._processor.start_afresh()
        tally = self._checkpointer.tally(pieces[0][0].first)
        results: list[ChunkResult] = []
        for rows, candidates in pieces:
            begin = 0
            while begin < len(rows):
                chunk = self._processor.process(
                    tx,
                    candidates.slice(begin, len(rows)),
                    first_row=rows.first + begin,
                    ids=tx.new_ids(self._prepared.plan.environment),
                    tally=tally,
                    on_point=self._runner.on_point,
                )
                self._reads.take(chunk)
                self._flusher.flush(tx, chunk)
                self._runner.on_point("flushed")
                results.append(chunk.result)
                begin += chunk.result.consumed
                if chunk.result.is_stopped:
                    return merged(results)
        return merged(results)

    # What has moved

    def _refused(
        self,
        rows: Rows,
        pieces: list[tuple[Rows, Candidates]],
        made_before: int,
        refused: StatementRefused,
    ) -> StoreMoved:
        """The row that the database refuses to store, though it was judged that it can be: the last
        of the fewest rows at the head of the range that are refused."""
        stored, count = 0, len(rows)
        if self._is_stored(pieces, made_before):  # it is the commit that is refused
            last = rows.first + len(rows) - 1
            return StoreMoved(
                message=f"of the rows {rows.first:,} to {last:,} one cannot be stored, though it "
                f"was judged that all can: {refused.message}",
                count=len(rows),
            )
        while count - stored > 1:
            middle = (stored + count) // 2
            if self._is_stored(_head(pieces, middle), made_before):
                stored = middle
            else:
                count = middle
        self._reads.go_back(made_before)
        what = f"the database refuses it: {refused.message}"
        row = MovedRow(
            row=rows.first + stored,
            line=rows.lines[stored],
            key=self._prepared.identify(rows.values[stored]),
            record=None,
            what=what,
        )
        return moved([row])

    def _is_stored(self, pieces: list[tuple[Rows, Candidates]], made_before: int) -> bool:
        """Whether the database takes these rows; they are rolled back."""
        self._reads.go_back(made_before)
        try:
            with self._database.write(self._locks) as tx:
                self._write_range(tx, pieces)
                raise _OnlyTried
        except _OnlyTried:
            return True
        except StatementRefused:
            return False

    def _told(self, rows: Rows, range_moved: _RangeMoved, made_before: int) -> StoreMoved:
        """What differs in a range that was rolled back."""
        if range_moved.pin is None:
            return _FORGOTTEN
        result, reads = range_moved.result, self._reads
        reads.go_back(made_before)
        with self._database.read() as tx:
            differing = self._moved_rows.of_range(
                MovedRange(
                    rows=rows.slice(0, result.consumed),
                    outcomes=bytes(result.outcomes),
                    records=result.records,
                    before=self._judged_outcomes(tx, rows.first),
                    items=range_moved.reads.moved_since(range_moved.pin),
                    made=reads.made,
                    rows_naming=lambda items, limit: rows_naming(
                        tx, self._prepared, self._processor, reads, rows, items, limit=limit
                    ),
                )
            )
        return moved(differing)

    def _judged_outcomes(self, tx: Transaction, first_row: int) -> bytes | None:
        """The outcomes of a range when it was judged; None: they are not kept."""
        outcomes = b""
        for entry in ledger_entries(tx, self._pins_of, first_row=first_row):
            if entry.first_row >= first_row + RANGE_ROWS:
                break
            outcomes += entry.columns().outcomes
        return outcomes or None


def _head(pieces: list[tuple[Rows, Candidates]], count: int) -> list[tuple[Rows, Candidates]]:
    """So many rows at the head of a range."""
    head = []
    for rows, candidates in pieces:
        if count <= 0:
            break
        head.append((rows.slice(0, count), candidates.slice(0, count)))
        count -= len(rows)
    return head
