"""`longshore retry`: failed rows taken again, with edits, by the numbers that they have."""

import gzip
import json
from pathlib import Path
from urllib.parse import urlparse

import pytest

HEADER = "code,name,weight,unit_of_weight"


def rows_of(count: int) -> str:
    """Rows of which each third has a wrong weight, and each fourth a wrong unit."""
    lines = [HEADER]
    for number in range(1, count + 1):
        weight = "heavy" if number % 3 == 0 else "5"
        unit = "gram" if number % 4 == 0 else "gr"
        lines.append(f"A{number},Name {number},{weight},{unit}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def failed(run, category, make_file):
    """Imports a file whose rows may fail; its id."""

    def failed(content: str | bytes, *options: object, name: str = "skus.csv") -> str:
        arguments = ("--parent", category, "--skip-errors", "--json", *options)
        found = run("import", "skus", make_file(name, content), *arguments).data["id"]
        assert isinstance(found, str)
        return found

    return failed


def failed_numbers(run, import_id: str) -> list[tuple[int, int]]:
    found = run("errors", import_id, "--json").data
    return list(dict.fromkeys((each["row"], each["line"]) for each in found))


def text_of(attributes: dict[str, object]) -> str:
    path = Path(urlparse(str(attributes["attachment_url"])).path)
    return gzip.decompress(path.read_bytes()).decode()


@pytest.mark.usefixtures("on_every_database")
def test_failed_rows_are_mended_one_cause_after_another(run, failed) -> None:
    id_ = failed(rows_of(12))
    assert [row for row, _ in failed_numbers(run, id_)] == [3, 4, 6, 8, 9, 12]

    first = run("retry", id_, "--replace", "weight:heavy=7", "--json")
    assert first.code == 1
    assert first.data["meta"]["retry_of"] == id_
    attributes = first.data["attributes"]
    assert (attributes["inputs_size"], attributes["errors_count"]) == (6, 3)
    # Rows 4, 8 and 12 fail still; all numbers are those of the first source.
    assert failed_numbers(run, first.data["id"]) == [(4, 5), (8, 9), (12, 13)]
    told = run("rows", first.data["id"], "--json").data
    assert [(each["row"], each["line"], each["outcome"]) for each in told] == [
        (3, 4, "created"),
        (4, 5, "failed"),
        (6, 7, "created"),
        (8, 9, "failed"),
        (9, 10, "created"),
        (12, 13, "failed"),
    ]
    assert [each["row"] for each in run("rows", first.data["id"], "--from", 7, "--json").data] == [
        8,
        9,
        12,
    ]
    failed_only = run("rows", first.data["id"], "--from", 5, "--outcome", "failed", "--json").data
    assert [each["row"] for each in failed_only] == [8, 12]

    # Of the first import: its retry has mended some of its rows, and changed others.
    second = run("retry", id_, "--replace", "unit_of_weight:gram=gr", "--json")
    assert second.code == 0
    assert second.data["meta"]["retry_of"] == id_
    assert second.data["attributes"]["inputs_size"] == 3
    records = run("records", "skus", "--json").data
    assert len(records) == 12
    weights = {each["attributes"]["code"]: each["attributes"]["weight"] for each in records}
    assert weights["A12"] == weights["A3"] == 7.0

    third = run("retry", second.data["id"])
    assert third.code == 2
    assert f"no row of the import {id_} fails any more" in third.err


@pytest.mark.parametrize("delimiter", [", ", "::"])
def test_rows_are_mended_whose_delimiter_has_several_characters(run, failed, delimiter) -> None:
    id_ = failed(rows_of(12).replace(",", delimiter).replace("Name 3", '"Name, 3::"'))
    assert [row for row, _ in failed_numbers(run, id_)] == [3, 4, 6, 8, 9, 12]
    replaced = ("--replace", "weight:heavy=7", "--replace", "unit_of_weight:gram=gr")
    first = run("retry", id_, *replaced, "--json")
    assert first.code == 0
    assert f'A3{delimiter}"Name, 3::"{delimiter}7{delimiter}gr' in text_of(first.data["attributes"])
    records = run("records", "skus", "--json").data
    names = {each["attributes"]["code"]: each["attributes"]["name"] for each in records}
    assert names == {f"A{n}": f"Name {n}" for n in range(1, 13)} | {"A3": "Name, 3::"}


@pytest.mark.usefixtures("on_every_database")
@pytest.mark.parametrize("chunk_rows", [1, 0], ids=["row by row", "default"])
def test_an_earlier_row_that_overwrites_a_later_one_is_told(
    run, failed, monkeypatch: pytest.MonkeyPatch, chunk_rows: int
) -> None:
    if chunk_rows:
        monkeypatch.setenv("LONGSHORE_CHUNK_ROWS", str(chunk_rows))
        monkeypatch.setenv("LONGSHORE_CHUNK_ROWS_FIRST", str(chunk_rows))
    old, new, other = "DUP-1,Old name,heavy,gr", "DUP-1,New name,300,gr", "A2,Other,heavy,gr"
    id_ = failed("\n".join([HEADER, old, new, other]))
    ended = run("retry", id_, "--replace", "weight:heavy=500")
    assert ended.code == 0
    message = (
        "warning: 1 row names a record that a later row of the first import has written before it: "
        "DUP-1 in rows 1 and 2 (lines 2 and 3)\n"
    )
    assert ended.err.count(message) == 1
    assert "`longshore rows ID --outcome updated` shows what the retry has changed" in ended.err
    shown = run("show", ended.facts["import"], "--json").data["meta"]["warnings"]
    assert [(each["code"], each["count"], each["first"]) for each in shown] == [
        ("later_rows_overwritten", 1, [{"rows": [1, 2], "lines": [2, 3], "key": "DUP-1"}])
    ]
    updated = run("rows", ended.facts["import"], "--outcome", "updated", "--json").data
    assert [each["row"] for each in updated] == [1]


@pytest.mark.usefixtures("on_every_database")
def test_what_was_missing_is_there_when_rows_are_taken_again(run, failed, make_file) -> None:
    file = "code,name,shipping_category_id\nA1,One,aaaaaaaaaa\n"
    id_ = failed(file)
    category = run("records", "shipping_categories", "--json").data[0]["id"]
    ended = run("retry", id_, "--set", f"shipping_category_id={category}")
    assert ended.code == 0
    assert ended.facts["retry of"] == id_
    assert ended.facts["rows"] == "1"


def test_the_source_of_a_retry_is_written_as_that_of_the_first(run, failed) -> None:
    content = '﻿code;name;weight\r\nA1;Wäsche "x"; heavy\r\nA2;"a;b\r\nc";heavy\r\n'
    id_ = failed(content.encode("utf-8"))
    found = run("retry", id_, "--replace", "weight: heavy=1", "--json").data["attributes"]
    assert text_of(found) == '﻿code;name;weight\r\nA1;"Wäsche ""x""";1\r\nA2;"a;b\r\nc";heavy\r\n'
    assert found["errors_count"] == 1


def test_a_text_that_the_encoding_has_not_makes_the_source_utf_8(run, failed) -> None:
    id_ = failed("code,name,weight\nA1,Größe,heavy\n".encode("cp1252"), "--encoding", "cp1252")
    options = ("--set", "weight=1", "--set", "name=Größe 日本")
    found = run("retry", id_, *options, "--json").data["attributes"]
    assert text_of(found) == "code,name,weight\nA1,Größe 日本,1\n"
    assert found["errors_count"] == 0


def test_a_field_without_a_column_becomes_one(run, failed) -> None:
    id_ = failed("code\nA1\nA2,too much\n")
    ended = run("retry", id_, "--set", "name=Name", "--json")
    assert "the column name is added" in ended.err
    attributes = ended.data["attributes"]
    assert text_of(attributes) == "code,name\nA1,Name\nA2,Name,too much\n"
    assert (attributes["processed_count"], attributes["errors_count"]) == (1, 1)
    # The next one has it as well, for rows of which the first source is read.
    again = run("retry", id_, "--set", "description=Text", "--json").data["attributes"]
    assert text_of(again) == "code,name,description\nA2,Name,Text,too much\n"


def test_a_field_names_the_column_that_fills_it(run, failed) -> None:
    content = "Article,Name,Weight\nA1,One,heavy\n"
    id_ = failed(content, "--map", "Article=code")
    ended = run("retry", id_, "--set", "weight=5", "--set", "code=B1", "--json")
    assert ended.code == 0
    assert text_of(ended.data["attributes"]) == "Article,Name,Weight\nB1,One,5\n"


@pytest.mark.usefixtures("on_every_database")
def test_rows_of_json_are_edited_too(run, failed) -> None:
    content = '[{"code": "A1", "name": "One", "weight": "heavy", "metadata": {"a": 1.5}},' + (
        '{"code": "A2", "name": "Two"}, 7, {"code": "A4", "weight": 1e999, "name": "\\ud800"}]'
    )
    id_ = failed(content, name="skus.json")
    assert failed_numbers(run, id_) == [(1, 1), (3, 1), (4, 1)]
    ended = run("retry", id_, "--replace", "weight:heavy=7", "--json")
    assert ended.data["attributes"]["errors_count"] == 2
    assert failed_numbers(run, ended.data["id"]) == [(3, 1), (4, 1)]
    again = run("retry", id_, "--set", "name=N", "--set", "weight=1", "--json")
    assert failed_numbers(run, again.data["id"]) == [(3, 1)]
    refused = run("retry", id_, "--set", "tags.name=N")
    assert (refused.code, "inside a nested record" in refused.err) == (2, True)


def test_rows_that_cannot_be_cut_into_cells_stay_and_are_counted(run, failed) -> None:
    id_ = failed('code,name,weight\nA1,One,heavy\nA2,"Two" or so,1\nA3,Three,1\n')
    ended = run("retry", id_, "--set", "weight=1")
    assert ended.code == 0
    assert "1 failed row cannot be cut into cells" in ended.err
    again = run("retry", id_)
    assert again.code == 2
    assert "none of the 1 rows that fail can be cut into cells" in again.err


def test_rows_that_were_never_reached_did_not_fail(run, category, make_file) -> None:
    lines = [HEADER, *(f"A{number},Name,heavy,gr" for number in range(1, 31))]
    file = make_file("skus.csv", "\n".join(lines) + "\n")
    stopped = run("import", "skus", file, "--parent", category, "--json").data
    assert stopped["attributes"]["status"] == "interrupted"
    ended = run("retry", stopped["id"], "--set", "weight=1")
    assert ended.code == 0
    assert ended.facts["rows"] == "4"
    assert "26 rows behind the failed ones were never reached" in ended.err


def test_failed_rows_of_a_retry_have_the_numbers_of_the_first_source(
    run, failed, tmp_path: Path
) -> None:
    id_ = failed(rows_of(8))
    mended = tmp_path / "failed.csv"
    ended = run("retry", id_, "--set", "unit_of_weight=gr", "--errors", mended)
    assert ended.code == 1
    lines = mended.read_text().splitlines()
    assert lines[0] == f"{HEADER},_row,_errors,_codes"
    assert [line.split(",")[4] for line in lines[1:]] == ["3", "6"]


@pytest.mark.usefixtures("on_every_database")
def test_notices_of_a_retry_name_rows_of_the_first_source(run, failed) -> None:
    id_ = failed("code,name,weight\nA1,One,1\nA2,Two,x\nA3,Three,1\nA2,Two again,x\n")
    ended = run("retry", id_, "--set", "weight=1", "--json")
    (notice,) = ended.data["meta"]["warnings"]
    assert notice["first"] == [{"rows": [2, 4], "lines": [3, 5], "key": "A2"}]
    assert "A2 in rows 2 and 4 (lines 3 and 5)" in notice["message"]


@pytest.mark.parametrize(
    ("content", "options", "names"),
    [
        ("code,name,weight\nA1,Ελλάδα,bad\n".encode("iso8859-7"), ("--encoding", "iso8859-7"),
         ["Ελλάδα"]),
        (b"code|name|weight|note\nA1|'a'|bad|x\nA2|'b,''c'|bad|y\n", ("--quote", "'"),
         ["a", "b,'c"]),
        (b"code|name|weight\rA1|'a|b'|bad\rA2|'it''s'|bad\r", ("--quote", "'"), ["a|b", "it's"]),
        (b'code,name,weight\nA1,"q" x,bad\nA2,"z",bad\n', ("--quote", "none"), ['"q" x', '"z"']),
        (b"code^name^weight\nA1^a^bad\n", ("--delimiter", "^"), ["a"]),
    ],
)  # fmt: skip
def test_a_mended_file_is_read_as_the_source_was(
    run, category, make_file, tmp_path, content, options, names
) -> None:
    mended = tmp_path / "mended.csv"
    source = make_file("s.csv", content)
    options = (*options, "--parent", category, "--skip-errors")
    ended = run("import", "skus", source, *options, "--json", "--errors", mended)
    mended.write_bytes(mended.read_bytes().replace(b"bad", b"5"))
    retried = run("retry", ended.data["id"], "--file", mended)
    assert (retried.code, retried.facts["created"]) == (0, f"{len(names)}"), retried.err
    listed = run("records", "skus", "--json").json["data"]
    assert [each["attributes"]["name"] for each in listed] == names


def test_a_replacement_goes_into_nested_records_of_json(run, category, make_file) -> None:
    run("import", "price_lists", make_file("l.csv", "name,currency_code\nEurope,EUR\n"))
    run("import", "skus", make_file("k.csv", "code,name\nA1,One\n"), "--parent", category)
    tiers = [{"type": "price_volume_tiers", "name": "T", "up_to": "ten", "price_amount_cents": 1}]
    rows = [{"sku_code": "A1", "amount_cents": 100, "price_tiers": tiers}]
    source = make_file("p.json", json.dumps(rows))
    ended = run("import", "prices", source, "--parent", "Europe", "--skip-errors", "--json")
    (error,) = run("errors", ended.data["id"], "--json").json["data"]
    replacement = f"{error['column']}:ten=10"
    retried = run("retry", ended.data["id"], "--replace", replacement)
    assert (retried.code, retried.facts["created"]) == (0, "1"), retried.err


def test_a_relationship_means_the_column_that_names_its_targets(run, make_file) -> None:
    run("import", "price_lists", make_file("l.csv", "name,currency_code\nEurope,EUR\n"))
    prices = make_file("p.csv", "sku_code,amount_cents\nGone,100\n")
    ended = run("import", "prices", prices, "--parent", "Europe", "--skip-errors", "--json")
    retried = run("retry", ended.data["id"], "--set", "sku=Here", "--json")
    (error,) = run("errors", retried.data["id"], "--json").json["data"]
    assert (error["attribute"], error["column"], error["value"]) == ("sku", "sku_code", "Here")


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_name_of_a_target_is_edited_like_a_value(run, make_file, form) -> None:
    run("import", "price_lists", make_file("l.csv", "name,currency_code\nEurope,EUR\n"))
    skus = "code,name,do_not_ship\nA,a,true\n"
    run("import", "skus", make_file("s.csv", skus))
    row = {"sku_code": "A", "amount_cents": 100, "price_list": {"name": "Asia"}}
    text = "sku_code,amount_cents,price_list.name\nA,100,Asia\n"
    prices = make_file(f"p.{form}", text if form == "csv" else json.dumps([row]))
    ended = run("import", "prices", prices, "--skip-errors", "--json")
    (error,) = run("errors", ended.data["id"], "--json").json["data"]
    assert (error["attribute"], error["column"]) == ("price_list", "price_list.name")
    replaced = run("retry", ended.data["id"], "--replace", "price_list:Asia=Africa", "--json")
    retried = run("retry", replaced.data["id"], "--set", "price_list.name=Europe")
    assert (retried.code, retried.facts["created"]) == (0, "1"), retried.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--replace", "weight:light=1"), "no row that fails has exactly 'light' in weight"),
        (("--set", "wieght=1"), "the source has no column 'wieght'"),
        (("--set", "weight"), "expected FIELD=VALUE"),
        (("--replace", "weight"), "expected FIELD:OLD=NEW"),
        (("--set", "weight=1", "--set", "Weight=2"), "weight is set twice"),
        (("--set", "weight=1", "--replace", "weight:heavy=2"), "weight is both set and replaced"),
    ],
)
def test_an_edit_that_cannot_be_meant_is_refused_and_nothing_is_done(
    run, failed, options, message
) -> None:
    id_ = failed(rows_of(3))
    ended = run("retry", id_, *options)
    assert ended.code == 2
    assert message in ended.err
    assert len(run("imports", "--json").data) == 2


