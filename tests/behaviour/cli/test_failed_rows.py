"""Files of failed rows are written as their source is, and can be imported in their turn."""

import codecs
import csv
import json
from pathlib import Path

import pytest

from tests.behaviour.cli.conftest import Ended, Run

TABLE = [
    ["code", "name", "description"],
    ["A1", "One", "fine"],
    ["A2", "", "größer, and; with | all"],
    ["A3", "", "two\nlines"],
]
ERRORS = "name: can't be blank"

FORMS = [
    # delimiter, line end, encoding of the file, mark
    (",", "\n", "utf-8", b""),
    (";", "\r\n", "utf-8", codecs.BOM_UTF8),
    (";", "\r\n", "cp1252", b""),
    ("\t", "\r", "utf-8", b""),
    (", ", "\n", "utf-8", b""),
    ("::", "\r\n", "cp1252", b""),
    ("|", "\n", "utf-16-le", codecs.BOM_UTF16_LE),
    ("\t", "\r\n", "utf-16-be", codecs.BOM_UTF16_BE),
]


def written(table: list[list[str]], delimiter: str, line_end: str, encoding: str) -> bytes:
    """A table as the writer of a source would write it."""

    def cell(text: str) -> str:
        return f'"{text}"' if any(each in text for each in (delimiter.strip(" "), "\n")) else text

    lines = [delimiter.join(map(cell, row)) + line_end for row in table]
    return "".join(lines).encode(encoding)


FAILED = [
    [*TABLE[0], "_row", "_errors", "_codes"],
    [*TABLE[2], "2", ERRORS, "blank"],
    [*TABLE[3], "3", ERRORS, "blank"],
]


@pytest.mark.usefixtures("on_every_database")
@pytest.mark.parametrize("tries", [(), ("--dry-run",)], ids=["import", "dry run"])
@pytest.mark.parametrize(("delimiter", "line_end", "encoding", "mark"), FORMS)
def test_separator_line_ends_and_encoding_are_those_of_the_source(
    run: Run, category, make_file, tmp_path: Path, delimiter, line_end, encoding, mark, tries
) -> None:
    file = make_file("s.csv", mark + written(TABLE, delimiter, line_end, encoding))
    failed = tmp_path / "failed.csv"
    arguments = ("--parent", "MAIN", "--skip-errors", "--errors", failed)
    assert run("import", "skus", file, *arguments, *tries).code == 1
    assert failed.read_bytes() == mark + written(FAILED, delimiter, line_end, encoding)


@pytest.mark.parametrize(("delimiter", "line_end", "encoding", "mark"), FORMS)
def test_at_a_server_they_are_too(
    at_server: Run, category_at_server, make_file, tmp_path, delimiter, line_end, encoding, mark
) -> None:
    file = make_file("s.csv", mark + written(TABLE, delimiter, line_end, encoding))
    failed = tmp_path / "failed.csv"
    ended = at_server("skus", file, "--parent", "MAIN", "--skip-errors", "--errors", failed)
    assert ended.code == 1
    assert failed.read_bytes() == mark + written(FAILED, delimiter, line_end, encoding)


def test_a_name_that_ends_in_tsv_has_tabs(run: Run, category, make_file, tmp_path: Path) -> None:
    file = make_file("s.csv", written(TABLE, ";", "\r\n", "cp1252"))
    failed = tmp_path / "failed.tsv"
    run("import", "skus", file, "--parent", "MAIN", "--skip-errors", "--errors", failed)
    assert failed.read_bytes() == written(FAILED, "\t", "\r\n", "cp1252")


# The options of a source, its rows without the last cell, the same as a record holds them.
QUOTINGS: list[tuple[tuple[str, ...], list[str], list[str]]] = [
    (("--quote", "'"), ["'a,b'", "'it''s'", 'say "hi"'], ["a,b", "it's", 'say "hi"']),
    (
        ("--escape", "\\"),
        [r'"say \"hi\""', r'"C:\\"', r"C:\dir", r'"a\\b, c"', r"a\\\,b"],
        ['say "hi"', "C:\\", r"C:\dir", r"a\b, c", "a\\,b"],
    ),
    (("--quote", "none"), ['a "b', "it's"], ['a "b', "it's"]),
    (("--quote", "none", "--escape", "\\"), [r"a\,b", r"C:\""], ["a,b", r"C:\""]),
]


def test_cells_that_all_have_quotes_have_them_in_the_file_too(
    run: Run, make_file, tmp_path: Path
) -> None:
    text = '"code";"name";"do_not_ship"\r\n"A";"Mug";"maybe"\r\n"B";"";"yes"\r\n'
    failed = tmp_path / "failed.csv"
    run("import", "skus", make_file("s.csv", text), "--skip-errors", "--errors", failed)
    header, line, *_ = failed.read_bytes().decode().split("\r\n")
    assert header == '"code";"name";"do_not_ship";"_row";"_errors";"_codes"'
    assert line.startswith('"A";"Mug";"maybe";"1";"')


