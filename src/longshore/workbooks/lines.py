"""Rows of a sheet as lines of CSV."""

import csv
import io
from collections.abc import Iterable, Iterator

from longshore.workbooks.sheet_rows import SheetRow

_ROWS_WRITTEN = 500
_CHARACTERS_WRITTEN = 1 << 20
# Besides white space; no program shows them.
_UNSEEN = "\u180e\u200b\u200c\u200d\u2060\ufeff"


def _shows(cell: str) -> bool:
    """Whether a cell holds anything that can be seen."""
    return not all(character.isspace() or character in _UNSEEN for character in cell)


class CsvWriter:
    """Writes the rows of one sheet as CSV in UTF-8: commas, doubled quotes, line feeds.

    A row that is empty in the sheet is a blank line, so where no cell has several lines, a row
    stands on the line of its number.
    """

    def __init__(self, *, flat_until: int = 0) -> None:
        """Cells of rows before `flat_until` are written in one line, so that this row stands on the
        line of its number."""
        self._flat_until = flat_until
        self.hidden_count = 0  # rows that the sheet hides, which are written like all others
        self._row = 0  # the number of the last row
        self._width = 0  # of the widest row so far: its batch and those behind it lack no cell

    def blocks(self, rows: Iterable[SheetRow]) -> Iterator[bytes]:
        """The text of these rows, block by block."""
        batch: list[SheetRow] = []
        size = 0
        for row in rows:
            batch.append(row)
            size += sum(map(len, row.cells))
            if len(batch) == _ROWS_WRITTEN or size > _CHARACTERS_WRITTEN:
                yield self._text(batch)
                batch, size = [], 0
        if batch:
            yield self._text(batch)

    def _text(self, batch: list[SheetRow]) -> bytes:
        text = io.StringIO()
        write = csv.writer(text, lineterminator="\n").writerow
        # Also the header lacks none, if it stands above wider rows.
        self._width = max(self._width, *(len(row.cells) for row in batch))
        for row in batch:
            if not row.cells[-1].isalnum() and not any(map(_shows, row.cells)):
                continue  # a reader takes no row from it, whatever its number of lines
            text.write("\n" * (row.number - self._row - 1))
            self._row = row.number
            self.hidden_count += row.is_hidden
            cells = row.cells
            if row.number < self._flat_until:
                cells = [" ".join(cell.splitlines()) for cell in cells]
            write(cells + [""] * (self._width - len(cells)))
        return text.getvalue().encode("utf-8", "replace")
