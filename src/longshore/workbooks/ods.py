"""Workbooks of OpenDocument (.ods), read as streams of XML (OpenDocument 1.3, part 3, 9 and 19).

All sheets stand in one part, one behind another, so a sheet is read by going over those before it.
"""

import datetime
import re
from collections.abc import Iterator

from longshore.workbooks.cell_texts import EPOCH_1900, error_text, number_text
from longshore.workbooks.errors import WorkbookRefused
from longshore.workbooks.number_formats import NumberFormat
from longshore.workbooks.package import Package
from longshore.workbooks.sheet_rows import (
    CELL_CHARACTERS_MAX,
    COLUMNS_MAX,
    LONG_CHARACTERS,
    ROW_CHARACTERS_MAX,
    ROWS_MAX,
    SheetName,
    SheetRow,
    refuse_long_text,
)

CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_MANIFEST_BYTES_MAX = 16 << 20
# An empty file may say that it has a sheet full of the same cell.
_CELLS_MAX = 200_000_000
_PARAGRAPH_CHARACTERS = 100  # an empty one takes about as much memory

# A number as any format may show it: only its digits are looked at.
_NUMBER = NumberFormat()
_ERRORS = re.compile(r"#[A-Z/0]+[!?A]|Err:\d{3}")


class OdsWorkbook:
    """The sheets of one workbook; `package` stays open as long as this is used."""

    def __init__(self, package: Package) -> None:
        """Raises WorkbookRefused."""
        if package.has(_MANIFEST) and b"encryption-data" in package.read(
            _MANIFEST, _MANIFEST_BYTES_MAX
        ):
            raise WorkbookRefused(
                "the workbook is encrypted with a password",
                hint="open it in a spreadsheet program and save it without a password",
            )
        self._package = package
        self.sheets = _sheet_names(package)

    def rows(self, sheet: str) -> Iterator[SheetRow]:
        """The rows of a sheet that hold something. Raises WorkbookRefused."""
        listener = _ContentListener(sheet)
        for _ in self._package.parse(
            CONTENT, start=listener.start, end=listener.end, text=listener.text
        ):
            for row, times in listener.take():
                for number in range(row.number, row.number + times):
                    yield SheetRow(number, row.cells, row.is_hidden)
            if listener.has_ended:
                return

    def close(self) -> None:
        """Nothing more is read."""


def _sheet_names(package: Package) -> tuple[SheetName, ...]:
    found: list[SheetName] = []
    hidden: set[str] = set()  # names of styles
    style = [""]

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            name = attributes.get("table:name", "")
            found.append(SheetName(name, attributes.get("table:style-name") in hidden))
        elif tag == "style":
            style[0] = attributes.get("style:name", "")
        elif tag == "table-properties" and attributes.get("table:display") == "false":
            hidden.add(style[0])

    for _ in package.parse(CONTENT, start=start, end=_ignore, text=_ignore):
        pass
    return tuple(found)


def _ignore(_heard: str) -> None:
    pass


