"""What a file is said to be, and that the command that is suggested imports it."""

import gzip
import io
import json
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.behaviour.cli.conftest import Ended, Run, invoke

MakeFile = Callable[..., Path]

# Of the shape that price lists have which people send around.
PRICE_LIST = """\
sep=;
Artikel-Nr;Bezeichnung;Preis;UVP;Bestand;Gewicht;EAN;Gültig ab;Aktiv
1001;Becher „blau“;12,50;14,90;40;0,35;4006381333931;01.12.2026;ja
00123;Schüssel groß;29,99;;0;0,9;4,00638E+12;01.12.2026;ja
K-7;"Krug; mit Deckel";1.234,50 €;1.500,00 €;7;1,25;4006381333955;31.12.2026;nein
;;;;;;;;
"""
SHOPIFY = """\
Handle,Title,Body (HTML),Vendor,Tags,Variant SKU,Variant Grams,Image Src,Gift Card,do_not_ship
mug,Mug,"<p>Red,
round</p>",Acme,,M-1,350,https://example.com/m.jpg,false,true
jug,Jug,<p>Blue</p>,Acme,,J-1,900,https://example.com/j.jpg,false,true
"""


def repeat(run: Run, ended: Ended, *more: object) -> Ended:
    """The suggested command, as a shell would read it."""
    words = shlex.split(ended.data["command"])
    assert words[0] == "longshore"
    return run(*words[1:], *more)


def workbook() -> bytes:
    file = io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Hinweise"
    book.worksheets[0].append(["Bitte lesen"])
    sheet = book.create_sheet("Artikel 2026")
    for row in (
        ["Unsere Artikel"],
        [],
        ["Artikel-Nr", "Bezeichnung", "Gewicht (g)", "do_not_ship"],
        ["00123", "Becher", 350, True],
        ["K-7", "Krug", 900.5, False],
    ):
        sheet.append(row)
    book.save(file)
    return file.getvalue()


def test_a_price_list_is_told_and_imported_with_the_command_that_is_suggested(
    run: Run, make_file: MakeFile
) -> None:
    path = make_file("Preisliste März.csv", PRICE_LIST.encode("cp1252"))
    ended = run("inspect", path, "--json")
    data = ended.data
    assert ended.code == 0
    assert (data["format"], data["encoding"], data["delimiter"]) == ("csv", "cp1252", ";")
    assert (data["header_row"], data["rows_count"], data["resource_type"]) == (2, 3, "prices")
    assert data["missing"] == ["price_list"]
    assert data["column_map"] == {
        "Artikel-Nr": "sku_code",
        "Preis": "amount_cents:decimal",
        "UVP": "compare_at_amount_cents:decimal",
    }
    kinds = {each["name"]: (each["kind"], each["blanks_count"]) for each in data["columns"]}
    assert kinds == {
        "Artikel-Nr": ("text", 0),
        "Bezeichnung": ("text", 0),
        "Preis": ("amount", 0),
        "UVP": ("amount", 1),
        "Bestand": ("integer", 0),
        "Gewicht": ("decimal_comma", 0),
        "EAN": ("text", 0),
        "Gültig ab": ("date", 0),
        "Aktiv": ("boolean", 0),
    }
    assert {each["column"] for each in data["left_out"]} == {
        "Bezeichnung",
        "Bestand",
        "Gewicht",
        "EAN",
        "Gültig ab",
        "Aktiv",
    }
    run("import", "price_lists", make_file("l.csv", "name,code,currency_code\nEuro,eur,EUR\n"))
    skus = "code,name,do_not_ship\n1001,A,true\n00123,B,true\nK-7,C,true\n"
    run("import", "skus", make_file("s.csv", skus))
    assert repeat(run, ended, "--parent", "eur").code == 0
    amounts = {each["sku_code"]: each["amount_cents"] for each in prices(run)}
    assert amounts == {"1001": 1250, "00123": 2999, "K-7": 123450}


def prices(run: Run) -> list[dict[str, object]]:
    return [each["attributes"] for each in run("records", "prices", "--json").data]


