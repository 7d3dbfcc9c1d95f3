"""`longshore rows`: what became of each row of an import."""

import io
import json
import os
from typing import Any

import pytest

from longshore.assembly import open_longshore
from longshore.cli.commands.rows import OUTCOMES
from longshore.imports import ImportRequest, RowOutcome
from longshore.readers import Format
from longshore.settings import Settings
from longshore.sources import Source

pytestmark = pytest.mark.usefixtures("on_every_database")

STORED = "code,name,weight\nB1,One,1\nB2,Two,2\n"
MIXED = "code,name,weight\nB1,One!,1\nB2,Two,2\nB3,Three,3\nB4,,abc\nB1,Uno,x\n"


@pytest.fixture
def mixed(run, category, make_file) -> str:
    """The id of an import whose rows update, leave, create and fail."""
    run("import", "skus", make_file("stored.csv", STORED), "--parent", category)
    file = make_file("mixed.csv", MIXED)
    arguments = ("--parent", category, "--skip-errors", "--json")
    found = run("import", "skus", file, *arguments).data["id"]
    assert isinstance(found, str)
    return found


def numbers(found: list[dict[str, Any]]) -> list[int]:
    return [each["row"] for each in found]


def test_the_words_are_those_of_the_outcomes() -> None:
    assert tuple(outcome.word for outcome in RowOutcome) == OUTCOMES


def test_each_row_is_told_with_its_record_and_what_it_changed(run, mixed) -> None:
    ended = run("rows", mixed)
    assert ended.code == 0
    title, *lines = ended.out.splitlines()
    assert title.split() == ["row", "line", "outcome", "record", "what"]
    ids = {each["attributes"]["code"]: each["id"] for each in run("records", "skus", "--json").data}
    assert lines[0].split() == ["1", "2", "updated", ids["B1"], "name", '"One"', "->", '"One!"']
    assert lines[1].split() == ["2", "3", "unchanged", ids["B2"]]
    assert lines[2].split() == ["3", "4", "created", ids["B3"]]
    assert lines[3].split()[:3] == ["4", "5", "failed"]
    assert "weight is not a number: abc; name can't be blank" in lines[3]
    assert lines[4].split()[:4] == ["5", "6", "failed", ids["B1"]]
    assert "1 created, 1 updated, 1 unchanged, 2 failed, of 5 rows" in ended.err


def test_json_has_what_the_api_has(run, mixed) -> None:
    found = run("rows", mixed, "--json").data
    assert found[0]["changes"] == {"name": ["One", "One!"]}
    assert list(found[0]) == [
        "row",
        "line",
        "outcome",
        "record",
        "further_records",
        "changes",
        "amounts",
        "further_changes",
        "errors",
        "warnings",
    ]
    assert [each["outcome"] for each in found] == [
        "updated",
        "unchanged",
        "created",
        "failed",
        "failed",
    ]
    assert found[3]["record"] is None
    assert [each["attribute"] for each in found[3]["errors"]] == ["weight", "name"]


def test_rows_are_chosen_by_outcome_and_place(run, mixed) -> None:
    assert numbers(run("rows", mixed, "--json", "--outcome", "failed").data) == [4, 5]
    both = ("--outcome", "created", "--outcome", "updated")
    assert numbers(run("rows", mixed, "--json", *both).data) == [1, 3]
    assert numbers(run("rows", mixed, "--json", "--from", 3).data) == [3, 4, 5]
    assert numbers(run("rows", mixed, "--json", "--from", 3, "--limit", 2).data) == [3, 4]
    assert numbers(run("rows", mixed, "--json", "--from", 6).data) == []
    ended = run("rows", mixed, "--limit", 2)
    assert len(ended.out.splitlines()) == 3
    assert "there are more: --from 3 goes on" in ended.err
    assert "there are more" not in run("rows", mixed, "--limit", 5).err


def test_where_there_are_no_rows_it_is_said(run, mixed) -> None:
    ended = run("rows", mixed, "--outcome", "skipped")
    assert (ended.code, ended.out) == (0, "")
    assert f"no row of import {mixed} is skipped" in ended.err
    ended = run("rows", mixed, "--from", 2000)
    assert f"no row of import {mixed} is listed from row 2,000 on" in ended.err


def test_an_import_that_has_not_begun_says_so(run, category) -> None:
    source = Source.from_stream(io.BytesIO(b"code,name\nN1,One\n"), format=Format.CSV)
    with open_longshore(Settings.from_environment(os.environ)) as longshore:
        environment = longshore.organizations.environment("default", "test")
        request = ImportRequest(resource_type="skus", parent=category)
        import_ = longshore.submissions.submit(environment, source, request)
        public_id = longshore.public_ids.encode(import_.id)
    ended = run("rows", public_id)
    assert (ended.code, ended.out) == (0, "")
    assert f"import {public_id} has not come to any of its 1 row yet" in ended.err
    assert run("rows", public_id, "--json").data == []


def test_rows_of_an_older_release_are_told_not_to_be_listed(run, mixed) -> None:
    with (
        open_longshore(Settings.from_environment(os.environ)) as longshore,
        longshore.database.write() as tx,
    ):
        tx.execute("DELETE FROM import_ledger")
    for arguments in ([], ["--json"]):
        ended = run("rows", mixed, *arguments)
        assert ended.code == 0
        assert (json.loads(ended.out)["data"] if arguments else ended.out) in ([], "")
        assert f"5 rows of import {mixed} cannot be listed: an older release" in ended.err
        assert f"hint: longshore show {mixed} has their counts" in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--outcome", "broken"], "'broken' is not one of 'created', 'updated', 'unchanged'"),
        (["--from", "0"], "0 is not in the range x>=1"),
        (["--from", "x"], "'x' is not a valid integer range"),
        (["--limit", "0"], "0 is not in the range x>=1"),
    ],
)
def test_options_that_mean_nothing_are_misuse(run, mixed, arguments, said) -> None:
    ended = run("rows", mixed, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