@pytest.mark.usefixtures("on_every_database")
@pytest.mark.parametrize(("options", "cells", "names"), QUOTINGS)
def test_quotes_are_written_as_the_source_has_them(
    run: Run, make_file, tmp_path: Path, options, cells: list[str], names: list[str]
) -> None:
    rows = "".join(f"A{number},{cell},maybe,\n" for number, cell in enumerate(cells))
    file = make_file("s.csv", f"code,name,do_not_ship,pieces_per_pack\n{rows}B,b,yes,x;y\n")
    failed = tmp_path / "failed.csv"
    ended = run("import", "skus", file, *options, "--skip-errors", "--errors", failed)
    assert ended.code == 1
    assert "hint: import it with " + " ".join(f"{each}" for each in options[:1]) in ended.err
    text = failed.read_text()
    assert text.count("\n") == len(cells) + 2
    failed.write_text(text.replace("maybe", "yes").replace("x;y", "1"))
    again = run("import", "skus", failed, *options)
    assert (again.code, again.facts["created"]) == (0, f"{len(cells) + 1}"), again.err
    assert "fewer cells" not in again.err
    records = run("records", "skus", "--json").data
    stored = {each["attributes"]["code"]: each["attributes"]["name"] for each in records}
    assert stored == {f"A{number}": name for number, name in enumerate(names)} | {"B": "b"}


def test_a_mended_line_that_was_unreadable_lacks_no_cell(
    run: Run, make_file, tmp_path: Path
) -> None:
    file = make_file("s.csv", 'code,name,do_not_ship\nA1,ok,maybe\nA2,"a" b,yes\n')
    failed = tmp_path / "failed.csv"
    assert run("import", "skus", file, "--skip-errors", "--errors", failed).code == 1
    failed.write_text(failed.read_text().replace("maybe", "yes").replace('"a" b', '"a b"'))
    again = run("import", "skus", failed)
    assert (again.code, again.facts["created"]) == (0, "2")
    assert "fewer cells" not in again.err
    failed.write_text(failed.read_text().replace(",yes\n", "\n"))
    assert "rows with fewer cells than the header: 1" in run("import", "skus", failed).err


TO_OUTPUT = ("--parent", "MAIN", "--skip-errors", "--errors", "-")


@pytest.mark.usefixtures("on_every_database")
@pytest.mark.parametrize("tries", [(), ("--dry-run",)], ids=["import", "dry run"])
def test_a_hyphen_writes_the_rows_to_standard_output_and_all_else_to_standard_error(
    run: Run, category, make_file, tries
) -> None:
    file = make_file("s.csv", written(TABLE, ";", "\n", "utf-8"))
    ended = run("import", "skus", file, *TO_OUTPUT, *tries)
    assert ended.code == 1
    assert ended.out == written(FAILED, ";", "\n", "utf-8").decode()
    assert "2 failed rows written to standard output" in ended.err
    assert "\nfailed " in ended.err
    assert "can't be blank" in ended.err  # the table of the report


def test_a_hyphen_at_a_server(at_server: Run, category_at_server, make_file) -> None:
    file = make_file("s.csv", written(TABLE, ";", "\n", "utf-8"))
    ended = at_server("skus", file, *TO_OUTPUT)
    assert (ended.code, ended.out) == (1, written(FAILED, ";", "\n", "utf-8").decode())
    assert "\nserver " in ended.err


@pytest.mark.parametrize("name", ["s.json", "s.ndjson"])
def test_a_hyphen_gives_the_rows_of_json_as_an_array(
    run: Run, category, make_file, name: str
) -> None:
    rows = [{"code": "A1", "name": None}, {"code": "A2", "name": None}]
    content = "\n".join(map(json.dumps, rows)) if name.endswith("ndjson") else json.dumps(rows)
    ended = run("import", "skus", make_file(name, content), *TO_OUTPUT)
    assert [each["code"] for each in ended.json] == ["A1", "A2"]


