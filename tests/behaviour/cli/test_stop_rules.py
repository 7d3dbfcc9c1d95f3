"""`longshore import` with rules that stop it, and with rows that are skipped."""

import pytest

from tests.behaviour.cli.served import send_in_parts

BAD = {2, 5, 6, 9}


@pytest.fixture
def file(make_file):
    """Ten rows, of which four fail."""
    rows = (f"A{number},{'' if number in BAD else 'x'},true\n" for number in range(1, 11))
    return make_file("s.csv", "code,name,do_not_ship\n" + "".join(rows))


@pytest.mark.usefixtures("on_every_database")
@pytest.mark.parametrize(
    ("options", "row", "reason"),
    [
        (["--stop-after", "1"], 2, "1 row had failed with row 2 (stop_after)"),
        (["--stop-after", "3"], 6, "3 rows had failed with row 6 (stop_after)"),
        (["--stop-at", "20%"], 5, "20 % of the rows had failed with row 5 (stop_at)"),
        (["--stop-at", "20.5"], 6, "20.5 % of the rows had failed with row 6 (stop_at)"),
        (["--stop-on", "blank"], 2, "row 2 failed with the code blank (stop_on)"),
        (
            ["--stop-consecutive", "2"],
            6,
            "2 rows one after another failed, up to row 6 (stop_consecutive)",
        ),
    ],
)
def test_the_terminal_says_which_rule_stopped_an_import_and_where(
    run, file, options, row, reason
) -> None:
    tried = run("import", "skus", file, "--skip-errors", *options, "--dry-run")
    assert (tried.code, tried.facts["interrupted because"]) == (1, reason)
    ended = run("import", "skus", file, "--skip-errors", *options)
    assert (ended.code, ended.facts["interrupted because"]) == (1, reason)
    assert ended.facts["not reached"] == str(10 - row)
    assert f"nothing behind row {row} had an effect: mend the rows" in ended.err
    public_id = ended.facts["import"]
    shown = run("show", public_id)
    assert shown.facts["interrupted because"] == reason
    rule, value = options[0].removeprefix("--").replace("-", "_"), options[1].removesuffix("%")
    assert shown.facts["stop rules"] == f"{rule} {value}"
    assert f"interrupted ({rule})" in run("imports").out
    assert f"it was interrupted: {reason}" in run("errors", public_id).err
    meta = run("show", public_id, "--json").data["meta"]
    assert (meta["stopped_by"]["rule"], meta["stopped_by"]["row"]) == (rule, row)


def test_rules_that_nothing_reaches_let_an_import_end(run, file) -> None:
    ended = run(
        *("import", "skus", file, "--skip-errors"),
        *("--stop-after", "5", "--stop-at", "41", "--stop-consecutive", "3"),
    )
    assert (ended.code, ended.facts["status"]) == (1, "completed")
    assert "hint: nothing behind" not in ended.err


@pytest.mark.usefixtures("on_every_database")
def test_only_says_which_rows_are_skipped(run, make_file) -> None:
    first = make_file("first.csv", "code,name,do_not_ship\nA1,x,true\n")
    both = make_file("both.csv", "code,name,do_not_ship\nA1,y,true\nA2,y,true\n")
    run("import", "skus", first)
    for options in (["--dry-run"], []):
        created = run("import", "skus", both, "--only", "create", *options)
        assert (created.code, created.facts["created"]) == (0, "1")
        assert created.facts["skipped"] == "1 (only create)"
    more = make_file("more.csv", "code,name,do_not_ship\nA1,y,true\nA3,y,true\n")
    updated = run("import", "skus", more, "--only", "update", "--json")
    assert updated.code == 0
    meta = updated.data["meta"]
    assert (meta["only"], meta["updated_count"], meta["skipped_count"]) == ("update", 1, 1)
    rows = run("rows", updated.data["id"], "--outcome", "skipped")
    assert rows.out.splitlines()[1].split()[:3] == ["2", "3", "skipped"]


