"""The rows of a range that are not as they were judged, named with what has changed for them.

First come rows whose own records differ; what differs besides is looked for among the rows that ask
for it. Where nothing tells, the whole range is named.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from longshore.engine.chunk.row_names import Identify
from longshore.engine.pins.made_records import MadeRecords
from longshore.engine.pins.range_reads import MovedHow, MovedItem
from longshore.imports import MOVED_ROWS_MAX, MovedRow, RowOutcome, StoreMoved
from longshore.readers import Rows

_HOW = {
    MovedHow.CHANGED: "has changed",
    MovedHow.CAME: "was not there",
    MovedHow.GONE: "is gone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRange:
    """A range as it was gone through, and what differs."""

    rows: Rows
    outcomes: bytes  # of its rows
    records: Sequence[int]  # of its rows; 0: none
    before: bytes | None  # the outcomes that were judged; None: they are not kept
    items: Sequence[MovedItem]
    made: MadeRecords  # with those of the range
    # Which rows, by index in the range, ask for which of some items; so many rows at the most.
    rows_naming: Callable[[Collection[MovedItem], int], Mapping[int, Sequence[MovedItem]]]


class MovedRows:
    """Names the rows of ranges of one source."""

    def __init__(
        self, *, resource_type: str, table: str, identify: Identify, encode: Callable[[int], str]
    ) -> None:
        self._resource_type = resource_type
        self._table = table
        self._identify = identify
        self._encode = encode

    def of_range(self, moved: MovedRange) -> list[MovedRow]:
        """The rows of a range that differ; one at least."""
        whats = self._own(moved)
        others = [item for item in moved.items if not self._is_own(item, whats)]
        if others and len(whats) < MOVED_ROWS_MAX:
            # What has gone is missed by its key as well, and what has come is found by one.
            is_one = len(_records(others)) <= 1
            for index, named in moved.rows_naming(others, MOVED_ROWS_MAX).items():
                whats.setdefault(index, self._of_others(others if is_one else named))
        if not whats:
            whats = dict(_of_outcomes(moved))
        if not whats:
            what = self._of_others(others) if others else (None, "something that it reads differs")
            whats = dict.fromkeys(range(len(moved.rows)), what)
        return [self._row(moved.rows, index, *whats[index]) for index in sorted(whats)]

    def _own(self, moved: MovedRange) -> dict[int, tuple[MovedItem | None, str]]:
        """By index of the row, what differs in its own record."""
        own = {
            item.record: item
            for item in moved.items
            if item.table == self._table and item.record is not None
        }
        if not own:
            return {}
        return {
            index: (own[name], f"its record {_HOW[own[name].how]}")
            for index, name in enumerate(moved.made.names(moved.records))
            if name in own
        }

    def _is_own(self, item: MovedItem, whats: Mapping[int, tuple[MovedItem | None, str]]) -> bool:
        return any(item is own for own, _ in whats.values())

    def _of_others(self, items: Sequence[MovedItem]) -> tuple[MovedItem | None, str]:
        """What is told of rows that ask for these."""
        if len(_records(items)) > 1:
            return None, f"records of {', '.join(sorted({each.table for each in items}))} differ"
        item = next((each for each in items if each.record is not None), items[0])
        if item.record is None:
            what = "the record" if item.table == self._table else f"one of the {item.table}"
            return item, f"{what} that it names is gone"
        return item, f"{item.table} {self._name(item.record)} {_HOW[item.how]}"

    def _name(self, record: int) -> str:
        return self._encode(record) if record > 0 else "of a row before"

    def _row(self, rows: Rows, index: int, item: MovedItem | None, what: str) -> MovedRow:
        record = None
        if item is not None and item.record is not None and item.record > 0:
            type_ = self._resource_type if item.table == self._table else item.table
            record = {"type": type_, "id": self._encode(item.record)}
        return MovedRow(
            row=rows.first + index,
            line=rows.lines[index],
            key=self._identify(rows.values[index]),
            record=record,
            what=what,
        )


def _records(items: Iterable[MovedItem]) -> set[tuple[str, int]]:
    return {(each.table, each.record) for each in items if each.record is not None}


def _of_outcomes(moved: MovedRange) -> Iterator[tuple[int, tuple[None, str]]]:
    """By index of the row, which outcome it would have in place of the one that was judged."""
    if moved.before is None:
        return
    for index, (was, is_) in enumerate(zip(moved.before, moved.outcomes, strict=False)):
        if was != is_:
            words = RowOutcome(was).word, RowOutcome(is_).word
            yield index, (None, f"it was {words[0]} when it was judged, and would be {words[1]}")


def moved(rows: Sequence[MovedRow]) -> StoreMoved:
    """What is told of the rows that differ."""
    first = rows[0]
    place = f"row {first.row:,} (line {first.line:,})"
    if len(rows) == 1:
        message = f"{place} is not as it was judged: {first.what}"
    else:
        # Nobody looks for more behind so many.
        least = "at least " if len(rows) >= MOVED_ROWS_MAX else ""
        message = (
            f"{least}{len(rows):,} rows are not as they were judged, the first is {place}: "
            f"{first.what}"
        )
    return StoreMoved(message=message, rows=tuple(rows[:MOVED_ROWS_MAX]), count=len(rows))
