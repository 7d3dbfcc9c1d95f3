"""Rows of a CSV that was made of a sheet: their lines are the numbers that the sheet gives them.

The text has one line for each row of the sheet, and further ones where a cell has several lines.
Those are not counted, so whoever reads of a line finds it in the spreadsheet program.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from longshore.readers.rows import Rows

_LINE_ENDS = re.compile(r"\r\n|\r|\n")


def of_sheet(batches: Iterable[Rows]) -> Iterator[Rows]:
    """The rows with the numbers of a sheet as their lines, if the first has its number."""
    beyond = 0  # lines inside of cells, of the rows so far
    for rows in batches:
        if not beyond and rows and rows.end_line - rows.lines[0] == len(rows):
            yield rows
            continue
        lines = []
        for line, cells in zip(rows.lines, rows.values, strict=True):
            lines.append(line - beyond)
            beyond += sum(len(_LINE_ENDS.findall(cell)) for cell in cells if not cell.isprintable())
        yield replace(rows, lines=lines, end_line=rows.end_line - beyond)
