"""Failed rows as a workbook: the bad cells are coloured, and each has its message as a note.

The columns are those of every file of failed rows. All cells of the source are texts, exactly as it
has them, so the workbook can be imported, or given to `longshore retry --file`, as it stands. Lines
that could not be cut into cells stand in a sheet of their own.
"""

from collections.abc import Iterable, Sequence

from longshore.imports import LoggedError
from longshore.operations.failed_cells import FailedTable, SourceForm, codes_of, messages_of
from longshore.operations.failed_rows import FailedRow
from longshore.readers import REPORT_COLUMNS, Unreadable
from longshore.workbooks import SheetColumn, SheetWriter, WorkbookWriter, cut_to_cell

_SHEET = "Failed rows"
_UNREADABLE_SHEET = "Unreadable lines"
_MESSAGES_WIDTH = 50  # characters


def write_failed_sheet(
    workbook: WorkbookWriter, rows: Iterable[FailedRow], source: SourceForm
) -> None:
    """Write the rows. Raises DoesNotFit for rows that a sheet cannot hold."""
    table = FailedTable(source)
    number, messages, codes = REPORT_COLUMNS
    columns = [SheetColumn(name=name) for name in table.names]
    columns += [
        SheetColumn(name=number, is_text=False, note="the number of the row in its source"),
        SheetColumn(name=messages, width=_MESSAGES_WIDTH),
        SheetColumn(name=codes),
    ]
    sheet = workbook.sheet(_SHEET, columns)
    unreadable: SheetWriter | None = None
    for row in rows:
        if isinstance(row.values, Unreadable):
            if unreadable is None:
                unreadable = _unreadable_sheet(workbook)
            text = cut_to_cell(row.values.text)
            unreadable.write([row.number, row.line, row.values.message, text])
            continue
        held, beyond = table.cells(row)
        found = cut_to_cell(messages_of(row.errors)), cut_to_cell(codes_of(row.errors))
        sheet.write([*held, row.number, *found, *beyond], _notes(row.errors, table))


def _notes(errors: Sequence[LoggedError], table: FailedTable) -> dict[int, str]:
    """The messages by the columns of the cells that they are about; those about no cell of the
    source stand at the cell that has all messages."""
    notes: dict[int, str] = {}
    for error in errors:
        index = table.index(error)
        message = error.message
        if index is None:
            index = len(table.names) + 1
            message = f"{error.attribute}: {message}"
        if error.expected:
            message += f"\nexpected: {error.expected}"
        if error.suggestion:
            message += f"\nmeant: {error.suggestion}?"
        notes[index] = f"{notes[index]}\n{message}" if index in notes else message
    return notes


def _unreadable_sheet(workbook: WorkbookWriter) -> SheetWriter:
    columns = [
        SheetColumn(name="row", is_text=False),
        SheetColumn(name="line", is_text=False),
        SheetColumn(name="message", width=_MESSAGES_WIDTH),
        SheetColumn(name="text", width=_MESSAGES_WIDTH),
    ]
    return workbook.sheet(_UNREADABLE_SHEET, columns)
