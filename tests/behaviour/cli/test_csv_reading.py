"""How a CSV is read, as people see it: nothing vanishes into a cell, and all else is told."""

import pytest

pytestmark = pytest.mark.usefixtures("on_every_database")

HEADER = "code,name,do_not_ship\n"


def imported(run, file, *options):
    """How an import ended that goes on to its end, as JSON."""
    return run("import", "skus", file, "--skip-errors", "--json", *options)


def names(run):
    """The names of all SKUs by their codes."""
    listed = run("records", "skus", "--json").json["data"]
    return {each["attributes"]["code"]: each["attributes"]["name"] for each in listed}


# Rows under the header, rows and failed rows of the source, and the records that are made.
SOURCES = {
    "quotes-swallow-rows": ('A1,"Mug,yes\nA2,"Cup",yes\nA3,Pan,yes\n', 2, 1, {"A3": "Pan"}),
    "quotes-inch-marks": (
        'A1,"12 in pipe,yes\nA2,Tube,yes\nA3,Rod,yes\nA4,"14 in pipe,yes\nA5,Nut,yes\n',
        2,
        1,
        {"A5": "Nut"},
    ),
    "quotes-dropped": ('A1,"12" pipe,yes\nA2,"say \\"hi\\"",yes\nA3,"pipe" 5,yes\n', 3, 3, {}),
    "backslashes": ('A2,"say \\"hi\\"",yes\nA3,pipe,yes\n', 2, 0, {"A2": 'say "hi"', "A3": "pipe"}),
    "quotes-after-blank": (
        'A1, "Cup", yes\nA2, "Mug, red", yes\n',
        2,
        0,
        {"A1": "Cup", "A2": "Mug, red"},
    ),
    "blank-rows": (
        'A1,Mug,yes\n,,\n"","",""\n  ,  ,  \n,\nA2,Cup,yes\n,,\n',
        2,
        0,
        {"A1": "Mug", "A2": "Cup"},
    ),
}


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_row_of_a_table_is_told(run, make_file, name, newline) -> None:
    rows, size, failed, made = SOURCES[name]
    file = make_file("s.csv", (HEADER + rows).replace("\n", newline))
    dry = run("import", "skus", file, "--dry-run", "--skip-errors", "--json")
    assert dry.json["meta"]["failed"] == failed
    ended = imported(run, file)
    attributes = ended.data["attributes"]
    assert (attributes["inputs_size"], attributes["errors_count"]) == (size, failed)
    assert ended.code == dry.code == (1 if failed else 0)
    assert names(run) == made


def test_row_of_broken_quoting_is_shown_as_it_stands(run, make_file) -> None:
    ended = imported(run, make_file("s.csv", HEADER + SOURCES["quotes-swallow-rows"][0]))
    attributes = ended.data["attributes"]
    assert attributes["inputs"][0] == {"unreadable": 'A1,"Mug,yes\nA2,"Cup",yes'}
    (message,) = attributes["errors_log"]["unknown"]["base"]
    assert "begins on line 2" in message
    assert "line 3, column 4" in message


def test_failed_rows_file_holds_broken_lines_last_and_comes_back(run, make_file, tmp_path) -> None:
    file = make_file("s.csv", HEADER + 'A1,"Mug,yes\nA2,"Cup",yes\nA3,,yes\nA4,Pan,yes\n')
    failed = tmp_path / "failed.csv"
    imported(run, file, "--errors", failed)
    lines = failed.read_text().split("\n")
    assert lines[0] == "code,name,do_not_ship,_row,_errors,_codes"
    assert lines[1].startswith("A3,,yes,2,")
    assert lines[2:] == ['A1,"Mug,yes', 'A2,"Cup",yes', ""]
    again = imported(run, failed)
    assert again.data["attributes"]["errors_count"] == 2
    assert names(run) == {"A4": "Pan"}
    failed.write_text(failed.read_text().replace('"Mug', "Mug").replace("A3,,", "A3,Nut,"))
    assert imported(run, failed).code == 0
    assert set(names(run)) == {"A1", "A2", "A3", "A4"}


