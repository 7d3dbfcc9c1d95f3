"""What became of each row of an import: its outcome and its record, with what the journal has
changed and what was found wrong, where that is stored."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.history import RecordValues
from longshore.identifiers import is_planned
from longshore.imports import (
    Difference,
    Import,
    LedgerRow,
    LoggedError,
    RowOutcome,
    differences_of_rows,
    errors_of_rows,
    warnings_of_rows,
)
from longshore.journal import Entry, entries_of_rows
from longshore.operations.changed_amounts import ChangedAmounts
from longshore.operations.failed_rows import finding_attributes
from longshore.operations.suggestions import ValueSuggestions
from longshore.records import TableReader

# Rows that are to be shown at a time: what is looked up for them stands in one statement.
SHOWN_ROWS_MAX = 1000

# Stands for the id of a record that a plan would create.
PLANNED = "(new)"

_CHANGING = (RowOutcome.CREATED, RowOutcome.UPDATED)

NOT_LISTED = "an older release has gone through them, and kept no outcome of each"
NOT_KEPT = "the rows of a plan are kept for seven days"


def row_attributes(
    tx: Transaction,
    catalogue: Catalogue,
    import_: Import,
    rows: Sequence[LedgerRow],
    suggestions: ValueSuggestions,
) -> list[dict[str, Any]]:
    """What is shown of each row; there are at most `SHOWN_ROWS_MAX`."""
    told = _Told(tx, catalogue, import_, rows, suggestions)
    return [told.attributes(row) for row in rows]


def row_counts(import_: Import, listed: Mapping[RowOutcome, int]) -> dict[str, Any]:
    """How many rows have which outcome; their sum is the import's `inputs_size`, also where rows
    are not among the `listed` ones of the ledger, which is said then."""
    counts = {
        RowOutcome.CREATED: import_.created_count,
        RowOutcome.UPDATED: import_.updated_count,
        RowOutcome.UNCHANGED: import_.unchanged_count,
        RowOutcome.FAILED: import_.errors_count,
        RowOutcome.SKIPPED: import_.skipped_count,
    }
    outcomes = {outcome.word: count for outcome, count in counts.items()}
    outcomes["not_yet"] = import_.inputs_size - sum(counts.values())
    shown: dict[str, Any] = {"inputs_size": import_.inputs_size, "outcomes": outcomes}
    if not_listed := import_.consumed_count - sum(listed.values()):
        reason = NOT_KEPT if import_.is_plan else NOT_LISTED
        shown["not_listed"] = {"rows": not_listed, "reason": reason}
    return shown


class _Told:
    """What is known of some rows beside the ledger, looked up for all of them at once."""

    def __init__(
        self,
        tx: Transaction,
        catalogue: Catalogue,
        import_: Import,
        rows: Sequence[LedgerRow],
        suggestions: ValueSuggestions,
    ) -> None:
        self._tx = tx
        self._catalogue = catalogue
        self._table = catalogue.types[import_.resource_type].table
        self._resource_type = import_.resource_type
        self._values: dict[str, RecordValues] = {}
        self._amounts = ChangedAmounts(tx, catalogue)
        failed = [row.own_number for row in rows if row.outcome is RowOutcome.FAILED]
        done = [row.own_number for row in rows if row.outcome is not RowOutcome.FAILED]
        errors = suggestions.of_errors(tx, errors_of_rows(tx, import_.id, failed))
        self._errors = _by_row(errors)
        self._warnings: dict[int, list[str]] = {}
        for number, message in warnings_of_rows(tx, import_.id, done):
            self._warnings.setdefault(number, []).append(message)
        self._entries = _changes_by_row(tx, import_, rows)
        self._amounts.look(chain.from_iterable(self._entries.values()))
        self._types = self._types_of(rows)

    def attributes(self, row: LedgerRow) -> dict[str, Any]:
        own: dict[str, Any] = {}
        amounts: dict[str, Any] = {}
        others = []
        for entry in self._entries.get(row.own_number, ()):
            changes, as_money = self._changes(entry), self._amounts.of(entry)
            if entry.record_id == row.record_id:
                own |= changes
                amounts |= as_money
            else:
                named = self._identifier(entry.record_type, entry.record_id)
                others.append({**named, "changes": changes, "amounts": as_money})
        record = None
        if row.record_id and not is_planned(row.record_id):
            type_ = self._types.get(row.record_id, self._resource_type)
            record = self._identifier(type_, row.record_id)
        return {
            "row": row.number,
            "line": row.line,
            "outcome": row.outcome.word,
            "record": record,
            "further_records": [
                self._identifier(self._types.get(id, table), id) for table, id in row.further
            ],
            "changes": own,
            "amounts": amounts,
            "further_changes": others,
            "errors": [finding_attributes(error) for error in self._errors.get(row.own_number, ())],
            "warnings": self._warnings.get(row.own_number, []),
        }

    def _identifier(self, type_: str, id: int) -> dict[str, str | None]:
        return {"type": type_, "id": None if is_planned(id) else self._tx.public_ids.encode(id)}

    def _target(self, id: int) -> str:
        return PLANNED if is_planned(id) else self._tx.public_ids.encode(id)

    def _changes(self, entry: Entry | Difference) -> dict[str, Any]:
        table = entry.table_name
        if table not in self._values:
            self._values[table] = RecordValues(self._tx, self._catalogue, table, self._target)
        shown = self._values[table].shown(entry.changes)
        return {field: [before, after] for field, (before, after) in shown.items()}

    def _types_of(self, rows: Sequence[LedgerRow]) -> dict[int, str]:
        """The concrete types of records whose tables hold several; of those that are there."""
        by_table: dict[str, set[int]] = {}
        for row in rows:
            if row.record_id:
                by_table.setdefault(self._table, set()).add(row.record_id)
            for table, id in row.further:
                by_table.setdefault(table, set()).add(id)
        types: dict[int, str] = {}
        for table, ids in by_table.items():
            if self._catalogue.types[table].is_abstract:
                types.update(TableReader(table, ["type"]).by_id(self._tx, ids))
        return types


def _changes_by_row(
    tx: Transaction, import_: Import, rows: Sequence[LedgerRow]
) -> Mapping[int, Sequence[Entry | Difference]]:
    """What the rows have changed of stored records, or would change, in the order of that."""
    if import_.is_plan:
        differences: dict[int, list[Difference]] = {}
        numbers = [row.own_number for row in rows if row.outcome in _CHANGING]
        for each in differences_of_rows(tx, import_.id, numbers):
            differences.setdefault(each.row_number, []).append(each)
        return differences
    by_chunk: dict[tuple[int, int], list[int]] = {}
    for row in rows:
        behind, last = row.entries
        if behind < last and row.outcome in _CHANGING:
            by_chunk.setdefault(row.entries, []).append(row.own_number)
    found: dict[int, list[Entry]] = {}
    for (behind, last), numbers in by_chunk.items():
        for entry in entries_of_rows(tx, import_.id, numbers, behind_id=behind, last_id=last):
            assert entry.row_number is not None, "it was asked for by its row"
            found.setdefault(entry.row_number, []).append(entry)
    return found


def _by_row(errors: Iterable[LoggedError]) -> Mapping[int, list[LoggedError]]:
    found: dict[int, list[LoggedError]] = {}
    for error in errors:
        found.setdefault(error.own_row, []).append(error)
    return found
