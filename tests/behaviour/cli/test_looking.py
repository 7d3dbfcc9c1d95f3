"""Commands that look at what is there: imports, show, errors, records, types, template, export."""

import csv
import gzip
import io
import json
import os
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import func, update

from longshore.assembly import open_longshore
from longshore.imports.tables import imports
from longshore.settings import Settings

pytestmark = pytest.mark.usefixtures("on_every_database")

SKUS = "code,name,weight\n" + "".join(f"A{n:02},Thing {n},{n}.5\n" for n in range(30))


@pytest.fixture
def imported(run, category, make_file) -> str:
    """The id of an import of thirty SKUs."""
    ended = run("import", "skus", make_file("skus.csv", SKUS), "--parent", category, "--json")
    found = ended.data["id"]
    assert isinstance(found, str)
    return found


@pytest.fixture
def failed(run, category, make_file) -> str:
    """The id of an import of three SKUs of which one failed."""
    file = make_file("mixed.csv", "code,name,weight\nB1,One,1\nB2,,abc\nB3,Three,3\n")
    arguments = ("--parent", category, "--skip-errors", "--json")
    found = run("import", "skus", file, *arguments).data["id"]
    assert isinstance(found, str)
    return found


def test_without_imports_the_list_says_what_to_do(run) -> None:
    ended = run("imports")
    assert (ended.code, ended.out) == (0, "")
    assert "hint: longshore import TYPE FILE" in ended.err
    assert run("imports", "--json").data == []


def test_imports_are_listed_newest_first(run, imported, failed) -> None:
    lines = run("imports").out.splitlines()
    assert lines[0].split()[:3] == ["import", "type", "status"]
    assert lines[1].split()[:5] == [failed, "skus", "completed", "3", "1"]
    assert lines[2].split()[:5] == [imported, "skus", "completed", "30", "0"]
    assert [each["id"] for each in run("imports", "--json").data][:2] == [failed, imported]
    assert [each["id"] for each in run("imports", "--json", "--limit", 1).data] == [failed]


@pytest.mark.parametrize("column", ["layout", "metadata", "notices"])
def test_an_import_that_cannot_be_read_hides_no_other(run, imported, failed, column: str) -> None:
    """As a later release may have stored it, or a damaged disk."""
    with open_longshore(Settings.from_environment(os.environ)) as longshore:
        odd = longshore.public_ids.decode(imported)
        with longshore.database.write() as tx:
            tx.connection.execute(
                update(imports).where(imports.c.id == odd).values({column: "{odd"})
            )
    ended = run("imports")
    lines = ended.out.splitlines()
    assert lines[1].split()[:3] == [failed, "skus", "completed"]
    assert lines[2].split() == [imported, "unreadable"]
    assert f"warning: what is stored of the import {imported} cannot be read" in ended.err
    whole, unreadable = run("imports", "--json").data[:2]
    assert whole["attributes"]["inputs_size"] == 3
    assert (unreadable["id"], unreadable["attributes"]) == (imported, {})
    assert "cannot be read" in unreadable["meta"]["unreadable"]
    shown = run("show", imported)
    assert shown.code == 1
    assert f"error: what is stored of the import {imported} cannot be read" in shown.err


def test_an_attachment_that_is_odd_leaves_the_list_readable(run, imported, data) -> None:
    for path in (data / "attachments").glob("*.gz"):
        path.write_bytes(b"nonsense")
    (listed,) = [each for each in run("imports", "--json").data if each["id"] == imported]
    assert listed["attributes"]["inputs"] is None


def test_an_attachment_that_is_not_what_its_import_says_has_no_inputs(run, imported) -> None:
    """The rows are null, as over HTTP; they ended the command in a traceback."""
    with open_longshore(Settings.from_environment(os.environ)) as longshore:
        odd = longshore.public_ids.decode(imported)
        with longshore.database.write() as tx:
            layout = func.replace(imports.c.layout, '"utf-8"', '"of a later release"')
            tx.connection.execute(update(imports).where(imports.c.id == odd).values(layout=layout))
    shown = run("show", imported, "--json").data
    assert shown["attributes"]["inputs"] is None
    assert shown["attributes"]["inputs_size"] == 30


def test_an_import_is_shown(run, failed) -> None:
    ended = run("show", failed)
    assert ended.code == 0
    assert ended.facts["import"] == failed
    assert ended.facts["source"] == "mixed.csv"
    assert (ended.facts["created"], ended.facts["failed"]) == ("2", "1")
    assert f"hint: longshore errors {failed}" in ended.err
    attributes = run("show", failed, "--json").data["attributes"]
    assert attributes["inputs_size"] == 3
    assert attributes["inputs"][0] == {"code": "B1", "name": "One", "weight": "1"}
    assert attributes["attachment_url"].startswith("file:///")


