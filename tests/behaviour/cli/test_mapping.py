"""`longshore import --mapping`: columns become fields as a document says, whatever they hold."""

import json
from pathlib import Path
from urllib.parse import urlparse

import pytest
from openpyxl import Workbook

from tests.behaviour.cli.served import send_in_parts

SKUS = """Artikel-Nr;Bezeichnung;Farbe;Aktiv;Gramm;Typ
 ab-1;<b>Becher</b> ;blau;ja;5;
ab-2;Tasse;rot;nein;6;x
;Teller;;vielleicht;schwer;y
"""
MAPPING = """
version = 1
type = "skus"
ignore = ["Typ", "EAN"]
[fields.code]
column = "Artikel-Nr"
transforms = ["trim", { name = "case", to = "upper" }]
[fields.name]
template = "{Bezeichnung} - {Farbe}"
transforms = ["strip_html"]
[fields."metadata.active"]
column = "Aktiv"
transforms = [{ name = "replace", table = { ja = "yes", nein = "no" }, otherwise = "error" }]
[fields]
weight = "Gramm"
unit_of_weight = { constant = "gr" }
"metadata.colour" = "Farbe"
"""
CHECKED = ["code", "name", "weight", "unit_of_weight", "metadata"]


@pytest.fixture
def mapping(make_file):
    return make_file("m.toml", MAPPING)


def attributes(run, type_: str, *names: str) -> list[list[object]]:
    """The attributes of all records, by the first of them."""
    found = run("records", type_, "--json").data
    return sorted([each["attributes"][name] for name in names] for each in found)


@pytest.mark.usefixtures("on_every_database")
def test_columns_become_fields_and_errors_name_the_cells_as_they_are(
    run, category, make_file, mapping, tmp_path: Path
) -> None:
    file = make_file("skus.csv", SKUS)
    options = ("--parent", category, "--mapping", mapping, "--skip-errors")
    tried = run("import", "skus", file, *options, "--dry-run", "--json")
    ended = run("import", "skus", file, *options, "--json", "--errors", tmp_path / "bad.csv")
    assert ended.code == 1
    assert "Typ" not in ended.err  # somebody has said that it is left out
    expected = [
        ["AB-1", "Becher - blau", 5.0, "gr", {"active": "yes", "colour": "blau"}],
        ["AB-2", "Tasse - rot", 6.0, "gr", {"active": "no", "colour": "rot"}],
    ]
    assert attributes(run, "skus", *CHECKED) == expected
    errors = run("errors", ended.data["id"], "--json").data
    told = [
        (each["attribute"], each["code"], each["column"], each["value"], each["line"])
        for each in errors
    ]
    assert told == [
        ("metadata.active", "not_in_table", "Aktiv", "vielleicht", 4),
        ("weight", "not_a_number", "Gramm", "schwer", 4),
        ("code", "blank", "Artikel-Nr", None, 4),
    ]
    assert {each["pointer"] for each in errors} == {"/Aktiv", "/Gramm", "/Artikel-Nr"}
    assert errors[0]["expected"] == "one of ja, nein"
    shown = {name for name in errors[0] if name not in ("row", "line")}
    assert [[each[name] for name in shown] for each in tried.json["errors"]] == [
        [each[name] for name in shown] for each in errors
    ]
    # Failed rows have the columns of their source.
    assert (tmp_path / "bad.csv").read_text().splitlines()[0].startswith("Artikel-Nr;Bezeichnung;")
    # The import keeps what the mapping said, and shows it.
    mapping.unlink()
    shown = run("show", ended.data["id"])
    assert shown.facts["mapping"].startswith("code, name, metadata.active, weight")
    meta = run("show", ended.data["id"], "--json").data["meta"]
    assert meta["mapping"]["fields"]["unit_of_weight"] == {"constant": "gr"}