class _ContentListener:
    """Hears the content of a workbook, and gathers the rows of one sheet."""

    def __init__(self, sheet: str) -> None:
        self.has_ended = False
        self._sheet = sheet
        self._is_in_sheet = False
        self._rows: list[tuple[SheetRow, int]] = []
        self._row = 0  # the number of the last one
        self._cells_count = 0
        self._attributes: dict[str, str] = {}  # of the row
        self._cells: list[str] = []
        self._empty = 0  # cells since the last one that holds something
        self._cell: dict[str, str] = {}
        self._paragraphs: list[str] = []
        self._room = CELL_CHARACTERS_MAX  # characters that the cell may still have
        self._row_room = ROW_CHARACTERS_MAX
        self._notes = 0  # how deep inside of what stands beside the text of a cell
        self._is_text = False

    def take(self) -> list[tuple[SheetRow, int]]:
        """The rows that were heard since this was asked, and how often each stands there."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._is_in_sheet:
            # A table inside of a cell of another sheet has no business here.
            self._is_in_sheet = tag == "table" and attributes.get("table:name") == self._sheet
            return
        if tag == "table-cell" or tag == "covered-table-cell":
            self._cell = attributes
            self._paragraphs = []
            self._room = CELL_CHARACTERS_MAX
        elif self._notes or tag in ("annotation", "shapes", "frame"):
            self._notes += 1
        elif tag == "p":
            self._paragraphs.append("")
            self._is_text = True
            self._take_room(_PARAGRAPH_CHARACTERS)
        elif tag == "table-row":
            self._attributes = attributes
            self._cells = []
            self._empty = 0
        elif self._is_text:
            if tag == "s":
                self.text(" " * min(_count(attributes.get("text:c")), 10_000))
            elif tag == "tab":
                self.text("\t")
            elif tag == "line-break":
                self.text("\n")

    def text(self, piece: str) -> None:
        if self._is_text and not self._notes:
            self._paragraphs[-1] += piece
            self._take_room(len(piece))

    def _take_room(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise refuse_long_text(f"the sheet {self._sheet!r}")

    def end(self, tag: str) -> None:
        if not self._is_in_sheet:
            return
        if self._notes:
            self._notes -= 1
        elif tag == "table-cell" or tag == "covered-table-cell":
            self._end_cell(is_covered=tag == "covered-table-cell")
        elif tag == "p":
            self._is_text = False
        elif tag == "table-row":
            self._end_row()
        elif tag == "table":
            self._is_in_sheet = False
            self.has_ended = True

    def _end_cell(self, *, is_covered: bool) -> None:
        text = "" if is_covered else self._text()
        times = _count(self._cell.get("table:number-columns-repeated"))
        if not text:
            self._empty += times
            return
        if len(text) > LONG_CHARACTERS:
            self._row_room -= len(text) * times
            if self._row_room < 0:
                raise refuse_long_text(f"the sheet {self._sheet!r}")
        width = len(self._cells) + self._empty + times
        if width > COLUMNS_MAX:
            raise WorkbookRefused(
                f"the sheet {self._sheet!r} has more than {COLUMNS_MAX:,} columns",
                hint="delete what is not needed, or save the table as CSV",
            )
        self._cells += [""] * self._empty
        self._cells += [text] * times
        self._empty = 0

    def _end_row(self) -> None:
        self._row_room = ROW_CHARACTERS_MAX
        times = _count(self._attributes.get("table:number-rows-repeated"))
        first = self._row + 1
        self._row += times
        if not self._cells:
            return
        self._cells_count += len(self._cells) * times
        if self._row > ROWS_MAX or self._cells_count > _CELLS_MAX:
            raise WorkbookRefused(
                f"the sheet {self._sheet!r} has more than {ROWS_MAX:,} rows, or {_CELLS_MAX:,} "
                "cells",
                hint="delete what is not needed, or save the table as CSV",
            )
        is_hidden = self._attributes.get("table:visibility") in ("collapse", "filter")
        self._rows.append((SheetRow(first, self._cells, is_hidden), times))

    def _text(self) -> str:
        cell = self._cell
        kind = cell.get("office:value-type")
        shown = "\n".join(self._paragraphs)
        if cell.get("calcext:value-type") == "error":
            return error_text(shown)
        if kind in ("float", "percentage", "currency"):
            return _number(cell.get("office:value", ""), shown)
        if kind == "date":
            return _date(cell.get("office:date-value", shown))
        if kind == "time":
            return _time(cell.get("office:time-value", ""), shown)
        if kind == "boolean":
            return cell.get("office:boolean-value", shown).lower()
        if kind == "string":
            text = cell.get("office:string-value", shown)
            is_error = "table:formula" in cell and _ERRORS.fullmatch(text)
            return error_text(text) if is_error else text
        return shown


def _number(value: str, shown: str) -> str:
    text = number_text(value, _NUMBER, EPOCH_1900)
    # Codes are kept by a format that shows zeros before them.
    if shown.isdecimal() and shown.startswith("0") and shown.lstrip("0") == text.lstrip("0"):
        return shown
    return text


def _date(value: str) -> str:
    return value.removesuffix("T00:00:00")


_DURATION = re.compile(r"PT(\d{1,9})H(\d{1,2})M(\d{1,2})(?:[.,](\d{1,9}))?S")


def _time(value: str, shown: str) -> str:
    found = _DURATION.fullmatch(value)
    if found is None:
        return shown or value
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3])
    if hours < 24 and not (found[4] or "").strip("0"):
        return datetime.time(hours, minutes, seconds).isoformat()
    fraction = f".{found[4]}" if (found[4] or "").strip("0") else ""
    return f"{hours}:{minutes:02}:{seconds:02}{fraction}"


def _count(text: str | None) -> int:
    """How often something is repeated; what is no number stands there once."""
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else 1
