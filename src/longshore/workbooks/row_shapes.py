"""Rows of a sheet that are written alike: the same columns, styles and kinds of cells.

Most rows of a table are, so the form of one row, made a regular expression, cuts the next ones at a
third of the cost of cutting them cell by cell.
"""

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

Convert: TypeAlias = Callable[[bytes], str]

# What is found of a cell: letters, style, kind, value, text of its own.
FoundCell: TypeAlias = tuple[bytes, bytes, bytes, bytes, bytes]

_CELLS_MAX = 200
_SHAPES_MAX = 32


class RowShape:
    """The form of a row; `cells` are the indexes of the columns that hold something."""

    def __init__(
        self, found: Sequence[FoundCell], columns: Sequence[int], converters: Sequence[Convert]
    ) -> None:
        """`columns` and `converters` are those of the cells with a value or a text."""
        self._match = re.compile(b"".join(map(_pattern, found))).fullmatch
        self._converters = converters
        self._columns = columns
        self._width = columns[-1] + 1 if columns else 0
        self._is_dense = list(columns) == list(range(self._width))

    def cells(self, content: bytes) -> list[str] | None:
        """The cells of a row of this form; None: it is of another."""
        found = self._match(content)
        if found is None:
            return None
        texts = [
            convert(raw) for convert, raw in zip(self._converters, found.groups(), strict=True)
        ]
        if self._is_dense:
            cells = texts
        else:
            cells = [""] * self._width
            for column, text in zip(self._columns, texts, strict=True):
                cells[column] = text
        while cells and not cells[-1]:
            cells.pop()
        return cells


class RowShapes:
    """The forms of the rows so far, the last one first."""

    def __init__(self) -> None:
        self._shapes: list[RowShape] = []

    def cells(self, content: bytes) -> list[str] | None:
        """The cells of a row that is written like one before; None: it is not."""
        for index, shape in enumerate(self._shapes):
            cells = shape.cells(content)
            if cells is not None:
                if index:
                    self._shapes.insert(0, self._shapes.pop(index))
                return cells
        return None

    def learn(
        self, found: Sequence[FoundCell], columns: Sequence[int], converters: Sequence[Convert]
    ) -> None:
        """Rows like the one in which these cells were found may follow."""
        if len(found) <= _CELLS_MAX:
            self._shapes.insert(0, RowShape(found, columns, converters))
            del self._shapes[_SHAPES_MAX:]


def _pattern(cell: FoundCell) -> bytes:
    letters, style, kind, value, text = cell
    pattern = b'<c r="%b[0-9]+"' % letters
    if style:
        pattern += b' s="%b"' % style
    if kind:
        pattern += b' t="%b"' % kind
    if value:
        return pattern + b"><v>([^<&]+)</v></c>"
    if text:
        return pattern + b'><is><t(?: xml:space="preserve")?>([^<&]+)</t></is></c>'
    return pattern + b"(?:/>|><v></v></c>)"