@pytest.mark.parametrize(
    ("name", "content", "resource_type", "codes"),
    [
        ("products.csv", SHOPIFY.encode(), "skus", {"M-1", "J-1"}),
        ("it's mine.csv.gz", gzip.compress(SHOPIFY.encode()), "skus", {"M-1", "J-1"}),
        (
            "-x.tsv",
            b"Title\tSKU\tdo_not_ship\tid\t_add_tags\nMug\tM-1\tyes\t17\ta\n",
            "skus",
            {"M-1"},
        ),
        ("a.csv", b"$HOME=1;SKU;Name;do_not_ship\nx;M-1;Mug;1\n", "skus", {"M-1"}),
        (
            "a.json",
            b'{"data": [{"SKU": "M-1", "name": "Mug", "do_not_ship": true, "metadata": {"a": 1}}]}',
            "skus",
            {"M-1"},
        ),
        (
            "a.ndjson",
            b'{"Article Number": "M-1", "Title": "Mug", "do_not_ship": true}\n'
            b'{"Article Number": "M-2", "Title": "Mug", "do_not_ship": true, "id": 12}\n',
            "skus",
            {"M-1", "M-2"},
        ),
    ],
)
def test_the_suggested_command_imports_as_it_stands(
    run: Run, make_file: MakeFile, monkeypatch, name, content, resource_type, codes
) -> None:
    monkeypatch.chdir(make_file(name, content).parent)
    ended = run("inspect", "--json", "--", name)
    assert ended.data["resource_type"] == resource_type
    imported = repeat(run, ended)
    assert imported.code == 0, imported.err
    records = run("records", resource_type, "--json").data
    assert {each["attributes"]["code"] for each in records} == codes


def test_a_workbook_says_which_of_its_sheets_is_meant(run: Run, make_file: MakeFile) -> None:
    path = make_file("artikel.xlsx", workbook())
    ended = run("inspect", path, "--json", "--type", "skus")
    data = ended.data
    assert (data["format"], data["sheet"], data["sheets"]) == (
        "workbook",
        "Artikel 2026",
        ["Hinweise", "Artikel 2026"],
    )
    assert (data["header_row"], data["rows_count"]) == (3, 2)
    assert data["column_map"] == {
        "Artikel-Nr": "code",
        "Bezeichnung": "name",
        "Gewicht (g)": "weight",
    }
    assert repeat(run, ended, "--dry-run").err.count("warning: the sheet") == 0
    shown = run("inspect", path)
    assert shown.facts["other sheets"] == "Hinweise"
    other = run("inspect", path, "--sheet", "Hinweise", "--json")
    assert (other.code, other.err) == (2, "error: line 2: the source has a header but no rows\n")


def test_for_people_the_command_is_on_standard_output_and_what_is_open_beside_it(
    make_file: MakeFile,
) -> None:
    ended = invoke("inspect", make_file("prices.csv", "SKU,Preis\nA,12\nB,13\n"))
    assert ended.code == 0
    assert ended.facts["type"] == "prices"
    assert ended.out.splitlines()[-1].startswith("longshore import prices ")
    assert "Preis=" not in ended.out
    assert "hint: add --map Preis=amount_cents:decimal or --map Preis=amount_cents:cents\n" in (
        ended.err
    )
    assert "warning: no column names the price_list of the prices\n" in ended.err
    assert "--map COLUMN=price_list.name takes it from a column\n" in ended.err


