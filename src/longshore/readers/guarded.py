"""A CSV whose cells are guarded against spreadsheets: told by its cells, and read as the cells that
they stand for."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from longshore.readers.layout import Format, Layout
from longshore.readers.rows import Rows
from longshore.spreadsheet_cells import bare, is_formula, looks_guarded

_TOLD_BY = frozenset("'=+-@\t\r")  # first characters that tell anything


def of_guarded_cells(layout: Layout) -> Layout:
    """The layout of a source that somebody says has guarded cells; that of JSON stays."""
    if layout.format is not Format.CSV:
        return layout
    columns = tuple(map(bare, layout.columns))
    return dataclasses.replace(layout, columns=columns, is_guarded=True)


def bare_rows(batches: Iterable[Rows]) -> Iterator[Rows]:
    """The rows with their cells as they were before they were guarded."""
    for rows in batches:
        for index, cells in enumerate(rows.values):
            if isinstance(cells, list) and any(cell[:1] == "'" for cell in cells):
                rows.values[index] = list(map(bare, cells))
        yield rows


class GuardEvidence:
    """What the cells of a table show of whether they are guarded.

    Where they are, no cell is a formula. A cell that begins with an apostrophe and another
    character, or ends with one, tells that people write apostrophes there themselves.
    """

    def __init__(self) -> None:
        self.count = 0  # cells that look guarded
        self.first_line: int | None = None  # of these
        self.formula_line: int | None = None  # of the first that is a formula
        self.other_line: int | None = None  # of the first whose apostrophe guards nothing

    @property
    def is_certain(self) -> bool:
        """Whether nothing else than guarded cells can be meant."""
        return bool(self.count) and self.formula_line is None and self.other_line is None

    def look(self, line: int, cells: Sequence[str]) -> None:
        """Take the cells of a row into account, or those of the header."""
        for cell in cells:
            if cell[:1] not in _TOLD_BY:
                continue
            if is_formula(cell):
                self.formula_line = self.formula_line or line
            elif looks_guarded(cell) and not cell.endswith("'"):
                self.count += 1
                self.first_line = self.first_line or line
            elif cell[:1] == "'":
                self.other_line = self.other_line or line
