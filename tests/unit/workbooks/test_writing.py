"""Workbooks that are written, read back by our own reader and by openpyxl."""

import io
from pathlib import Path
from typing import BinaryIO, cast

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.workbooks import (
    DoesNotFit,
    SheetColumn,
    cut_to_cell,
    open_workbook,
    write_workbook,
    writer,
)

LONGEST = 32_767


def written(rows, wrong=lambda number: {}, columns=None) -> io.BytesIO:
    file = io.BytesIO()
    width = max(map(len, rows), default=1)
    columns = columns or [SheetColumn(name=f"c{index}") for index in range(width)]
    with write_workbook(file) as workbook:
        sheet = workbook.sheet("Rows", columns)
        for number, row in enumerate(rows):
            sheet.write(row, wrong(number))
    file.seek(0)
    return file


def read(file: BinaryIO) -> list[list[str]]:
    with open_workbook(file) as workbook:
        return [row.cells for row in workbook.rows(workbook.sheets[0].name)][1:]


def test_each_kind_of_cell_is_what_it_was() -> None:
    row = ["007", 7, 2.5, True, False, None, "", "end"]
    (found,) = openpyxl.load_workbook(written([row])).worksheets[0].iter_rows(min_row=2)
    assert [cell.value for cell in found] == ["007", 7, 2.5, True, False, None, None, "end"]
    assert found[0].number_format == "@"  # what somebody types there later stays a text too


TEXTS = [
    "=1+1",
    "=HYPERLINK(A1)",
    "{=SUM(A1)}",
    "+1",
    "https://example.com",
    "mailto:jane@example.com",
    " blanks ",
    "two\nlines",
    "two\r\nlines\r",
    "\ttab",
    "<r>no piece of XML</r>",
    "<r><t>no rich text</t></r>",
    "&amp; < > \" '",
    "_x0041_",
    "_x005F_",
    "control \x01 \x0b \x1f",
    "\ufffe\uffff",
    "\U0001f6a2" * 10,
    "1e5",
    "TRUE",
]


def test_a_text_is_read_back_as_it_was() -> None:
    assert read(written([[text] for text in TEXTS])) == [[text] for text in TEXTS]
    sheet = openpyxl.load_workbook(written([[text] for text in TEXTS])).worksheets[0]
    assert {cell.data_type for (cell,) in sheet.iter_rows()} == {"s"}  # no formula among them


@given(st.text(min_size=1), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
def test_any_text_and_any_number_is_read_back(text: str, whole: int, number: float) -> None:
    ((first, second, third),) = read(written([["x" + text, whole, number]]))
    assert first == "x" + text
    assert int(second) == whole
    assert float(third) == number


def test_half_a_character_is_read_back() -> None:
    assert read(written([["a\ud800b"]])) == [["a\ud800b"]]


def test_a_cell_holds_so_many_characters_and_no_more() -> None:
    longest = "\U0001f6a2" * (LONGEST // 2) + "x"
    assert read(written([[longest]])) == [[longest]]
    with pytest.raises(
        DoesNotFit, match="row 2 has a text of 32,768 characters in the column 'c1'"
    ):
        written([["", longest + "x"]])
    assert cut_to_cell(longest) == longest
    assert read(written([[cut_to_cell(longest + "x")]]))[0][0].endswith("\U0001f6a2…")


def test_rows_and_columns_beyond_the_sheet_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "ROWS_MAX", 3)
    assert len(read(written([["a"], ["b"]]))) == 2
    with pytest.raises(DoesNotFit, match="a sheet holds 1,048,575 rows"):
        written([["a"], ["b"], ["c"]])
    with pytest.raises(DoesNotFit, match="16,385 columns, and a sheet has 16,384"):
        written([[]], columns=[SheetColumn(name="c")] * 16_385)
    with pytest.raises(DoesNotFit, match="row 2 has 16,385 cells"):
        written([["x"] * 16_385], columns=[SheetColumn(name="c")])


def test_wrong_cells_have_a_note_and_a_colour_also_where_they_are_blank(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer, "NOTES_MAX", 2)
    rows = [["a", ""], ["b", "c"]]
    file = written(rows, lambda number: {0: "no\x01", 1: "too long: " + "x" * 5_000, 3: "beyond"})
    sheet = openpyxl.load_workbook(file).worksheets[0]
    notes = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    assert notes == {"A2": "no\ufffd", "B2": "too long: " + "x" * 1_990 + "…"}
    coloured = [
        cell.coordinate
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if cell.fill.fgColor.rgb == "FFFFC7CE"
    ]
    assert coloured == ["A2", "B2", "D2", "A3", "B3", "D3"]
    assert read(file) == [["a"], ["b", "c"]]


def test_choices_are_offered_whatever_their_length() -> None:
    many = [f"choice-{number}" for number in range(50)]
    columns = [
        SheetColumn(name="few", choices=("a", "b")),
        SheetColumn(name="many", choices=many),
        SheetColumn(name="more", choices=many[1:]),
    ]
    file = written([["a", "choice-1"]], columns=columns)
    sheet, choices = openpyxl.load_workbook(file).worksheets
    rules = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    assert rules == {
        "A2:A1048576": '"a,b"',
        "B2:B1048576": "Choices!$A$1:$AX$1",
        "C2:C1048576": "Choices!$A$2:$AW$2",
    }
    assert choices.sheet_state == "hidden"
    assert [cell.value for cell in choices[1]] == many
    assert read(file) == [["a", "choice-1"]]


def test_nothing_is_written_of_a_workbook_that_is_not_finished(tmp_path: Path) -> None:
    with (
        open(tmp_path / "b.xlsx", "wb") as file,
        pytest.raises(ZeroDivisionError),
        write_workbook(file) as workbook,
    ):
        workbook.sheet("Rows", [SheetColumn(name="a")]).write([1 / 0])
    assert (tmp_path / "b.xlsx").read_bytes() == b""


def test_a_full_disk_is_what_it_is() -> None:
    with (
        pytest.raises(OSError, match="No space left"),
        open("/dev/full", "wb", buffering=0) as file,
        write_workbook(file) as workbook,
    ):
        workbook.sheet("Rows", [SheetColumn(name="a")]).write(["x"])


class OneWay:
    """A file that takes bytes, and nothing else."""

    def __init__(self) -> None:
        self.taken = b""

    def write(self, data: bytes) -> int:
        self.taken += data
        return len(data)

    def flush(self) -> None:
        pass


def test_a_file_need_not_be_sought_in() -> None:
    file = OneWay()
    with write_workbook(cast(BinaryIO, file)) as workbook:
        workbook.sheet("Rows", [SheetColumn(name="a")]).write(["x"])
    assert read(io.BytesIO(file.taken)) == [["x"]]
