"""Where single rows of an import stand: the row that has created a record, the line of a row.

Nothing says of a record which row has created it, because every record would pay for that. The
ledger of its import knows: ids are given in the order of the chunks, so the chunk is found by
halving, and few of its entries are unpacked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.import_ import Import
from longshore.imports.ledger import LedgerEntry
from longshore.imports.ledger_columns import LedgerColumns
from longshore.imports.origins import origin_in_first
from longshore.imports.row_outcome import RowOutcome
from longshore.imports.tables import import_ledger
from longshore.journal import created_range

_COLUMNS = import_ledger.c
_COUNTS = [_COLUMNS[f"{outcome.word}_count"] for outcome in RowOutcome]
_CREATED = _COLUMNS[f"{RowOutcome.CREATED.word}_count"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOrigin:
    """Where a row stands; one of a retry: in the source of the first import."""

    number: int
    line: int | None  # None: an older release has gone through the row, or its ledger is gone


def origin_of_row(tx: Transaction, import_: Import, own_number: int) -> RowOrigin:
    """Where a row stands that has this number in its own import."""
    query = _entries_of(import_.id).where(_COLUMNS.first_row <= own_number)
    found = next(_entries(tx, query, is_last_first=True), None)
    line: int | None = None
    if found is not None and own_number - found.first_row < sum(found.counts):
        line = found.columns().lines[own_number - found.first_row]
    return _origin(tx, import_, own_number, line)


def origin_of_creation(
    tx: Transaction, import_: Import, table: str, record_id: int
) -> RowOrigin | None:
    """Where the row stands that has created a record, as its own or besides; None: an older release
    has gone through it, or the ledger is gone."""
    ids = created_range(tx, import_.id, table)
    if ids is None or not ids[0] <= record_id <= ids[1]:
        return None
    first, last = 1, import_.consumed_count
    lowest, highest = ids
    # Most records are of rows that have created one; then those are what lies around the chunks
    # whose rows have created nothing but others besides.
    for condition in ([_CREATED > 0], []):
        for attempt in count():
            # Rows and ids mostly grow alike, so a guess finds the chunk; where they do not, halving
            # does.
            guess = first + (record_id - lowest) * (last - first) // max(highest - lowest, 1)
            near = guess if attempt % 2 == 0 and first <= guess <= last else (first + last) // 2
            told = _nearest(tx, import_.id, first, near, last, condition)
            if told is None:
                break
            entry, columns, created = told
            if record_id < min(created):
                last, highest = entry.first_row - 1, min(created)
            elif record_id > max(created):
                first, lowest = entry.first_row + len(columns.outcomes), max(created)
            else:
                return _origin_within(tx, import_, entry, columns, record_id)
    return None


def _origin_within(
    tx: Transaction, import_: Import, entry: LedgerEntry, columns: LedgerColumns, record_id: int
) -> RowOrigin | None:
    for index, record in enumerate(columns.records):
        if record == record_id and columns.outcomes[index] == RowOutcome.CREATED:
            return _origin(tx, import_, entry.first_row + index, columns.lines[index])
    for index, _, further in columns.further:
        if further == record_id:
            return _origin(tx, import_, entry.first_row + index, columns.lines[index])
    return None


def _origin(tx: Transaction, import_: Import, own_number: int, line: int | None) -> RowOrigin:
    if import_.retry_of is None:
        return RowOrigin(number=own_number, line=line)
    number, line = origin_in_first(tx, import_.id, own_number, line)
    return RowOrigin(number=number, line=line)


def _nearest(
    tx: Transaction,
    import_id: ImportId,
    first: int,
    near: int,
    last: int,
    condition: Sequence[ColumnElement[bool]],
) -> tuple[LedgerEntry, LedgerColumns, Sequence[int]] | None:
    """The entry with a row among these, or the nearest to it of those whose rows have created
    anything, with its columns and the ids of all that they have created."""
    if first > last:
        return None
    query = _entries_of(import_id).where(*condition)
    before = query.where(_COLUMNS.first_row.between(first, near))
    behind = query.where(_COLUMNS.first_row.between(near + 1, last))
    for entry in chain(
        _entries(tx, before, is_last_first=True), _entries(tx, behind, is_last_first=False)
    ):
        columns = entry.columns()
        if created := _created(columns):
            return entry, columns, created
    return None


def _entries_of(import_id: ImportId) -> Select[Any]:
    columns = [_COLUMNS.first_row, _COLUMNS.packed, *_COUNTS]
    return select(*columns).where(_COLUMNS.import_id == import_id)


def _entries(tx: Transaction, query: Select[Any], *, is_last_first: bool) -> Iterator[LedgerEntry]:
    """The entries in the order of their rows or against it, one by one: mostly one will do."""
    first_row: ColumnElement[int] = _COLUMNS.first_row
    page = query.order_by(first_row.desc() if is_last_first else first_row).limit(1)
    found = tx.connection.execute(page).first()
    while found is not None:
        first, packed, *counts = found
        yield LedgerEntry(first_row=first, counts=tuple(counts), packed=packed)
        beyond = first_row < first if is_last_first else first_row > first
        found = tx.connection.execute(page.where(beyond)).first()


def _created(columns: LedgerColumns) -> Sequence[int]:
    created = [
        record
        for record, outcome in zip(columns.records, columns.outcomes, strict=True)
        if outcome == RowOutcome.CREATED
    ]
    return [*created, *(id for _, _, id in columns.further)]