@pytest.mark.usefixtures("on_every_database")
def test_only_update_asks_nothing_of_rows_whose_record_is_not_there(run, make_file) -> None:
    run("import", "skus", make_file("first.csv", "code,name,do_not_ship\nP2,x,true\n"))
    weights = make_file("u.csv", "code,weight\nP2,4\nUnk1,4\nUnk2,heavy\n")
    for options in (["--dry-run"], []):
        ended = run("import", "skus", weights, "--only", "update", *options)
        assert (ended.code, ended.facts["updated"]) == (0, "1")
        assert ended.facts["skipped"] == "2 (only update)"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--stop-after", "0"], "'--stop-after': 0 is not in the range"),
        (["--stop-after", "1.5"], "'--stop-after': '1.5' is not a valid integer"),
        (["--stop-consecutive", "0"], "'--stop-consecutive': 0 is not in the range"),
        (["--stop-consecutive", "many"], "'--stop-consecutive': 'many' is not a valid integer"),
        (["--stop-at", "0"], "'--stop-at': '0' must be greater than 0"),
        (["--stop-at", "100.1%"], "'--stop-at': '100.1%' must be less than or equal to 100"),
        (["--stop-at", "few"], "'--stop-at': 'few' is not a number"),
        (["--stop-at", "0.0000001"], "'--stop-at': '0.0000001' has more than 6 decimals"),
        (
            ["--stop-on", "blanc"],
            "'blanc' is no code of an error, did you mean blank?",
        ),
        (["--stop-on", "~"], "'~' is no code of an error, docs/reference/error-messages.md lists"),
        (["--only", "delete"], "'--only': 'delete' is not one of 'create', 'update'"),
    ],
)
def test_a_rule_that_cannot_be_is_misuse(run, file, options, message) -> None:
    refused = run("import", "skus", file, *options)
    assert (refused.code, refused.out) == (2, "")
    assert message in refused.err


# At a server


def test_one_import_at_a_server_has_its_rules(at_server, file) -> None:
    ended = at_server(
        *("skus", file, "--skip-errors", "--stop-consecutive", "2", "--only", "create")
    )
    assert ended.code == 1
    assert ended.facts["interrupted because"] == (
        "2 rows one after another failed, up to row 6 (stop_consecutive)"
    )
    assert "stop rules are judged" not in ended.err


@pytest.mark.parametrize(
    ("options", "row", "reason"),
    [
        (["--stop-after", "1"], 2, "1 row had failed with row 2 (stop_after)"),
        (["--stop-after", "3"], 6, "3 rows had failed with row 6 (stop_after)"),
        (["--stop-after", "4"], 9, "4 rows had failed with row 9 (stop_after)"),
        (["--stop-at", "20%"], 5, "20 % of the rows had failed with row 5 (stop_at)"),
        (["--stop-at", "20.5"], 6, "20.5 % of the rows had failed with row 6 (stop_at)"),
        (
            ["--stop-at", "30", "--stop-after", "3"],
            6,
            "3 rows had failed with row 6 (stop_after)",
        ),
        (
            ["--stop-at", "30", "--stop-after", "4"],
            6,
            "30 % of the rows had failed with row 6 (stop_at)",
        ),
        (["--stop-on", "blank"], 2, "row 2 failed with the code blank (stop_on)"),
        (
            ["--stop-after", "4", "--stop-on", "taken"],
            9,
            "4 rows had failed with row 9 (stop_after)",
        ),
    ],
)
def test_rules_are_judged_over_all_parts(
    at_server, look_at_server, file, monkeypatch, options, row, reason
) -> None:
    send_in_parts(monkeypatch, 3)
    ended = at_server("skus", file, "--skip-errors", *options)
    assert "the rows are 4 imports at the server, which are sent one after another" in ended.err
    assert (ended.code, ended.facts["interrupted because"]) == (1, reason)
    assert ended.facts["failed"] == str(sum(each <= row for each in BAD))
    assert ended.facts["created"] == str(sum(each not in BAD for each in range(1, row + 1)))
    assert ended.facts["not reached"] == str(10 - row)
    unsent = 4 - -(-row // 3)
    assert f"{unsent} part{'s' if unsent != 1 else ''} of 4 not sent" in ended.err
    imports = look_at_server("imports", "--json").data
    assert len(imports) == 4 - unsent


def test_rules_that_nothing_reaches_let_all_parts_end(at_server, file, monkeypatch) -> None:
    send_in_parts(monkeypatch, 4)
    ended = at_server("skus", file, "--skip-errors", "--stop-after", "5", "--stop-at", "41")
    assert (ended.code, ended.facts["status"], ended.facts["failed"]) == (1, "completed", "4")


def test_the_rule_of_the_wire_stops_no_other_part(at_server, file, monkeypatch) -> None:
    send_in_parts(monkeypatch, 4)
    ended = at_server("skus", file, "--stop-after", "3")
    # Row 2 stops the first part, row 5 the second one, and row 9 is the third that fails.
    assert ended.facts["interrupted because"].endswith("3 rows had failed with row 9 (stop_after)")
    assert ended.facts["interrupted because"].startswith("rows 1 to 4: ")
    assert (ended.code, ended.facts["failed"]) == (1, "3")


def test_a_series_cannot_be_judged_over_parts(at_server, file, monkeypatch) -> None:
    send_in_parts(monkeypatch, 5)
    refused = at_server("skus", file, "--stop-consecutive", "2")
    assert (refused.code, refused.out) == (2, "")
    assert "--stop-consecutive cannot be judged over the 2 imports" in refused.err
    assert "hint: import where the data is, or 10,000 rows at a time" in refused.err
