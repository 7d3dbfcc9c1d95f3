"""What a plan of a draft has found: its errors by cause with what would mend them, its rows, and
rows judged again with changes that were not planned yet."""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from longshore.access import read_environment
from longshore.catalogue import Catalogue
from longshore.database import Database, Transaction
from longshore.drafts import Draft
from longshore.engine import DryRunSource, run_dry
from longshore.imports import (
    Digest,
    ErrorGroup,
    Import,
    ImportGroup,
    LoggedError,
    LoggedWarning,
    RowOutcome,
    errors_of_rows,
    failed_rows_made_of,
    list_warnings,
    read_digest,
    rows_with_error,
)
from longshore.operations.draft_edits import (
    DraftEdit,
    new_edit,
    read_edits,
    steps_of,
    with_constants,
    with_edits,
    without_cells,
)
from longshore.operations.draft_fixes import Fix, Fixes
from longshore.operations.draft_plan import DraftPlan
from longshore.operations.draft_work import DraftWork
from longshore.operations.edited_source import layers_of, row_as_cells
from longshore.operations.preparation import Preparation
from longshore.operations.suggestions import MayRead, ValueSuggestions, suggestions_of
from longshore.readers import Rows
from longshore.settings import Settings
from longshore.sources import AttachmentStore

_DIGESTS_MAX = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """A row as it stands in the file, with what is wrong with it."""

    number: int
    line: int
    cells: Mapping[str, str]  # by column; none: it has no cells that could be changed
    errors: Sequence[LoggedError]
    is_judged: bool = True  # False: it was changed, and only a plan tells what is wrong with it


