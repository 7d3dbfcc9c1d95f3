"""Imports and undos taken to their ends, with progress shown and signals heeded."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from longshore.cli.forerunners import (
    ended_by_newer,
    finished_first,
    finishing_first,
    freeing,
    undo_finished_first,
    unit_of,
    waiting_for,
)
from longshore.cli.messages import say
from longshore.cli.progress import Progress, show_progress
from longshore.cli.report import Effort
from longshore.cli.stages import done_of_stage, title_of_stage
from longshore.cli.stops import StopRequested, Stops
from longshore.errors import LongshoreError, PermanentError, RequestRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from longshore.access import Environment
    from longshore.assembly import Longshore
    from longshore.edits import Edits
    from longshore.engine import DryRun, UndoTrial
    from longshore.imports import Import, ImportGroup, ImportRequest, WaitsFor
    from longshore.operations import Retry, Trial, UndoShown
    from longshore.sources import Source
    from longshore.undos import Undo

__all__ = ["Work"]

# How long an import that another process runs is left alone before it is looked at again.
_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Work:
    """Where a command's imports belong, and the signals that it heeds."""

    longshore: Longshore
    environment: Environment
    stops: Stops
    verbose: bool = False  # log lines are written, and progress would be in their way

    def submit(self, source: Source, request: ImportRequest, *, supersedes: bool = False) -> Import:
        """Store the source, read to its end, and create the import.

        With `supersedes` the older imports that it would wait for are interrupted. Raises
        StopRequested when a signal came before; then nothing is stored.
        """
        encode = self.longshore.public_ids.encode

        def on_superseded(older: Import) -> None:
            say(ended_by_newer(encode(older.id), older))

        with show_progress(hidden=self.verbose) as progress:
            progress.begin("reading")
            on_read = self.heeding(progress)
            return self.longshore.submissions.submit(
                self.environment,
                source,
                request,
                to_run=True,
                on_read=on_read,
                on_superseded=on_superseded if supersedes else None,
            )

    def submit_plan(self, source: Source, request: ImportRequest) -> Import:
        """Store the source, read to its end, and create a plan of it.

        Raises StopRequested when a signal came before; then nothing is stored.
        """
        with show_progress(hidden=self.verbose) as progress:
            progress.begin("reading")
            return self.longshore.import_plans.submit(
                self.environment, source, request, on_read=self.heeding(progress)
            )

    def apply(self, plan: Import) -> Import:
        """Create the import that applies a plan."""
        return self.longshore.plan_applier.apply(self.environment, plan, to_run=True)

    def retry(self, import_: Import, edits: Edits, file: Source | None) -> Retry:
        """Create an import of the rows of an import that still fail, edited, or mended in a file.

        Raises StopRequested when a signal came before; then nothing is stored.
        """
        with show_progress(hidden=self.verbose) as progress:
            progress.begin("reading")
            return self.longshore.retries.retry(
                self.environment,
                import_,
                edits,
                file=file,
                to_run=True,
                on_read=self.heeding(progress),
            )

    def retry_group(self, group: ImportGroup) -> tuple[ImportGroup, list[Retry]]:
        """Create a group of the rows of a group that still fail, likewise."""
        with show_progress(hidden=self.verbose) as progress:
            progress.begin("reading")
            return self.longshore.retries.retry_group(
                self.environment, group, to_run=True, on_read=self.heeding(progress)
            )

    def run(self, import_: Import) -> tuple[Import, Effort]:
        """Run the import, or the plan, to its end, or to where signals stop it; as it then is.

        The older imports and undos that it has to wait for come first: what nobody runs is finished
        here, what another process runs is waited for. Raises PermanentError when one of them cannot
        be finished; then the import stays open.
        """
        self.let_older_end(lambda: self.longshore.imports.waits_for(import_))
        began = time.monotonic()
        ended = self._run(import_)
        rows = ended.consumed_count - (0 if import_.is_plan else import_.consumed_count)
        return ended, Effort(rows, time.monotonic() - began)

    def try_undo(self, of: Import | Undo) -> tuple[UndoTrial, UndoShown]:
        """What an undo of an import, or of an undo, would do.

        Raises StopRequested when a signal came; nothing was to be stored anyway.
        """
        with show_progress(hidden=self.verbose) as progress:
            progress.begin("looking at changes")

            def on_progress(done: int, total: int) -> None:
                self.stops.check()
                progress.count(done, total, "changes")

            return self.longshore.undos.try_(of, on_progress=on_progress)

    def try_group_undo(self, group: ImportGroup) -> list[tuple[Import, UndoTrial, UndoShown]]:
        """What undos of the members of a group would do, likewise."""
        with show_progress(hidden=self.verbose) as progress:
            progress.begin("looking at changes")

            def on_progress(done: int, total: int) -> None:
                self.stops.check()
                progress.count(done, total, "changes")

            return self.longshore.undos.try_group(group, on_progress=on_progress)

    def run_undos(self, undos: Sequence[Undo]) -> tuple[list[Undo], Effort]:
        """Run undos one after the other; those behind one that stops stay as they are then."""
        ended: list[Undo] = []
        rows, seconds = 0, 0.0
        for undo in undos:
            current = self.longshore.undos.read(undo.id)
            if current.is_finished or self.stops.is_asked:
                ended.append(current)
                continue
            current, effort = self.run_undo(current)
            rows, seconds = rows + effort.rows, seconds + effort.seconds
            ended.append(current)
        return ended, Effort(rows, seconds, "changes")

    def run_undo(self, undo: Undo) -> tuple[Undo, Effort]:
        """Run the undo to its end likewise."""
        self.let_older_end(lambda: self.longshore.undos.waits_for(undo))
        began = time.monotonic()
        ended = self._run_undo(undo)
        done = ended.done_count - undo.done_count
        return ended, Effort(done, time.monotonic() - began, "changes")

    def let_older_end(self, waits_for: Callable[[], WaitsFor | None]) -> None:
        """Return when nothing older keeps a run waiting, or a signal came in."""
        while not self.stops.is_asked:
            older = waits_for()
            if older is None:
                return
            if older.has_runner or not self._has_finished(older):
                self._wait_for(waits_for, older)

    def _has_finished(self, older: WaitsFor) -> bool:
        """Finish what nobody runs; False: another process was faster."""
        from longshore.database import StorageFull
        from longshore.jobs import RunTaken
        from longshore.runs import RunWaits

        say(finishing_first(older))
        finish = self._undo_at(older) if older.kind == "undo" else self._import_at(older)
        try:
            told = finish()
        except LongshoreError as error:
            if isinstance(error.__cause__, RunTaken | RunWaits):
                return False
            if isinstance(error, StorageFull):
                raise
            raise PermanentError(
                f"the older {older.kind} {older.public_id} cannot be finished: {error.message}",
                hint=_FREEING[older.kind].format(id=older.public_id),
            ) from error
        if told is not None:
            say(told)
        return True

    def _import_at(self, older: WaitsFor) -> Callable[[], str | None]:
        """Finishes an older import, and tells what became of it; None: a signal came in."""
        from longshore.identifiers import ImportId

        import_ = self.longshore.imports.read(ImportId(older.id))
        # It may wait for others that the command's own run need not wait for.
        self.let_older_end(lambda: self.longshore.imports.waits_for(import_))

        def finish() -> str | None:
            ended = self._run(import_, is_own=False)
            return finished_first(older.public_id, ended) if ended.is_finished else None

        return finish

    def _undo_at(self, older: WaitsFor) -> Callable[[], str | None]:
        """Finishes an older undo likewise."""
        undo = self.longshore.undos.read(older.id)
        self.let_older_end(lambda: self.longshore.undos.waits_for(undo))

        def finish() -> str | None:
            ended = self._run_undo(undo, is_own=False)
            return undo_finished_first(older.public_id, ended) if ended.is_finished else None

        return finish

    def _wait_for(self, waits_for: Callable[[], WaitsFor | None], older: WaitsFor) -> None:
        """Return when there is something else to be said or done, or a signal came in."""
        say(f"waiting for {waiting_for(older)}", hint=freeing(older))
        told = _standing(older)
        with show_progress(hidden=self.verbose) as progress:
            progress.begin(f"waiting for {older.public_id}", before=older.consumed_count)
            while not self.stops.is_asked:
                self.stops.wait(_LOOK_SECONDS)
                current = waits_for()
                if current is None or _standing(current) != told:
                    return
                unit = f"{unit_of(current)}s"
                progress.count(current.consumed_count, current.inputs_size, unit)

    def _run(self, import_: Import, *, is_own: bool = True) -> Import:
        """Ctrl-C interrupts only an import that is the command's `own`."""
        from longshore.database import StorageFull
        from longshore.operations import Asker

        with show_progress(hidden=self.verbose) as progress:
            # A plan that was left open begins again.
            before = 0 if import_.is_plan else done_of_stage(import_)[0]
            progress.begin(title_of_stage(import_), before=before)
            asker = Asker(environment=self.environment)
            stage, goes_back = import_.stage, False

            def on_progress(current: Import) -> None:
                nonlocal stage, goes_back
                if current.stage is not stage:
                    stage = current.stage
                    progress.begin(title_of_stage(current))
                progress.count(*done_of_stage(current), "rows")
                if not is_own or not self.stops.is_interruption or current.is_finished:
                    return
                if goes_back:
                    return  # as was asked for
                with suppress(RequestRefused):  # somebody has stopped or deleted it already
                    if current.is_plan:
                        self.longshore.import_plans.interrupt(asker, current.id)
                        return
                    asked = self.longshore.imports.interrupt(asker, current.id)
                    if not asked.is_finished:
                        goes_back = True
                        say("what is written is taken back first")

            try:
                if self.stops.is_asked:
                    on_progress(import_)
                    return self.longshore.imports.read(import_.id)
                ended = self.longshore.import_runs.run(
                    import_.id,
                    on_progress=on_progress,
                    should_stop=lambda: self.stops.is_asked and not goes_back,
                )
            except StopRequested:
                # The chunk in hand was rolled back; what was committed before it stays.
                return self.longshore.imports.read(import_.id)
            except StorageFull as error:
                # The rows are stored already: nobody needs the file again.
                raise StorageFull(
                    error.message,
                    hint=f"free some space, then longshore resume finishes the {import_.noun}; "
                    "nothing that was committed is lost",
                ) from error
            progress.finish(*done_of_stage(ended), "rows")
            return ended

    def _run_undo(self, undo: Undo, *, is_own: bool = True) -> Undo:
        """Ctrl-C interrupts only an undo that is the command's `own`."""
        from longshore.database import StorageFull
        from longshore.operations import Asker

        with show_progress(hidden=self.verbose) as progress:
            progress.begin("taking back", before=undo.done_count)
            asker = Asker(environment=self.environment)

            def on_progress(current: Undo) -> None:
                progress.count(current.done_count, current.changes_count, "changes")
                if is_own and self.stops.is_interruption and not current.is_finished:
                    with suppress(RequestRefused):  # somebody has stopped it already
                        self.longshore.undos.interrupt(asker, current.id)

            try:
                if self.stops.is_asked:
                    on_progress(undo)
                    return self.longshore.undos.read(undo.id)
                ended = self.longshore.undos.run(
                    undo.id, on_progress=on_progress, should_stop=lambda: self.stops.is_asked
                )
            except StopRequested:
                # The step in hand was rolled back; what was committed before it stays.
                return self.longshore.undos.read(undo.id)
            except StorageFull as error:
                raise StorageFull(
                    error.message,
                    hint="free some space, then longshore resume finishes the undo; "
                    "nothing that was committed is lost",
                ) from error
            progress.finish(ended.done_count, ended.changes_count, "changes")
            return ended

    @contextmanager
    def try_import(self, source: Source, request: ImportRequest) -> Iterator[Trial]:
        """What an import would do, with the rows that would fail, within the block.

        Raises StopRequested when a signal came; nothing was to be stored anyway.
        """
        with ExitStack() as block:
            with show_progress(hidden=self.verbose) as progress:
                progress.begin("reading")

                def on_progress(result: DryRun) -> None:
                    self.stops.check()
                    progress.count(result.consumed, result.inputs_size, "rows")

                trial = block.enter_context(
                    self.longshore.dry_runs.trial(
                        self.environment,
                        source,
                        request,
                        on_read=self.heeding(progress),
                        on_progress=on_progress,
                    )
                )
            yield trial

    def heeding(self, progress: Progress) -> Callable[[int, int | None], None]:
        """Shows how much is read, and raises StopRequested once a signal came in."""

        def on_read(done: int, total: int | None) -> None:
            self.stops.check()
            progress.bytes(done, total)

        return on_read


# What frees those who wait for something that cannot be finished.
_FREEING = {
    "import": "longshore interrupt {id} ends it where it is, as importing with --supersede does; "
    "then longshore resume runs what waits for it",
    "undo": "longshore interrupt {id} ends it where it is; then longshore resume runs what waits "
    "for it",
}


def _standing(older: WaitsFor) -> tuple[object, ...]:
    """What is told anew when it changes."""
    return (older.id, older.has_runner, older.host, older.pid, older.stalled_seconds is not None)
