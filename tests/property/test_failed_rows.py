"""A file of failed rows, read as its source was, has the cells of its source."""

import codecs
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from longshore.cli.failed_rows import FailedRowsFile
from longshore.imports import LoggedError
from longshore.operations import FailedRow, SourceForm
from longshore.readers import (
    REPORT_COLUMNS,
    CsvOptions,
    Format,
    Survey,
    TextForm,
    Unreadable,
    UnreadableSource,
    read_rows,
    survey,
)

CELLS = " ab,;:\t|\"'\\\n\rüé€😀=+-@"
MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
ENCODINGS = ("utf-8", "utf-8", "cp1252", "utf-16-le", "utf-16-be")


@st.composite
def sources(draw: Callable[..., Any]) -> tuple[bytes, CsvOptions, str, TextForm]:
    """Bytes that may be a CSV, with what is said of it: options, encoding, line end and mark."""
    options = CsvOptions(
        delimiter=draw(st.sampled_from([",", ";", "\t", "|", ", ", "||", "::", " | ", " "])),
        quote=draw(st.sampled_from(['"', '"', "'", ""])),
        escape=draw(st.sampled_from(["", "", "\\"])),
    )
    encoding = draw(st.sampled_from(ENCODINGS))
    form = TextForm(
        line_end=draw(st.sampled_from(["\n", "\r\n", "\r"])), has_mark=encoding in MARKS
    )
    quote = options.quote or ""
    bare = st.text(alphabet=" abü:=-'\\€", max_size=5)
    quoted = st.text(alphabet=CELLS, max_size=8).map(
        lambda text: f"{quote}{text.replace(quote, quote * 2) if quote else ''}{quote}"
    )
    wild = st.text(alphabet=CELLS, max_size=5)
    cell = st.one_of(bare, quoted, wild) if draw(st.booleans()) else st.one_of(bare, quoted)
    rows = draw(st.lists(st.lists(cell, min_size=1, max_size=4), min_size=1, max_size=6))
    lines = [[draw(st.sampled_from(["one", "=one"])), "two"], *rows]
    text = form.line_end.join(str(options.delimiter).join(row) for row in lines)
    return MARKS.get(encoding, b"") + text.encode(encoding, "replace"), options, encoding, form


def read(data: bytes, options: CsvOptions, encoding: str) -> Survey | None:
    try:
        return survey([data], format=Format.CSV, encoding=encoding, csv=options)
    except UnreadableSource:
        return None


def rows_of(data: bytes, found: Survey) -> list[Any]:
    return [value for rows in read_rows([data], found.layout) for value in rows.values]


def trimmed(cells: list[str], width: int) -> list[str]:
    """Cells as an import takes them: short rows are filled up, and what is blank at the end of a
    long one is not there."""
    filled = [*cells, *[""] * (width - len(cells))]
    while len(filled) > width and not filled[-1]:
        filled.pop()
    return filled


def as_written(cell: str, options: CsvOptions) -> str:
    """A cell as a table can hold it: without quotes a character keeps it apart from a delimiter
    that begins as the cell ends."""
    end, between = {"::": (":", " "), "||": ("|", " "), " | ": (" |", "_")}.get(
        options.delimiter or "", ("", "")
    )
    is_bare = not options.quote and not options.escape
    return cell + between if is_bare and end and cell.endswith(end) else cell


def error(row: int) -> LoggedError:
    return LoggedError(
        row=row, line=row, identifier=None, attribute="two", message="is invalid", value=None,
        code="invalid",
    )  # fmt: skip


@given(sources(), st.booleans())
def test_file_of_failed_rows_has_the_cells_of_its_source(
    source: tuple[bytes, CsvOptions, str, TextForm], is_guarded: bool
) -> None:
    data, options, encoding, form = source
    found = read(data, options, encoding)
    if found is None:
        return
    width = len(found.layout.columns)
    rows = rows_of(data, found)
    failed = [
        FailedRow(number=number, line=number, values=values, errors=[error(number)])
        for number, values in enumerate(rows, 1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "failed.csv")
        file = FailedRowsFile(path=path, is_spreadsheet_safe=is_guarded)
        file.write(failed, SourceForm(found.layout, form))
        written = path.read_bytes()
    assert written.startswith(MARKS.get(encoding, b""))
    again = read(written, options, encoding)
    assert again is not None
    layout = again.layout
    values = rows_of(written, again)
    columns = layout.columns
    if is_guarded:
        from longshore.spreadsheet_cells import bare

        columns = tuple(map(bare, columns))
        values = [row if isinstance(row, Unreadable) else list(map(bare, row)) for row in values]
    assert columns == (*found.layout.columns, *REPORT_COLUMNS)
    kept = [number for number, row in enumerate(rows, 1) if not isinstance(row, Unreadable)]
    cut = [row for row in values if not isinstance(row, Unreadable)][: len(kept)]
    message = "two: is invalid"
    if options.delimiter == " " and not options.quote:
        message = message.replace(" ", "_")
    assert [row[width : width + 3] for row in cut] == [
        [f"{number}", message, "invalid"] for number in kept
    ]
    assert [[*row[:width], *row[width + 3 :]] for row in cut] == [
        [as_written(cell, options) for cell in trimmed(rows[number - 1], width)] for number in kept
    ]