@pytest.mark.usefixtures("on_every_database")
def test_a_retry_edits_columns_of_the_source_and_keeps_the_mapping(
    run, category, make_file, mapping
) -> None:
    options = ("--parent", category, "--mapping", mapping, "--skip-errors", "--json")
    first = run("import", "skus", make_file("skus.csv", SKUS), *options).data["id"]
    refused = run("retry", first, "--set", "code=ab-3")
    assert refused.code == 2
    assert "code is read from the column 'Artikel-Nr', through trim and case" in refused.err
    assert "hint: edit 'Artikel-Nr', with values as they stand there" in refused.err
    refused = run("retry", first, "--set", "unit_of_weight=kg")
    assert "unit_of_weight is a constant of the mapping" in refused.err
    refused = run("retry", first, "--set", "name=x")
    assert "name is put together from columns: 'Bezeichnung', 'Farbe'" in refused.err
    edits = ("--set", "Artikel-Nr=ab-3", "--replace", "Aktiv:vielleicht=ja", "--set", "weight=7")
    ended = run("retry", first, *edits, "--json")
    assert ended.code == 0, ended.err
    found = attributes(run, "skus", *CHECKED)
    assert found[2] == ["AB-3", "Teller - ", 7.0, "gr", {"active": "yes"}]
    assert ended.data["meta"]["mapping"]["type"] == "skus"
    stored = Path(urlparse(str(ended.data["attributes"]["attachment_url"])).path)
    assert stored.exists()


def test_a_suggestion_is_a_text_of_the_column(run, category, make_file, mapping) -> None:
    content = SKUS.replace(";ja;", ";jaa;").replace("vielleicht", "nein")
    options = ("--parent", category, "--mapping", mapping, "--skip-errors", "--json")
    made = run("import", "skus", make_file("skus.csv", content), *options).data["id"]
    (first, *_) = run("errors", made, "--json").data
    assert (first["value"], first["suggestion"]) == ("jaa", "ja")
    run("retry", made, "--replace", "Aktiv:jaa=ja")
    assert len(attributes(run, "skus", "code")) == 2


def test_errors_of_a_workbook_name_the_cell_that_a_field_is_made_of(
    run, category, make_file, mapping, tmp_path: Path
) -> None:
    book = Workbook()
    sheet = book.create_sheet("Preise")
    del book["Sheet"]
    for line in SKUS.splitlines():
        sheet.append(line.split(";"))
    sheet["D2"] = "#N/A"
    sheet["D2"].data_type = "e"
    book.save(tmp_path / "skus.xlsx")
    options = ("--parent", category, "--mapping", mapping, "--skip-errors", "--json")
    made = run("import", "skus", tmp_path / "skus.xlsx", *options).data["id"]
    told = [
        (each["attribute"], each["code"], each["cell"])
        for each in run("errors", made, "--json").data
    ]
    assert told == [
        ("metadata.active", "cell_error", "Preise!D2"),
        ("metadata.active", "not_in_table", "Preise!D4"),
        ("weight", "not_a_number", "Preise!E4"),
        ("code", "blank", "Preise!A4"),
    ]
    cleared = run("import", "skus", tmp_path / "skus.xlsx", *options, "--null", "#N/A")
    assert [each["code"] for each in run("errors", cleared.data["id"], "--json").data] == [
        "not_in_table",
        "not_a_number",
        "blank",
    ]


@pytest.mark.parametrize("name", ["r.csv", "r.json"])
@pytest.mark.usefixtures("on_every_database")
def test_absent_blank_and_null_are_three_things(run, category, make_file, name: str) -> None:
    def file(*rows: dict[str, str]) -> Path:
        if name.endswith(".json"):
            return make_file(name, json.dumps(rows))
        lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
        return make_file(name, "\n".join(lines) + "\n")

    def stored(*options: str, **row: str) -> object:
        whole = {
            "code": "A1",
            "name": "One",
            "reference": "first",
            "shipping_category_id": category,
        }
        run("import", "skus", file(whole))
        ended = run("import", "skus", file({"code": "A1", **row}), *options)
        assert ended.code == 0, ended.err + ended.out
        return attributes(run, "skus", "reference")[0][0]

    assert stored("--blank", "keep", name="x") == "first"  # absent
    assert stored("--blank", "keep", reference=" ") == "first"
    assert stored("--blank", "clear", reference="") is None
    assert stored("--null", "NULL", reference="NULL") is None
    assert stored("--null", "NULL", "--blank", "keep", reference="") == "first"
    assert stored("--null", "NULL", reference="NULLA") == "NULLA"
    failed = run("import", "skus", file({"code": "A1", "reference": " "}), "--blank", "error")
    assert failed.code == 1
    (error,) = run("errors", failed.facts["import"], "--json").data
    assert (error["attribute"], error["code"], error["column"]) == (
        "reference",
        "blank",
        "reference",
    )


