"""What an import would do, told without doing it."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from longshore.access import Environment
from longshore.database import Database
from longshore.engine import DryRun, field_test, nested_paths, run_dry
from longshore.imports import ImportRequest
from longshore.operations.preparation import Preparation, skips_errors
from longshore.settings import Settings
from longshore.sources import AttachmentStore, Source


class DryRuns:
    """Makes dry runs in one installation."""

    def __init__(self, database: Database, preparation: Preparation, settings: Settings) -> None:
        self._database = database
        self._preparation = preparation
        self._settings = settings

    def run(
        self,
        environment: Environment,
        source: Source,
        request: ImportRequest,
        *,
        on_read: Callable[[int, int | None], None] | None = None,
        on_progress: Callable[[DryRun], None] = lambda _dry_run: None,
    ) -> DryRun:
        """What an import of the source would do; nothing is written to the data folder.

        Raises RequestRefused as a submission does.
        """
        type_ = self._preparation.importable_type(request.resource_type)
        parent = self._preparation.parent(environment, type_, request.parent)
        catalogue = self._preparation.catalogue
        with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
            attachments = AttachmentStore(Path(folder))
            stored = attachments.write(
                source,
                descend=nested_paths(catalogue, type_),
                is_field=field_test(catalogue, type_, request.column_map),
                progress=on_read,
            )
            prepared = self._preparation.of_request(
                environment, type_, stored.layout, request, parent=parent
            )
            dry_run = run_dry(
                self._database,
                self._settings,
                prepared,
                batches=attachments.open(stored.name, stored.layout),
                inputs_size=stored.rows_count,
                skip_errors=skips_errors(environment, request),
                on_progress=on_progress,
            )
            dry_run.notices = (*stored.notices, *dry_run.notices)
            return dry_run
