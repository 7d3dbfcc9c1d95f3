"""Sources that are only tried: read into a place of their own, which is gone with the block, and
what can be asked of them once it is known what an import would do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from longshore.access import Environment
from longshore.database import Database
from longshore.engine import DryRun, DryRunSource, Prepared
from longshore.imports import Digest, ImportRequest, LoggedError, digest_errors
from longshore.notices import Notice
from longshore.operations.failed_rows import FailedRow, match_failed_rows
from longshore.operations.first_records import first_records
from longshore.operations.mapping_drift import drift_notices
from longshore.operations.preparation import Preparation
from longshore.operations.suggestions import ErrorSource, ValueSuggestions
from longshore.readers import TextForm
from longshore.settings import Settings
from longshore.sources import AttachmentStore, Source, StoredAttachment


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSource:
    """A source that was read, and is about to be tried."""

    prepared: Prepared
    attachments: AttachmentStore
    stored: StoredAttachment
    digest: str  # by which a source that is imported again in the same way is known
    notices: tuple[Notice, ...]  # of the source, and of how it is read
    suggestions: ValueSuggestions

    def dried(self) -> DryRunSource:
        """What a dry run goes through."""
        return DryRunSource(
            prepared=self.prepared,
            batches=self.attachments.open(self.stored.name, self.stored.layout),
            inputs_size=self.stored.rows_count,
        )


class TrialSources:
    """Reads what is to be tried in one installation."""

    def __init__(self, database: Database, preparation: Preparation, settings: Settings) -> None:
        self.database = database
        self.settings = settings
        self._preparation = preparation

    def read(
        self,
        environment: Environment,
        source: Source,
        request: ImportRequest,
        *,
        attachments: AttachmentStore,
        on_read: Callable[[int, int | None], None] | None,
    ) -> TrialSource:
        """Keep a source in `attachments`. Raises RequestRefused as a submission does."""
        preparation = self._preparation
        type_ = preparation.importable_type(request.resource_type)
        parent = preparation.parent(environment, type_, request.parent)
        stored = preparation.store(attachments, source, request, on_read=on_read)
        drift = drift_notices(attachments, stored, request)
        decided = preparation.decided(type_, request, stored, attachments)
        prepared = preparation.of_request(
            environment, type_, stored.layout, request, decided, parent=parent
        )
        suggestions = ValueSuggestions(
            preparation.catalogue,
            ErrorSource(
                environment=environment,
                resource_type=type_.name,
                layout=stored.layout,
                column_map=decided.column_map,
                mapping=decided.mapping,
                parent=parent,
            ),
            cell_bytes_max=self.settings.cell_bytes_max,
        )
        return TrialSource(
            prepared=prepared,
            attachments=attachments,
            stored=stored,
            digest=preparation.source_digest(request, stored, parent),
            notices=(*stored.notices, *drift, *decided.notices, *prepared.notices),
            suggestions=suggestions,
        )


class Trial:
    """A dry run with its source, which is kept within the block that has made it."""

    def __init__(self, result: DryRun, source: TrialSource, database: Database) -> None:
        result.notices = (*source.notices, *result.notices)
        self.result = result
        self.layout = source.stored.layout
        self.resource_type = source.suggestions.resource_type
        self._source = source
        self._database = database

    def errors(self) -> Iterator[LoggedError]:
        """The errors of the rows that would fail, with suggestions."""
        with self._database.read() as tx:
            yield from self._source.suggestions.of_errors(tx, self.result.errors)

    def digest(self) -> Digest:
        """The same errors by cause."""
        with self._database.read() as tx:
            digest = digest_errors(self.result.errors, self.resource_type)
            return self._source.suggestions.of_digest(tx, digest)

    def failed_rows(self) -> Iterator[FailedRow]:
        """The rows that would fail, in their order."""
        batches = self._source.attachments.open(self._source.stored.name, self.layout)
        return match_failed_rows(batches, self.result.errors)

    def first_records(self) -> list[dict[str, Any]]:
        """The first records of the source as it stands."""
        return first_records(self._source.attachments, self._source.stored.name, self.layout)

    def text_form(self) -> TextForm:
        """How the text of the source was written down."""
        return self._source.attachments.text_form(self._source.stored.name, self.layout)