def test_a_constant_takes_the_place_of_a_column_and_says_so(run, make_file) -> None:
    file = make_file("c.csv", "name,code\nA,1\nB,2\n")
    ended = run("import", "shipping_categories", file, "--set", "code=X", "--dry-run")
    assert "warning: the column 'code' is left out: code is a constant" in ended.err
    ended = run("import", "shipping_categories", file, "--set", "reference=a=b")
    assert ended.code == 0
    assert attributes(run, "shipping_categories", "name", "reference") == [
        ["A", "a=b"],
        ["B", "a=b"],
    ]


def test_objects_are_mapped_as_tables_are(run, category, make_file) -> None:
    document = {
        "version": 1,
        "fields": {
            "code": {"column": "name", "transforms": ["trim"]},
            "name": "code",
            "weight": {"column": "g", "transforms": [{"name": "default", "value": "1"}]},
            "unit_of_weight": {"constant": "gr"},
            "reference": {"template": "{code}/{n}"},
        },
    }
    rows = [
        {"name": " A1", "code": "One", "g": 5, "n": 7, "tags": [{"name": "x"}]},
        {"name": "A2", "code": "Two", "g": "", "n": None},
        {"name": "A3", "code": "Three"},
    ]
    file = make_file("s.json", json.dumps(rows))
    mapping = make_file("m.json", json.dumps(document))
    ended = run("import", "skus", file, "--mapping", mapping, "--parent", category)
    assert ended.code == 0, ended.out
    assert attributes(run, "skus", "code", "name", "weight", "reference") == [
        ["A1", "One", 5.0, "One/7"],
        ["A2", "Two", 1.0, "Two/"],
        ["A3", "Three", None, "Three/"],
    ]


@pytest.mark.parametrize("name", ["r.csv", "r.json"])
def test_a_target_is_named_by_a_constant(run, category, make_file, name: str) -> None:
    content = "Nr,name\na1,One\n" if name == "r.csv" else '[{"Nr": "a1", "name": "One"}]'
    document = """
version = 1
[fields]
code = { column = "Nr", transforms = [{ name = "case", to = "upper" }] }
"shipping_category.name" = { constant = "Main" }
"""
    mapping = make_file("m.toml", document)
    ended = run("import", "skus", make_file(name, content), "--mapping", mapping)
    assert ended.code == 0, ended.out
    assert attributes(run, "skus", "code", "name") == [["A1", "One"]]
    wrong = make_file("w.toml", document.replace("Main", "Mian"))
    failed = run("import", "skus", make_file(name, content), "--mapping", wrong, "--skip-errors")
    (error,) = run("errors", failed.facts["import"], "--json").data
    assert (error["code"], error["column"]) == ("must_exist", None)


def test_the_same_content_is_that_of_the_same_mapping(run, make_file) -> None:
    file = make_file("c.csv", "Name\nA\n")
    one = make_file("1.toml", 'version = 1\nfields.name = "Name"\n')
    other = make_file("2.toml", 'version = 1\nfields.name = "Name"\nfields.reference = "Name"\n')
    assert run("import", "shipping_categories", file, "--mapping", one, "--once").code == 0
    assert run("import", "shipping_categories", file, "--mapping", other, "--once").code == 0
    again = run("import", "shipping_categories", file, "--mapping", one, "--once")
    assert again.code == 2
    assert "imported before in the same way" in again.err