def test_failed_rows_as_json_hold_the_lines(run, make_file, tmp_path) -> None:
    failed = tmp_path / "failed.ndjson"
    imported(run, make_file("s.csv", HEADER + 'A1,"a" b,yes\nA2,b,yes\n'), "--errors", failed)
    assert '"unreadable": "A1,\\"a\\" b,yes"' in failed.read_text()


def test_two_inch_marks_far_apart_are_a_refusal(run, make_file) -> None:
    rows = 'A1,"12 in,yes\n' + "A2,b,yes\n" * 10_000 + 'A3,"14 in,yes\n'
    ended = run("import", "skus", make_file("s.csv", HEADER + rows))
    assert ended.code == 2
    assert "line 2, column 4" in ended.err
    assert "more than 100 lines" in ended.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("sep=;\r\ncode;name;do_not_ship\r\nA1;Mug;yes\r\n", ""),
        (",,\n   \n" + HEADER + "A1,Mug,yes\n", ""),
        (
            "Price list\n# spring, 2026\n" + HEADER + "A1,Mug,yes\n",
            "found on line 3; 2 lines above",
        ),
        (",code,name,do_not_ship\n0,A1,Mug,yes\n", "column 1 has no name"),
        ("code,name,Notes,Notes,do_not_ship\nA1,Mug,x,y,yes\n", "Notes"),
        (HEADER + "A1,Mug,yes\n" + HEADER, "the header stands again on line 3"),
        (HEADER + "A1,Mug,yes\nA2,b\n", "fewer cells than the header"),
        (HEADER + 'A1,Mug,"yes"\nA2,b,"y\nA3,b,c\nA4,b,c"\n', "lines that look like rows"),
    ],
)
def test_table_is_read_as_people_write_it_and_what_is_left_out_is_said(
    run, make_file, content, said
) -> None:
    ended = run("import", "skus", make_file("s.csv", content), "--skip-errors")
    assert names(run)["A1"] == "Mug"
    assert said in ended.err


def test_options_decide_how_a_table_is_read(run, make_file) -> None:
    file = make_file("s.csv", "x\ncode|name|do_not_ship\nA1|'Mug|red'|yes\nA2|a^'b|yes\n")
    options = ("--delimiter", "|", "--quote", "'", "--escape", "^", "--header-row", "2")
    assert run("import", "skus", file, *options).code == 0
    assert names(run) == {"A1": "Mug|red", "A2": "a'b"}
    tabs = make_file("t.csv", "code\tname\tdo_not_ship\nA3\tMug\tyes\n")
    assert run("import", "skus", tabs, "--delimiter", "tab").code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--delimiter", ";a"), "the delimiter is ';a'"),
        (("--delimiter", ""), "the delimiter is ''"),
        (("--quote", "\n"), "the quote is"),
        (("--quote", "x"), "the quote is 'x'"),
        (("--escape", "ab"), "the escape is 'ab'"),
        (("--delimiter", '"', "--quote", '"'), "three different characters"),
        (("--delimiter", '"'), "three different characters"),
        (("--escape", '"'), "a quote that is doubled inside of a cell needs no escape"),
        (("--header-row", "0"), "header-row"),
        (("--header-row", "9"), "there is no line 9"),
    ],
)
def test_option_that_cannot_be_is_misuse(run, make_file, options, said) -> None:
    ended = run("import", "skus", make_file("s.csv", HEADER + "A1,Mug,yes\n"), *options)
    assert ended.code == 2
    assert said in ended.err


def test_options_of_a_csv_say_nothing_of_json(run, make_file) -> None:
    ended = run("import", "skus", make_file("s.json", '[{"code": "A"}]'), "--delimiter", ";")
    assert ended.code == 2
    assert "delimiter" in ended.err
