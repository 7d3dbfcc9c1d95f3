"""Workbooks of Office Open XML, written row by row in bounded memory.

XlsxWriter writes the XML; its rows go to temporary files, and the file itself is begun only when
the last row was taken. A text is always a text: none becomes a formula, a link or a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, cast

from longshore.errors import RequestRefused
from longshore.workbooks.sheet_rows import COLUMNS_MAX, ROWS_MAX

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CELL_CHARACTERS_MAX = 32_767  # of UTF-16, in a cell
RECORDS_MAX = ROWS_MAX - 1  # rows of a sheet without its header

# Programs become slow with many notes, and each takes memory here and there.
NOTES_MAX = 10_000
_NOTE_CHARACTERS_MAX = 2_000
_NOTE_WIDTH = 300  # pixels
_NOTE_LINE_HEIGHT = 20
_NOTE_LINE_CHARACTERS = 44

_CHOICES_CHARACTERS_MAX = 255  # of a list that stands in the rule of a column itself
_CHOICES_SHEET = "Choices"
_ERROR_MESSAGE_MAX = 255
_SHEET_NAME_MAX = 31

# Programs show and keep 15 digits of a number.
_WHOLE_MAX = 10**15

_AUTHOR = "longshore"
_SURROGATES = re.compile("[\ud800-\udfff]")

Cell: TypeAlias = str | int | float | bool | None


class DoesNotFit(RequestRefused):
    """A sheet cannot hold what was to be written to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetColumn:
    """What is said of a column of a sheet."""

    name: str
    is_text: bool = True  # cells are texts, also what somebody types into them later
    is_required: bool = False  # the header says so by its colour
    width: int = 0  # characters; 0: as the name needs
    note: str = ""  # stands at the header
    choices: Sequence[str] = ()  # what cells may hold


@contextmanager
def write_workbook(file: BinaryIO) -> Iterator[WorkbookWriter]:
    """Writes a workbook to a file when the block ends well, and nothing to it when it does not.

    The file need not be one that can be sought. Raises OSError.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    output = _Output(file)
    with TemporaryDirectory(prefix="longshore-") as folder:
        options = {"constant_memory": True, "tmpdir": folder, "use_zip64": True}
        workbook = Workbook(cast(BinaryIO, output), options)
        try:
            yield WorkbookWriter(workbook)
            workbook.close()
        except FileCreateError as error:
            (cause,) = error.args
            raise cause from error
        finally:
            for sheet in workbook.worksheets():
                sheet._opt_close()
    if output.error is not None:
        raise output.error


class _Output:
    """Writes to a file from front to end, up to the first error, which it keeps: what is left of
    an archive that could not be written would try again when nobody listens any more."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        if self.error is None:
            try:
                self._file.write(data)
            except OSError as error:
                self.error = error
        return len(data)

    def flush(self) -> None:
        """The file is flushed by whoever has opened it."""