@pytest.mark.parametrize(
    ("document", "options", "message", "hint"),
    [
        (None, ["--mapping", "nowhere.toml"], "there is no file nowhere.toml", "--mapping names"),
        ("version = 2", [], "version: expected 1, found 2", "a later release may know it"),
        ("version = 1\ntype = 'prices'", [], "type: the mapping is for prices, and skus", None),
        (
            "version = 1\nfields.code = 'Artikel'",
            [],
            "fields.code: the source does not have the column 'Artikel' that the mapping names",
            "did you mean 'Artikel-Nr'?; its columns are Artikel-Nr, Bezeichnung",
        ),
        (
            "version = 1\nfields.cod = 'Farbe'",
            [],
            "fields.cod: skus have no field 'cod' that can be imported",
            "did you mean code?",
        ),
        (
            "version = 1\nfields.code = 'Farbe'\nfields.name = { column = 'Typ', unit = 'cents' }",
            [],
            "fields.name: name is not a field of cents, and has no unit",
            None,
        ),
        (
            "version = 1\nfields.code = { column = 'Farbe', transforms = ['trim'] }",
            ["--map", "Typ=name", "--set", "name=x"],
            "'name' is the field of a column by --map as well",
            None,
        ),
        (None, ["--null", " "], "is blank: --blank clear says that blank cells mean null", None),
        (None, ["--set", "code"], "expected FIELD=VALUE, found 'code'", None),
    ],
)
def test_what_cannot_be_meant_is_refused(
    run, make_file, document, options: list[str], message: str, hint: str | None
) -> None:
    file = make_file("skus.csv", SKUS)
    given = [] if document is None else ["--mapping", make_file("m.toml", document)]
    ended = run("import", "skus", file, *given, *options)
    assert ended.code == 2
    assert message in ended.err
    assert hint is None or f"hint: {hint}" in ended.err
    assert run("imports", "--json").data == []


def test_amounts_say_what_they_are_in(run, make_file) -> None:
    run("import", "price_lists", make_file("l.csv", "name,currency_code\nRetail,EUR\n"))
    run("import", "skus", make_file("s.csv", "code,name,do_not_ship\nA1,One,true\n"))
    (price_list,) = run("records", "price_lists", "--json").data
    file = make_file("p.csv", 'Nr,Preis\nA1,"1.234,50"\n')
    text = "version = 1\nfields.sku_code = 'Nr'\nfields.amount_cents = "
    refused = run(
        *("import", "prices", file, "--parent", price_list["id"]),
        *("--mapping", make_file("m.toml", text + "'Preis'")),
    )
    assert "amount_cents takes cents, and nothing says that the values of 'Preis'" in refused.err
    unit = make_file("u.toml", text + "{ column = 'Preis', unit = 'decimal-comma' }")
    ended = run(
        *("import", "prices", file, "--parent", price_list["id"], "--mapping", unit),
    )
    assert (ended.code, attributes(run, "prices", "amount_cents")) == (0, [[123450]]), ended.out


@pytest.mark.parametrize("is_cut", [False, True])
def test_a_file_goes_to_a_server_with_its_mapping(
    at_server, look_at_server, category_at_server, make_file, mapping, monkeypatch, is_cut: bool
) -> None:
    if is_cut:
        send_in_parts(monkeypatch, 2)
    file = make_file("skus.csv", SKUS)
    options = ("--parent", "MAIN", "--mapping", mapping, "--skip-errors", "--json")
    ended = at_server("skus", file, *options, "--map", "Typ=reference", "--blank", "clear")
    assert ended.code == 1, ended.err
    found = look_at_server("records", "skus", "--json").data
    wanted = sorted(
        [each["attributes"][name] for name in (*CHECKED, "reference")] for each in found
    )
    assert wanted == [
        ["AB-1", "Becher - blau", 5.0, "gr", {"active": "yes", "colour": "blau"}, None],
        ["AB-2", "Tasse - rot", 6.0, "gr", {"active": "no", "colour": "rot"}, "x"],
    ]
    imports = ended.data if is_cut else [ended.data]
    assert [each["meta"]["mapping"]["blank"] for each in imports] == ["clear"] * (1 + is_cut)
