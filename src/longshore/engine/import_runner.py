"""Run an import from its checkpoint to its end: a chunk, a transaction, again.

Everything that a chunk has done is committed with the counts and the position that say so. So
whenever the process dies, the import goes on behind its last committed chunk, and the end is that
of a run that never stopped.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from longshore.catalogue import Catalogue
from longshore.database import Database, StatementRefused
from longshore.engine.attempts import Attempts
from longshore.engine.checkpointer import Checkpointer
from longshore.engine.chunk.candidates import Candidates, one_candidate
from longshore.engine.chunk.flusher import Flusher
from longshore.engine.chunk.halves import Halves
from longshore.engine.chunk.limits import ChunkLimits
from longshore.engine.chunk.loop import go_through
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.chunk.processor import ChunkProcessor
from longshore.engine.chunk.sizes import ChunkSizes, cut
from longshore.engine.plan.locks import locks_of
from longshore.error_codes import ErrorCode, message
from longshore.imports import Import, Status, complete_import, read_import
from longshore.journal import Actor, ActorKind
from longshore.observations import (
    ChunkCommitted,
    ImportCompleted,
    ImportInterrupted,
    ImportStarted,
    NullObserver,
    Observer,
)
from longshore.readers import Rows
from longshore.runs import ClaimLost, Completed, End, Interrupted, Lost, Released
from longshore.settings import Settings

_Ended = TypeVar("_Ended")


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
        return self.observed(import_, lambda: _Run(self, import_, prepared).go_through(batches))

    def observed(self, import_: Import, run: Callable[[], _Ended]) -> _Ended | Lost:
        """Have a run go through the rows of an import, and tell of its beginning and its end."""
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
        end: _Ended | Lost
        try:
            end = run()
        except ClaimLost:
            end = Lost()  # whoever took the claim has the last word
        with self.database.read() as tx:
            left = read_import(tx, import_.id)
        self._observe_end(left, public_id, time.monotonic() - started)
        return end

    def flusher(self, import_: Import, prepared: Prepared) -> Flusher:
        """What writes the chunks of an import."""
        return Flusher(prepared.plan, self.catalogue, actor=Actor(ActorKind.IMPORT, import_.id))

    def attempts(self, checkpointer: Checkpointer) -> Attempts:
        """What repeats its transactions."""
        return Attempts(
            checkpointer=checkpointer, observer=self.observer, should_stop=self.should_stop
        )

    def tell(self, checkpointer: Checkpointer, first_row: int, seconds: float) -> int:
        """Take note of the commit of rows, and tell; the number of these rows."""
        consumed, failed = checkpointer.take()
        self.observer.observe(
            ChunkCommitted(
                import_id=checkpointer.public_id,
                last_row=first_row + consumed - 1,
                rows=consumed,
                failed=failed,
                seconds=seconds,
            )
        )
        self.on_progress(checkpointer.written)
        return consumed

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
        self._processor = ChunkProcessor(
            prepared.plan, limits=ChunkLimits.of(runner.settings), all_odd=runner.all_odd
        )
        self._flusher = runner.flusher(import_, prepared)
        self._locks = locks_of(prepared.plan, runner.catalogue)
        self._checkpointer = Checkpointer(runner.database, import_, prepared)
        self._attempts = runner.attempts(self._checkpointer)
        self._halves = Halves()
        self._sizes = ChunkSizes.of(runner.settings, is_embedded=runner.database.is_embedded)

    def go_through(self, batches: Iterator[Rows]) -> End:
        """Take chunks to the end of the import, or of the turn. Raises ClaimLost."""
        reads_ahead = not self._runner.database.is_embedded
        convert, checkpointer = self._prepared.convert, self._checkpointer
        pieces = cut(batches, self._sizes)
        if go_through(pieces, convert, self._step, reads_ahead=reads_ahead):
            assert checkpointer.consumed == self._import.inputs_size, "the source ended early"
            with self._runner.database.write() as tx:
                complete_import(tx, self._import.run)
            return Completed()
        if not checkpointer.is_over:
            return Released()
        is_completed = checkpointer.written.status is Status.COMPLETED
        return Completed() if is_completed else Interrupted()

    def _step(self, rows: Rows, candidates: Candidates) -> int | None:
        """Commit a chunk; the number of its rows, None when no other is to follow."""
        consumed = self._process(rows, candidates)
        if self._checkpointer.is_over:
            return None
        return None if self._runner.should_stop() else consumed

    def _process(self, rows: Rows, candidates: Candidates) -> int:
        """Commit a chunk of these rows, whatever it takes; the number of rows that it had."""
        while True:
            offered = self._halves.offer(rows.first, len(rows))
            if offered < len(rows):
                rows, candidates = rows.slice(0, offered), candidates.slice(0, offered)
            try:
                seconds = self._commit(rows, candidates)
            except StatementRefused as refused:
                if offered > 1:
                    # Some row is behind it. Whoever wants the run to stop waits for the half that
                    # can be stored: each run must come further than the one before it.
                    self._halves.refused(rows.first, offered)
                    continue
                candidates = _refused(candidates, refused)
                continue
            return self._runner.tell(self._checkpointer, rows.first, seconds)

    def _commit(self, rows: Rows, candidates: Candidates) -> float:
        """Go through rows and commit what they did; the seconds that it took."""
        reached, checkpointer = self._runner.on_point, self._checkpointer

        def transaction() -> None:
            tally = checkpointer.tally(rows.first)
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
                checkpointer.write_down(tx, rows, candidates, chunk.result)
                reached("checkpointed")
            reached("committed")

        return self._attempts.commit(rows.first, transaction)


def _refused(candidates: Candidates, refused: StatementRefused) -> Candidates:
    """The one row that the database refuses, with an error that says so."""
    ((fields, findings),) = candidates.rows()
    if any(name == "base" for name, _, _ in findings):
        raise refused  # nothing of the row was to be stored: it is not what is refused
    finding = ("base", message(ErrorCode.NOT_STORED, refused.message), None)
    return one_candidate(fields, (finding,))
