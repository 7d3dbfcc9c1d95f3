"""Workbooks and archives are imported as they are, and errors say where in them they are."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import pytest

from tests.unit.workbooks.building import archive, ods

pytestmark = pytest.mark.usefixtures("on_every_database")

HEADER = ("code", "name", "weight", "unit_of_weight", "do_not_ship")
ROWS = 300
WRONG = (7, 250)  # numbers of rows whose weight is wrong

Table = Sequence[Sequence[Any]]


def table() -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [HEADER]
    for number in range(1, ROWS + 1):
        weight = "heavy" if number in WRONG else number + 0.5
        name = "Mug, red\n2 l" if number % 50 == 0 else f"Mug „{number}“"
        rows.append((f"{number:05}", name, weight, "gr", number % 2 == 0))
    return rows


def text_of(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_csv(rows: Table, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([text_of(value) for value in row] for row in rows)
    return text.getvalue().encode(encoding)


def objects(rows: Table) -> list[dict[str, object]]:
    header, *rest = rows
    return [dict(zip(map(str, header), row, strict=True)) for row in rest]


def as_xlsx(rows: Table) -> bytes:
    file = io.BytesIO()
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "Prices"
    for row in rows:
        workbook.worksheets[0].append(list(row))
    workbook.create_sheet("Notes").append(["Please read"])
    workbook.save(file)
    return file.getvalue()


def as_ods(rows: Table) -> bytes:
    def cell(value: object) -> str:
        if isinstance(value, bool):
            name = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
            return f"<table:table-cell {name}/>"
        if isinstance(value, float):
            name = f'office:value-type="float" office:value="{value}"'
            return f"<table:table-cell {name}/>"
        lines = "".join(f"<text:p>{line}</text:p>" for line in str(value).split("\n"))
        return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'

    written = "".join(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows
    )
    notes = '<table:table table:name="Notes"></table:table>'
    return ods(f'<table:table table:name="Prices">{written}</table:table>{notes}').getvalue()


# A file, and the place of the first error in it.
FORMATS: dict[str, tuple[Callable[[Table], bytes], str | None]] = {
    "skus.csv": (as_csv, None),
    "tabs.tsv": (lambda rows: as_csv(rows, "\t"), None),
    "semicolons.csv": (lambda rows: as_csv(rows, ";", "utf-16"), None),
    "bars.csv": (lambda rows: as_csv(rows, "|", "cp1252"), None),
    "skus.csv.gz": (lambda rows: gzip.compress(as_csv(rows)), None),
    "skus.zip": (lambda rows: archive({"__MACOSX/x": b"", "in/a.csv": as_csv(rows)}).read(), None),
    "skus.json": (lambda rows: json.dumps(objects(rows)).encode(), None),
    "skus.ndjson": (lambda rows: "\n".join(map(json.dumps, objects(rows))).encode(), None),
    "skus.xlsx": (as_xlsx, "Prices!C8"),
    "skus.ods": (as_ods, "Prices!C8"),
    "book.zip": (lambda rows: archive({"a.xlsx": as_xlsx(rows)}).read(), "Prices!C8"),
}


def records(run):
    listed = run("records", "skus", "--json", "--limit", "1000").json["data"]
    fields = ("code", "name", "weight", "unit_of_weight", "do_not_ship")
    return sorted(tuple(each["attributes"][field] for field in fields) for each in listed)


@pytest.mark.parametrize("name", FORMATS)
def test_same_rows_make_the_same_records_in_every_format(run, make_file, name) -> None:
    write, cell = FORMATS[name]
    run("import", "shipping_categories", make_file("c.csv", "name\nAll\n"))
    ended = run("import", "skus", make_file(name, write(table())), "--parent", "All", "--json")
    attributes = ended.data["attributes"]
    assert (attributes["inputs_size"], attributes["processed_count"]) == (ROWS, ROWS - 2)
    wanted = [
        (code, text, weight, unit, flag)
        for number, (code, text, weight, unit, flag) in enumerate(table()[1:], 1)
        if number not in WRONG
    ]
    assert records(run) == sorted(wanted)
    first, second = run("errors", ended.data["id"], "--json").json["data"]
    assert (first["row"], second["row"]) == WRONG
    assert (first["column"], first["value"]) == ("weight", "heavy")
    assert (first["cell"], second["cell"]) == (cell, cell and cell.replace("8", "251"))


def test_terminal_names_the_cell(run, make_file) -> None:
    run("import", "shipping_categories", make_file("c.csv", "name\nAll\n"))
    file = make_file("skus.xlsx", as_xlsx(table()))
    told = run("import", "skus", file, "--dry-run", "--parent", "All")
    assert "Prices!C8" in told.out
    assert "the sheet 'Prices' was read; another sheet was left out: 'Notes'" in told.err


def test_sheet_is_named_and_a_wrong_name_lists_those_there_are(run, make_file) -> None:
    file = make_file("skus.xlsx", as_xlsx(table()))
    notes = run("import", "skus", file, "--dry-run", "--sheet", "notes")
    assert notes.code == 2
    assert "a header but no rows" in notes.err
    wrong = run("import", "skus", file, "--sheet", "Price")
    assert wrong.code == 2
    assert "no sheet 'Price'" in wrong.err
    assert "'Prices', 'Notes'" in wrong.err
    table_ = run("import", "skus", make_file("t.csv", "code\nA\n"), "--sheet", "Prices")
    assert (table_.code, "no workbook" in table_.err) == (2, True)


def test_a_sheet_without_fields_is_named_and_inspect_is_shown(run, make_file) -> None:
    foreign = run("import", "skus", make_file("f.xlsx", as_xlsx([("Artikelnummer",), ("1",)])))
    assert foreign.code == 2
    assert "none of the columns of the sheet 'Prices' is a field of skus: Artikel" in foreign.err
    assert "`longshore inspect` tells what the columns may be" in foreign.err


def test_error_of_a_cell_is_an_error_of_its_row(run, make_file) -> None:
    rows: list[tuple[object, ...]] = [("code", "name"), ("A", "#N/A"), ("B", "Mug"), ("C", "=1+1")]
    failed = run("import", "skus", make_file("s.xlsx", as_xlsx(rows)), "--skip-errors", "--json")
    found = run("errors", failed.data["id"], "--json").json["data"]
    told = [(each["row"], each["cell"], each["code"]) for each in found if each["column"]]
    assert told == [(1, "Prices!B2", "cell_error"), (3, "Prices!B4", "not_calculated")]


@pytest.mark.parametrize("name", ["skus.xlsx", "skus.zip"])
def test_original_is_kept_beside_the_rows(run, start, make_file, name) -> None:
    content = FORMATS[name][0](table())
    ended = run("import", "skus", make_file(name, content), "--skip-errors", "--json")
    with start("original", ended.data["id"], text=False) as process:
        assert process.communicate()[0] == content
    plain = run("import", "skus", make_file("a.csv", as_csv(table())), "--skip-errors", "--json")
    refused = run("original", plain.data["id"])
    assert (refused.code, "no original" in refused.err) == (2, True)


def test_original_of_a_retry_is_that_of_the_first_import(run, start, make_file) -> None:
    content = as_xlsx([("code", "name"), ("A", ""), ("B", "Mug")])
    first = run("import", "skus", make_file("s.xlsx", content), "--skip-errors", "--json")
    retry = run("retry", first.data["id"], "--set", "name=Cup", "--json")
    with start("original", retry.data["id"], text=False) as process:
        assert process.communicate()[0] == content


def test_supplier_list_with_titles_above_and_a_sum_below(run, make_file) -> None:
    rows: list[tuple[object, ...]] = [
        ("Price list", None, None),
        ("As of", "2026-11-01", None),
        (),
        ("Code", "Name", "Weight"),
        (1001, "Mug", 350),
        ("00123", "Bowl", 900),
        (),
        ("Sum", None, "=SUM(C5:C6)"),
    ]
    run("import", "shipping_categories", make_file("c.csv", "name\nAll\n"))
    file = make_file("list.xlsx", as_xlsx(rows))
    ended = run("import", "skus", file, "--parent", "All", "--skip-errors", "--json")
    assert [each[0] for each in records(run)] == ["00123", "1001"]
    found = run("errors", ended.data["id"], "--json").json["data"]
    assert {each["line"] for each in found} == {8}
    assert found[-1]["code"] == "looks_like_total"


REFUSED = {
    "empty.zip": (archive({}), "has to hold one file, and has no file"),
    "two.zip": (archive({"a.csv": b"code\nA\n", "b.csv": b"code\nB\n"}), "has 2 files: 'a.csv'"),
    "none.zip": (archive({"folder/": b""}), "has no file"),
    "nested.zip": (archive({"a.zip": archive({"b.zip": b"PK\x03\x04"}).read()}), "ZIP archive"),
    "old.xls": (io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)), "old format .xls"),
    "cut.zip": (io.BytesIO(archive({"a.csv": b"code\nA\n"}).read()[:40]), "cannot be read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_whole(run, make_file, name) -> None:
    content, message = REFUSED[name]
    refused = run("import", "skus", make_file(name, content.getvalue()))
    assert refused.code == 2
    assert message in refused.err
    assert "hint" in refused.err
    assert run("imports", "--json").json["data"] == []


def test_damage_inside_an_archive_is_told(run, make_file) -> None:
    data = bytearray(archive({"a.csv": b"code,name\n" + b"A,Mug\n" * 5000}).read())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as opened:
        start = opened.infolist()[0].header_offset + 40
    data[start : start + 10] = bytes(10)
    refused = run("import", "skus", make_file("damaged.zip", bytes(data)))
    assert refused.code == 2
    assert "a.csv cannot be read from the archive" in refused.err
