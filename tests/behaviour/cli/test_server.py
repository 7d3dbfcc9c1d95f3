"""`longshore import --server`: the same progress, report and exit codes as in a data folder."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.behaviour.cli.served import send_in_parts

MIXED = "code,name,weight\nA1,One,1.5\nA2,,abc\nA3,Three,2\n"


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of three rows, so that a few rows make many."""
    send_in_parts(monkeypatch, 3)


def test_a_file_is_imported_at_the_server_and_its_counts_are_shown(
    at_server, look_at_server, category_at_server, make_file, served
) -> None:
    file = make_file("skus.csv", "code,name\nA1,One\nA2,Two\n")
    first = at_server("skus", file, "--parent", "MAIN")
    assert first.code == 0
    assert first.facts["server"] == served.url
    assert first.facts["status"] == "completed"
    assert (first.facts["created"], first.facts["failed"]) == ("2", "0")
    assert "importing skus: 2 of 2 rows" in first.err
    again = at_server("skus", file, "--parent", category_at_server)
    assert (again.code, again.facts["unchanged"]) == (0, "2")
    imported = {
        each["attributes"]["code"] for each in look_at_server("records", "skus", "--json").data
    }
    assert imported == {"A1", "A2"}


def test_json_is_the_document_of_the_one_import(at_server, category_at_server, make_file) -> None:
    ended = at_server("skus", make_file("s.csv", MIXED), "--parent", "MAIN", "--json")
    assert ended.code == 1
    attributes = ended.data["attributes"]
    assert attributes["status"] == "interrupted"
    assert (attributes["processed_count"], attributes["errors_count"]) == (1, 1)
    assert attributes["errors_log"]["A2"]["name"] == ["can't be blank"]
    assert attributes["inputs"][0] == {"code": "A1", "name": "One", "weight": "1.5"}


def test_errors_are_shown_with_the_rows_and_lines_of_the_file(
    at_server, category_at_server, make_file, small_parts
) -> None:
    rows = ['A1,"One\n1",1', "A2,Two,2", "A3,Three,3", "A4,Four,4", "", "A5,,abc", "A6,Six,6"]
    file = make_file("s.csv", "code,name,weight\n" + "\n".join(rows) + "\n")
    ended = at_server("skus", file, "--parent", "MAIN", "--skip-errors")
    assert ended.code == 1
    table = [line.split(maxsplit=5) for line in ended.out.splitlines() if "A5" in line]
    assert ["5", "8", "A5", "weight", "is", "not a number  abc"] in table
    assert any(line[3:] == ["name", "can't", "be blank"] for line in table)


def test_parts_are_named_as_the_official_client_names_them_and_shown_as_one(
    at_server, look_at_server, category_at_server, make_file, small_parts
) -> None:
    file = make_file("s.csv", "code,name\n" + "".join(f"A{n},Name\n" for n in range(8)))
    ended = at_server("skus", file, "--parent", "MAIN", "--json")
    assert ended.code == 0
    named = [each["attributes"] for each in ended.data]
    group = named[0]["metadata"]["group_id"]
    assert len(group) == 6
    assert [each["reference"] for each in named] == [f"{group}-000{n}" for n in (1, 2, 3)]
    assert [each["metadata"] for each in named] == [
        {"group_id": group, "chunk_number": f"{number}/3", "chunk_items": items}
        for number, items in ((1, "1-3"), (2, "4-6"), (3, "7-8"))
    ]
    again = at_server("skus", file, "--parent", "MAIN")
    assert (again.facts["rows"], again.facts["unchanged"]) == ("8", "8")
    assert "group " in again.facts["imports"]
    assert len(look_at_server("records", "skus", "--json").data) == 8


def test_a_file_of_more_than_ten_thousand_rows_is_split_and_its_many_parts_find_room(
    at_server, look_at_server, make_file, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_in_parts(monkeypatch, 10_000)
    rows = "".join(f"tag_{n}\n" for n in range(10_001))
    ended = at_server("tags", make_file("t.csv", "name\n" + rows), "--json")
    assert ended.code == 0
    assert [each["attributes"]["inputs_size"] for each in ended.data] == [10_000, 1]
    send_in_parts(monkeypatch, 400)
    again = at_server("tags", make_file("t.csv", "name\n" + rows))
    assert (again.code, again.facts["unchanged"]) == (0, "10,001")


@pytest.mark.parametrize("extension", ["csv", "json"])
def test_whatever_a_cell_holds_arrives_as_it_is(
    at_server, look_at_server, category_at_server, make_file, small_parts, extension: str
) -> None:
    names = [
        'a,b;c\td|e "f"',
        "two\nlines",
        "two\r\nlines",
        "old\rline",
        " ",
        "Ünï ☃ \U0001f600",
        "'",
    ]
    rows = [[f"A{number}", name] for number, name in enumerate(names)]
    if extension == "csv":
        text = io.StringIO()
        csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL).writerows([["code", "name"], *rows])
        content = text.getvalue()
    else:
        content = json.dumps([{"code": code, "name": name} for code, name in rows])
    file = make_file(f"s.{extension}", content)
    ended = at_server("skus", file, "--parent", "MAIN", "--skip-errors")
    assert ended.facts["failed"] == "1"  # a blank name
    assert "A4" in ended.out
    found = look_at_server("records", "skus", "--json").data
    imported = {each["attributes"]["code"]: each["attributes"]["name"] for each in found}
    assert imported == {code: name for code, name in rows if name != " "}