def test_columns_of_which_a_field_says_too_little_are_refused(run, make_file) -> None:
    run("import", "price_lists", make_file("l.csv", "name,currency_code\nUSD,USD\n"))
    file = make_file("prices.csv", "sku_code,Price,comment\nX1,1x.50,c\n")
    options = ("--parent", "USD", "--map", "Price=amount_cents:decimal", "--ignore", "comment")
    id_ = run("import", "prices", file, *options, "--json", "--skip-errors").data["id"]
    ended = run("retry", id_, "--set", "amount_cents=150")
    assert ended.code == 2
    assert "amount_cents is read from the column 'Price', as decimal" in ended.err
    ended = run("retry", id_, "--set", "comment=150")
    assert (ended.code, "the column 'comment' is left out" in ended.err) == (2, True)


def test_what_has_no_rows_to_be_taken_again_is_refused(run, failed, make_file) -> None:
    id_ = failed("code,name\nA1,One\n")
    ended = run("retry", id_)
    assert ended.code == 2
    assert f"no row of the import {id_} failed" in ended.err

    bad = failed("code,name\nA1,\n")
    run("delete", bad)
    ended = run("retry", bad)
    assert (ended.code, f"there is no import '{bad}'" in ended.err) == (2, True)
    ended = run("retry", "aaaaaaaaaa")
    assert (ended.code, "there is no import" in ended.err) == (2, True)
    other = failed("code,weight,name\nA1,x,One\n")
    ended = run("retry", other, "--mode", "live")
    assert (ended.code, "there is no import" in ended.err) == (2, True)


