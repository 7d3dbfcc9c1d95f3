"""An import of the naive model: row after row, the threshold, and what is told of it."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from longshore.catalogue import ORGANIZATION_FLAGS, Catalogue
from longshore.error_codes import code_of
from longshore.imports import StopRules
from tests.property.model.draft import Findings, Journey, RowDraft
from tests.property.model.rows import CsvRow, identifier_of, object_of_cells
from tests.property.model.saving import save
from tests.property.model.state import Record, State


@dataclass(frozen=True, slots=True)
class Failure:
    """One message for one attribute of a failed row."""

    row: int
    identifier: str
    attribute: str
    message: str


@dataclass(frozen=True, slots=True)
class Warned:
    """One message for a row that was applied all the same."""

    row: int
    identifier: str
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row changed in a record that was there before it."""

    row: int
    record_id: int
    changes: dict[str, tuple[object, object]]


@dataclass(slots=True)
class Report:
    """What became of an import."""

    status: str = "completed"
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    errors_count: int = 0
    stopped_by: tuple[str, int] | None = None  # the rule, the row that reached it
    failures: list[Failure] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    created_ids: list[int] = field(default_factory=list)  # records of any type
    first_rows: dict[int, int] = field(default_factory=dict)  # record -> row that named it first
    repeats: list[tuple[int, int]] = field(default_factory=list)  # first row, row of a record

    @property
    def processed_count(self) -> int:
        return self.created + self.updated + self.unchanged + self.skipped


class Model:
    """An environment with its records, into which rows can be imported."""

    def __init__(
        self, catalogue: Catalogue, flags: Mapping[str, object] = ORGANIZATION_FLAGS
    ) -> None:
        self.catalogue = catalogue
        self.flags = flags
        self.state = State(catalogue)

    def run(
        self,
        resource_type: str,
        rows: Sequence[object],
        *,
        parent_id: str | None = None,
        skip_errors: bool = False,
        stop_rules: StopRules | None = None,
        only: str | None = None,
    ) -> Report:
        """Import the rows; an id in them is a record's id as decimal text."""
        report = Report()
        in_a_row = 0
        for number, row in enumerate(rows, start=1):
            failed_before = report.errors_count
            self._apply_row(report, resource_type, number, row, parent_id, only)
            if report.errors_count == failed_before:
                in_a_row = 0
                continue
            in_a_row += 1
            if stop_rules is not None:
                rule = _reached(stop_rules, report, number, in_a_row, len(rows))
                report.stopped_by = None if rule is None else (rule, number)
            is_over = report.errors_count * 10 > len(rows) and not skip_errors
            if is_over or report.stopped_by is not None:
                report.status = "interrupted"
                break
        return report

    def _apply_row(
        self,
        report: Report,
        resource_type: str,
        number: int,
        row: object,
        parent_id: str | None,
        only: str | None,
    ) -> None:
        before = copy.deepcopy(self.state)
        findings = Findings()
        draft = self._draft(findings, resource_type, row, parent_id)
        record_id = None if draft is None else save(Journey(self.state, self.flags, number), draft)
        identifier = identifier_of(row)
        if draft is not None and record_id is not None and _is_left_out(draft, only):
            self.state = before
            report.skipped += 1
            return
        if findings.errors:
            self.state = before
            report.errors_count += 1
            report.failures += [
                Failure(number, identifier, attribute, message)
                for attribute, messages in findings.errors.items()
                for message in messages
            ]
            return
        assert record_id is not None
        first = report.first_rows.setdefault(record_id, number)
        if first != number:
            report.repeats.append((first, number))
        report.warnings += [Warned(number, identifier, message) for message in findings.warnings]
        entries = _differences(number, before.records, self.state.records)
        created = [one for one in self.state.records if one not in before.records]
        report.entries += entries
        report.created_ids += created
        if record_id in created:
            report.created += 1
        elif entries or created:
            report.updated += 1
        else:
            report.unchanged += 1

    def _draft(
        self, findings: Findings, resource_type: str, row: object, parent_id: str | None
    ) -> RowDraft | None:
        """The draft of a row; None where the row cannot be read."""
        if isinstance(row, CsvRow):
            if row.has_cells_beyond_header:
                found, expected = len(row.cells), len(row.columns)
                findings.add("base", f"has {found} cells, the header has {expected}")
                return None
            row = object_of_cells(self.catalogue, resource_type, row)
        if not isinstance(row, dict):
            findings.add("base", "is not an object")
            return None
        declared = self.catalogue.types[resource_type]
        draft = RowDraft(declared, row, findings)
        if parent_id is not None and declared.parent is not None:
            draft.parent = (declared.parent, parent_id)
        return draft


def _is_left_out(draft: RowDraft, only: str | None) -> bool:
    """Whether a row whose record is known to be there, or not to be, is skipped for that.

    It is not known where the row names no key in full and has an error in a field of one.
    """
    if only is None or only == ("create" if draft.is_new else "update"):
        return False
    if not draft.is_new or draft.has_key:
        return True
    parts = {part for key in draft.declared.keys if key.matches for part in key.parts}
    for each in draft.declared.attributes:
        if each.names is not None and each.names.relationship in parts:
            parts |= {each.name, each.names.error_field or each.name}
    return not any(draft.findings.concern(part) for part in parts)


def _reached(
    rules: StopRules, report: Report, number: int, in_a_row: int, rows_count: int
) -> str | None:
    """The rule that a failed row reaches, the last one of them."""
    codes = {code_of(each.message) for each in report.failures if each.row == number}
    if codes & set(rules.on):
        return "stop_on"
    if in_a_row == rules.consecutive:
        return "stop_consecutive"
    if report.errors_count == rules.after:
        return "stop_after"
    if rules.at is not None and Fraction(report.errors_count * 100, rows_count) >= rules.at:
        return "stop_at"
    return None


def _differences(
    number: int, before: Mapping[int, Record], after: Mapping[int, Record]
) -> list[Entry]:
    """One entry per record that the row found and left different."""
    return [
        Entry(
            number,
            record_id,
            {
                name: (_kept(before[record_id].get(name)), _kept(value))
                for name, value in record.items()
                if before[record_id].get(name) != value
            },
        )
        for record_id, record in after.items()
        if record_id in before and before[record_id] != record
    ]


def _kept(value: object) -> object:
    """The value as it is at this moment: sets of tags go on changing."""
    return frozenset(value) if isinstance(value, set) else value
