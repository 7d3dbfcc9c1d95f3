"""Run an import that is all or nothing: judge all rows, then write them, or go back.

Which stage it is in is stored with what the stage has done. So whenever the process dies, the
import goes on in that stage, and the end is that of a run that never stopped.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from longshore.engine.chunk.prepared import Prepared
from longshore.engine.going_back_stage import GoingBackStage
from longshore.engine.import_runner import ImportRunner
from longshore.engine.judging_stage import NOTHING_WRITTEN, JudgingStage
from longshore.engine.pinned_runner import PinnedRunner
from longshore.imports import (
    Import,
    ImportGoesBack,
    Stage,
    Status,
    StoreMoved,
    go_back,
    interrupt_claimed,
    read_import,
)
from longshore.readers import Rows
from longshore.runs import UNLOCKED, End, Interrupted, Released


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOrNothingRunner:
    """Runs a claimed import through its stages."""

    runner: ImportRunner

    def run(
        self,
        import_: Import,
        *,
        prepare: Callable[[], Prepared],
        rows_after: Callable[[Import], Iterator[Rows]],
        flags: Mapping[str, object],
    ) -> End:
        """Go on with the import in the stage that it is in.

        `prepare` says how its rows are converted, `rows_after` yields those after its checkpoint;
        where they cannot be read, whoever hears of it calls `give_up`. `flags` are those of its
        organization.
        """
        return self.runner.observed(
            import_, lambda: self._through_stages(import_, prepare, rows_after, flags)
        )

    def give_up(self, import_: Import, why: str) -> End:
        """End an import that cannot be gone on with: what it has written is taken back first."""
        return self.runner.observed(import_, lambda: self._back(import_, why))

    def _through_stages(
        self,
        import_: Import,
        prepare: Callable[[], Prepared],
        rows_after: Callable[[Import], Iterator[Rows]],
        flags: Mapping[str, object],
    ) -> End:
        if import_.stage is Stage.GOING_BACK:
            return self._taken_back(import_)
        prepared = prepare()
        if import_.stage is Stage.JUDGING:
            import_ = JudgingStage(runner=self.runner).run(
                import_, prepared, batches=rows_after(import_), flags=flags
            )
            if import_.stage is Stage.JUDGING:
                return Interrupted() if import_.is_finished else Released()
            self.runner.on_progress(import_)
        return self._write(import_, prepared, rows_after, flags)

    def _write(
        self,
        import_: Import,
        prepared: Prepared,
        rows_after: Callable[[Import], Iterator[Rows]],
        flags: Mapping[str, object],
    ) -> End:
        pinned = PinnedRunner(runner=self.runner, pins_of=import_.id)
        try:
            ended = pinned.go_through(import_, prepared, rows_after=rows_after, flags=flags)
        except ImportGoesBack:  # as somebody has asked for meanwhile
            return self._taken_back(self._read(import_))
        if isinstance(ended, StoreMoved):
            return self._back(import_, ended.message, ended)
        return ended

    def _back(self, import_: Import, why: str, moved: StoreMoved | None = None) -> End:
        """Have it go back, or end where it has written nothing. Raises ClaimLost."""
        with self.runner.database.write(UNLOCKED) as tx:
            current = read_import(tx, import_.id)
            has_written = current.stage is not Stage.JUDGING and current.checkpoint is not None
            if not has_written:
                reason = f"{why}; {NOTHING_WRITTEN}"
                interrupt_claimed(tx, import_.run, reason=reason, moved=moved)
                return Interrupted()
            go_back(
                tx, import_.id, why, import_.run, moved
            )  # unless somebody has asked for it before
        return self._taken_back(self._read(import_))

    def _taken_back(self, import_: Import) -> End:
        left = GoingBackStage(runner=self.runner).run(import_)
        return Interrupted() if left.status is Status.INTERRUPTED else Released()

    def _read(self, import_: Import) -> Import:
        with self.runner.database.read() as tx:
            return read_import(tx, import_.id)
