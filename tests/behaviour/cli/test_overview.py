"""Rows for one record, and codes that a spreadsheet has made into numbers, as they are told."""

import pytest

pytestmark = pytest.mark.usefixtures("on_every_database")

HEADER = "code,name,do_not_ship\n"
# Two articles, which were 4006381333931 and 4006381333948.
CODES = HEADER + "4.00638E+12,Pen red,yes\n4.00638E+12,Pen blue,yes\n"
REPEATED = "warning: 1 row names a record that an earlier row has named: "
SCIENTIFIC = "in scientific notation: code 4.00638E+12 in row 1 (line 2)"


@pytest.mark.parametrize("tries", [(), ("--dry-run",)], ids=["import", "dry run"])
def test_two_rows_for_one_record_are_told_once(run, make_file, tries) -> None:
    file = make_file("s.csv", HEADER + "A1,One,yes\nA2,Two,yes\nA1,Three,yes\n")
    ended = run("import", "skus", file, *tries)
    assert ended.code == 0
    assert ended.facts["updated"] == "1"
    assert ended.err.count(REPEATED + "A1 in rows 1 and 3 (lines 2 and 4)\n") == 1
    assert "scientific" not in ended.err
    told = run("import", "skus", file, *tries, "--json").json
    meta = told["meta"] if tries else told["data"]["meta"]
    (notice,) = meta["warnings"]
    assert notice["code"] == "records_repeated"
    assert notice["count"] == 1
    assert notice["first"] == [{"rows": [1, 3], "lines": [2, 4], "key": "A1"}]


@pytest.mark.parametrize("tries", [(), ("--dry-run",)], ids=["import", "dry run"])
def test_articles_that_a_spreadsheet_has_made_one_are_told(run, make_file, tries) -> None:
    ended = run("import", "skus", make_file("s.csv", CODES), *tries)
    assert ended.code == 0
    assert REPEATED + "4.00638E+12 in rows 1 and 2 (lines 2 and 3)" in ended.err
    assert "warning: 2 rows have codes " + SCIENTIFIC in ended.err
    assert "hint: a spreadsheet has made numbers of codes" in ended.err


def test_a_single_code_in_scientific_notation_is_told_too(run, make_file) -> None:
    ended = run("import", "skus", make_file("s.csv", CODES[: CODES.rindex("4.")]))
    assert ended.code == 0
    assert "warning: 1 row has a code " + SCIENTIFIC in ended.err
    assert REPEATED not in ended.err


def test_whoever_looks_at_the_import_later_is_told(run, make_file) -> None:
    public_id = run("import", "skus", make_file("s.csv", CODES)).facts["import"]
    shown = run("show", public_id)
    assert shown.err.count("warning: ") == 2
    assert len(run("show", public_id, "--json").data["meta"]["warnings"]) == 2


def test_rows_for_different_records_are_not_told(run, make_file) -> None:
    ended = run("import", "skus", make_file("s.csv", HEADER + "A1,One,yes\nA2,Two,yes\n"))
    assert (ended.code, "warning" in ended.err) == (0, False)
