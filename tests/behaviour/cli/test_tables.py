"""Tables as people leave them in sheets and files: several, with headers of two lines and notes."""

import io

import openpyxl
import pytest

pytestmark = pytest.mark.usefixtures("on_every_database")


def as_xlsx(*rows: tuple[object, ...], merged: tuple[str, ...] = ()) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Lists"
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


SEVERAL = as_xlsx(
    ("Spring\nlist",),
    ("code", "name", "weight"),
    ("00123", "Mug\nred", 350),
    ("00124", "Bowl", 900),
    (),
    ("Categories",),
    ("name", "code", "reference"),
    ("Ceramics", "CER", "c"),
    (),
    ("Prices until May",),
)


def names(run, resource_type):
    listed = run("records", resource_type, "--json").json["data"]
    return sorted(each["attributes"]["name"] for each in listed)


def test_each_of_several_tables_is_imported_when_it_is_named(run, make_file) -> None:
    file = make_file("lists.xlsx", SEVERAL)
    run("import", "shipping_categories", make_file("c.csv", "name\nAll\n"))
    refused = run("import", "skus", file, "--parent", "All")
    assert refused.code == 2
    assert "another table begins below the first one" in refused.err
    assert "--header-row 2 reads the first one, --header-row 7 the other" in refused.err
    assert run("records", "skus", "--json").json["data"] == []

    first = run("import", "skus", file, "--parent", "All", "--header-row", "2", "--json")
    assert (first.code, first.data["attributes"]["processed_count"]) == (0, 2)
    told = {each["code"] for each in first.data["meta"]["warnings"]}
    assert {"table_below", "lines_above_header"} <= told
    assert names(run, "skus") == ["Bowl", "Mug\nred"]

    tried = run("import", "shipping_categories", file, "--header-row", "7", "--dry-run")
    assert (tried.code, "1 note below the table" in tried.err) == (0, False)
    second = run("import", "shipping_categories", file, "--header-row", "7", "--json")
    assert (second.code, second.data["attributes"]["inputs_size"]) == (0, 1)
    assert "notes_below" in {each["code"] for each in second.data["meta"]["warnings"]}
    assert names(run, "shipping_categories") == ["All", "Ceramics"]


def test_rows_of_a_table_that_has_an_end_are_retried_within_it(run, make_file) -> None:
    text = "code,name,weight\nA1,Mug,heavy\nA2,Bowl,900\n\nprices until May,,\n"
    run("import", "shipping_categories", make_file("c.csv", "name\nAll\n"))
    file = make_file("skus.csv", text)
    failed = run("import", "skus", file, "--parent", "All", "--skip-errors", "--json")
    attributes = failed.data["attributes"]
    assert (attributes["inputs_size"], attributes["errors_count"]) == (2, 1)
    mended = run("retry", failed.data["id"], "--set", "weight=350", "--json")
    assert (mended.code, mended.data["attributes"]["processed_count"]) == (0, 1)
    assert names(run, "skus") == ["Bowl", "Mug"]


def test_header_of_two_lines_with_merged_groups(run, make_file) -> None:
    content = as_xlsx(
        ("code", "name", "Size", None, None),
        (None, None, "weight", "unit_of_weight", "Remark"),
        ("A1", "Mug", 350, "gr", "new"),
        ("A2", "Bowl", "heavy", "gr", None),
        merged=("A1:A2", "B1:B2", "C1:E1"),
    )
    file = make_file("skus.xlsx", content)
    run("import", "shipping_categories", make_file("c.csv", "name\nAll\n"))
    options = ("--parent", "All", "--ignore", "Size Remark", "--skip-errors", "--json")
    ended = run("import", "skus", file, *options)
    assert [each["code"] for each in ended.data["meta"]["warnings"]] == ["header_of_two_lines"]
    (error,) = run("errors", ended.data["id"], "--json").json["data"]
    assert (error["cell"], error["column"]) == ("Lists!C4", "weight")
    found = run("inspect", file, "--json").json["data"]
    assert (found["header_row"], found["header_rows"]) == (1, 2)
    assert "--header-row 1-2" in found["command"]
