"""Workbooks of spreadsheet programs: read as lines of CSV, which `readers` know, and written.

Promises: memory is bounded whatever the size of the workbook; the text of a cell is its value, as
the file stores it, and not as a program shows it; nothing of an archive is unpacked to a file; a
text that is written is read back as it was.
Knows nothing of what a column means, nor of which row is a header.
"""

from longshore.workbooks.archive import open_archive
from longshore.workbooks.cell_texts import NOT_CALCULATED, is_error
from longshore.workbooks.errors import WorkbookRefused
from longshore.workbooks.lines import CsvWriter
from longshore.workbooks.sheet_rows import SheetName, SheetRow, column_letters
from longshore.workbooks.workbook import Workbook, is_workbook, open_workbook
from longshore.workbooks.writer import (
    RECORDS_MAX,
    Cell,
    DoesNotFit,
    SheetColumn,
    SheetWriter,
    WorkbookWriter,
    cut_to_cell,
    write_workbook,
)

__all__ = [
    "NOT_CALCULATED",
    "RECORDS_MAX",
    "Cell",
    "CsvWriter",
    "DoesNotFit",
    "SheetColumn",
    "SheetName",
    "SheetRow",
    "SheetWriter",
    "Workbook",
    "WorkbookRefused",
    "WorkbookWriter",
    "column_letters",
    "cut_to_cell",
    "is_error",
    "is_workbook",
    "open_archive",
    "open_workbook",
    "write_workbook",
]