def test_an_edit_that_leaves_no_row_is_refused(run, failed) -> None:
    id_ = failed("code\nA1\n")
    ended = run("retry", id_, "--set", "code=")
    assert ended.code == 2
    ended = run("retry", id_, "--set", "code=code")
    assert ended.code == 2


@pytest.fixture
def written(run, failed, tmp_path: Path):
    """Imports rows, and writes those that fail to a file; the id and the file."""

    def written(
        content: str | bytes,
        *options: object,
        name: str = "failed.csv",
        source: str = "skus.csv",
    ):
        path = tmp_path / name
        id_ = failed(content, "--errors", path, *options, name=source)
        found = path if path.exists() else path.with_suffix(f".spreadsheet-safe{path.suffix}")
        return id_, found

    return written


def rewritten(path: Path, *changes: tuple[str, str], encoding: str = "utf-8") -> Path:
    text = path.read_bytes().decode(encoding)
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.usefixtures("on_every_database")
def test_a_mended_file_is_taken_and_rows_that_are_not_in_it_are_left_out(run, written) -> None:
    id_, path = written(rows_of(12))
    lines = path.read_text().splitlines(keepends=True)
    # Rows 3 and 4, sorted otherwise, without the others.
    path.write_text("".join([lines[0], lines[2], lines[1]]))
    rewritten(path, ("heavy", "7"), ("gram", "oz"))
    ended = run("retry", id_, "--file", path, "--json")
    assert ended.code == 0
    assert "4 failed rows not in the file stay as they are" in ended.err
    assert text_of(ended.data["attributes"]) == f"{HEADER}\nA3,Name 3,7,gr\nA4,Name 4,5,oz\n"
    told = run("rows", ended.data["id"], "--json").data
    assert [(each["row"], each["line"]) for each in told] == [(3, 4), (4, 5)]
    rest = run("retry", id_, "--set", "weight=1", "--set", "unit_of_weight=gr", "--json")
    assert rest.data["attributes"]["inputs_size"] == 4