def test_json_rows_keep_what_is_nested_in_them(
    at_server, look_at_server, category_at_server, make_file, small_parts
) -> None:
    rows = [{"code": f"A{n}", "name": "N", "tags": [{"name": f"tag{n}"}]} for n in range(4)]
    lines = "\n".join(json.dumps(row) for row in rows)
    ended = at_server("skus", make_file("s.ndjson", lines), "--parent", "MAIN")
    assert (ended.code, ended.facts["created"]) == (0, "4")
    assert len(look_at_server("records", "tags", "--json").data) == 4


def test_the_ten_percent_rule_holds_for_each_part(
    at_server, category_at_server, make_file, small_parts
) -> None:
    names = ["One", "", "Three", "Four", "Five", "Six"]
    file = make_file("s.csv", "code,name\n" + "".join(f"A{n},{x}\n" for n, x in enumerate(names)))
    ended = at_server("skus", file, "--parent", "MAIN")
    assert (ended.code, ended.facts["status"]) == (1, "interrupted")
    assert (ended.facts["created"], ended.facts["not reached"]) == ("4", "1")
    assert ended.facts["interrupted because"].startswith("rows 1 to 3: more than 10 %")


@pytest.mark.parametrize("extension", ["csv", "json"])
def test_failed_rows_are_written_with_the_columns_and_numbers_of_the_file(
    at_server, category_at_server, make_file, tmp_path: Path, small_parts, extension: str
) -> None:
    rows = [{"code": f"A{n}", "Title": "" if n in (1, 4) else "N"} for n in range(5)]
    content = "code,Title\n" + "".join(f"{row['code']},{row['Title']}\n" for row in rows)
    file = make_file(f"s.{extension}", content if extension == "csv" else json.dumps(rows))
    failed = tmp_path / f"failed.{extension}"
    ended = at_server(
        "skus", file, "--parent", "MAIN", "--map", "Title=name", "--skip-errors",
        "--errors", failed,
    )  # fmt: skip
    assert ended.code == 1
    assert "2 failed rows written" in ended.err
    if extension == "csv":
        assert list(csv.reader(io.StringIO(failed.read_text()))) == [
            ["code", "Title", "_row", "_errors", "_codes"],
            ["A1", "", "2", "name: can't be blank", "blank"],
            ["A4", "", "5", "name: can't be blank", "blank"],
        ]
    else:
        assert [(each["Title"], each["_row"]) for each in json.loads(failed.read_text())] == [
            ("", 2),
            ("", 5),
        ]


def test_the_server_gets_cells_as_they_were_before_they_were_guarded(
    at_server, look_at_server, category_at_server, make_file, tmp_path: Path
) -> None:
    file = make_file("s.csv", "code,name,weight\nA1,'=1+1,\nA2,''-x,\nA3,'tis,\n'-Z,Bad,'-x\n")
    failed = tmp_path / "failed.csv"
    ended = at_server(
        "skus", file, "--parent", "MAIN", "--skip-errors", "--spreadsheet-safe", "--errors", failed
    )
    assert ended.code == 1
    stored = look_at_server("records", "skus", "--json").data
    assert [each["attributes"]["name"] for each in stored] == ["=1+1", "'-x", "'tis"]
    assert (tmp_path / "failed.spreadsheet-safe.csv").read_text() == (
        "code,name,weight,_row,_errors,_codes\n'-Z,Bad,'-x,4,weight: is not a number,not_a_number\n"
    )


def test_columns_that_the_server_ignores_are_named(
    at_server, category_at_server, make_file
) -> None:
    ended = at_server("skus", make_file("s.csv", "code,name,nmae\nA1,One,x\n"), "--parent", "MAIN")
    assert ended.code == 0
    assert "column nmae is ignored" in ended.err


