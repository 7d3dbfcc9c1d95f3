"""A workbook reads as the library that wrote it reads it, and the CSV made of it says its rows."""

import datetime
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from longshore.readers import CsvOptions, EmptySource, Format, Rows, read_rows, survey
from longshore.workbooks import CsvWriter, SheetRow, open_workbook

TEXT = st.text(alphabet=" ab,;\t\"'<>&é€😀\n\r=_x0", max_size=8)
DATE = st.dates(min_value=datetime.date(1900, 3, 1), max_value=datetime.date(9999, 12, 30))
MOMENT = st.datetimes(
    min_value=datetime.datetime(1900, 3, 1), max_value=datetime.datetime(9999, 12, 30)
).map(lambda moment: moment.replace(microsecond=0))
NUMBER = (
    st.integers(min_value=-(10**15), max_value=10**15)
    | st.floats(min_value=-1e300, max_value=1e300)
    | st.decimals(min_value=-(10**9), max_value=10**9, places=2)
)
VALUE = st.none() | st.booleans() | NUMBER | TEXT | DATE | MOMENT
# Rows of the same kinds of cells are cut by the form of the first of them.
KINDS = st.lists(
    st.sampled_from([st.booleans(), NUMBER, TEXT, DATE, MOMENT, st.none()]), min_size=1, max_size=4
)
ALIKE = KINDS.flatmap(lambda kinds: st.lists(st.tuples(*kinds).map(list), max_size=6))
TABLE = st.lists(st.lists(VALUE, max_size=4), max_size=6) | ALIKE


def written(table: list[list[Any]], *, shares_texts: bool) -> io.BytesIO:
    """A workbook with the table from its first cell on; openpyxl puts texts into the cells or
    beside them, depending on how it writes."""
    file = io.BytesIO()
    workbook = openpyxl.Workbook(write_only=not shares_texts)
    sheet = workbook.create_sheet("Table", 0) if not shares_texts else workbook.worksheets[0]
    for cells in table:
        # A text that begins with = would be a formula.
        plain = [
            f"'{cell}" if isinstance(cell, str) and cell[:1] == "=" else cell for cell in cells
        ]
        sheet.append(plain)
    workbook.save(file)
    return file


def expected(file: io.BytesIO) -> Iterator[list[str]]:
    """The rows as openpyxl reads them, as texts, without empty cells at the end."""
    (sheet,) = openpyxl.load_workbook(file, data_only=True).worksheets[:1]
    for row in sheet.iter_rows(values_only=True):
        cells = [text_of(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        yield cells


def text_of(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            text = format(Decimal(repr(value)), "f")
            return text.partition(".")[0] if value.is_integer() else text
        case datetime.datetime():
            is_date = value.time() == datetime.time() and value.date() is not None
            return value.date().isoformat() if is_date else value.isoformat()
        case datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            return str(value)


def with_comments(file: io.BytesIO) -> io.BytesIO:
    """The same workbook with a comment in each row, so that none is of the plain form."""
    changed = io.BytesIO()
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace(b"</row>", b"<!-- --></row>")
            after.writestr(name, data)
    return changed


def read(file: io.BytesIO) -> list[SheetRow]:
    with open_workbook(file) as workbook:
        return list(workbook.rows(workbook.sheets[0].name))


@given(table=TABLE, shares_texts=st.booleans())
def test_what_is_written_reads_back(table: list[list[Any]], shares_texts: bool) -> None:
    file = written(table, shares_texts=shares_texts)
    found = {row.number: row.cells for row in read(file)}
    wanted = {number: cells for number, cells in enumerate(expected(file), 1) if cells}
    midnight = {
        number: [cell.removesuffix("T00:00:00") for cell in found[number]] for number in found
    }
    assert midnight == wanted


ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
FORMATS = ("General", "0.00", "#,##0.00 [$€-407]", "0%", "[Red]0;[Blue]-0", "@", "0.00E+00")
RUNS = st.lists(st.text(alphabet="ab &<\n", min_size=1, max_size=4), min_size=1, max_size=3)
SHOWN = st.tuples(
    # Whole numbers beyond are not all of them numbers that a workbook can hold.
    st.integers(min_value=-(2**53), max_value=2**53)
    | st.floats(-1e9, 1e9).map(lambda number: round(number, 4) + 0.0)
    | st.booleans(),
    st.sampled_from(FORMATS),
    st.booleans(),  # bold
)
SPECIAL = RUNS | SHOWN | st.sampled_from(ERRORS) | DATE | st.none()


@given(
    cells=st.lists(st.lists(SPECIAL, min_size=1, max_size=4), min_size=1, max_size=4),
    is_1904=st.booleans(),
    merged=st.booleans(),
)
def test_styles_runs_errors_and_days_of_both_calendars_read_back(
    cells: list[list[Any]], is_1904: bool, merged: bool
) -> None:
    workbook = openpyxl.Workbook()
    if is_1904:
        workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook.worksheets[0]
    wanted: dict[int, list[str]] = {}
    for number, row in enumerate(cells, 1):
        texts = []
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            match value:
                case list():
                    cell.value = CellRichText(
                        *(TextBlock(InlineFont(b=True), run) for run in value)
                    )
                    texts.append("".join(value))
                case tuple():
                    cell.value, cell.number_format, is_bold = value
                    cell.font = Font(bold=is_bold)
                    texts.append(text_of(value[0]))
                case _:
                    cell.value = value
                    texts.append(text_of(value))
        if merged and len(row) > 1:
            sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=2)
            texts[1] = ""
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            wanted[number] = texts
    file = io.BytesIO()
    workbook.save(file)
    assert {row.number: row.cells for row in read(file)} == wanted


@given(table=TABLE, shares_texts=st.booleans())
def test_rows_that_are_cut_and_rows_that_are_heard_are_the_same(
    table: list[list[Any]], shares_texts: bool
) -> None:
    file = written(table, shares_texts=shares_texts)
    assert read(file) == read(with_comments(file))


@given(table=TABLE, start=st.integers(min_value=0))
def test_lines_of_rows_are_the_rows_of_the_sheet(table: list[list[Any]], start: int) -> None:
    titled = [["code", "name", "reference", "price"], *table]
    rows = read(written(titled, shares_texts=True))
    text = b"".join(CsvWriter().blocks(rows))
    options = CsvOptions(delimiter=",", quote='"', escape="", header_row=1)
    try:
        layout = survey([text], format=Format.CSV, encoding="utf-8", csv=options).layout
    except EmptySource:
        assert all(not "".join(row.cells).strip() for row in rows[1:])
        return
    layout = replace(layout, sheet="Table")
    found = Rows.joined(list(read_rows([text], layout)))
    shown = {row.number: row.cells for row in rows}
    for line, cells in zip(found.lines, found.values, strict=True):
        assert cells[: len(shown[line])] == shown[line]
    position = found.position(start % len(found))
    again = Rows.joined(list(read_rows([text[position.offset :]], layout, position)))
    assert list(again.lines) == list(found.lines[start % len(found) :])
