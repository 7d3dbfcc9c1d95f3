"""Imports as a kind of run: what is done between a claim and an end."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from longshore.access import read_environment
from longshore.catalogue import Catalogue
from longshore.database import Database
from longshore.engine import AllOrNothingRunner, ImportRunner, PinnedRunner
from longshore.identifiers import ImportId
from longshore.imports import (
    Import,
    ImportLife,
    ImportUnreadable,
    Stage,
    StoreMoved,
    forget_pins,
    interrupt_claimed,
    read_import,
)
from longshore.observations import Observer
from longshore.operations.cleanup import Cleanup
from longshore.operations.group_causes import GroupCauses
from longshore.operations.plan_standing import moved_before
from longshore.operations.preparation import Preparation
from longshore.readers import Rows
from longshore.records import record_tables
from longshore.runs import UNLOCKED, End, Interrupted, Run
from longshore.settings import Settings
from longshore.sources import AttachmentDamaged, AttachmentMissing, AttachmentStore


class ImportKind(ImportLife):
    """Takes the chunks of imports (`runs.RunKind`)."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        settings: Settings,
        attachments: AttachmentStore,
        preparation: Preparation,
        cleanup: Cleanup,
        causes: GroupCauses,
        observer: Observer,
        *,
        on_point: Callable[[str], None],
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._settings = settings
        self._attachments = attachments
        self._preparation = preparation
        self._cleanup = cleanup
        self._causes = causes
        self._observer = observer
        self._on_point = on_point  # hears the names of moments in a chunk's life

    def go_on(
        self, run: Run, *, on_progress: Callable[[Any], None], should_stop: Callable[[], bool]
    ) -> End:
        """Take chunks from the one after the checkpoint on; `on_progress` hears the import."""
        record_tables()  # declared, so that their columns can be written in bulk
        with self._database.read() as tx:
            import_ = read_import(tx, ImportId(run.id))
            flags = read_environment(tx, import_.environment).flags
        runner = ImportRunner(
            database=self._database,
            catalogue=self._catalogue,
            settings=self._settings,
            observer=self._observer,
            on_progress=on_progress,
            should_stop=should_stop,
            on_point=self._on_point,
        )
        if import_.all_or_nothing:
            return self._go_on_all_or_nothing(runner, import_, flags)
        try:
            prepared = self._preparation.of_import(import_, flags)
            if import_.group_id is not None:
                moved = self._moved_before(import_, flags)
                if moved is not None:
                    with self._database.write() as tx:
                        interrupt_claimed(tx, run, reason=moved.message, moved=moved)
                    return Interrupted()
            elif import_.plan_id is not None:
                return PinnedRunner(runner=runner, pins_of=import_.plan_id).run(
                    import_, prepared, rows_after=self._rows_after_checkpoint, flags=flags
                )
            prepared = self._causes.beside(import_, prepared, flags)
            return runner.run(import_, prepared, batches=self._rows_after_checkpoint(import_))
        except (AttachmentMissing, AttachmentDamaged) as error:
            with self._database.write() as tx:
                interrupt_claimed(tx, run, reason=error.message)
            return Interrupted()

    def _go_on_all_or_nothing(
        self, runner: ImportRunner, import_: Import, flags: Mapping[str, object]
    ) -> End:
        stages = AllOrNothingRunner(runner=runner)
        try:
            return stages.run(
                import_,
                prepare=lambda: self._preparation.of_import(import_, flags),
                rows_after=self._rows_after_checkpoint,
                flags=flags,
            )
        except (AttachmentMissing, AttachmentDamaged) as error:
            return stages.give_up(import_, error.message)

    def _moved_before(self, import_: Import, flags: Mapping[str, object]) -> StoreMoved | None:
        """What has moved since the group of plans was made that its group applies."""
        if import_.plan_id is None:
            return None
        with self._database.read() as tx:
            return moved_before(tx, import_, flags, self._settings)

    def gives_way(self, run: Run) -> bool:
        """What is committed is not done again, but for what is judged, or compared before the first
        row of what is pinned."""
        with self._database.read() as tx:
            import_ = read_import(tx, ImportId(run.id))
        is_pinned = import_.plan_id is not None and import_.group_id is None
        if not is_pinned and not import_.all_or_nothing:
            return True
        return import_.stage is not Stage.JUDGING and bool(import_.consumed_count)

    def after(self, run: Run) -> None:
        """Remove what a finished import alone needed."""
        with suppress(ImportUnreadable):
            with self._database.read() as tx:
                import_ = read_import(tx, ImportId(run.id))
            if import_.all_or_nothing:
                with self._database.write(UNLOCKED) as tx:
                    forget_pins(tx, import_.id)
            self._cleanup.after(import_)

    def _rows_after_checkpoint(self, import_: Import) -> Iterator[Rows]:
        last = import_.checkpoint
        batches = self._attachments.open(import_.attachment_name, import_.layout, last)
        if last is None:
            yield from batches
            return
        for rows in batches:
            done = max(last.row + 1 - rows.first, 0)
            if done < len(rows):
                yield rows.slice(done, len(rows))
