"""Workbooks that commands write: templates, exports and failed rows; each is imported again."""

import io
import json
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from tests.behaviour.cli.conftest import Run

SKUS = [
    ["code", "name", "weight", "unit_of_weight", "do_not_ship", "description", "metadata"],
    ["00012", "=1+1", "1.5", "gr", "true", "+49 30", '"{""a"": [1]}"'],
    ["1e5", '"two\nlines"', "3", "", "false", "'=x", ""],
    ["TRUE", "_x0041_", "", "", "true", "<r>rich</r>", ""],
    ["2026-01-02", "https://example.com", "0.1", "oz", "", " padded ", ""],
]
BROKEN = [
    ["code", "name", "weight", "unit_of_weight", "description"],
    ["0001", "One", "heavy", "kg", "=1+1"],
    ["0002", "Two", "2", "gr", ""],
    ["0003", "", "3", "gr", "-5"],
]
MESSAGES = "weight: is not a number; unit_of_weight: is not included in the list"


def sheet_of(path: Path | io.BytesIO) -> Any:
    return openpyxl.load_workbook(path).worksheets[0]


def table(sheet: Any) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def notes(sheet: Any) -> dict[str, str]:
    return {
        cell.coordinate: cell.comment.text
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def counts(ended: Any) -> dict[str, str]:
    """What became of the rows, as the report for people says."""
    facts = ended.facts
    names = ("created", "updated", "unchanged", "failed")
    return {name: facts[name] for name in names if facts[name] != "0"}


@pytest.mark.usefixtures("on_every_database")
def test_import_of_an_exported_workbook_changes_nothing(
    run: Run, category, make_file, tmp_path: Path
) -> None:
    assert run("import", "skus", make_file("s.csv", SKUS), "--parent", "MAIN").code == 0
    book = tmp_path / "skus.xlsx"
    ended = run("export", "skus", "--format", "xlsx", "--output", book)
    assert (ended.code, ended.out, ended.err) == (0, "", f"4 records written to {book}\n")
    sheet = sheet_of(book)
    assert (sheet.title, sheet.freeze_panes) == ("skus", "A2")
    columns = {cell.value: cell.column - 1 for cell in sheet[1]}
    shown = ("code", "name", "weight", "do_not_ship", "description", "metadata")
    assert [[row[columns[name]] for name in shown] for row in table(sheet)[1:3]] == [
        ["00012", "=1+1", 1.5, True, "+49 30", '{"a":[1]}'],
        ["1e5", "two\nlines", 3, False, "'=x", "{}"],
    ]
    # Whatever begins with = is a text, and a code stays one when somebody edits it.
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n", "b"}
    assert sheet.cell(2, columns["code"] + 1).number_format == "@"
    assert counts(run("import", "skus", book)) == {"unchanged": "4"}


@pytest.mark.usefixtures("on_every_database")
def test_dates_and_other_types_change_nothing_either(run: Run, make_file, tmp_path: Path) -> None:
    promotion = {
        "name": "007",
        "percentage": 10,
        "currency_code": "EUR",
        "starts_at": "2030-01-31T08:30:00.123Z",
        "expires_at": "2031-01-31",
    }
    resource_type = "percentage_discount_promotions"
    ended = run("import", resource_type, make_file("p.json", json.dumps([promotion])))
    assert counts(ended) == {"created": "1"}
    book = tmp_path / "promotions.xlsx"
    assert run("export", resource_type, "--format", "xlsx", "--output", book).code == 0
    row = dict(zip(*table(sheet_of(book)), strict=True))
    assert (row["name"], row["percentage"]) == ("007", 10)
    assert row["starts_at"] == "2030-01-31T08:30:00.123Z"
    assert row["expires_at"] == "2031-01-31T00:00:00.000Z"
    assert counts(run("import", resource_type, book)) == {"unchanged": "1"}


@pytest.mark.usefixtures("on_every_database")
def test_a_template_says_what_its_columns_want_and_imports(
    run: Run, category, start: Callable[..., Any], make_file
) -> None:
    with start("template", "skus", "--format", "xlsx", text=False) as process:
        book = make_file("t.xlsx", process.communicate()[0])
    sheet = sheet_of(book)
    header = [cell.value for cell in sheet[1]]
    assert header[:3] == ["code", "name", "shipping_category_id"]
    told = {str(cell.value): cell.comment.text for cell in sheet[1]}
    assert told["code"] == "required\na text"
    assert told["unit_of_weight"] == "one of gr, oz, lb"
    assert told["do_not_ship"] == "TRUE or FALSE\nwhen blank: FALSE"
    assert told["shipping_category_id"] == (
        "required when do_not_ship != true\nthe id of one of the shipping_categories\n"
        "instead, a column shipping_category.code or shipping_category.name names it"
    )
    rules = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    letter = get_column_letter
    weights = letter(header.index("unit_of_weight") + 1)
    ships = letter(header.index("do_not_ship") + 1)
    assert rules[f"{weights}2:{weights}1048576"] == '"gr,oz,lb"'
    assert rules[f"{ships}2:{ships}1048576"] == '"TRUE,FALSE"'
    assert sheet.column_dimensions["A"].width >= 12
    assert counts(run("import", "skus", book)) == {"created": "1"}


@pytest.mark.usefixtures("on_every_database")
@pytest.mark.parametrize("later", [False, True], ids=["import --errors", "errors --failed-rows"])
def test_failed_rows_are_marked_mended_and_imported(
    run: Run, category, make_file, tmp_path: Path, later: bool
) -> None:
    failed = tmp_path / "failed.xlsx"
    arguments = ("import", "skus", make_file("b.csv", BROKEN), "--parent", "MAIN", "--skip-errors")
    if later:
        id_ = run(*arguments, "--json").data["id"]
        assert run("errors", id_, "--failed-rows", failed).code == 0
    else:
        ended = run(*arguments, "--errors", failed)
        assert ended.code == 1
        assert f"2 failed rows written to {failed}\n" in ended.err
        assert f"--file {failed} imports them" in ended.err
        assert "--failed-rows" not in ended.err
    sheet = sheet_of(failed)
    assert table(sheet) == [
        [*BROKEN[0], "_row", "_errors", "_codes"],
        ["0001", "One", "heavy", "kg", "=1+1", 1, MESSAGES, "not_a_number; not_in_list"],
        ["0003", None, "3", "gr", "-5", 3, "name: can't be blank", "blank"],
    ]
    told = {at: note.partition("\n")[0] for at, note in notes(sheet).items() if at != "F1"}
    assert told == {
        "C2": "is not a number",
        "D2": "is not included in the list",
        "B3": "can't be blank",
    }
    coloured = {
        cell.coordinate
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if cell.fill.fgColor.rgb == "FFFFC7CE"
    }
    assert coloured == set(told)

    # As it stands the same cells are wrong, and mended all rows are taken.
    arguments = ("import", "skus", failed, "--parent", "MAIN", "--skip-errors")
    again = run(*arguments, "--json")
    assert again.data["attributes"]["processed_count"] == 0
    cells = [each["cell"] for each in run("errors", again.data["id"], "--json").data]
    assert cells == ["Failed rows!C2", "Failed rows!D2", "Failed rows!B3"]
    mend(failed)
    assert counts(run(*arguments)) == {"created": "2"}
    found = run("records", "skus", "--json").data
    assert {each["attributes"]["description"] for each in found} == {"=1+1", "-5", None}


def mend(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet["C2"], sheet["D2"], sheet["B3"] = 1.5, "gr", "Three"
    book.save(path)


@pytest.mark.usefixtures("on_every_database")
def test_a_retry_takes_mended_rows_of_a_workbook(run: Run, category, make_file, tmp_path) -> None:
    failed = tmp_path / "failed.xlsx"
    file = make_file("b.csv", BROKEN)
    ended = run("import", "skus", file, "--parent", "MAIN", "--skip-errors", "--json")
    id_ = ended.data["id"]
    run("errors", id_, "--failed-rows", failed)
    first = run("retry", id_, "--file", failed, "--errors", tmp_path / "again.xlsx")
    assert first.code == 1
    assert table(sheet_of(tmp_path / "again.xlsx")) == table(sheet_of(failed))
    mend(failed)
    assert counts(run("retry", id_, "--file", failed)) == {"created": "2"}


def test_rows_of_a_workbook_and_of_json_are_written_too(
    run: Run, category, make_file, tmp_path
) -> None:
    rows: list[dict[str, object]] = [dict(zip(BROKEN[0], row, strict=True)) for row in BROKEN[1:]]
    rows[0]["tags"] = [{"name": "no good"}]
    failed = tmp_path / "failed.xlsx"
    arguments = ("--parent", "MAIN", "--skip-errors", "--errors")
    run("import", "skus", make_file("b.json", json.dumps(rows)), *arguments, failed)
    sheet = sheet_of(failed)
    assert [row[0] for row in table(sheet)] == ["code", "0001", "0003"]
    assert '[{"name": "no good"}]' in table(sheet)[1]
    assert {at[0] for at in notes(sheet)} >= {"B", "C", "D"}
    again = tmp_path / "again.xlsx"
    run("import", "skus", failed, *arguments, again)
    columns = table(sheet_of(again))[0]
    assert columns == table(sheet)[0]  # the report's columns stand there once
    text = tmp_path / "again.csv"
    assert run("import", "skus", failed, *arguments, text).code == 1
    assert text.read_text().startswith("code,name,weight,")


def test_errors_about_no_cell_stand_beside_all_messages(run: Run, make_file, tmp_path) -> None:
    failed = tmp_path / "failed.xlsx"
    run("import", "skus", make_file("s.csv", "code\nA\n"), "--skip-errors", "--errors", failed)
    told = notes(sheet_of(failed))
    assert set(told) == {"B1", "C2"}
    assert "name: can't be blank" in told["C2"]


def test_lines_that_cannot_be_cut_stand_in_a_sheet_of_their_own(
    run: Run, category, make_file, tmp_path
) -> None:
    content = 'code,name\nA,\nB,"open\nC,c\n'
    failed = tmp_path / "failed.xlsx"
    file = make_file("s.csv", content)
    ended = run("import", "skus", file, "--parent", "MAIN", "--skip-errors", "--errors", failed)
    assert ended.code == 1
    book = openpyxl.load_workbook(failed)
    rows, lines = map(table, book.worksheets)
    assert [row[0] for row in rows] == ["code", "A"]
    assert lines[0] == ["row", "line", "message", "text"]
    assert (lines[1][:2], lines[1][3]) == ([2, 3], 'B,"open\nC,c')
    # An import and a retry read the rows that have cells.
    assert run("import", "skus", failed, "--parent", "MAIN", "--dry-run").code == 1


def test_workbooks_go_to_standard_output_and_to_pipes(
    run: Run, category, make_file, start, tmp_path: Path
) -> None:
    run("import", "skus", make_file("s.csv", SKUS), "--parent", "MAIN")
    with start("export", "skus", "--format", "xlsx", text=False) as process:
        exported = sheet_of(io.BytesIO(process.communicate()[0]))
    assert [row[1] for row in table(exported)] == ["code", "00012", "1e5", "TRUE", "2026-01-02"]
    with (
        open(tmp_path / "appended", "ab") as file,
        start("export", "skus", "--format", "xlsx", stdout=file, text=False) as process,
    ):
        assert process.wait() == 0
    assert table(sheet_of(io.BytesIO((tmp_path / "appended").read_bytes()))) == table(exported)
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(pipe.read_bytes()))
    reader.start()
    assert run("export", "skus", "--format", "xlsx", "--output", pipe).code == 0
    reader.join()
    assert table(sheet_of(io.BytesIO(found[0]))) == table(exported)


NAMES = [
    (("--output", "skus.xls"), "skus.xls cannot be written: a workbook is written as .xlsx"),
    (("--output", "skus.ODS"), "skus.ODS cannot be written"),
    (("--format", "xlsx", "--output", "skus.xls"), "hint: name it skus.xlsx"),
    (("--format", "xlsx", "--output", "skus.csv"), "skus.csv is no name of a workbook"),
    (("--output", "skus.xlsx"), "hint: say --format xlsx"),
    (("--format", "xlsx", "--spreadsheet-safe"), "no cell of a workbook is computed"),
]


@pytest.mark.parametrize(("arguments", "message"), NAMES)
def test_names_that_say_something_else_are_refused(
    run: Run, monkeypatch, tmp_path, arguments, message
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run("export", "skus", *arguments)
    assert ended.code == 2
    assert message in ended.err
    assert list(tmp_path.glob("skus.*")) == []


def test_failed_rows_have_no_old_workbook(run: Run, make_file, tmp_path) -> None:
    file = make_file("s.csv", "code\nA\n")
    ended = run("import", "skus", file, "--errors", tmp_path / "failed.xls")
    assert ended.code == 2
    assert "hint: name it failed.xlsx" in ended.err
    assert run("records", "skus", "--json").code == 0
    assert not (tmp_path / "failed.xls").exists()


def test_more_records_than_a_sheet_holds_are_refused_before_anything_is_written(
    run: Run, category, make_file, tmp_path, monkeypatch
) -> None:
    run("import", "skus", make_file("s.csv", SKUS), "--parent", "MAIN")
    monkeypatch.setattr("longshore.operations.records.RECORDS_MAX", 3)
    ended = run("export", "skus", "--format", "xlsx", "--output", tmp_path / "skus.xlsx")
    assert (ended.code, ended.out) == (2, "")
    assert "there are 4 records, and a sheet holds 3" in ended.err
    assert "hint: export them as csv or ndjson" in ended.err
    assert not (tmp_path / "skus.xlsx").exists()


def test_a_text_that_no_cell_holds_is_refused_and_the_import_is_told(
    run: Run, category, make_file, tmp_path
) -> None:
    text = "x" * 32_768
    file = make_file("s.csv", [["code", "name", "description"], ["A", "a", text], ["B", "", text]])
    failed = tmp_path / "failed.xlsx"
    ended = run("import", "skus", file, "--parent", "MAIN", "--skip-errors", "--errors", failed)
    assert ended.code == 1
    assert "row 2 has a text of 32,768 characters in the column 'description'" in ended.err
    assert ".csv can hold it" in ended.err
    assert ended.facts["failed"] == "1"
    assert not failed.exists()
    ended = run("export", "skus", "--format", "xlsx", "--output", tmp_path / "skus.xlsx")
    assert ended.code == 2
    assert "and a cell of a workbook holds 32,767" in ended.err
    assert "hint: export them as csv or ndjson" in ended.err
    assert not (tmp_path / "skus.xlsx").exists()


def test_a_workbook_is_not_written_to_a_terminal(environ: dict[str, str]) -> None:
    import pty
    import sys

    main, terminal = pty.openpty()
    command = [sys.executable, "-m", "longshore", "template", "skus", "--format", "xlsx"]
    try:
        ended = subprocess.run(
            command,
            env=environ | {"TERM": "xterm"},
            stdout=terminal,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(terminal)
        os.close(main)
    assert ended.returncode == 2
    assert "a workbook is no text for a terminal" in ended.stderr
