"""Plans as a kind of run: gone through from the first row to the last by whoever claims them.

What a judgement has read by the time at which its runner dies may have moved since, so whoever
takes a plan over begins again. Members of a group stand on what those before them would leave.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from longshore.access import read_environment
from longshore.database import Database
from longshore.engine import JudgementTooLarge, PlanRunner
from longshore.identifiers import ImportId
from longshore.imports import (
    Import,
    ImportLife,
    ImportUnreadable,
    interrupt_claimed,
    read_import,
)
from longshore.operations.cleanup import Cleanup
from longshore.operations.group_causes import GroupCauses
from longshore.operations.group_pictures import GroupPictures
from longshore.operations.preparation import Preparation
from longshore.runs import UNLOCKED, Completed, End, Interrupted, Released, Run
from longshore.settings import Settings
from longshore.sources import AttachmentDamaged, AttachmentMissing, AttachmentStore


class PlanKind(ImportLife):
    """Makes plans (`runs.RunKind`)."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        attachments: AttachmentStore,
        preparation: Preparation,
        cleanup: Cleanup,
        *,
        on_point: Callable[[str], None],
    ) -> None:
        self._database = database
        self._settings = settings
        self._attachments = attachments
        self._preparation = preparation
        self._cleanup = cleanup
        self._on_point = on_point  # hears the names of moments in a range's life
        self._causes = GroupCauses(attachments, preparation)
        self._pictures = GroupPictures(database, settings, attachments, preparation)

    def go_on(
        self, run: Run, *, on_progress: Callable[[Any], None], should_stop: Callable[[], bool]
    ) -> End:
        """Go through all rows; `on_progress` hears the plan."""
        with self._database.read() as tx:
            plan = read_import(tx, ImportId(run.id))
            flags = read_environment(tx, plan.environment).flags
        runner = PlanRunner(
            database=self._database,
            settings=self._settings,
            on_progress=on_progress,
            should_stop=should_stop,
            on_point=self._on_point,
        )
        try:
            if plan.group_id is not None:
                return self._go_on_in_group(runner, plan, flags)
            prepared = self._preparation.of_import(plan, flags)
            batches = self._attachments.open(plan.attachment_name, plan.layout)
            return runner.run(plan, prepared, flags=flags, batches=batches)
        except (AttachmentMissing, AttachmentDamaged, JudgementTooLarge) as error:
            with self._database.write(UNLOCKED) as tx:
                interrupt_claimed(tx, run, reason=error.message)
            return Interrupted()

    def _go_on_in_group(self, runner: PlanRunner, plan: Import, flags: Mapping[str, object]) -> End:
        """Go through the rows of a member, over the picture that those before it leave."""
        at = self._pictures.take(plan, flags, should_stop=runner.should_stop)
        if at is None:
            return Released()
        with at:
            batches = self._attachments.open(plan.attachment_name, plan.layout)
            prepared = self._causes.beside(plan, at.prepared, flags)
            end = runner.run(plan, prepared, flags=flags, batches=batches, picture=at.picture)
            if isinstance(end, Completed):
                self._pictures.keep(at)
            return end

    def gives_way(self, run: Run) -> bool:
        """It would begin again each time."""
        return False

    def after(self, run: Run) -> None:
        """Remove what is not to lie about."""
        with suppress(ImportUnreadable):
            with self._database.read() as tx:
                plan: Import = read_import(tx, ImportId(run.id))
            self._cleanup.after(plan)