def test_a_hyphen_and_json_are_misuse(run: Run, category, make_file) -> None:
    file = make_file("s.csv", written(TABLE, ",", "\n", "utf-8"))
    ended = run("import", "skus", file, *TO_OUTPUT, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert "both want standard output: name a file" in ended.err
    assert run("records", "skus", "--json").data == []


def test_rows_that_went_through_a_pipe_are_mended_and_imported(
    run: Run, category, start, make_file
) -> None:
    file = make_file("s.csv", written(TABLE, ";", "\r\n", "cp1252"))
    process = start("import", "skus", file, *TO_OUTPUT, text=False)
    out, _ = process.communicate()
    assert process.returncode == 1
    assert out == written(FAILED, ";", "\r\n", "cp1252")
    mended = out.decode("cp1252").replace("A2;", "A2;Two").replace("A3;", "A3;Three")
    second = run("import", "skus", make_file("m.csv", mended.encode("cp1252")), "--parent", "MAIN")
    assert second.code == 0
    named = {each["attributes"]["name"] for each in run("records", "skus", "--json").data}
    assert named == {"One", "Two", "Three"}


def test_a_reader_of_the_rows_that_has_enough_is_no_failure_of_the_import(
    run: Run, category, start, make_file
) -> None:
    rows = "".join(f"A{n},,{'long text ' * 20}\n" for n in range(2000))
    file = make_file("s.csv", "code,name,description\n" + rows)
    with start("import", "skus", file, *TO_OUTPUT) as process:
        assert process.stdout.read(10)
        process.stdout.close()
        err = process.stderr.read()
    assert process.returncode == 1  # of the rows that failed
    assert "Traceback" not in err
    assert "completed" in err


def test_a_file_that_cannot_be_written_to_its_end_hides_no_report(
    run: Run, category, make_file
) -> None:
    file = make_file("s.csv", written(TABLE, ",", "\n", "utf-8"))
    arguments = ("--parent", "MAIN", "--skip-errors", "--errors", "/dev/full")
    ended: Ended = run("import", "skus", file, *arguments)
    assert ended.code == 1
    assert "error: /dev/full cannot be written: No space left on device" in ended.err
    assert f"hint: longshore errors {ended.facts['import']} lists what failed" in ended.err
    assert ended.facts["created"] == "1"


# Of an import that was made before


@pytest.mark.usefixtures("on_every_database")
@pytest.mark.parametrize(("delimiter", "line_end", "encoding", "mark"), FORMS)
def test_failed_rows_of_an_import_that_was_made_before(
    run: Run, category, make_file, tmp_path: Path, delimiter, line_end, encoding, mark
) -> None:
    file = make_file("s.csv", mark + written(TABLE, delimiter, line_end, encoding))
    id_ = run("import", "skus", file, "--parent", "MAIN", "--skip-errors", "--json").data["id"]
    file.unlink()
    failed = tmp_path / "failed.csv"
    ended = run("errors", id_, "--failed-rows", failed)
    assert (ended.code, ended.out) == (0, "")
    assert "2 failed rows written to" in ended.err
    assert failed.read_bytes() == mark + written(FAILED, delimiter, line_end, encoding)


def test_failed_objects_of_an_import_have_the_same_members(
    run: Run, category, make_file, tmp_path: Path
) -> None:
    rows = [{"code": "A1", "name": "One"}, {"code": "A2", "name": "", "weight": "x"}]
    file = make_file("s.ndjson", "\n".join(map(json.dumps, rows)))
    id_ = run("import", "skus", file, "--parent", "MAIN", "--skip-errors", "--json").data["id"]
    failed = tmp_path / "failed.ndjson"
    assert run("errors", id_, "--failed-rows", failed).code == 0
    assert json.loads(failed.read_text()) == {
        **rows[1],
        "_row": 2,
        "_errors": {"weight": ["is not a number"], "name": ["can't be blank"]},
        "_codes": {"weight": ["not_a_number"], "name": ["blank"]},
    }
    again = run("import", "skus", failed, "--parent", "MAIN", "--skip-errors")
    assert "ignored" not in again.err


def test_a_table_of_failed_objects_holds_whatever_they_have(
    run: Run, category, make_file, tmp_path: Path
) -> None:
    rows = [
        {"code": "A1", "name": "", "shipping_category": {"name": "Goods"}},
        {"code": "A2", "name": "", "shipping_category.name": "Goods"},
        {"code": "A3", "name": "", "shipping_category": "x", "shipping_category.name": "Goods"},
    ]
    table = tmp_path / "failed.csv"
    run("import", "skus", make_file("s.json", json.dumps(rows)), "--skip-errors", "--errors", table)
    header, *lines = csv.reader(table.read_text().splitlines())
    at = header.index("shipping_category")
    nested = '{"name": "Goods"}'
    assert [line[at] for line in lines] == [nested, nested, "x"]
    assert [line[len(header) :] for line in lines] == [
        [],
        [],
        ['{"shipping_category.name": "Goods"}'],
    ]


def test_guarded_cells_of_an_import_that_was_made_before(
    run: Run, category, make_file, tmp_path: Path
) -> None:
    file = make_file("s.csv", "code,name,weight\nA1,=1+1,x\n")
    id_ = run("import", "skus", file, "--parent", "MAIN", "--skip-errors", "--json").data["id"]
    asked = ("errors", id_, "--failed-rows", tmp_path / "f.csv", "--spreadsheet-safe")
    assert run(*asked).code == 0
    assert "A1,'=1+1,x,1," in (tmp_path / "f.spreadsheet-safe.csv").read_text()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--failed-rows", "f.csv", "--json"), "--failed-rows writes all rows, without --limit"),
        (("--failed-rows", "f.csv", "--limit", "1"), "--failed-rows writes all rows"),
        (("--spreadsheet-safe",), "--spreadsheet-safe guards the cells of --failed-rows FILE"),
        (("--failed-rows", "gone/f.csv"), "there is no folder gone"),
    ],
)
def test_failed_rows_that_cannot_be_written_are_refused(
    run: Run, category, make_file, options, message: str
) -> None:
    file = make_file("s.csv", "code,name\nA1,\n")
    id_ = run("import", "skus", file, "--parent", "MAIN", "--skip-errors", "--json").data["id"]
    ended = run("errors", id_, *options)
    assert ended.code == 2
    assert message in ended.err