def test_a_file_that_a_spreadsheet_has_saved_otherwise_is_read(run, written) -> None:
    content = 'Article;name;note;weight;note\nA1;"a;ü";r;x;p\nA2;b;s;x;q\n'
    id_, path = written(content, "--map", "Article=code")
    text = path.read_text().replace(";x;", ";1;").replace('"a;ü"', "a,ü").replace(";", "\t")
    path.write_bytes(text.replace("\n", "\r\n").encode("cp1252"))
    ended = run("retry", id_, "--file", path, "--json")
    assert text_of(ended.data["attributes"]) == (
        "Article;name;note;weight;note\nA1;a,ü;r;1;p\nA2;b;s;1;q\n"
    )


def test_columns_of_a_file_may_be_left_out_and_added(run, written, make_file) -> None:
    id_, path = written("code,name,weight\nA1,,1\nA2,,2\n")
    path.write_text("_row,Name,description\n2,Two,Text\n1,One,\n")
    ended = run("retry", id_, "--file", path, "--json")
    assert ended.code == 0
    assert "the column description is added" in ended.err
    assert text_of(ended.data["attributes"]) == (
        "code,name,weight,description\nA1,One,1,\nA2,Two,2,Text\n"
    )


def test_cells_beyond_the_header_are_mended_in_a_file(run, written) -> None:
    id_, path = written("code,name\nA1,One,beyond\nA2,Two,more\n")
    rewritten(path, (",beyond", ""))
    ended = run("retry", id_, "--file", path, "--json")
    assert text_of(ended.data["attributes"]) == "code,name\nA1,One\nA2,Two,more\n"
    assert ended.data["attributes"]["processed_count"] == 1


