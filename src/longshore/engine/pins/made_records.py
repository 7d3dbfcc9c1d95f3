"""The records that a run has made, by the order in which it made them.

A plan and the import that applies it give the same records other ids. What both read of such a
record has a name instead: the how manieth it is of all that the run has made.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

from longshore.imports import LedgerEntry, RowOutcome

# An id that lies before all: nothing is made.
_NOTHING = float("inf")


class MadeRecords:
    """Ids of records with their places, from 1; memory grows with the gaps among them."""

    def __init__(self) -> None:
        self._firsts: list[int] = []  # of runs of ids without a gap, ascending
        self._lasts: list[int] = []
        self._places: list[int] = []  # of the first of each
        self.count = 0

    @classmethod
    def of_ledger(cls, entries: Iterable[LedgerEntry]) -> "MadeRecords":
        """Those of the rows that an import has gone through."""
        made = cls()
        for entry in entries:
            columns = entry.columns()
            rows = zip(columns.outcomes, columns.records, strict=True)
            ids = [id for outcome, id in rows if outcome == RowOutcome.CREATED]
            ids += [id for _, _, id in columns.further]
            made.add(sorted(ids))
        return made

    def add(self, ids: Sequence[int]) -> None:
        """Take over the records of a chunk: ids in ascending order, behind all before them."""
        if not ids:
            return
        assert not self._lasts or ids[0] > self._lasts[-1], "ids are given in ascending order"
        if ids[-1] - ids[0] == len(ids) - 1:
            self._add(ids[0], ids[-1])
            return
        first = last = ids[0]
        for id in ids:
            if id > last + 1:
                self._add(first, last)
                first = id
            last = id
        self._add(first, last)

    def cut(self, count: int) -> None:
        """Be as it was when there were so many."""
        while self.count > count:
            size = self._lasts[-1] - self._firsts[-1] + 1
            gone = min(size, self.count - count)
            self.count -= gone
            if gone < size:
                self._lasts[-1] -= gone
            else:
                for column in (self._firsts, self._lasts, self._places):
                    column.pop()

    def place(self, id: int) -> int:
        """The place of a record; 0: the run has not made it."""
        at = bisect_right(self._firsts, id) - 1
        if at < 0 or id > self._lasts[at]:
            return 0
        return self._places[at] + id - self._firsts[at]

    def may_have_any(self, ids: Iterable[Any]) -> bool:
        """Whether the run may have made one of these; null is none."""
        return max(filter(None, ids), default=0) >= self._first

    def names(self, ids: Sequence[Any]) -> Sequence[Any]:
        """What stands for ids in a pin: themselves, or the negative place of what the run made."""
        if not self.may_have_any(ids):
            return ids
        first, place = self._first, self.place
        return [
            id if id is None or id < first else (-made if (made := place(id)) else id) for id in ids
        ]

    @property
    def _first(self) -> float:
        return self._firsts[0] if self._firsts else _NOTHING

    def _add(self, first: int, last: int) -> None:
        if self._lasts and self._lasts[-1] == first - 1:
            self._lasts[-1] = last
        else:
            self._firsts.append(first)
            self._lasts.append(last)
            self._places.append(self.count + 1)
        self.count += last - first + 1
