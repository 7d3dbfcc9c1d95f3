"""`longshore import`: what comes in, what is said about it, and how it ends."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("on_every_database")

MIXED = "code,name,weight\nA1,One,1.5\nA2,,abc\nA3,Three,2\n"


def test_a_file_is_imported_and_its_counts_are_shown(run, category, make_file) -> None:
    file = make_file("skus.csv", "code,name\nA1,One\nA2,Two\n")
    first = run("import", "skus", file, "--parent", "MAIN")
    assert first.code == 0
    assert first.facts["status"] == "completed"
    assert (first.facts["created"], first.facts["failed"]) == ("2", "0")
    again = run("import", "skus", file, "--parent", "MAIN")
    assert again.code == 0
    assert (again.facts["created"], again.facts["unchanged"]) == ("0", "2")


def test_json_is_exactly_one_document_with_the_finished_import(run, category, make_file) -> None:
    ended = run("import", "skus", make_file("s.csv", MIXED), "--parent", category, "--json")
    assert ended.code == 1
    assert ended.data["type"] == "imports"
    attributes = ended.data["attributes"]
    assert attributes["status"] == "interrupted"
    assert (attributes["processed_count"], attributes["errors_count"]) == (1, 1)
    assert attributes["errors_log"]["A2"]["name"] == ["can't be blank"]


def test_skipped_errors_let_an_import_reach_its_end(run, category, make_file) -> None:
    file = make_file("s.csv", MIXED)
    ended = run("import", "skus", file, "--parent", "MAIN", "--skip-errors", "--json")
    assert ended.code == 1
    attributes = ended.data["attributes"]
    assert attributes["status"] == "completed"
    assert (attributes["processed_count"], attributes["errors_count"]) == (2, 1)


def test_errors_are_shown_with_row_line_identifier_attribute_message_and_value(
    run, category, make_file
) -> None:
    ended = run("import", "skus", make_file("s.csv", MIXED), "--parent", "MAIN", "--skip-errors")
    table = [line.split(maxsplit=5) for line in ended.out.splitlines() if "A2" in line]
    assert ["2", "3", "A2", "weight", "is", "not a number  abc"] in table
    assert any(line[3:] == ["name", "can't", "be blank"] for line in table)


def test_many_errors_are_cut_and_the_rest_is_a_command_away(run, category, make_file) -> None:
    rows = "".join(f"A{number},,heavy\n" for number in range(15))
    file = make_file("s.csv", "code,name,weight\n" + rows)
    ended = run("import", "skus", file, "--parent", "MAIN", "--skip-errors")
    assert "A9" in ended.out
    assert "A10" not in ended.out
    assert f"and 5 more failed rows: longshore errors {ended.facts['import']}" in ended.err


def test_a_dry_run_tells_what_would_happen_and_writes_nothing(run, category, make_file) -> None:
    file = make_file("s.csv", MIXED)
    ended = run("import", "skus", file, "--parent", "MAIN", "--skip-errors", "--dry-run", "--json")
    assert ended.code == 1
    assert ended.json["meta"] == {
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "failed": 1,
        "stopped_by": None,
        "first_amounts": [],
        "ignored_columns": [],
        "warnings": [],
        "same_content_as": None,
    }
    assert {
        "row": 2,
        "line": 3,
        "identifier": "A2",
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
    } in ended.json["errors"]
    assert run("records", "skus", "--json").data == []
    assert len(run("imports", "--json").data) == 1  # that of the category


def test_a_dry_run_without_failures_is_done(run, category, make_file) -> None:
    file = make_file("s.csv", "code,name\nA1,One\n")
    ended = run("import", "skus", file, "--parent", "MAIN", "--dry-run")
    assert ended.code == 0
    assert ended.facts["created"] == "1"


@pytest.mark.parametrize("tries", [(), ("--dry-run",)], ids=["import", "dry run"])
def test_failed_rows_are_written_with_the_same_columns_and_can_be_imported_again(
    run, category, make_file, tmp_path: Path, tries
) -> None:
    file = make_file("s.csv", "code,name,weight\nA1,One,1\nA2,,abc\nA3,Three,1,beyond\n")
    failed = tmp_path / "failed.csv"
    arguments = ("--parent", "MAIN", "--skip-errors", "--errors", failed)
    assert run("import", "skus", file, *arguments, *tries).code == 1
    rows = list(csv.reader(io.StringIO(failed.read_text())))
    assert rows == [
        ["code", "name", "weight", "_row", "_errors", "_codes"],
        [
            *("A2", "", "abc", "2", "weight: is not a number; name: can't be blank"),
            "not_a_number; blank",
        ],
        [
            *("A3", "Three", "1", "3", "base: has 4 cells, the header has 3"),
            *("too_many_cells", "beyond"),
        ],
    ]
    failed.write_text(
        "\n".join(failed.read_text().splitlines()[:2])
        .replace("abc", "3,")
        .replace("A2,,3,,", "A2,Two,3,")
    )
    mended = run("import", "skus", failed, "--parent", "MAIN")
    assert mended.code == 0
    assert "ignored" not in mended.err


def test_failed_rows_keep_every_line_break_inside_their_cells(
    run, category, make_file, tmp_path: Path
) -> None:
    texts = ["old\rline", "line\nfeed", "both\r\n"]
    rows = "".join(f'A{number},,"{text}"\n' for number, text in enumerate(texts))
    failed = tmp_path / "failed.csv"
    file = make_file("s.csv", "code,name,description\n" + rows)
    run("import", "skus", file, "--parent", "MAIN", "--skip-errors", "--errors", failed)
    with failed.open(newline="") as written:
        assert [row[2] for row in csv.reader(written)] == ["description", *texts]


def test_failed_rows_of_json_keep_what_is_nested_in_them(
    run, category, make_file, tmp_path: Path
) -> None:
    rows: list[dict[str, object]] = [
        {"code": "A1", "name": None, "tags": [{"name": "new"}]},
        {"code": "A2", "name": "Two"},
    ]
    failed = tmp_path / "failed.json"
    file = make_file("s.json", json.dumps(rows))
    run("import", "skus", file, "--parent", "MAIN", "--skip-errors", "--errors", failed)
    assert json.loads(failed.read_text()) == [
        {
            **rows[0],
            "_row": 1,
            "_errors": {"name": ["can't be blank"]},
            "_codes": {"name": ["blank"]},
        }
    ]


@pytest.mark.parametrize(
    ("name", "content"), [("f.csv", "code,name,_row,_errors,_codes\n"), ("f.json", "[]\n")]
)
def test_the_file_of_failed_rows_is_written_also_when_none_failed(
    run, category, make_file, tmp_path: Path, name: str, content: str
) -> None:
    file = make_file("s.csv", "code,name\nA1,One\n")
    assert run("import", "skus", file, "--parent", "MAIN", "--errors", tmp_path / name).code == 0
    assert (tmp_path / name).read_text() == content


def test_the_file_of_failed_rows_never_replaces_the_source(run, category, make_file) -> None:
    file = make_file("s.csv", MIXED)
    ended = run("import", "skus", file, "--parent", "MAIN", "--errors", file)
    assert ended.code == 2
    assert "is the file that is read" in ended.err
    assert file.read_text() == MIXED


def test_columns_that_are_left_out_are_named_on_one_line(run, category, make_file) -> None:
    file = make_file("s.csv", "Article,Title,descripton,Zzz\nA1,One,text,1\nA2,Two,text,2\n")
    mapped = ("--map", "Article=code", "--map", "Title=name")
    ended = run("import", "skus", file, "--parent", "MAIN", *mapped, "--json")
    assert ended.code == 0
    assert ended.err.count("warning:") == 1
    assert "2 columns are ignored, skus have no such fields: descripton, Zzz" in ended.err
    assert "--verbose lists each with its nearest field" in ended.err
    assert ended.data["meta"]["ignored_columns"] == ["descripton", "Zzz"]
    tried = run("import", "skus", file, "--parent", "MAIN", *mapped, "--dry-run", "--json")
    assert "2 columns are ignored" in tried.err
    assert tried.json["meta"]["ignored_columns"] == ["descripton", "Zzz"]


def test_verbose_lists_each_column_with_its_nearest_field(run, category, make_file) -> None:
    file = make_file("s.csv", "code,name,SKU Descripton,Zzz,shipping_category.colour\nA,a,b,c,d\n")
    ended = run("import", "skus", file, "--parent", "MAIN", "--ignore", "Zzz", "--verbose")
    assert ended.code == 0
    assert "column SKU Descripton is ignored" in ended.err
    assert "hint: the nearest field is description: --map 'SKU Descripton=description'" in ended.err
    assert "column Zzz is ignored, as was asked for" in ended.err
    assert "hint: shipping_category_id takes the id of the shipping category" in ended.err


def test_single_column_that_is_left_out_is_named_with_its_hint(run, category, make_file) -> None:
    file = make_file("s.csv", "code,name,prices.amount_cents\nA,a,1\n")
    ended = run("import", "skus", file, "--parent", "MAIN")
    assert "column prices.amount_cents is ignored, skus have no such field" in ended.err
    assert "prices are imported as rows of their own: longshore import prices" in ended.err


def test_ignored_column_is_left_out_without_a_word(run, category, make_file) -> None:
    file = make_file("s.csv", "id,code,name,Zzz\n1,A1,One,x\n")
    ended = run(
        "import", "skus", file, "--parent", "MAIN", "--ignore", "id", "--ignore", "Zzz", "--json"
    )
    assert (ended.code, ended.err.count("warning:")) == (0, 0)
    assert ended.data["meta"]["ignored_columns"] == ["id", "Zzz"]
    tried = run("import", "skus", file, "--parent", "MAIN", "--ignore", "id", "--dry-run")
    assert (tried.code, tried.facts["unchanged"]) == (0, "1")
    assert "column Zzz is ignored" in tried.err


def test_column_that_is_not_there_cannot_be_ignored(run, category, make_file) -> None:
    file = make_file("s.csv", "code,name,Wieght\nA1,One,1\n")
    ended = run("import", "skus", file, "--parent", "MAIN", "--ignore", "Weight")
    assert ended.code == 2
    assert "the source has no column 'Weight'" in ended.err
    assert "did you mean 'Wieght'?" in ended.err
    both = run("import", "skus", file, "--map", "Wieght=weight", "--ignore", "Wieght")
    assert both.code == 2
    assert "'Wieght' is mapped as well" in both.err


@pytest.mark.parametrize(
    ("mappings", "message"),
    [
        (["code"], "expected COLUMN=FIELD, found 'code'"),
        (["=code"], "expected COLUMN=FIELD"),
        (["a=code", "a=name"], "'a' is mapped twice"),
        (["nothing=code"], "no column 'nothing'"),
        (["code=cod"], "no field 'cod'"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(
    run, category, make_file, mappings: list[str], message: str
) -> None:
    options = [part for mapping in mappings for part in ("--map", mapping)]
    ended = run("import", "skus", make_file("s.csv", "code,name\nA1,One\n"), *options)
    assert ended.code == 2
    assert message in ended.err
    assert ended.out == ""


FORMATS = {
    "s.csv": b"code,name\nA1,One\nA2,Two\n",
    "s.tsv": b"code\tname\nA1\tOne\nA2\tTwo\n",
    "s.json": b'[{"code": "A1", "name": "One"}, {"code": "A2", "name": "Two"}]',
    "s.ndjson": b'{"code": "A1", "name": "One"}\n{"code": "A2", "name": "Two"}\n',
    "s.csv.gz": gzip.compress(b"code,name\nA1,One\nA2,Two\n"),
    "noname": b'[{"code": "A1", "name": "One"}, {"code": "A2", "name": "Two"}]',
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_found_by_name_and_content(run, category, make_file, name: str) -> None:
    assert run("import", "skus", make_file(name, FORMATS[name]), "--parent", "MAIN").code == 0
    assert [each["attributes"]["code"] for each in run("records", "skus", "--json").data] == [
        "A1",
        "A2",
    ]


@pytest.mark.parametrize("name", ["s.csv", "s.ndjson", "s.csv.gz"])
def test_standard_input_is_read_for_a_hyphen(run, category, start, make_file, name: str) -> None:
    arguments = ("import", "skus", "-", "--parent", "MAIN", "--json")
    with (
        make_file(name, FORMATS[name]).open("rb") as file,
        start(*arguments, stdin=file) as process,
    ):
        imported = json.loads(process.stdout.read())["data"]
    assert process.returncode == 0
    assert imported["meta"]["created_count"] == 2


REFUSED = {
    "missing": (None, "no such file"),
    "empty.csv": (b"", "empty"),
    "header.csv": (b"code,name\n", "no rows"),
    "wrong.json": (b"code,name\nA1,One\n", "JSON"),
    "twice.csv": (b"code,code\nA1,A1\n", "code"),
    "quote.csv": (b'code,name\nA1,"One\n' + b"A2,Two\n" * 100, "line 2, column 4"),
    "broken.json": (b'[{"code": "A1"},', "line 1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_source_that_cannot_be_read_is_refused_whole(
    run, category, make_file, tmp_path: Path, name: str
) -> None:
    content, message = REFUSED[name]
    file = tmp_path / name if content is None else make_file(name, content)
    ended = run("import", "skus", file, "--parent", "MAIN", "--json")
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.startswith("error: ")
    assert message in ended.err
    assert run("records", "skus", "--json").data == []


def test_a_folder_is_no_file(run, category, tmp_path: Path) -> None:
    ended = run("import", "skus", tmp_path)
    assert ended.code == 2
    assert "directory" in ended.err


def test_an_unknown_type_names_the_nearest_before_anything_is_made(
    run, make_file, tmp_path: Path
) -> None:
    data = tmp_path / "new"
    ended = run("--data", data, "import", "sku", make_file("s.csv", "code\nA\n"))
    assert ended.code == 2
    assert "no such resource type: sku" in ended.err
    assert "did you mean skus?" in ended.err
    assert "longshore types" in ended.err
    assert not data.exists()


def test_organizations_and_modes_see_nothing_of_each_other(run, make_file) -> None:
    file = make_file("c.csv", "name,code\nMain,MAIN\n")
    refused = run("import", "shipping_categories", file, "--organization", "acme")
    assert refused.code == 2
    assert "longshore organizations create acme" in refused.err
    assert run("organizations", "create", "acme").code == 0
    assert run("import", "shipping_categories", file, "--organization", "acme").code == 0
    assert run("--mode", "live", "import", "shipping_categories", file).code == 0
    listed = ("records", "shipping_categories", "--json")
    assert run(*listed).data == []
    assert len(run(*listed, "--mode", "live").data) == 1
    (record,) = run("--organization", "acme", *listed).data
    assert record["meta"]["mode"] == "test"
    assert run(*listed, "--organization", "acme", "--mode", "live").data == []
    assert run(*listed, "--organization", "nobody").code == 2


def prices_of(run, make_file) -> None:
    """A SKU A1 and a price list in dollars."""
    run("import", "skus", make_file("s.csv", "code,name\nA1,One\n"), "--parent", "MAIN")
    run("import", "price_lists", make_file("l.csv", "code,name,currency_code\nUSA,USA,USD\n"))


def test_column_mapped_onto_cents_must_say_what_it_holds(run, category, make_file) -> None:
    """50 dollars were stored as 50 cents."""
    prices_of(run, make_file)
    file = make_file("p.csv", "sku_code,Variant Price\nA1,50.00\n")
    asked = ("import", "prices", file, "--parent", "USA", "--map")
    refused = run(*asked, "Variant Price=amount_cents")
    assert refused.code == 2
    assert "--map 'Variant Price=amount_cents:cents'" in refused.err
    assert "--map 'Variant Price=amount_cents:decimal'" in refused.err
    tried = run(*asked, "Variant Price=amount_cents:decimal", "--dry-run")
    assert (tried.code, tried.facts["created"]) == (0, "1")
    assert tried.facts["amounts"] == "Variant Price 50.00 -> 50.00 USD (5000 cents)"
    ended = run(*asked, "Variant Price=amount_cents:decimal")
    assert (ended.code, ended.facts["created"]) == (0, "1")
    assert ended.facts["amounts"] == tried.facts["amounts"]
    (price,) = run("records", "prices", "--json").data
    assert price["attributes"]["amount_cents"] == 5000
    tried = run(*asked, "Variant Price=amount_cents:decimal", "--dry-run", "--json")
    assert tried.json["meta"]["first_amounts"][0]["amount"] == "50.00 USD"


def test_decimal_mark_can_be_said_of_all_columns(run, category, make_file) -> None:
    prices_of(run, make_file)
    file = make_file("p.csv", 'sku_code,Price\nA1,"1,234"\n')
    asked = ("import", "prices", file, "--parent", "USA", "--map", "Price=amount_cents:decimal")
    refused = run(*asked)
    assert refused.code == 2
    assert "may be 1.234 or 1234" in refused.err
    assert "--decimal point reads it as 1234" in refused.err
    ended = run(*asked, "--decimal", "point")
    assert (ended.code, ended.facts["created"]) == (0, "1")
    assert ended.facts["amounts"] == "Price 1,234 -> 1234.00 USD (123400 cents)"
    assert run(*asked, "--decimal", "colon").code == 2


def test_amounts_under_their_own_name_are_shown_as_money_too(run, category, make_file) -> None:
    prices_of(run, make_file)
    file = make_file("p.csv", "sku_code,Amount Cents\nA1,5000\n")
    ended = run("import", "prices", file, "--parent", "USA", "--json")
    assert ended.data["meta"]["first_amounts"] == [
        {
            "row": 1,
            "column": "Amount Cents",
            "field": "amount_cents",
            "value": "5000",
            "cents": 5000,
            "currency_code": "USD",
            "amount": "50.00 USD",
        }
    ]
    shown = run("show", ended.data["id"])
    assert shown.facts["amounts"] == "Amount Cents 5000 -> 50.00 USD (5000 cents)"


@pytest.mark.parametrize("dry_run", [(), ("--dry-run",)])
def test_ids_of_another_place_are_told_with_what_to_do(run, category, make_file, dry_run) -> None:
    file = make_file("s.csv", "id,code,name\n1,A1,One\n2,A2,Two\n")
    asked = ("import", "skus", file, "--parent", "MAIN", "--skip-errors", *dry_run)
    ended = run(*asked)
    assert ended.code == 1
    assert "warning: 2 rows give ids that are not of this environment, in id" in ended.err
    assert "--ignore id" in ended.err
    assert run(*asked, "--ignore", "id").facts["created"] == "2"