def test_a_file_for_a_spreadsheet_is_read_with_its_option(run, written) -> None:
    id_, path = written("code,name,weight\nA1,=1+1,x\n", "--spreadsheet-safe")
    rewritten(path, (",x,", ",1,"))
    ended = run("retry", id_, "--file", path, "--spreadsheet-safe", "--json")
    assert text_of(ended.data["attributes"]) == "code,name,weight\nA1,=1+1,1\n"


def test_a_mended_file_of_json_has_whole_rows(run, written) -> None:
    content = '[{"code": "A1", "name": "One", "weight": "x", "metadata": {"a": 1}}, 7]'
    id_, path = written(content, name="failed.json", source="skus.json")
    rewritten(path, ('"weight": "x", ', ""), ('"_input": 7', '"code": "A2", "name": "Two"'))
    ended = run("retry", id_, "--file", path, "--json")
    assert ended.code == 0
    assert [each["code"] for each in ended.data["attributes"]["inputs"]] == ["A1", "A2"]
    assert ended.data["attributes"]["inputs"][0]["metadata"] == {"a": 1}


def test_rows_of_a_table_can_be_mended_in_json(run, written) -> None:
    id_, path = written("code,name,weight\nA1,One,x\n", name="failed.json")
    rewritten(path, ('"weight": "x"', '"weight": 5'))
    ended = run("retry", id_, "--file", path, "--json")
    assert text_of(ended.data["attributes"]) == "code,name,weight\nA1,One,5\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("code,name,weight\nA3,x,1\n", "has no column _row, which says which row each line is"),
        ("code,_row\nA3,3\nA3,3\n", "line 3 of m.csv is row 3, which stands there already"),
        ("code,_row\nA3,3\nA1,1\n", "line 3 of m.csv is row 1, which is not one that fails"),
        ("code,_row\nA3,99\n", "line 2 of m.csv is row 99, which is not one that fails"),
        ("code,_row\nA3,-3\n", "line 2 of m.csv has '-3' in _row"),
        ("code,_row\nA3,\n", "line 2 of m.csv has nothing in _row"),
        (
            "code,colour,_row\nA3,red,3\n",
            "has columns that the source of the import has not: 'colour'",
        ),
        ("code,Code,_row\nA3,A3,3\n", "several columns for one of the source"),
        ("", "the source is empty"),
    ],
)
def test_a_file_that_is_none_of_failed_rows_is_refused(
    run, failed, make_file, content, message
) -> None:
    id_ = failed(rows_of(3))
    ended = run("retry", id_, "--file", make_file("m.csv", content))
    assert ended.code == 2
    assert message in ended.err


