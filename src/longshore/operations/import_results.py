"""What became of an import, and what belongs to it, as people look at it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from longshore.access import Application, get_application
from longshore.catalogue import Catalogue, parent_relationship, parent_targets
from longshore.database import Database, Transaction
from longshore.imports import (
    Family,
    Import,
    RowOutcome,
    SameContent,
    count_ledger,
    errors_of_rows,
    ledger_rows,
    read_family,
    read_import,
    same_content_of,
    still_failing,
    warnings_log,
)
from longshore.operations.asker import Asker
from longshore.operations.failed_rows import FailedRow, match_failed_rows
from longshore.operations.import_rows import row_attributes, row_counts
from longshore.operations.suggestions import MayRead, suggestions_of
from longshore.operations.undo_starts import UndoRefused, new_undo
from longshore.operations.undo_takers import UndoTakers, takers_of
from longshore.sources import AttachmentStore

# More failed rows than that are not looked up for each page.
_FAILING_COUNTED = 20_000
# Rows of a source are found by reading it from its start; so many are read for one page.
SHOWN_WITHIN_ROWS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Relatives:
    """What belongs to an import, at one moment."""

    first: Import | None  # whose failed rows it takes again; None: it is no retry
    retries: Sequence[Import]  # of the same rows, oldest first; without itself
    # Rows of all of these that still fail; None: there are too many to be counted for each page.
    failing_count: int | None
    same: SameContent | None
    application: Application | None  # that asked for it; None: a person, or it was deleted
    takers: UndoTakers
    undo_refusal: str | None  # why it cannot be taken back; None: it can
    parent: tuple[str, str] | None  # type and public id
    first_warnings: Sequence[tuple[str, str]]  # row identifiers and messages

    @property
    def mending(self) -> Sequence[Import]:
        """The retries by which rows that failed are imported."""
        return [each for each in self.retries if each.consumed_count > each.errors_count]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRowsPage:
    """Some of the rows of an import that failed."""

    rows: Sequence[FailedRow]  # without cells where they are too far behind
    has_cells: bool
    next_row: int | None  # where the next page begins; None: this is the last one


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsFrom:
    """Some of the rows of an import, as they are shown."""

    rows: Sequence[Mapping[str, Any]]
    counts: Mapping[str, Any]  # how many of all have which outcome
    next_row: int | None  # where the next page begins; None: this is the last one


class ImportResults:
    """Tells what became of imports; each look is one snapshot."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        attachments: AttachmentStore,
        *,
        read_seconds: float,
        cell_bytes_max: int,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._attachments = attachments
        self._read_seconds = read_seconds
        self._cell_bytes_max = cell_bytes_max

    def relatives(self, import_: Import, *, warnings_max: int) -> Relatives:
        """What belongs to an import; with so many of its warnings."""
        with self._database.read(seconds=self._read_seconds) as tx:
            family = read_family(tx, import_)
            asked_by = import_.application_id
            warnings = {}
            if import_.warnings_count:
                warnings = warnings_log(tx, import_.id, identifiers_max=warnings_max)
            return Relatives(
                first=None if import_.retry_of is None else family.first,
                retries=[
                    each
                    for each in family.retries
                    if each.id != import_.id and each.deleted_at is None
                ],
                failing_count=_failing_count(tx, family),
                same=same_content_of(tx, import_),
                application=None if asked_by is None else get_application(tx, asked_by),
                takers=takers_of(tx, import_.id),
                undo_refusal=self._undo_refusal(tx, import_),
                parent=self._parent(tx, import_),
                first_warnings=[
                    (name, message) for name, messages in warnings.items() for message in messages
                ],
            )

    def rows(
        self,
        import_: Import,
        outcomes: Collection[RowOutcome],
        *,
        first_row: int,
        limit: int,
        may_read: MayRead,
    ) -> RowsFrom:
        """The rows of an import from one on that have one of the outcomes."""
        with self._database.read(seconds=self._read_seconds) as tx:
            current = read_import(tx, import_.id)
            rows = ledger_rows(tx, current.id, outcomes=outcomes, first_row=first_row)
            found = list(islice(rows, limit + 1))
            suggestions = suggestions_of(
                tx,
                self._catalogue,
                current,
                cell_bytes_max=self._cell_bytes_max,
                may_read=may_read,
            )
            return RowsFrom(
                rows=row_attributes(tx, self._catalogue, current, found[:limit], suggestions),
                counts=row_counts(current, count_ledger(tx, current.id)),
                next_row=found[limit].number if len(found) > limit else None,
            )

    def failed_rows(
        self,
        asker: Asker,
        import_: Import,
        *,
        first_row: int,
        limit: int,
        may_read: MayRead,
        reads_on: bool = False,
    ) -> FailedRowsPage:
        """The rows that failed from one on, with their cells and with suggestions. Cells of rows
        behind `SHOWN_WITHIN_ROWS` are read where somebody waits for that (`reads_on`)."""
        with self._database.read(seconds=self._read_seconds) as tx:
            current = read_import(tx, import_.id)
            found = list(
                islice(
                    ledger_rows(tx, current.id, outcomes={RowOutcome.FAILED}, first_row=first_row),
                    limit + 1,
                )
            )
            shown = found[:limit]
            suggestions = suggestions_of(
                tx,
                self._catalogue,
                current,
                cell_bytes_max=self._cell_bytes_max,
                may_read=may_read,
            )
            errors = list(
                suggestions.of_errors(
                    tx, errors_of_rows(tx, current.id, [row.own_number for row in shown])
                )
            )
        has_cells = current.attachment_expired_at is None and (
            reads_on or not shown or shown[-1].own_number <= SHOWN_WITHIN_ROWS
        )
        if has_cells:
            batches = self._attachments.open(current.attachment_name, current.layout)
            rows = list(match_failed_rows(batches, errors))
        else:
            rows = [
                FailedRow(
                    number=row.number,
                    line=row.line,
                    values=None,
                    errors=[each for each in errors if each.own_row == row.own_number],
                )
                for row in shown
            ]
        return FailedRowsPage(
            rows=rows,
            has_cells=has_cells,
            next_row=found[limit].number if len(found) > limit else None,
        )

    def _undo_refusal(self, tx: Transaction, import_: Import) -> str | None:
        try:
            new_undo(tx, self._catalogue, import_)
        except UndoRefused as refused:
            return refused.message
        return None

    def _parent(self, tx: Transaction, import_: Import) -> tuple[str, str] | None:
        """The record that rows belong to which name none."""
        if import_.parent_id is None:
            return None
        type_ = self._catalogue.types[import_.resource_type]
        if type_.parent is None:
            return None
        targets = parent_targets(self._catalogue, parent_relationship(type_))
        return targets[0].name, tx.public_ids.encode(import_.parent_id)


def _failing_count(tx: Transaction, family: Family) -> int | None:
    """How many rows of an import and its retries still fail."""
    failed_count = family.first.errors_count
    if not family.retries or not failed_count:
        return failed_count
    return still_failing(tx, family).count if failed_count <= _FAILING_COUNTED else None
