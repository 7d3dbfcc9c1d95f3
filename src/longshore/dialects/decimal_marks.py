"""What stands before the decimals of a cell that may mean two numbers, such as `1.500`.

All values of its column show it, wherever in the file they stand. The file is read once more for
them, and only where such a cell is met: files as platforms write them have hardly any.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from longshore.dialects.header import Header
from longshore.readers import Rows, Unreadable
from longshore.spellings import ColumnEvidence, ColumnKind, DecimalMark, number_meanings

# Three digits behind a mark, which may part thousands. What has no such digits has one meaning.
_MAY_BE_TWO = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}(?![0-9])")
_MEANINGS = len(DecimalMark)


class FoundMark(NamedTuple):
    """The decimal mark of a cell that may mean two numbers."""

    mark: DecimalMark
    example: str | None  # the value that shows it; None: none does, and platforms write a point


class DecimalMarks:
    """Finds the marks of cells; each column is looked through once."""

    def __init__(
        self,
        header: Header,
        read: Callable[[], Iterable[Rows]],
        *,
        amounts: Sequence[str],
        first_line: int = 0,
    ) -> None:
        """`read` gives all rows each time; `amounts` are the columns of amounts, with `*` behind a
        name all that start so."""
        self._header = header
        self._read = read
        self._amounts = amounts
        self._first_line = first_line
        self._shown: dict[tuple[str, ColumnKind], dict[DecimalMark, str]] = {}
        self._has_commas: bool | None = None  # in any column of amounts; None: nobody has looked

    def of(self, column: str, text: str, kind: ColumnKind = ColumnKind.AMOUNT) -> FoundMark | None:
        """The mark of a cell of a column: as other values show it, or the point that platforms
        write. None: the cell shows it itself, or nobody can know it.

        Where values of the column show both marks, or none, and those of a column of amounts show
        a comma, somebody has edited the file, and the cell stays one of two numbers.
        """
        if _MAY_BE_TWO.search(text) is None or len(number_meanings(text)) < _MEANINGS:
            return None
        shown = self._shown_by(column, kind)
        if len(shown) == 1:
            return FoundMark(*next(iter(shown.items())))
        if shown or "," in text or self._amounts_have_commas():
            return None
        return FoundMark(DecimalMark.POINT, None)

    def _shown_by(self, column: str, kind: ColumnKind) -> dict[DecimalMark, str]:
        found = self._shown.get((column, kind))
        if found is None:
            indexes = [index for index, name in enumerate(self._header.names) if name == column]
            found = self._shown[column, kind] = self._look_through(indexes, kind)
        return found

    def _amounts_have_commas(self) -> bool:
        if self._has_commas is None:
            indexes = [
                column.index
                for name in self._amounts
                for column in self._header.columns_like(name)
                if column.index is not None
            ]
            self._has_commas = DecimalMark.COMMA in self._look_through(indexes, ColumnKind.AMOUNT)
        return self._has_commas

    def _look_through(self, indexes: Sequence[int], kind: ColumnKind) -> dict[DecimalMark, str]:
        """The marks that the values of columns show, each with the first of them."""
        evidence = ColumnEvidence(kind)
        if indexes:
            for batch in self._read():
                rows = [
                    () if isinstance(cells, Unreadable) or line < self._first_line else cells
                    for cells, line in zip(batch.values, batch.lines, strict=True)
                ]
                for index in indexes:
                    of_column = [cells[index] if len(cells) > index else "" for cells in rows]
                    evidence.take(of_column, batch.first)
        return {mark: example.text for mark, example in evidence.shown_marks().items()}
