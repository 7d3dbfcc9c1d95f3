"""What one step of an undo takes back: the changes of one chunk of an import, or a page of the
entries of an undo. Steps go from the last change to the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from longshore.database import Transaction
from longshore.engine.undoing.creations_back import MadeRecord
from longshore.identifiers import ImportId
from longshore.imports import LedgerChunk, RowOutcome, last_ledger_chunk
from longshore.journal import Entry, MadeUpdate, page_of_undo, updates_of_import
from longshore.undos import KeptPart, KeptReason

_PAGE_ENTRIES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Changes that were made together, and are taken back together."""

    created: Sequence[MadeRecord] = ()  # or brought back
    updates: Sequence[MadeUpdate] = ()  # in the order of the journal
    destroyed: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoStep:
    """What one step takes back."""

    checkpoint: int  # the first row of the chunk, or the first entry of the page
    changes_count: int  # rows that changed something, or entries
    segments: Sequence[Segment]  # in the order in which they are taken back
    unknown: Sequence[KeptPart] = ()  # of which nobody knows any more what they were
    last_row: int | None = None  # of the chunk


def import_step(
    tx: Transaction, import_id: ImportId, resource_table: str, *, before_row: int | None
) -> UndoStep | None:
    """The last chunk of an import before a row, or of all; None: there is no other."""
    chunk = last_ledger_chunk(tx, import_id, before_row=before_row)
    if chunk is None:
        return None
    behind, last = chunk.entries
    first_row, last_row = chunk.first_row, chunk.last_row
    updates = [
        each
        for each in updates_of_import(tx, import_id, behind_id=behind, last_id=last)
        # An older release may have gone through the rows before, and kept no ledger of them.
        if each.row_number is not None and first_row <= each.row_number <= last_row
    ]
    created, unknown = _of_ledger(chunk, resource_table, {each.row_number for each in updates})
    return UndoStep(
        checkpoint=first_row,
        changes_count=chunk.changes_count,
        segments=[Segment(created=created, updates=updates)],
        unknown=unknown,
        last_row=last_row,
    )


def undo_step(tx: Transaction, undo_id: int, *, before_id: int | None) -> UndoStep | None:
    """The last entries of an undo before one, or of all; None: there are no others."""
    entries = page_of_undo(tx, undo_id, before_id=before_id, limit=_PAGE_ENTRIES)
    if not entries:
        return None
    # What was done one after another is taken back in the other order.
    segments = [_segment(list(alike)) for _, alike in groupby(entries, key=_event)]
    return UndoStep(
        checkpoint=entries[0].id,
        changes_count=len(entries),
        segments=segments[::-1],
    )


def _of_ledger(
    chunk: LedgerChunk, table: str, journaled: set[int | None]
) -> tuple[list[MadeRecord], list[KeptPart]]:
    """The records that the rows of a chunk have created; and those that they have changed, of which
    nothing is in the journal: what is confidential, or was purged."""
    columns = chunk.entry.columns()
    first = chunk.first_row
    created = []
    if chunk.entry.counts[RowOutcome.CREATED]:
        created = [
            MadeRecord(record, table, first + index, 0)
            for index, (outcome, record) in enumerate(
                zip(columns.outcomes, columns.records, strict=True)
            )
            if outcome == RowOutcome.CREATED
        ]
    created += [MadeRecord(id, name, first + index, 0) for index, name, id in columns.further]
    unknown = []
    if chunk.entry.counts[RowOutcome.UPDATED] > 0:
        told = journaled | {first + index for index, _, _ in columns.further}
        unknown = [
            KeptPart(
                record_id=columns.records[index],
                table_name=table,
                record_type=table,
                fields=(),
                reason=KeptReason.HISTORY_PURGED,
                row_number=first + index,
            )
            for index, outcome in enumerate(columns.outcomes)
            if outcome == RowOutcome.UPDATED and first + index not in told
        ]
    return created, unknown


def _event(entry: MadeUpdate | Entry) -> str:
    return "update" if isinstance(entry, MadeUpdate) else entry.event


def _segment(entries: Sequence[MadeUpdate | Entry]) -> Segment:
    """Entries of one event."""
    updates = [each for each in entries if isinstance(each, MadeUpdate)]
    whole = [each for each in entries if not isinstance(each, MadeUpdate)]
    return Segment(
        updates=updates,
        destroyed=[each for each in whole if each.event == "destroy"],
        created=[
            MadeRecord(each.record_id, each.table_name, None, each.id)
            for each in whole
            if each.event == "restore"
        ],
    )
