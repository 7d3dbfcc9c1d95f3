"""Workbooks of spreadsheet programs as lines of CSV, which `readers` know.

Promises: memory is bounded whatever the size of the workbook; the text of a cell is its value, as
the file stores it, and not as a program shows it; nothing of an archive is unpacked to a file.
Knows nothing of what a column means, nor of which row is a header.
"""

from longshore.workbooks.cell_texts import NOT_CALCULATED, is_error
from longshore.workbooks.errors import WorkbookRefused
from longshore.workbooks.lines import CsvWriter
from longshore.workbooks.sheet_rows import SheetName, SheetRow, column_letters
from longshore.workbooks.workbook import Workbook, is_workbook, open_workbook

__all__ = [
    "NOT_CALCULATED",
    "CsvWriter",
    "SheetName",
    "SheetRow",
    "Workbook",
    "WorkbookRefused",
    "column_letters",
    "is_error",
    "is_workbook",
    "open_workbook",
]