def test_every_error_is_listed(run, failed, imported) -> None:
    assert run("errors", failed, "--json").data == [
        {
            "row": 2,
            "line": 3,
            "identifier": "B2",
            "attribute": "weight",
            "code": "not_a_number",
            "message": "is not a number",
            "column": "weight",
            "cell": None,
            "source_row": None,
            "cause": None,
            "pointer": "/weight",
            "value": "abc",
            "expected": "a number, such as 12",
            "suggestion": None,
        },
        {
            "row": 2,
            "line": 3,
            "identifier": "B2",
            "attribute": "name",
            "code": "blank",
            "message": "can't be blank",
            "column": "name",
            "cell": None,
            "source_row": None,
            "cause": None,
            "pointer": "/name",
            "value": None,
            "expected": None,
            "suggestion": None,
        },
    ]
    assert len(run("errors", failed, "--json", "--limit", 1).data) == 1
    assert run("errors", failed).out.splitlines()[0].split() == [
        "row",
        "line",
        "identifier",
        "attribute",
        "message",
        "value",
    ]
    without = run("errors", imported)
    assert (without.code, without.out) == (0, "")
    assert "no row" in without.err
    assert run("errors", imported, "--json").data == []


@pytest.mark.parametrize("command", ["show", "errors", "rows", "interrupt", "delete"])
@pytest.mark.parametrize("public_id", ["nonsense", "AAAAAAAAAA", ""])
def test_an_import_that_is_not_there_is_misuse(run, command: str, public_id: str) -> None:
    ended = run(command, public_id)
    assert ended.code == 2
    assert ended.err.startswith("error: ")
    assert "longshore imports" in ended.err


def test_an_import_of_another_environment_is_not_there(run, imported) -> None:
    assert run("show", imported, "--mode", "live").code == 2


def test_records_are_listed_for_people_in_part(run, imported) -> None:
    ended = run("records", "skus")
    lines = ended.out.splitlines()
    assert lines[0].split()[:3] == ["id", "code", "name"]
    assert len(lines) == 1 + 25
    assert "and 5 more records" in ended.err
    assert len(run("records", "skus", "--limit", 3).out.splitlines()) == 1 + 3


def test_records_as_json_are_all_that_match(run, imported) -> None:
    assert len(run("records", "skus", "--json").data) == 30
    assert len(run("records", "skus", "--json", "--limit", 3).data) == 3
    found = run(
        "records", "skus", "--json", "--filter", "code_start=A1", "--filter", "name=Thing 12"
    )
    assert [each["attributes"]["code"] for each in found.data] == ["A12"]
    assert run("records", "skus", "--json", "--filter", "code=Z").data == []


@pytest.mark.parametrize("filter_", ["code_start", "=A", "cod_start=A", "updated_at_gt=never"])
def test_a_filter_that_cannot_be_meant_is_misuse(run, filter_: str) -> None:
    ended = run("records", "skus", "--filter", filter_, "--json")
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.startswith("error: ")


FIELDS = "code,weight,shipping_category_id,metadata,updated_at"


def test_chosen_fields_as_json_are_all_that_a_document_has(run, imported) -> None:
    whole = run("records", "skus", "--json").data
    for shown, before in zip(
        run("records", "skus", "--json", "--fields", FIELDS).data, whole, strict=True
    ):
        names = ("code", "weight", "metadata", "updated_at")
        assert shown["attributes"] == {name: before["attributes"][name] for name in names}
        assert list(shown["relationships"]) == ["shipping_category"]
        target = shown["relationships"]["shipping_category"]["data"]
        assert target["type"] == "shipping_categories"
        assert (shown["id"], shown["type"]) == (before["id"], "skus")


def test_chosen_fields_as_csv_are_its_columns_in_their_order(run, imported, category) -> None:
    documents = run("records", "skus", "--json").data
    written = run("records", "skus", "--csv", "--fields", FIELDS).out
    lines = list(csv.DictReader(io.StringIO(written)))
    assert list(lines[0]) == FIELDS.split(",")
    assert [line["code"] for line in lines] == [each["attributes"]["code"] for each in documents]
    assert {line["shipping_category_id"] for line in lines} == {category}
    assert lines[0]["updated_at"] == documents[0]["attributes"]["updated_at"]
    assert json.loads(lines[0]["metadata"]) == documents[0]["attributes"]["metadata"]


def test_csv_of_a_type_without_records_is_its_header(run) -> None:
    ended = run("records", "skus", "--csv", "--fields", "id,code")
    assert (ended.code, ended.out, ended.err) == (0, "id,code\n", "")


def test_csv_without_fields_has_those_of_the_table(run, imported) -> None:
    titles = run("records", "skus").out.splitlines()[0].split()
    assert run("records", "skus", "--csv").out.splitlines()[0].split(",") == titles


def test_a_table_shows_the_chosen_fields(run, imported) -> None:
    lines = run("records", "skus", "--fields", "name", "--fields", "code,code").out.splitlines()
    assert lines[0].split() == ["name", "code"]


