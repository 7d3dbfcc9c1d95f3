"""The ledger of an import: what became of each of its rows, and of which record.

It has one entry for each chunk, written with the chunk's checkpoint, so it holds a row if and only
if the import has counted it. Entries say how many of their rows have which outcome, so a page of
those with one outcome is found without unpacking the entries before it. Rows that an older release
has gone through are not in it.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, literal, select, update

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.ledger_columns import LedgerColumns, pack, unpack
from longshore.imports.origins import Origins, read_origins
from longshore.imports.row_outcome import RowOutcome
from longshore.imports.tables import import_ledger
from longshore.journal import LAST_ENTRY_OF_IMPORT

ALL_OUTCOMES = frozenset(RowOutcome)
_FAILED = bytes([RowOutcome.FAILED])
_ENTRIES_FETCHED = 8  # each may have to be unpacked, to some hundred kilobytes

_NO_ROWS: ColumnElement[Any] = literal(0)
_COUNTS = {outcome: import_ledger.c[f"{outcome.word}_count"] for outcome in RowOutcome}
_APPEND = (
    "INSERT INTO import_ledger (import_id, first_row, "
    + ", ".join(column.name for column in _COUNTS.values())
    + ", packed, last_entry_id) VALUES ("
    + "?, " * (len(_COUNTS) + 3)
    + f"coalesce(({LAST_ENTRY_OF_IMPORT}), 0))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """What became of the rows of one chunk, as it is stored."""

    first_row: int
    counts: tuple[int, ...]  # rows by RowOutcome
    packed: bytes

    @classmethod
    def of(cls, first_row: int, columns: LedgerColumns) -> "LedgerEntry":
        outcomes = columns.outcomes
        counts = tuple(outcomes.count(outcome) for outcome in RowOutcome)
        return cls(first_row=first_row, counts=counts, packed=pack(columns))

    @property
    def failed_at_end(self) -> int:
        """The failed rows one directly after another with which the chunk ends."""
        if not self.counts[RowOutcome.FAILED]:
            return 0
        outcomes = bytes(self.columns().outcomes)
        return len(outcomes) - len(outcomes.rstrip(_FAILED))

    def columns(self) -> LedgerColumns:
        """Raises LedgerDamaged."""
        return unpack(self.packed, sum(self.counts))


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerChunk:
    """What became of the rows of one chunk, and where the journal has what they changed."""

    entry: LedgerEntry
    # Behind the first of these entries of the journal, up to the second.
    entries: tuple[int, int]

    @property
    def first_row(self) -> int:
        return self.entry.first_row

    @property
    def last_row(self) -> int:
        return self.entry.first_row + sum(self.entry.counts) - 1

    @property
    def changes_count(self) -> int:
        """How many of the rows have created or updated something."""
        counts = self.entry.counts
        return counts[RowOutcome.CREATED] + counts[RowOutcome.UPDATED]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """What became of one row."""

    number: int  # of a retry: in the first import
    line: int  # likewise
    own_number: int  # in its import
    outcome: RowOutcome
    record_id: int  # what it created or found; 0: none
    further: tuple[tuple[str, int], ...]  # table and id of what it created besides
    # Changes that it made of stored records are in the journal behind the first of these entries,
    # up to the second.
    entries: tuple[int, int]


def append_to_ledger(tx: Transaction, import_id: ImportId, entry: LedgerEntry) -> None:
    """Say what became of a chunk's rows, in the transaction that counts them, when what they
    changed is in the journal."""
    values = (import_id, entry.first_row, *entry.counts, entry.packed, import_id, import_id)
    tx.execute(_APPEND, values)


def replace_in_ledger(tx: Transaction, import_id: ImportId, entry: LedgerEntry) -> None:
    """Say what is left of the rows of a chunk, in the transaction that takes it back."""
    columns = import_ledger.c
    counts = zip(_COUNTS.values(), entry.counts, strict=True)
    tx.connection.execute(
        update(import_ledger)
        .where(columns.import_id == import_id, columns.first_row == entry.first_row)
        .values({column.name: count for column, count in counts} | {"packed": entry.packed})
    )


def count_ledger(tx: Transaction, import_id: ImportId) -> dict[RowOutcome, int]:
    """How many rows have which outcome."""
    sums = [func.coalesce(func.sum(column), 0) for column in _COUNTS.values()]
    query = select(*sums).where(import_ledger.c.import_id == import_id)
    (counts,) = tx.connection.execute(query).all()
    return dict(zip(_COUNTS, map(int, counts), strict=True))


def ledger_entries(
    tx: Transaction,
    import_id: ImportId,
    *,
    outcomes: Collection[RowOutcome] = ALL_OUTCOMES,
    first_row: int = 1,
) -> Iterator[LedgerEntry]:
    """What became of the rows, by chunk: of the chunks that have rows with one of these outcomes,
    from that of a row on (by its own number)."""
    for _, entry in _entries(tx, import_id, outcomes, first_row):
        yield entry


def last_ledger_chunk(
    tx: Transaction, import_id: ImportId, *, before_row: int | None = None
) -> LedgerChunk | None:
    """The last chunk, or the last one before that of a row; None: there is no other."""
    columns = import_ledger.c
    query = _chunks().where(columns.import_id == import_id)
    if before_row is not None:
        query = query.where(columns.first_row < before_row)
    found = tx.connection.execute(query.order_by(columns.first_row.desc()).limit(1)).first()
    if found is None:
        return None
    first, packed, *counts, behind, last = found
    entry = LedgerEntry(first_row=first, counts=tuple(counts), packed=packed)
    return LedgerChunk(entry=entry, entries=(behind, last or 0))


def ledger_rows(
    tx: Transaction,
    import_id: ImportId,
    *,
    outcomes: Collection[RowOutcome] = ALL_OUTCOMES,
    first_row: int = 1,
) -> Iterator[LedgerRow]:
    """The rows with one of these outcomes, in their order, from a row on."""
    origins = read_origins(tx, import_id)
    own_first = origins.row_from(first_row)
    yield from _rows_from(tx, import_id, outcomes, own_first, origins)


def list_ledger(
    tx: Transaction,
    import_id: ImportId,
    *,
    outcomes: Collection[RowOutcome] = ALL_OUTCOMES,
    offset: int,
    limit: int,
) -> list[LedgerRow]:
    """A page of the rows with one of these outcomes, in their order."""
    columns = import_ledger.c
    wanted = _wanted(outcomes)
    reached = (
        select(
            columns.first_row,
            wanted.label("wanted"),
            func.sum(wanted).over(order_by=columns.first_row).label("reached"),
        )
        .where(columns.import_id == import_id)
        .subquery()
    )
    query = (
        select(reached.c.first_row, reached.c.reached - reached.c.wanted)
        .where(reached.c.reached > offset)
        .order_by(reached.c.first_row)
        .limit(1)
    )
    found = tx.connection.execute(query).first()
    if found is None:
        return []
    first_row, before = found
    rows = _rows_from(tx, import_id, outcomes, first_row, read_origins(tx, import_id))
    begin = offset - int(before)
    return list(islice(rows, begin, begin + limit))


def ledger_rows_at(
    tx: Transaction, import_id: ImportId, numbers: Collection[int]
) -> dict[int, LedgerRow]:
    """A few rows by their own numbers; only the chunks that they stand in are read."""
    columns = import_ledger.c
    starts = (
        select(columns.first_row).where(columns.import_id == import_id).order_by(columns.first_row)
    )
    firsts = tx.connection.execute(starts).scalars().all()
    wanted: dict[int, list[int]] = {}  # by the first row of the chunk
    for number in numbers:
        if at := bisect_right(firsts, number):
            wanted.setdefault(firsts[at - 1], []).append(number)
    query = _chunks().where(columns.import_id == import_id, columns.first_row.in_(sorted(wanted)))
    origins = read_origins(tx, import_id)
    found: dict[int, LedgerRow] = {}
    for first, packed, *counts, journaled_before, last_entry_id in tx.connection.execute(query):
        entry = LedgerEntry(first_row=first, counts=tuple(counts), packed=packed)
        indexes = sorted(number - first for number in wanted[first])
        entries = (journaled_before, last_entry_id)
        for row in _rows_at(entry, entry.columns(), indexes, entries, origins):
            found[row.own_number] = row
    return found


def _rows_from(
    tx: Transaction,
    import_id: ImportId,
    outcomes: Collection[RowOutcome],
    first_row: int,
    origins: Origins,
) -> Iterator[LedgerRow]:
    for last_entries, entry in _entries(tx, import_id, outcomes, first_row):
        for row in _rows_of(entry, outcomes, last_entries, origins):
            if row.own_number >= first_row:
                yield row


def forget_ledger(tx: Transaction, import_id: ImportId) -> None:
    """Remove what is known of the rows of an import."""
    tx.connection.execute(delete(import_ledger).where(import_ledger.c.import_id == import_id))


def _entries(
    tx: Transaction, import_id: ImportId, outcomes: Collection[RowOutcome], first_row: int
) -> Iterator[tuple[tuple[int, int], LedgerEntry]]:
    """The entries that hold such rows, from that of a row on, a few at a time; before each, which
    entries of the journal are of its rows."""
    columns = import_ledger.c
    query = _chunks().where(columns.import_id == import_id, _wanted(outcomes) > 0)
    start = select(func.max(columns.first_row)).where(
        columns.import_id == import_id, columns.first_row <= first_row
    )
    (from_row,) = tx.connection.execute(start).one()
    from_row = from_row or 0
    while True:
        page = query.where(columns.first_row >= from_row).order_by(columns.first_row)
        found = tx.connection.execute(page.limit(_ENTRIES_FETCHED)).all()
        for first, packed, *counts, journaled_before, last_entry_id in found:
            yield (
                (journaled_before, last_entry_id),
                LedgerEntry(first_row=first, counts=tuple(counts), packed=packed),
            )
        if len(found) < _ENTRIES_FETCHED:
            return
        from_row = found[-1].first_row + 1


def _chunks() -> Select[Any]:
    """Entries, and before and behind each which entry of the journal is the last one of its
    rows."""
    columns = import_ledger.c
    before = import_ledger.alias()
    last_before = (
        select(before.c.last_entry_id)
        .where(before.c.import_id == columns.import_id, before.c.first_row < columns.first_row)
        .order_by(before.c.first_row.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(
        columns.first_row,
        columns.packed,
        *_COUNTS.values(),
        func.coalesce(last_before, 0),
        columns.last_entry_id,
    )


def _rows_of(
    entry: LedgerEntry,
    outcomes: Collection[RowOutcome],
    entries: tuple[int, int],
    origins: Origins,
) -> Iterator[LedgerRow]:
    columns = entry.columns()
    indexes = (at for at, outcome in enumerate(columns.outcomes) if outcome in outcomes)
    yield from _rows_at(entry, columns, indexes, entries, origins)


def _rows_at(
    entry: LedgerEntry,
    columns: LedgerColumns,
    indexes: Iterable[int],
    entries: tuple[int, int],
    origins: Origins,
) -> Iterator[LedgerRow]:
    further: dict[int, list[tuple[str, int]]] = {}
    for index, table, id in columns.further:
        further.setdefault(index, []).append((table, id))
    for index in indexes:
        own_number = entry.first_row + index
        number, line = origins.place(own_number, columns.lines[index])
        yield LedgerRow(
            number=number,
            line=line,
            own_number=own_number,
            outcome=RowOutcome(columns.outcomes[index]),
            record_id=columns.records[index],
            further=tuple(further.get(index, ())),
            entries=entries,
        )


def _wanted(outcomes: Collection[RowOutcome]) -> ColumnElement[Any]:
    """How many rows of an entry have one of these outcomes."""
    return sum((_COUNTS[outcome] for outcome in sorted(outcomes)), start=_NO_ROWS)