def test_hint_behind_failed_rows_of_json_names_a_file_that_mends_them(
    run, make_file, tmp_path
) -> None:
    file = make_file("skus.json", '[{"code": "A1"}]')
    table = tmp_path / "failed.csv"
    ended = run("import", "skus", file, "--skip-errors", "--errors", table)
    id_ = ended.facts["import"]
    assert f"longshore errors {id_} --failed-rows FILE.json" in ended.err
    assert f"--file {table}" not in ended.err
    tree = tmp_path / "failed.json"
    ended = run("import", "skus", file, "--skip-errors", "--errors", tree)
    assert f"longshore retry {ended.facts['import']} --file {tree}" in ended.err


def test_a_table_cannot_mend_json_and_a_file_goes_without_edits(run, failed, make_file) -> None:
    id_ = failed('[{"code": "A1", "weight": "x"}]', name="skus.json")
    file = make_file("m.csv", "code,_row\nA1,1\n")
    ended = run("retry", id_, "--file", file)
    assert (ended.code, "is a table, and the source of the import is JSON" in ended.err) == (
        2,
        True,
    )
    ended = run("retry", id_, "--file", file, "--set", "weight=1")
    assert (ended.code, "--set and --replace go without it" in ended.err) == (2, True)
    ended = run("retry", id_, "--file", "nowhere.csv")
    assert (ended.code, "there is no such file" in ended.err) == (2, True)