class WorkbookWriter:
    """A workbook that is being written."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._text = workbook.add_format({"num_format": "@"})
        self._choices: Worksheet | None = None
        self._choices_count = 0

    def sheet(self, name: str, columns: Sequence[SheetColumn]) -> SheetWriter:
        """A sheet with a header that stays in sight. Raises DoesNotFit for too many columns."""
        if len(columns) > COLUMNS_MAX:
            raise DoesNotFit(f"there are {len(columns):,} columns, and a sheet has {COLUMNS_MAX:,}")
        sheet = self._workbook.add_worksheet(name[:_SHEET_NAME_MAX], _worksheet_class())
        sheet.set_comments_author(_AUTHOR)
        sheet.freeze_panes(1, 0)
        # Numbers that are texts, such as codes, are meant to be.
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{ROWS_MAX}"})
        for index, column in enumerate(columns):
            width = column.width or min(max(len(column.name) + 4, 12), 40)
            sheet.set_column(index, index, width, self._text if column.is_text else None)
        writer = SheetWriter(sheet, columns, self._text, self._filled("#FFC7CE"))
        header = self._header("#D9E1F2"), self._header("#FCE4D6")
        for index, column in enumerate(columns):
            writer.check(column.name, index)
            sheet.write_string(0, index, column.name, header[column.is_required])
            if column.note:
                _write_note(sheet, 0, index, column.note)
        for index, column in enumerate(columns):
            if column.choices:
                self._offer(sheet, index, column)
        return writer

    def _header(self, colour: str) -> Format:
        return self._workbook.add_format({"bold": True, "bg_color": colour, "num_format": "@"})

    def _filled(self, colour: str) -> Format:
        return self._workbook.add_format({"bg_color": colour, "num_format": "@"})

    def _offer(self, sheet: Worksheet, index: int, column: SheetColumn) -> None:
        """A list to choose from in each cell below the header."""
        listed = ", ".join(column.choices)
        source: str | list[str] = list(column.choices)
        if len(",".join(column.choices)) > _CHOICES_CHARACTERS_MAX:
            source = self._kept(column.choices)
        rule = {
            "validate": "list",
            "source": source,
            "error_title": column.name[:32],
            "error_message": f"One of: {listed}"[:_ERROR_MESSAGE_MAX],
        }
        sheet.data_validation(1, index, ROWS_MAX - 1, index, rule)

    def _kept(self, choices: Sequence[str]) -> str:
        """Where a list stands that is too long for a rule: in a row of a hidden sheet."""
        from xlsxwriter.utility import xl_range_abs

        if self._choices is None:
            self._choices = self._workbook.add_worksheet(_CHOICES_SHEET, _worksheet_class())
            self._choices.hide()
        row = self._choices_count
        self._choices_count += 1
        for column, choice in enumerate(choices):
            self._choices.write_string(row, column, choice)
        return f"={_CHOICES_SHEET}!{xl_range_abs(row, 0, row, len(choices) - 1)}"


class SheetWriter:
    """A sheet that is being written."""

    def __init__(
        self, sheet: Worksheet, columns: Sequence[SheetColumn], text: Format, wrong: Format
    ) -> None:
        self._sheet = sheet
        self._columns = columns
        self._text = text
        self._wrong = wrong
        self._row = 0  # the header
        self._notes_count = 0

    def write(self, cells: Sequence[Cell], wrong: Mapping[int, str] = {}) -> None:
        """Write a row; `wrong` are the notes of cells that are coloured, by their columns, of
        which the first `NOTES_MAX` of a sheet are written.

        Raises DoesNotFit for a row too many, a cell too many, and a text that is too long.
        """
        self._row += 1
        row = self._row
        if row >= ROWS_MAX:
            raise DoesNotFit(f"a sheet holds {RECORDS_MAX:,} rows below its header")
        if len(cells) > COLUMNS_MAX:
            raise DoesNotFit(f"row {row + 1} has {len(cells):,} cells, and a sheet {COLUMNS_MAX:,}")
        sheet = self._sheet
        for index, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            form = self._wrong if index in wrong else None
            if isinstance(cell, str):
                self.check(cell, index)
                sheet.write_string(row, index, cell, form)
            elif isinstance(cell, bool):
                sheet.write_boolean(row, index, cell, form)
            elif _keeps_its_digits(cell):
                sheet.write_number(row, index, cell, form)
            else:
                sheet.write_string(row, index, repr(cell), form or self._text)
        for index, note in wrong.items():
            if index >= len(cells) or cells[index] in (None, ""):
                sheet.write_blank(row, index, None, self._wrong)
            if note and self._notes_count < NOTES_MAX:
                self._notes_count += 1
                _write_note(sheet, row, index, note)

    def check(self, text: str, index: int) -> None:
        """Raise DoesNotFit for a text that is too long for a cell."""
        if len(text) * 2 > CELL_CHARACTERS_MAX and (length := _length(text)) > CELL_CHARACTERS_MAX:
            column = self._columns[index].name if index < len(self._columns) else f"{index + 1}"
            raise DoesNotFit(
                f"row {self._row + 1} has a text of {length:,} characters in the column "
                f"{column[:40]!r}, and a cell of a workbook holds {CELL_CHARACTERS_MAX:,}"
            )


def cut_to_cell(text: str) -> str:
    """As much of the text as a cell holds."""
    if _length(text) <= CELL_CHARACTERS_MAX:
        return text
    # Half of it has place in any case, whatever its characters.
    return text[: CELL_CHARACTERS_MAX // 2] + "…"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _keeps_its_digits(number: int | float) -> bool:
    """Whether a number is the same when it was stored as a program stores numbers."""
    if isinstance(number, int):
        return abs(number) < _WHOLE_MAX
    return float(f"{number:.16G}") == number


_NOTE_ESCAPES = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�")


def _write_note(sheet: Worksheet, row: int, column: int, note: str) -> None:
    text = note.translate(_NOTE_ESCAPES).encode("utf-8", "replace").decode()
    if len(text) > _NOTE_CHARACTERS_MAX:
        text = text[:_NOTE_CHARACTERS_MAX] + "…"
    lines = sum(1 + len(line) // _NOTE_LINE_CHARACTERS for line in text.split("\n"))
    size = {"width": _NOTE_WIDTH, "height": _NOTE_LINE_HEIGHT * min(lines + 1, 20)}
    sheet.write_comment(row, column, text, size)


@cache
def _worksheet_class() -> type[Worksheet]:
    from xlsxwriter.worksheet import Worksheet

    class PlainWorksheet(Worksheet):
        """A sheet whose texts are never taken for pieces of XML.

        Where memory is bounded, XlsxWriter writes a text as it is that begins with <r> and ends
        with </r>, and cannot write half a character (a lone surrogate).
        """

        @staticmethod
        def _escape_control_characters(data: object) -> object:
            if not isinstance(data, str):
                return data
            escaped: str = Worksheet._escape_control_characters(data)  # type: ignore[no-untyped-call]
            if escaped.startswith("<r>"):
                escaped = "_x003C_" + escaped[1:]
            if not escaped.isascii():
                escaped = _SURROGATES.sub(lambda found: f"_x{ord(found[0]):04X}_", escaped)
            return escaped

    return PlainWorksheet