def test_a_file_that_is_no_utf_8_is_sent_as_utf_8(
    at_server, look_at_server, category_at_server, make_file
) -> None:
    file = make_file("s.csv", "code;name\nA1;Größe\n".encode("cp1252"))
    ended = at_server("skus", file, "--parent", "MAIN")
    assert "Windows-1252" in ended.err
    (sku,) = look_at_server("records", "skus", "--json").data
    assert sku["attributes"]["name"] == "Größe"


def test_an_application_is_enough_and_gets_a_token(
    at_server, served, organization, make_file, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id, secret = served.credentials(organization)
    monkeypatch.delenv("LONGSHORE_TOKEN")
    monkeypatch.setenv("LONGSHORE_CLIENT_ID", client_id)
    monkeypatch.setenv("LONGSHORE_CLIENT_SECRET", secret)
    ended = at_server("tags", make_file("t.csv", "name\nnew\n"), "--verbose")
    assert (ended.code, ended.facts["created"]) == (0, "1")
    assert f"POST {served.url}/api/imports: 201 in" in ended.err
    assert secret not in ended.err + ended.out


def test_credentials_in_the_environment_do_not_disturb_a_data_folder(
    run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LONGSHORE_TOKEN", "LONGSHORE_CLIENT_ID", "LONGSHORE_CLIENT_SECRET"):
        monkeypatch.setenv(name, "x")
    assert run("imports").code == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("s.csv", "id,SKU Code,Code,name,Zzz,Abc\n1,x,A1,One,y,z\n"),
        ("s.json", '[{"id": "1", "Code": "A1", "name": "One", "Zzz": 1, "Abc": 2}]'),
    ],
)
def test_columns_are_read_as_in_a_data_folder(
    at_server, look_at_server, category_at_server, make_file, name: str, content: str
) -> None:
    """Spelled, mapped and ignored columns; what the server leaves out is named on one line."""
    asked = ["--ignore", "id"] + ([] if name == "s.csv" else ["--map", "Code=code"])
    ended = at_server("skus", make_file(name, content), "--parent", "MAIN", *asked)
    assert (ended.code, ended.facts["created"]) == (0, "1")
    left_out = "SKU Code, Zzz, Abc" if name == "s.csv" else "Zzz, Abc"
    assert f"are ignored, skus have no such fields: {left_out}\n" in ended.err
    (found,) = look_at_server("records", "skus", "--json").data
    assert found["attributes"]["code"] == "A1"


@pytest.mark.parametrize("takes_files", [True, False])
def test_a_decimal_mark_goes_to_the_server(
    at_server,
    look_at_server,
    category_at_server,
    make_file,
    monkeypatch: pytest.MonkeyPatch,
    takes_files: bool,
) -> None:
    at_server("skus", make_file("s.csv", "code,name\nA1,One\n"), "--parent", "MAIN")
    at_server("price_lists", make_file("l.csv", "code,name,currency_code\nKWD,KWD,KWD\n"))
    if not takes_files:
        send_in_parts(monkeypatch, 10_000)
    file = make_file("p.csv", "sku_code;Price\nA1;1.234\n")
    asked = ("prices", file, "--parent", "KWD", "--map", "Price=amount_cents:decimal", "--decimal")
    assert at_server(*asked, "point").code == 0
    (found,) = look_at_server("records", "prices", "--json").data
    assert found["attributes"]["amount_cents"] == 1_234
    assert at_server(*asked, "comma").code == 0
    (found,) = look_at_server("records", "prices", "--json").data
    assert found["attributes"]["amount_cents"] == 1_234_000
    assert at_server(*asked, "colon").code == 2


def test_decimals_are_not_sent_in_parts_and_cents_are(
    at_server, look_at_server, category_at_server, make_file, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_in_parts(monkeypatch, 10_000)
    at_server("skus", make_file("s.csv", "code,name\nA1,One\n"), "--parent", "MAIN")
    at_server("price_lists", make_file("l.csv", "code,name,currency_code\nUSA,USA,USD\n"))
    file = make_file("p.csv", "sku_code,Price\nA1,5000\n")
    refused = at_server("prices", file, "--parent", "USA", "--map", "Price=amount_cents:decimal")
    assert refused.code == 2
    assert ":decimal works in a data folder" in refused.err
    ended = at_server("prices", file, "--parent", "USA", "--map", "Price=amount_cents:cents")
    assert (ended.code, ended.facts["created"]) == (0, "1")
    assert ended.facts["amounts"] == "amount_cents 5000 -> 50.00 USD (5000 cents)"
