"""`--spreadsheet-safe`: cells that a spreadsheet would compute are texts, and come back as they
were."""

import csv
import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from longshore.assembly import open_longshore
from longshore.imports import ImportRequest
from longshore.settings import Settings
from longshore.sources import Source
from tests.behaviour.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("on_every_database")

FORMULAS = ["=1+1", "+49 30", "-5", "@SUM(A1)", "'=1", "plain", "'tis"]
GUARDED = ["'=1+1", "'+49 30", "'-5", "'@SUM(A1)", "''=1", "plain", "'tis"]


@pytest.fixture
def formulas(run: Run, category, make_file) -> None:
    """SKUs with names that a spreadsheet would compute."""
    rows = [["code", "name"], *([f"A{n}", name] for n, name in enumerate(FORMULAS))]
    assert run("import", "skus", make_file("f.csv", rows), "--parent", "MAIN").code == 0


def names(run: Run) -> list[str]:
    return [each["attributes"]["name"] for each in run("records", "skus", "--json").data]


def column(text: str, name: str) -> list[str]:
    return [row[name] for row in csv.DictReader(io.StringIO(text, newline=""))]


def test_an_export_says_in_its_name_that_cells_are_guarded(
    run: Run, formulas, tmp_path: Path
) -> None:
    ended = run("export", "skus", "--spreadsheet-safe", "--output", tmp_path / "skus.csv")
    safe = tmp_path / "skus.spreadsheet-safe.csv"
    assert ended.code == 0
    assert f"7 records written to {safe}" in ended.err
    assert not (tmp_path / "skus.csv").exists()
    assert column(safe.read_text(), "name") == GUARDED
    assert column(run("export", "skus").out, "name") == FORMULAS
    assert run("export", "skus", "--spreadsheet-safe").out == safe.read_text()


@pytest.mark.parametrize("tries", [(), ("--dry-run",)], ids=["import", "dry run"])
def test_an_import_takes_the_apostrophes_off_with_the_option_alone(
    run: Run, formulas, make_file, tries
) -> None:
    file = make_file("again.spreadsheet-safe.csv", run("export", "skus", "--spreadsheet-safe").out)
    with_option = run("import", "skus", file, "--spreadsheet-safe", *tries)
    assert (with_option.code, with_option.facts["unchanged"]) == (0, "7")
    assert "apostrophe" not in with_option.err
    assert names(run) == FORMULAS
    without = run("import", "skus", file, *tries)
    assert (without.code, without.facts["updated"]) == (0, "5")
    assert "says that cells have an apostrophe" in without.err
    assert "hint: --spreadsheet-safe takes it off" in without.err
    assert names(run) == (FORMULAS if tries else GUARDED)


@pytest.mark.parametrize("tries", [(), ("--dry-run",)], ids=["import", "dry run"])
def test_failed_rows_are_guarded_and_come_back(
    run: Run, category, make_file, tmp_path: Path, tries
) -> None:
    file = make_file("s.csv", "code,name,weight,-note\nA1,'=1+1,'-x,'@y\nA2,Two,1,\n")
    arguments = ("--parent", "MAIN", "--skip-errors", "--spreadsheet-safe")
    ended = run("import", "skus", file, *arguments, "--errors", tmp_path / "failed.csv", *tries)
    safe = tmp_path / "failed.spreadsheet-safe.csv"
    assert ended.code == 1
    assert f"1 failed row written to {safe}" in ended.err
    assert "-note" in ended.err  # the column is ignored under the name that it has
    assert safe.read_text() == (
        "code,name,weight,'-note,_row,_errors,_codes\n"
        "A1,'=1+1,'-x,'@y,1,weight: is not a number,not_a_number\n"
    )
    mended = make_file("m.csv", safe.read_text().replace("'-x", "3"))
    assert run("import", "skus", mended, *arguments).code == 0
    assert "=1+1" in names(run)


def test_headers_are_read_as_what_they_stand_for(run: Run, category, make_file) -> None:
    file = make_file("s.csv", "'=SKU,name\nA1,One\n")
    ended = run(
        "import", "skus", file, "--parent", "MAIN", "--spreadsheet-safe", "--map", "=SKU=code"
    )
    assert ended.code == 0
    assert [each["attributes"]["code"] for each in run("records", "skus", "--json").data] == ["A1"]


def test_what_is_no_csv_keeps_its_apostrophes(run: Run, category, make_file) -> None:
    file = make_file("s.json", '[{"code": "A1", "name": "\'=1"}]')
    assert run("import", "skus", file, "--parent", "MAIN", "--spreadsheet-safe").code == 0
    assert names(run) == ["'=1"]


def test_a_table_of_records_is_guarded_too(run: Run, formulas) -> None:
    shown = run("records", "skus", "--csv", "--spreadsheet-safe", "--fields", "name").out
    assert column(shown, "name") == GUARDED


@pytest.mark.parametrize(
    "command",
    ["export skus --format ndjson --spreadsheet-safe", "records skus --spreadsheet-safe"],
)
def test_what_is_no_table_cannot_be_guarded(run: Run, formulas, command: str) -> None:
    ended = run(*command.split())
    assert (ended.code, ended.out) == (2, "")
    assert "--spreadsheet-safe" in ended.err


def test_an_import_that_another_process_finishes_takes_them_off_too(
    run: Run, formulas, make_file, data
) -> None:
    """What is to be taken off is kept with the import, not with the command."""
    file = make_file("s.csv", run("export", "skus", "--spreadsheet-safe").out)
    url = os.environ.get("LONGSHORE_DATABASE_URL", "")
    with open_longshore(Settings(data=data, database_url=url)) as longshore:
        source = replace(Source.from_path(file), is_guarded=True)
        request = ImportRequest(resource_type="skus")
        environment = longshore.organizations.environment("default", "test")
        longshore.submissions.submit(environment, source, request)
    (resumed,) = run("resume", "--json").data
    assert resumed["attributes"]["status"] == "completed"
    assert names(run) == FORMULAS


@pytest.mark.parametrize("options", [(), ("--spreadsheet-safe",)], ids=["plain", "option"])
def test_files_of_an_archive_are_named_after_their_types_all_the_same(
    run: Run, formulas, tmp_path: Path, options: tuple[str, ...]
) -> None:
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for name in ("skus", "shipping_categories"):
            text = run("export", name, "--spreadsheet-safe").out
            packed.writestr(f"{name}.spreadsheet-safe.csv", text)
    ended = run("import", archive, *options)
    assert ended.code == 0, ended.err
    is_warned = "names of files say that cells have an apostrophe" in ended.err
    assert is_warned == (not options)
    assert names(run) == (FORMULAS if options else GUARDED)
