"""What an import would do, told without doing it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from longshore.access import Environment
from longshore.engine import DryRun, run_dry
from longshore.imports import ImportRequest, SameContent, SourceRepeated, find_same_content
from longshore.operations.preparation import skips_errors
from longshore.operations.trials import Trial, TrialSources
from longshore.sources import AttachmentStore, Source


class DryRuns:
    """Makes dry runs in one installation."""

    def __init__(self, sources: TrialSources) -> None:
        self._sources = sources

    def run(self, environment: Environment, source: Source, request: ImportRequest) -> DryRun:
        """What an import of the source would do; nothing is written to the data folder.

        Raises RequestRefused as a submission does.
        """
        with self.trial(environment, source, request) as trial:
            return trial.result

    @contextmanager
    def trial(
        self,
        environment: Environment,
        source: Source,
        request: ImportRequest,
        *,
        on_read: Callable[[int, int | None], None] | None = None,
        on_progress: Callable[[DryRun], None] = lambda _dry_run: None,
    ) -> Iterator[Trial]:
        """The same, with the rows that would fail, to be read within the block: the source may be
        readable only once, and they are known only after that."""
        database = self._sources.database
        with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
            read = self._sources.read(
                environment,
                source,
                request,
                attachments=AttachmentStore(Path(folder)),
                on_read=on_read,
            )
            same = self._same_content(environment, request, read.digest)
            (result,) = run_dry(
                database,
                self._sources.settings,
                [read.dried()],
                # All rows are judged, whatever fails.
                skip_errors=request.all_or_nothing or skips_errors(environment, request),
                stop_rules=request.stop_rules,
                on_progress=lambda dry_runs: on_progress(dry_runs[0]),
            )
            result.same_content_as = same
            yield Trial(result, read, database)

    def _same_content(
        self, environment: Environment, request: ImportRequest, digest: str
    ) -> SameContent | None:
        """The import of the same content; raises SourceRepeated as a submission does."""
        with self._sources.database.read() as tx:
            same = find_same_content(tx, environment.number, digest)
        if request.once and same is not None and same.is_in:
            raise SourceRepeated(same)
        return same