class DraftFindings:
    """What the plans of the drafts of one installation have found."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        settings: Settings,
        attachments: AttachmentStore,
        preparation: Preparation,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._settings = settings
        self._attachments = attachments
        self._preparation = preparation
        self._grouping = DraftWork[Digest]()
        self._digests: OrderedDict[int, Digest] = OrderedDict()
        self._lock = Lock()

    def digest(self, plan: Import, *, seconds: float, may_read: MayRead) -> Digest | None:
        """The errors of a finished plan by cause, with suggestions; None: there are so many that
        they are not grouped after so many seconds. They change no more, and are remembered."""
        with self._lock:
            digest = self._digests.get(plan.id)
        if digest is None:
            digest = self._grouping.result(plan.id, lambda: self._grouped(plan), seconds=seconds)
        if digest is None:
            return None
        with self._database.read(seconds=self._settings.read_seconds) as tx:
            return self._suggestions(tx, plan, may_read).of_digest(tx, digest)

    def _grouped(self, plan: Import) -> Digest:
        with self._database.read() as tx:
            digest = read_digest(tx, plan.id)
        with self._lock:
            self._digests[plan.id] = digest
            while len(self._digests) > _DIGESTS_MAX:
                self._digests.popitem(last=False)
        return digest

    def rows_of_cause(
        self, plan: Import, group: ErrorGroup, *, after: int, limit: int
    ) -> Sequence[int]:
        """The own numbers of rows behind one that have an error of a group of a digest; of one of
        many values, those of its cause."""
        with self._database.read(seconds=self._settings.read_seconds) as tx:
            return rows_with_error(
                tx,
                plan.id,
                attribute=group.attribute,
                message=group.message,
                value=group.value,
                any_value=bool(group.other_values),
                after_row=after,
                limit=limit,
            )

    def fixes(
        self, plan: Import, digest: Digest, *, limit: int, may_read: MayRead
    ) -> Sequence[Fix | None]:
        """What would mend each of the first groups of a digest."""
        with self._database.read(seconds=self._settings.read_seconds) as tx:
            fixes = Fixes(tx, self._catalogue, plan, may_read=may_read)
            return [fixes.of(group) for group in digest.groups[:limit]]

    def file_rows(
        self, draft: Draft, group: ImportGroup, plan: Import, places: Sequence[int]
    ) -> Sequence[PlannedRow]:
        """The rows of a dialect's file of which these rows of a type were made, with what is wrong
        with them; cells that were changed since are as they are then, and judged by a plan alone.
        """
        if group.attachment_name is None or group.layout is None:
            return []
        layer = layers_of(group.layout, steps_of(_unplanned(draft), None))
        with self._database.read(seconds=self._settings.read_seconds) as tx:
            errors: dict[int, list[LoggedError]] = {}
            suggestions = self._suggestions(tx, plan, lambda _type: False)
            for each in suggestions.of_errors(tx, errors_of_rows(tx, plan.id, places)):
                if each.source_row is not None:
                    errors.setdefault(each.source_row, []).append(each)
        rows = []
        for number, line, values in self._attachments.rows_at(
            group.attachment_name, group.layout, list(errors)
        ):
            before = row_as_cells(group.layout, values)
            cells = row_as_cells(group.layout, layer.apply(number, values))
            left = [
                each
                for each in errors[number]
                if each.column is None or cells.get(each.column) == before.get(each.column)
            ]
            rows.append(
                PlannedRow(
                    number=number,
                    line=line,
                    cells=cells,
                    errors=left,
                    is_judged=cells == before,
                )
            )
        return rows

    def rows(
        self, plan: Import, places: Sequence[int], *, may_read: MayRead
    ) -> Sequence[PlannedRow]:
        """Rows by their numbers, as they were planned, with what is wrong with them."""
        with self._database.read(seconds=self._settings.read_seconds) as tx:
            suggestions = self._suggestions(tx, plan, may_read)
            errors: dict[int, list[LoggedError]] = {}
            for each in suggestions.of_errors(tx, errors_of_rows(tx, plan.id, places)):
                errors.setdefault(each.own_row, []).append(each)
        return [
            PlannedRow(
                number=number,
                line=line,
                cells=row_as_cells(plan.layout, values),
                errors=errors.get(number, []),
            )
            for number, line, values in self._attachments.rows_at(
                plan.attachment_name, plan.layout, places
            )
        ]

    def warnings(self, plan: Import, *, after: int, limit: int) -> Sequence[LoggedWarning]:
        """Warnings about rows behind one, in their order."""
        with self._database.read(seconds=self._settings.read_seconds) as tx:
            return list_warnings(tx, plan.id, after_row=after, limit=limit)

    # Changes that were not planned yet

    def with_cells(
        self,
        draft: Draft,
        found: DraftPlan,
        plan: Import,
        of: str | None,
        given: Mapping[int, Mapping[str, str]],
    ) -> Sequence[Mapping[str, Any]]:
        """The changes of a draft with what cells are to have, by row and column. A cell that gets
        back what it has without a change of its own has none any more. Rows that have no cells, and
        columns that are not there, are left out. Raises RequestRefused for too many changes."""
        layout, name = found.layout_of(plan), plan.attachment_name
        now = layers_of(layout, steps_of(_unplanned(draft), of))
        if found.is_of_dialect and found.group is not None:
            name = found.group.attachment_name or name
        rows = list(self._attachments.rows_at(name, layout, list(given)))
        old = {
            (number, column): before
            for number, _, values in rows
            for column, before in row_as_cells(layout, now.apply(number, values)).items()
            if column in given[number] and not _is_same(before, given[number][column])
        }
        planned = set(draft.choices.planned_edits or ())
        changed = {(of, *cell) for cell in old}
        unplanned = without_cells(_unplanned(draft), changed)
        kept = [
            *(each for each in read_edits(draft.choices.edits) if each.id in planned),
            *unplanned,
        ]
        without = layers_of(layout, steps_of(unplanned, of))
        new = [
            new_edit(
                "cell",
                row=number,
                column=column,
                value=given[number][column],
                old=old[number, column],
                of=of,
            )
            for number, _, values in rows
            for column, bare in row_as_cells(layout, without.apply(number, values)).items()
            if (number, column) in old and not _is_same(bare, given[number][column])
        ]
        return with_edits([each.to_dict() for each in kept], new)

    def check_rows(
        self,
        draft: Draft,
        found: DraftPlan,
        plan: Import,
        of: str | None,
        places: Collection[int],
    ) -> Sequence[PlannedRow]:
        """Judge rows again with the changes since the plan; writes nothing.

        It is provisional: rows are judged as if there were no others, so two that have one key, or
        one that names what another row creates, are told apart by a whole plan alone.
        """
        if found.is_of_dialect and found.group is not None:
            own = self._made_of(plan, places)
            return self.file_rows(draft, found.group, plan, own)
        edits = _unplanned(draft)
        layer = layers_of(plan.layout, steps_of(edits, of))
        rows_found = list(self._attachments.rows_at(plan.attachment_name, plan.layout, places))
        if not rows_found:
            return []
        rows = Rows(
            first=1,
            lines=[line for _, line, _ in rows_found],
            offsets=[0] * len(rows_found),
            values=[layer.apply(number, values) for number, _, values in rows_found],
            end_line=rows_found[-1][1] + 1,
            end_offset=0,
        )
        with self._database.read() as tx:
            flags = read_environment(tx, plan.environment).flags
        judged = replace(plan, mapping=with_constants(plan.mapping, edits, of))
        prepared = self._preparation.of_import(judged, flags)
        source = DryRunSource(prepared=prepared, batches=iter([rows]), inputs_size=len(rows))
        (result,) = run_dry(self._database, self._settings, [source], skip_errors=True)
        errors: dict[int, list[LoggedError]] = {}
        with self._database.read() as tx:
            known = {
                (each.own_row, each.attribute, each.message)
                for each in errors_of_rows(tx, plan.id, list(places))
            }
            suggestions = self._suggestions(tx, judged, lambda _type: False)
            for each in suggestions.of_errors(tx, result.errors):
                number, line, _ = rows_found[each.row - 1]
                # What other members would create is not there when rows are judged by themselves.
                if (
                    plan.group_id is not None
                    and each.code == "must_exist"
                    and (number, each.attribute, each.message) not in known
                ):
                    continue
                errors.setdefault(number, []).append(replace(each, row=number, line=line))
        return [
            PlannedRow(
                number=number,
                line=line,
                cells=row_as_cells(plan.layout, values),
                errors=errors.get(number, []),
            )
            for (number, line, _), values in zip(rows_found, rows.values, strict=True)
        ]

    def _made_of(self, plan: Import, file_rows: Collection[int]) -> Sequence[int]:
        """The failed rows of a type that were made of these rows of a file."""
        with self._database.read() as tx:
            return failed_rows_made_of(tx, plan.id, file_rows)

    def _suggestions(self, tx: Transaction, plan: Import, may_read: MayRead) -> ValueSuggestions:
        return suggestions_of(
            tx,
            self._catalogue,
            plan,
            cell_bytes_max=self._settings.cell_bytes_max,
            may_read=may_read,
        )


def _unplanned(draft: Draft) -> list[DraftEdit]:
    """The changes that the last plan was made without."""
    planned = set(draft.choices.planned_edits or ())
    return [each for each in read_edits(draft.choices.edits) if each.id not in planned]


def _is_same(text: str, other: str) -> bool:
    """Whether two texts differ in no more than the line ends that a form changes."""
    return text.replace("\r\n", "\n") == other.replace("\r\n", "\n")


def planned_outcomes(name: str) -> Collection[RowOutcome]:
    """The outcomes of a list of rows."""
    return {
        "created": {RowOutcome.CREATED},
        "updated": {RowOutcome.UPDATED},
        "unchanged": {RowOutcome.UNCHANGED, RowOutcome.SKIPPED},
        "errors": {RowOutcome.FAILED},
    }[name]