@pytest.mark.parametrize("how", [[], ["--json"], ["--csv"]])
@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("nme", "did you mean name?"),
        ("code,shipping_category_ids", "did you mean shipping_category_id?"),
        ("qqq", "they have id, type, "),
        ("code,,name", "expected names with commas between them"),
        ("", "expected names with commas between them"),
    ],
)
def test_a_field_that_is_none_is_misuse(run, imported, names: str, said: str, how) -> None:
    ended = run("records", "skus", "--fields", names, *how)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_json_and_csv_at_once_are_misuse(run, imported) -> None:
    ended = run("records", "skus", "--json", "--csv")
    assert (ended.code, ended.out) == (2, "")


def test_without_records_the_list_says_what_to_do(run) -> None:
    ended = run("records", "customers")
    assert (ended.code, ended.out) == (0, "")
    assert "hint: longshore import customers FILE" in ended.err


@pytest.mark.parametrize("command", ["records", "export", "template"])
def test_an_unknown_type_is_misuse(run, command: str) -> None:
    ended = run(command, "price")
    assert ended.code == 2
    assert "did you mean prices?" in ended.err


def test_the_types_of_the_wire_contract_are_listed(run) -> None:
    ended = run("types", "--json")
    by_name = {each["type"]: each for each in ended.data}
    assert len(by_name) == 24
    assert by_name["prices"]["parent"] == {"relationship": "price_list", "types": ["price_lists"]}
    assert by_name["skus"]["keys"] == [["code"]]
    assert by_name["orders"]["nested"] == ["line_items", "tags"]
    assert by_name["tags"]["parent"] is None
    assert len(run("types", "--all", "--json").data) > 24
    assert run("types").out.splitlines()[0].split() == [
        "type",
        "natural",
        "key",
        "parent",
        "nested",
    ]


@pytest.mark.parametrize("format_", ["csv", "json"])
def test_a_template_names_what_must_exist_first_and_then_imports(run, make_file, format_) -> None:
    early = run("template", "skus", "--format", format_)
    assert early.code == 0
    assert "shipping_categories" in early.err
    first = run("template", "shipping_categories", "--format", format_)
    assert run("import", "shipping_categories", make_file(f"c.{format_}", first.out)).code == 0
    template = run("template", "skus", "--format", format_)
    assert (template.code, template.err) == (0, "")
    assert run("import", "skus", make_file(f"s.{format_}", template.out)).code == 0


@pytest.mark.parametrize("format_", ["csv", "ndjson"])
def test_an_unchanged_export_imports_as_all_unchanged(run, imported, make_file, format_) -> None:
    exported = run("export", "skus", "--format", format_)
    assert exported.code == 0
    ended = run("import", "skus", make_file(f"skus.{format_}", exported.out))
    assert ended.code == 0
    assert ended.facts["unchanged"] == "30"


def test_an_export_is_a_table_with_the_id_first(run, imported, tmp_path: Path) -> None:
    path = tmp_path / "skus.csv"
    ended = run("export", "skus", "--output", path)
    assert (ended.code, ended.out) == (0, "")
    text = path.read_bytes().decode()
    assert "\r" not in text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert next(iter(rows[0])) == "id"
    assert [row["code"] for row in rows[:2]] == ["A00", "A01"]
    assert text == run("export", "skus").out
    lines = run("export", "skus", "--format", "ndjson").out.splitlines()
    assert json.loads(lines[0])["code"] == "A00"


def test_an_export_into_a_folder_that_is_not_there_is_misuse(run, imported, tmp_path) -> None:
    ended = run("export", "skus", "--output", tmp_path / "no" / "skus.csv")
    assert ended.code == 2
    assert "there is no folder" in ended.err


def test_a_finished_import_cannot_be_interrupted(run, imported) -> None:
    ended = run("interrupt", imported)
    assert ended.code == 2
    assert "completed" in ended.err


def test_a_deleted_import_is_gone_and_its_records_stay(run, imported) -> None:
    ended = run("delete", imported)
    assert (ended.code, ended.out) == (0, "")
    assert "records that it created and updated stay" in ended.err
    assert run("show", imported).code == 2
    assert len(run("records", "skus", "--json").data) == 30


def test_an_attachment_in_a_bucket_is_shown_by_its_presigned_url(
    run, category, make_file, s3, monkeypatch
) -> None:
    settings = s3.settings()
    monkeypatch.setenv("LONGSHORE_ATTACHMENTS", settings.attachments)
    monkeypatch.setenv("LONGSHORE_S3_ENDPOINT", settings.s3_endpoint)
    source = make_file("skus.csv", "code,name\nBUCKET,Of a bucket\n")
    imported = run("import", "skus", source, "--parent", category, "--json").data["id"]
    attributes = run("show", imported, "--json").data["attributes"]
    assert attributes["inputs"] == [{"code": "BUCKET", "name": "Of a bucket"}]
    assert attributes["attachment_url"].startswith(f"{s3.endpoint}/")
    answer = httpx2.get(attributes["attachment_url"])
    assert gzip.decompress(answer.content) == source.read_bytes()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    ended = run("import", "skus", source)
    assert ended.code != 0
    assert "the object store refuses access to s3://" in ended.err
    assert "hint: check AWS_ACCESS_KEY_ID" in ended.err