def test_no_data_folder_is_needed_and_none_is_made(
    make_file: MakeFile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = make_file("a.csv", "code,name\nA,B\n")
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("LONGSHORE_DATABASE_URL", "postgresql://nobody@localhost:1/none")
    before = sorted(path.parent.iterdir())
    assert invoke("inspect", path).code == 0
    assert sorted(path.parent.iterdir()) == before


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        (b"", (), "the source is empty"),
        (b"code,name\n", (), "line 2: the source has a header but no rows"),
        (bytes(range(256)) * 40, (), "NUL"),
        (b"code\nA\n", ("--type", "products"), "products"),
        (b"code\nA\n", ("--delimiter", "ab"), "the delimiter is 'ab'"),
        (b"code\nA\n", ("--sheet", "x"), "the source is no workbook"),
        (b"code\nA\n", ("--header-row", "9"), "there is no line 9"),
        (b'[{"code": 1}', (), ""),
    ],
)
def test_what_cannot_be_read_is_refused(make_file: MakeFile, content, arguments, message) -> None:
    ended = invoke("inspect", make_file("a.bin", content), *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err


def test_a_file_without_a_type_or_a_field_says_what_to_do(make_file: MakeFile) -> None:
    path = make_file("a.csv", "foo,bar\n1,2\n")
    ended = invoke("inspect", path)
    assert (ended.code, ended.facts["columns"]) == (0, "2")
    assert "hint: --type TYPE says which one it is" in ended.err
    assert "no column" not in ended.out
    ended = invoke("inspect", path, "--type", "tags")
    assert "warning: none of the columns is a field of tags\n" in ended.err


def test_wide_files_and_long_cells_are_told_in_bounds(make_file: MakeFile) -> None:
    names = [f"c{number}" for number in range(4_000)]
    rows = [["code", *names], ["A", *("1" for _ in names)], ["B", *("x" * 500 for _ in names)]]
    path = make_file("wide.csv", rows)
    ended = invoke("inspect", path, "--type", "skus")
    assert ended.code == 0
    assert len(ended.out) < 100_000
    assert "hint: 3,801 more: --json has all\n" in ended.err
    data = invoke("inspect", path, "--type", "skus", "--json").data
    assert len(data["columns"]) == 4_001
    assert max(len(each) for column in data["columns"] for each in column["samples"]) == 60


def test_standard_input_is_read(start: Callable[..., "subprocess.Popen[str]"]) -> None:
    process = start("inspect", "-", "--json", stdin=subprocess.PIPE)
    out, err = process.communicate("SKU;Name\nA;B\n")
    data = json.loads(out)["data"]
    assert err == ""
    assert data["command"] == "longshore import skus - --delimiter ';' --map SKU=code"


@pytest.mark.parametrize(
    ("delimiter", "shown", "option"),
    [(", ", "', '", "', '"), ("::", "'::'", "::"), (" ", "blank", "blank")],
)
def test_delimiters_of_rarer_shapes_are_shown_as_they_are_typed(
    make_file: MakeFile, delimiter: str, shown: str, option: str
) -> None:
    rows = [("code", "name"), ("A1", "Mug"), ("A2", "Cup")]
    path = make_file("a.csv", "".join(delimiter.join(row) + "\n" for row in rows))
    ended = invoke("inspect", path, "--type", "skus")
    assert ended.facts["delimiter"] == shown
    data = invoke("inspect", path, "--type", "skus", "--json").data
    assert data["delimiter"] == delimiter
    assert f"--delimiter {option}" in data["command"]


def test_what_a_file_holds_moves_no_cursor(make_file: MakeFile) -> None:
    ended = invoke("inspect", make_file("a.csv", "code,na\x1bme\nA,\x1b[2J\n"), "--type", "skus")
    assert ended.code == 0
    assert "\x1b" not in ended.out + ended.err


def test_file_of_another_system(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_text("Handle,Title,Variant Price\ncup,Cup,12.50\n")
    told = run("inspect", str(path))
    assert "Shopify products, by Handle, Title, Variant Price" in told.out
    assert told.out.rstrip().endswith(f"longshore import {path}")
    assert told.err == ""
    document = run("inspect", str(path), "--json").data
    assert [each["name"] for each in document["dialects"]] == ["shopify"]


def test_list_of_articles(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    path.write_text("Article,Name,Price,Stock\nA,a,12.50,3\n")
    told = run("inspect", str(path))
    assert "a list of articles, by Article, Name, Price, Stock" in told.out
    assert "longshore import FILE, without a type" in told.err
