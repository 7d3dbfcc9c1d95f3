"""The same 10,000 rows in every format are read as the same rows, at the places they have there.

A format is one line of the table: how it is written, and how the cell of an error is called in it.
"""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longshore.readers import Format
from longshore.sources import AttachmentStore, Source
from tests.unit.workbooks.building import archive, ods

HEADER = ("code", "name", "weight", "unit_of_weight", "do_not_ship")
ROWS = 10_000
LONG = 250  # every so manieth row has a name of two lines
PLACES = (7, LONG, LONG + 1, 9_999)  # of rows, in which an error may be

Values = tuple[str, str, float, str, bool]


def values(number: int) -> Values:
    name = f"Größe „{number}“" if number % 3 else f'Café, 1/2"; a|b\tc {number}'
    if number % LONG == 0:
        name = f"Tasse\nGr. {number}"
    return (
        f"{number:07}",
        name.replace("„", "'").replace("“", "'"),
        number + 0.5,
        "gr",
        number % 2 == 0,
    )


@cache
def table() -> tuple[Values, ...]:
    return tuple(values(number) for number in range(1, ROWS + 1))


def text_of(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_csv(delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerows([HEADER, *(list(map(text_of, row)) for row in table())])
    return text.getvalue().encode(encoding)


def as_json(opening: str = "[\n", separator: str = ",\n", closing: str = "\n]\n") -> bytes:
    rows = (json.dumps(dict(zip(HEADER, row, strict=True))) for row in table())
    return (opening + separator.join(rows) + closing).encode()


def as_xlsx() -> bytes:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Prices")
    for row in (HEADER, *table()):
        sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def as_ods() -> bytes:
    def cell(value: object) -> str:
        if isinstance(value, bool):
            kind = f'office:value-type="boolean" office:boolean-value="{text_of(value)}"'
            return f"<table:table-cell {kind}/>"
        if isinstance(value, float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        text = str(value).replace("&", "&amp;").replace("\t", "<text:tab/>")
        lines = "".join(f"<text:p>{line}</text:p>" for line in text.split("\n"))
        return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'

    rows = (
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>"
        for row in (HEADER, *table())
    )
    return ods(f'<table:table table:name="Prices">{"".join(rows)}</table:table>').getvalue()


def as_parquet() -> bytes:
    columns = dict(zip(HEADER, map(list, zip(*table(), strict=True)), strict=True))
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, row_group_size=5_000)
    return file.getvalue()


def no_cell(_line: int) -> str | None:
    return None


def of_sheet(line: int) -> str | None:
    return f"Prices!C{line}"


def of_row_group(line: int) -> str | None:
    return f"row group {1 + (line - 2) // 5_000}, weight"


# What is written, how its name ends, how a cell of the row on a line is called.
FORMATS: dict[str, tuple[Callable[[], bytes], str, Callable[[int], str | None]]] = {
    "comma": (as_csv, ".csv", no_cell),
    "semicolon": (lambda: as_csv(";"), ".csv", no_cell),
    "tab": (lambda: as_csv("\t"), ".tsv", no_cell),
    "bar": (lambda: as_csv("|"), ".csv", no_cell),
    "UTF-8 with a mark": (lambda: as_csv(encoding="utf-8-sig"), ".csv", no_cell),
    "UTF-16": (lambda: as_csv(";", "utf-16"), ".csv", no_cell),
    "Windows-1252": (lambda: as_csv(";", "cp1252"), ".csv", no_cell),
    "Latin-1": (lambda: as_csv("\t", "latin-1"), ".csv", no_cell),
    "Mac OS Roman": (lambda: as_csv(encoding="mac_roman"), ".csv", no_cell),
    "NDJSON": (lambda: as_json("", "\n", "\n"), ".ndjson", no_cell),
    "JSON": (as_json, ".json", no_cell),
    "XLSX": (as_xlsx, ".xlsx", of_sheet),
    "ODS": (as_ods, ".ods", of_sheet),
    "Parquet": (as_parquet, ".parquet", of_row_group),
    "gzip": (lambda: gzip.compress(as_csv(), 1), ".csv.gz", no_cell),
    "zip": (lambda: archive({"list.csv": as_csv(";")}).read(), ".zip", no_cell),
    "workbook in a zip": (lambda: archive({"list.xlsx": as_xlsx()}).read(), ".zip", of_sheet),
}


def lines(name: str) -> Iterator[int]:
    """The line of each row."""
    line = {"NDJSON": 1}.get(name, 2)
    for row in table():
        yield line
        line += 2 if "\n" in row[1] and FORMATS[name][1] in (".csv", ".tsv", ".csv.gz") else 1
        line += 1 if "\n" in row[1] and name == "zip" else 0


def texts(cells: Any) -> Sequence[str]:
    read = cells if isinstance(cells, list) else [cells[name] for name in HEADER]
    return [text_of(cell) for cell in read]


@pytest.mark.parametrize("name", FORMATS)
def test_same_rows_are_read_from_every_format(tmp_path: Path, name: str) -> None:
    write, ending, cell_of = FORMATS[name]
    path = tmp_path / f"rows{ending}"
    path.write_bytes(write())
    store = AttachmentStore(tmp_path / "attachments")
    stored = store.write(Source.from_path(path), is_field=HEADER.__contains__)
    assert (stored.layout.columns, stored.rows_count) == (HEADER, ROWS)
    found = list(store.open(stored.name, stored.layout))
    wanted = [list(map(text_of, row)) for row in table()]
    assert [texts(cells) for rows in found for cells in rows.values] == wanted
    assert [line for rows in found for line in rows.lines] == list(lines(name))
    for number in PLACES:
        line = list(lines(name))[number - 1]
        assert stored.layout.cell("weight", line) == cell_of(line)
        assert (stored.layout.cell(None, line) is None) == (cell_of(line) is None)
    if stored.layout.format is Format.CSV:
        assert {each.code for each in stored.notices} <= {"encoding_guessed"}
    has_original = name in ("XLSX", "ODS", "Parquet", "zip", "workbook in a zip")
    if has_original:
        assert b"".join(store.original(stored.name)) == path.read_bytes()
        other = AttachmentStore(tmp_path / "other")
        other.take(stored.name, store)
        assert b"".join(other.original(stored.name)) == path.read_bytes()
    assert len(list((tmp_path / "attachments").iterdir())) == 2 + has_original
    store.delete(stored.name)
    assert list((tmp_path / "attachments").iterdir()) == []
