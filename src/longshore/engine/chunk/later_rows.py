"""Rows of a retry that overwrite what later rows have written, told in one notice.

A retry is applied when it runs. Where one of its rows names a record that a row behind it in the
source of the first import has named already, in the first import or in another retry, the earlier
row has the last word. A set of the records that the family has named tells of nearly every chunk
that it has no such row; only for the others are the ledgers of the family read again.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from longshore.database import Transaction
from longshore.engine.chunk.named_rows import FIRST_MAX, listed_pairs, named
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.chunk.record_set import Pages, RecordSet, pages_of
from longshore.engine.values.outcomes import ChunkResult
from longshore.imports import (
    Import,
    LedgerEntry,
    Origins,
    RowOutcome,
    ledger_entries,
    other_members,
    read_origins,
)
from longshore.notices import Notice, NoticeCode
from longshore.readers import Rows

_SUCCEEDED = (RowOutcome.CREATED, RowOutcome.UPDATED, RowOutcome.UNCHANGED)


class LaterRows:
    """The rows of the other members of a retry's family that succeeded, none of which runs while
    the retry does."""

    def __init__(self, tx: Transaction, retry: Import, origins: Origins) -> None:
        self._origins = origins
        self._members = [(each, read_origins(tx, each)) for each in other_members(tx, retry)]
        self._named = RecordSet()
        first, _ = origins.place(1, 0)
        for _, _, entry in self._entries(tx, behind=first):
            columns = entry.columns()
            self._named.add(pages_of(set(named(columns.outcomes, columns.records)) - {0}))

    def may_be_in(self, pages: Pages) -> bool:
        """Whether some of them have named any of these records; not which, nor which rows."""
        return self._named.has_any(pages)

    def overwritten(
        self,
        tx: Transaction,
        before: Notice | None,
        prepared: Prepared,
        rows: Rows,
        it: ChunkResult,
    ) -> Notice | None:
        """The notice as it was, with the rows of a chunk of the retry; None: it stays as it was."""
        written = [
            (index, record)
            for index, (outcome, record) in enumerate(zip(it.outcomes, it.records, strict=True))
            if outcome <= RowOutcome.UPDATED and record in self._named
        ]
        if not written:
            return None
        places = {
            index: self._origins.place(rows.first + index, rows.lines[index])
            for index, _ in written
        }
        last = self._last_rows(tx, {record for _, record in written}, places[written[0][0]][0])
        pairs = [
            (index, last[record])
            for index, record in written
            if record in last and last[record] > places[index]
        ]
        if not pairs:
            return None
        first: list[Mapping[str, Any]] = [] if before is None else list(before.first)
        for index, (later, its_line) in pairs[: FIRST_MAX - len(first)]:
            row, line = places[index]
            key = prepared.identify(rows.values[index])
            first.append({"rows": [row, later], "lines": [line, its_line], "key": key})
        return _notice(len(pairs) + (0 if before is None else before.count or 0), first)

    def _last_rows(
        self, tx: Transaction, wanted: set[int], behind: int
    ) -> dict[int, tuple[int, int]]:
        """Number and line of the last row behind that one that has named each of these records."""
        found: dict[int, tuple[int, int]] = {}
        for origins, behind_own, entry in self._entries(tx, behind=behind):
            columns = entry.columns()
            records = named(columns.outcomes, columns.records)
            if wanted.isdisjoint(records):
                continue
            for index, record in enumerate(records):
                own_number = entry.first_row + index
                if record in wanted and own_number >= behind_own:
                    place = origins.place(own_number, columns.lines[index])
                    found[record] = max(place, found.get(record, place))
        return found

    def _entries(
        self, tx: Transaction, *, behind: int
    ) -> Iterator[tuple[Origins, int, LedgerEntry]]:
        """The entries that hold rows of the members behind a row of the first import, with the
        member's origins, and the own number of the first of these rows."""
        for member, origins in self._members:
            own = origins.row_from(behind)
            for entry in ledger_entries(tx, member, outcomes=_SUCCEEDED, first_row=own):
                yield origins, own, entry


def _notice(count: int, first: Sequence[Mapping[str, Any]]) -> Notice:
    subject = "1 row names" if count == 1 else f"{count:,} rows name"
    have = "it" if count == 1 else "them"
    return Notice(
        code=NoticeCode.LATER_ROWS_OVERWRITTEN,
        message=f"{subject} a record that a later row of the first import has written before "
        f"{have}: {listed_pairs(first, count)}",
        hint="a retry is applied when it runs, so these rows have overwritten what the later ones "
        "gave; `longshore rows ID --outcome updated` shows what the retry has changed",
        count=count,
        first=tuple(first),
    )
