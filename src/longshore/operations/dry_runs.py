"""What an import would do, told without doing it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from longshore.access import Environment
from longshore.database import Database
from longshore.engine import DryRun, DryRunSource, field_test, nested_paths, run_dry
from longshore.imports import (
    Digest,
    ImportRequest,
    LoggedError,
    SameContent,
    SourceRepeated,
    digest_errors,
    find_same_content,
)
from longshore.operations.failed_rows import FailedRow, match_failed_rows
from longshore.operations.mapping_drift import drift_notices
from longshore.operations.preparation import Preparation, skips_errors
from longshore.operations.suggestions import ErrorSource, ValueSuggestions
from longshore.readers import TextForm
from longshore.settings import Settings
from longshore.sources import AttachmentStore, Source, StoredAttachment


class Trial:
    """A dry run with its source, which is kept within the block that has made it."""

    def __init__(
        self,
        result: DryRun,
        attachments: AttachmentStore,
        stored: StoredAttachment,
        database: Database,
        suggestions: ValueSuggestions,
    ) -> None:
        self.result = result
        self.layout = stored.layout
        self._attachments = attachments
        self._name = stored.name
        self._database = database
        self._suggestions = suggestions

    def errors(self) -> Iterator[LoggedError]:
        """The errors of the rows that would fail, with suggestions."""
        with self._database.read() as tx:
            yield from self._suggestions.of_errors(tx, self.result.errors)

    def digest(self) -> Digest:
        """The same errors by cause."""
        with self._database.read() as tx:
            digest = digest_errors(self.result.errors, self._suggestions.resource_type)
            return self._suggestions.of_digest(tx, digest)

    def failed_rows(self) -> Iterator[FailedRow]:
        """The rows that would fail, in their order."""
        batches = self._attachments.open(self._name, self.layout)
        return match_failed_rows(batches, self.result.errors)

    def text_form(self) -> TextForm:
        """How the text of the source was written down."""
        return self._attachments.text_form(self._name, self.layout)


class DryRuns:
    """Makes dry runs in one installation."""

    def __init__(self, database: Database, preparation: Preparation, settings: Settings) -> None:
        self._database = database
        self._preparation = preparation
        self._settings = settings

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
        type_ = self._preparation.importable_type(request.resource_type)
        parent = self._preparation.parent(environment, type_, request.parent)
        catalogue = self._preparation.catalogue
        with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
            attachments = AttachmentStore(Path(folder))
            stored = attachments.write(
                source,
                descend=nested_paths(catalogue, type_),
                is_field=field_test(catalogue, type_, request.column_map, request.mapping),
                progress=on_read,
            )
            drift = drift_notices(attachments, stored, request)
            decided = self._preparation.decided(type_, request, stored, attachments)
            prepared = self._preparation.of_request(
                environment, type_, stored.layout, request, decided, parent=parent
            )
            same = self._same_content(environment, request, stored, parent)
            dried = DryRunSource(
                prepared=prepared,
                batches=attachments.open(stored.name, stored.layout),
                inputs_size=stored.rows_count,
            )
            (result,) = run_dry(
                self._database,
                self._settings,
                [dried],
                # All rows are judged, whatever fails.
                skip_errors=request.all_or_nothing or skips_errors(environment, request),
                stop_rules=request.stop_rules,
                on_progress=lambda dry_runs: on_progress(dry_runs[0]),
            )
            result.notices = (
                *stored.notices,
                *drift,
                *decided.notices,
                *prepared.notices,
                *result.notices,
            )
            result.same_content_as = same
            suggestions = ValueSuggestions(
                catalogue,
                ErrorSource(
                    environment=environment,
                    resource_type=type_.name,
                    layout=stored.layout,
                    column_map=decided.column_map,
                    mapping=decided.mapping,
                    parent=parent,
                ),
                cell_bytes_max=self._settings.cell_bytes_max,
            )
            yield Trial(result, attachments, stored, self._database, suggestions)

    def _same_content(
        self,
        environment: Environment,
        request: ImportRequest,
        stored: StoredAttachment,
        parent: int | None,
    ) -> SameContent | None:
        """The import of the same content; raises SourceRepeated as a submission does."""
        digest = self._preparation.source_digest(request, stored, parent)
        with self._database.read() as tx:
            same = find_same_content(tx, environment.number, digest)
        if request.once and same is not None and same.is_in:
            raise SourceRepeated(same)
        return same
