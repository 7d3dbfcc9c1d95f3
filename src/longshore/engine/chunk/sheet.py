"""Rows of one node laid out as columns while they are judged together."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from longshore.engine.values.candidate import ABSENT

Cell = TypeVar("Cell")


class Sheet:
    """Columns of fields, those of the records that rows would create, and which rows are odd.

    A row that is odd is judged by itself, later and in order; its cells go on standing here,
    because they tell which keys it touches.
    """

    __slots__ = ("count", "fields", "odd", "values")

    def __init__(self, fields: Sequence[Sequence[Any]], count: int) -> None:
        self.count = count
        self.fields = fields  # by slot
        self.odd = bytearray(count)  # 1 for a row that is odd
        self.values: list[Sequence[Any]] = []  # by column of the table

    def mark(self, rows: Iterable[int]) -> None:
        """Make rows odd."""
        odd = self.odd
        for row in rows:
            odd[row] = 1

    def names(self, slot: int) -> bool:
        """Whether any row names a field."""
        return self.fields[slot].count(ABSENT) != self.count

    def mark_named(self, slot: int) -> None:
        """Make the rows odd that name a field."""
        if self.names(slot):
            column = self.fields[slot]
            self.mark([row for row, value in enumerate(column) if value is not ABSENT])

    @property
    def flat(self) -> list[int]:
        """The rows that are not odd, ascending."""
        odd = self.odd
        if not any(odd):
            return list(range(self.count))
        return [row for row in range(self.count) if not odd[row]]


def picked(column: Sequence[Any], rows: Sequence[int]) -> Sequence[Any]:
    """The cells of some rows."""
    if len(rows) == len(column):
        return column
    if len(rows) > 1:
        cells: Sequence[Any] = itemgetter(*rows)(column)
        return cells
    return [column[row] for row in rows]


def without(column: Sequence[Cell], rows: Sequence[int]) -> list[Cell]:
    """The cells of all rows but some, which ascend: what lies between these is copied whole."""
    cells: list[Cell] = []
    start = 0
    for row in rows:
        if start < row:
            cells += column[start:row]
        start = row + 1
    cells += column[start:]
    return cells


def overlaid(column: Sequence[Any], below: Sequence[Any]) -> Sequence[Any]:
    """Cells, and where a row names none those of another column."""
    if ABSENT not in column:
        return column
    return [under if cell is ABSENT else cell for cell, under in zip(column, below, strict=True)]


def with_default(column: Sequence[Any], default: Any) -> Sequence[Any]:
    """Cells, and a default where a row names none."""
    if ABSENT not in column:
        return column
    return [default if cell is ABSENT else cell for cell in column]


def blank_rows(column: Sequence[Any]) -> list[int]:
    """The rows whose cell holds nothing: null, or a text of white space only."""
    types = set(map(type, column))
    if types == {str}:
        if all(map(str.strip, column)):
            return []
    elif str not in types and type(None) not in types:
        return []
    return [
        row
        for row, cell in enumerate(column)
        if cell is None or (cell.__class__ is str and not cell.strip())
    ]
