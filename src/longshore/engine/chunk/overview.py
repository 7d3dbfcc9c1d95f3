"""What the rows of a source show as a whole, told in notices that grow from chunk to chunk.

Two rows for one record are counted by the record that each row that succeeded has named, created
or found, by whatever key or id: a set of the records so far knows which are named again. So the
count does not depend on where chunks end; and as notices and records are stored with each chunk,
an import that is resumed, by whomever, goes on where it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.database import Transaction
from longshore.engine.chunk.candidates import Candidates
from longshore.engine.chunk.first_amounts import AMOUNT_ROWS_MAX, first_amounts_of
from longshore.engine.chunk.foreign_ids import with_foreign_ids
from longshore.engine.chunk.later_rows import LaterRows
from longshore.engine.chunk.named_rows import FIRST_MAX, SHOWN_MAX, listed, listed_pairs, named
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.chunk.record_set import Pages, RecordSet, pages_of
from longshore.engine.chunk.scientific_codes import scientific_codes
from longshore.engine.chunk.total_rows import total_rows
from longshore.engine.values.outcomes import ChunkResult
from longshore.imports import OWN_ROWS, LedgerColumns, LedgerEntry, Origins
from longshore.notices import Notice, NoticeCode
from longshore.readers import Rows

_OURS = frozenset(
    {
        NoticeCode.RECORDS_REPEATED,
        NoticeCode.LATER_ROWS_OVERWRITTEN,
        NoticeCode.CODES_SCIENTIFIC,
        NoticeCode.FOREIGN_IDS,
        NoticeCode.TOTAL_ROWS,
    }
)
_CODE_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class ChunkOverview:
    """What a chunk adds; it counts once the chunk is committed."""

    notices: tuple[Notice, ...]  # the new state of those that the chunk changes
    ledger: LedgerEntry
    pages: Pages
    first_amounts: Sequence[Mapping[str, Any]]  # further ones


class Overview:
    """What is known of the rows so far."""

    def __init__(
        self,
        prepared: Prepared,
        notices: Sequence[Notice] = (),
        ledger: Iterable[LedgerEntry] = (),
        first_amounts: Sequence[Mapping[str, Any]] = (),
        origins: Origins = OWN_ROWS,
        later_rows: LaterRows | None = None,  # None: it is no retry
    ) -> None:
        self._prepared = prepared
        self._origins = origins
        self._later_rows = later_rows
        self.first_amounts = tuple(first_amounts)
        self._of_source = notices_of_source(notices)
        self._ours = {notice.code: notice for notice in notices if notice.code in _OURS}
        self._seen = RecordSet()
        self._ledger: list[LedgerEntry] = []
        for entry in ledger:
            columns = entry.columns()
            self._ledger.append(entry)
            self._seen.add(pages_of(set(named(columns.outcomes, columns.records)) - {0}))

    @property
    def notices(self) -> tuple[Notice, ...]:
        """All notices: those given at the beginning, and those of the rows."""
        return (*self._of_source, *self._ours.values())

    @property
    def amounts_wanted(self) -> int:
        """Rows whose amounts are still to be shown as money."""
        return AMOUNT_ROWS_MAX - len({each["row"] for each in self.first_amounts})

    @property
    def failed_in_series(self) -> int:
        """The failed rows one directly after another with which the rows so far end."""
        series = 0
        for entry in reversed(self._ledger):
            failed = entry.failed_at_end
            series += failed
            if failed < sum(entry.counts):
                break
        return series

    def with_changed(self, changed: Iterable[Notice]) -> tuple[Notice, ...]:
        """All notices, as they are when these are taken over."""
        ours = self._ours | {notice.code: notice for notice in changed}
        return (*self._of_source, *ours.values())

    def of_chunk(
        self, tx: Transaction, rows: Rows, candidates: Candidates, result: ChunkResult
    ) -> ChunkOverview:
        """What the rows that a chunk has consumed add; nothing is taken over."""
        count = result.consumed
        records = named(result.outcomes, result.records)
        distinct = set(records) - {0}
        pages = pages_of(distinct)
        notices = []
        is_named_twice = len(distinct) + records.count(0) < count
        if is_named_twice or self._seen.has_any(pages):
            notices.append(self._repeats(rows, records))
        if self._later_rows is not None and self._later_rows.may_be_in(pages):
            before = self._ours.get(NoticeCode.LATER_ROWS_OVERWRITTEN)
            told = self._later_rows.overwritten(tx, before, self._prepared, rows, result)
            if told is not None:
                notices.append(told)
        codes = scientific_codes(self._prepared.plan.root, candidates.slice(0, count))
        if codes:
            notices.append(self._scientific(rows, codes))
        totals = total_rows(rows, (index for index, _ in result.failures))
        if totals:
            notices.append(self._totals(rows, totals))
        if result.foreign_ids:
            before = self._ours.get(NoticeCode.FOREIGN_IDS)
            plan = self._prepared.plan
            notices.append(with_foreign_ids(before, plan, rows, result, self._origins))
        amounts = first_amounts_of(self._prepared.plan, rows, result, self._origins)
        return ChunkOverview(tuple(notices), ledger_entry(rows, result), pages, amounts)

    def take(self, chunk: ChunkOverview) -> None:
        """Take over what a committed chunk adds."""
        self._ours |= {notice.code: notice for notice in chunk.notices}
        self.first_amounts = (*self.first_amounts, *chunk.first_amounts)
        self._ledger.append(chunk.ledger)
        self._seen.add(chunk.pages)

    def _place(self, rows: Rows, index: int) -> tuple[int, int]:
        """Row and line as the person who looks for them counts: those of the file of which the row
        was made, or of the import whose failed rows these are."""
        of_file = self._prepared.places.source_row(rows.values[index])
        return of_file or self._origins.place(rows.first + index, rows.lines[index])

    def _repeats(self, rows: Rows, records: Sequence[int]) -> Notice:
        """The notice of rows that name a record which a row before them has named."""
        count, first = self._so_far(NoticeCode.RECORDS_REPEATED)
        here: dict[int, int] = {}  # record -> index of the first row of the chunk that names it
        pairs: list[tuple[int, int]] = []  # (record, index of the row)
        for index, record in enumerate(records):
            if record and (here.setdefault(record, index) != index or record in self._seen):
                count += 1
                if len(first) + len(pairs) < FIRST_MAX:
                    pairs.append((record, index))
        before = self._first_rows({record for record, _ in pairs if record in self._seen})
        for record, index in pairs:
            places = [self._place(rows, index)]
            if record not in before:
                places.insert(0, self._place(rows, here[record]))
            elif (
                not self._prepared.places.are_of_a_file
            ):  # else only the row itself says which one of the file it is
                places.insert(0, self._origins.place(*before[record]))
            places = list(dict.fromkeys(places))  # one row of a file may make two of a type
            first.append(
                {
                    "rows": [row for row, _ in places],
                    "lines": [line for _, line in places],
                    "key": self._prepared.identify(rows.values[index]),
                }
            )
        return Notice(
            code=NoticeCode.RECORDS_REPEATED,
            message=_repeats_message(count, first),
            hint="each of them changes what the one before it made; if they are different records, "
            "give each a key of its own",
            count=count,
            first=tuple(first),
        )

    def _so_far(self, code: NoticeCode) -> tuple[int, list[Mapping[str, object]]]:
        """Count and first rows of a notice."""
        notice = self._ours.get(code)
        return (0, []) if notice is None else (notice.count or 0, list(notice.first))

    def _first_rows(self, wanted: set[int]) -> dict[int, tuple[int, int]]:
        """Row and line that have first named each of these records, in chunks before."""
        found: dict[int, tuple[int, int]] = {}
        for entry in self._ledger if wanted else ():
            columns = entry.columns()
            records = named(columns.outcomes, columns.records)
            if wanted.isdisjoint(records):
                continue
            for record in wanted.intersection(records):
                index = records.index(record)
                found[record] = (entry.first_row + index, columns.lines[index])
            wanted = wanted - found.keys()
            if not wanted:
                break
        return found

    def _scientific(self, rows: Rows, codes: Sequence[tuple[int, str, str]]) -> Notice:
        """The notice of rows with a code in scientific notation."""
        count, first = self._so_far(NoticeCode.CODES_SCIENTIFIC)
        count += len(codes)
        for index, field, code in codes[: FIRST_MAX - len(first)]:
            row, line = self._place(rows, index)
            first.append(
                {
                    "row": row,
                    "line": line,
                    "field": field,
                    "value": code[:_CODE_CHARACTERS],
                }
            )
        return Notice(
            code=NoticeCode.CODES_SCIENTIFIC,
            message=_scientific_message(count, first),
            hint="a spreadsheet has made numbers of codes, and their last digits are lost: give "
            "the column the format Text there before the codes are filled in, and save it again",
            count=count,
            first=tuple(first),
        )

    def _totals(self, rows: Rows, totals: Sequence[tuple[int, str]]) -> Notice:
        """The notice of failed rows that look like totals."""
        count, first = self._so_far(NoticeCode.TOTAL_ROWS)
        count += len(totals)
        for index, word in totals[: max(FIRST_MAX - len(first), 0)]:
            row, line = self._place(rows, index)
            first.append({"row": row, "line": line, "value": word[:_CODE_CHARACTERS]})
        subject = (
            "1 failed row looks like a total"
            if count == 1
            else (f"{count:,} failed rows look like totals")
        )
        shown = [
            f"{each['value']} in row {each['row']} (line {each['line']})"
            for each in first[:SHOWN_MAX]
        ]
        return Notice(
            code=NoticeCode.TOTAL_ROWS,
            message=f"{subject}: {listed(shown, count)}",
            hint="such a row is no record: leave it out of the file",
            count=count,
            first=tuple(first),
        )


def notices_of_source(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Those that are not of the whole of the rows, which stay whoever goes through them."""
    return tuple(notice for notice in notices if notice.code not in _OURS)


def ledger_entry(rows: Rows, result: ChunkResult) -> LedgerEntry:
    """What became of the rows that a chunk has consumed, as the ledger has it."""
    columns = LedgerColumns(
        outcomes=bytes(result.outcomes),
        records=result.records,
        lines=rows.lines[: result.consumed],
        further=sorted(result.further),
    )
    return LedgerEntry.of(rows.first, columns)


def _repeats_message(count: int, first: Sequence[Any]) -> str:
    subject = "1 row names" if count == 1 else f"{count:,} rows name"
    return f"{subject} a record that an earlier row has named: {listed_pairs(first, count)}"


def _scientific_message(count: int, first: Sequence[Any]) -> str:
    subject = "1 row has a code" if count == 1 else f"{count:,} rows have codes"
    shown = [
        f"{each['field']} {each['value']} in row {each['row']} (line {each['line']})"
        for each in first[:SHOWN_MAX]
    ]
    return f"{subject} in scientific notation: {listed(shown, count)}"
