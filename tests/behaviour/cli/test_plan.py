"""`longshore plan`: what an import would do, and whatever else takes a plan."""

import csv
import os
from pathlib import Path
from typing import Any

import pytest

from longshore.assembly import open_longshore
from longshore.settings import Settings

pytestmark = pytest.mark.usefixtures("on_every_database")

STORED = "code,name,weight\nB1,One,1\nB2,Two,2\n"
MIXED = "code,name,weight\nB1,One!,1\nB2,Two,2\nB3,=3,3\nB4,,abc\nB3,Tre,3\n"


@pytest.fixture
def stored(run, category, make_file) -> str:
    """The category of two stored records."""
    run("import", "skus", make_file("stored.csv", STORED), "--parent", category)
    return category


@pytest.fixture
def mixed(stored, make_file) -> tuple[object, ...]:
    """What is planned of rows that update, leave, create and fail."""
    file = make_file("mixed.csv", MIXED)
    return ("skus", file, "--parent", stored, "--skip-errors")


def opened() -> Any:
    return open_longshore(Settings.from_environment(os.environ))


def test_a_plan_is_reported_field_by_field_with_its_id_and_the_next_step(run, mixed) -> None:
    ended = run("plan", *mixed)
    assert ended.code == 1
    facts = ended.facts
    names = ("rows", "created", "updated", "unchanged", "failed", "status")
    assert [facts[name] for name in names] == ["5", "1", "2", "1", "1", "completed"]
    lines = [line.split() for line in ended.out.splitlines()]
    assert ["1", "2", "updated", "B1", "name", "One", "One!"] in lines
    assert ["5", "6", "updated", "B3", "name", "=3", "Tre"] in lines
    assert "weight     is not a number" in ended.out
    assert "expires at" in facts
    assert f"hint: longshore apply {facts['plan']} does exactly this, or nothing" in ended.err
    # Nothing was written.
    assert [each["attributes"]["name"] for each in run("records", "skus", "--json").data] == [
        "One",
        "Two",
    ]
    assert len(run("imports", "--json").data) == 2


def test_the_document_is_that_of_the_api(run, mixed) -> None:
    found = run("plan", *mixed, "--json").data
    attributes = found["attributes"]
    counts = ("inputs_size", "created_count", "updated_count", "unchanged_count", "errors_count")
    assert found["type"] == "import_plans"
    assert [attributes[name] for name in counts] == [5, 1, 2, 1, 1]
    assert attributes["status"] == "completed"
    assert run("plan", "show", found["id"], "--json").data == found
    assert run("show", found["id"], "--json").data == found


def test_all_rows_can_be_listed(run, mixed) -> None:
    ended = run("plan", *mixed, "--rows")
    lines = [line.split() for line in ended.out.splitlines()]
    assert ["3", "4", "created", "B3"] in lines
    assert ["1", "2", "updated", "B1", "name", "One", "One!"] in lines
    assert not any(line[2:3] == ["unchanged"] for line in lines)
    document = run("plan", *mixed, "--rows", "--json").json
    assert [row["outcome"] for row in document["rows"]] == [
        "updated",
        "unchanged",
        "created",
        "failed",
        "updated",
    ]
    assert document["rows"][0]["key"] == "B1"
    assert document["data"]["type"] == "import_plans"


def test_rows_are_written_for_somebody_who_is_to_agree(run, mixed, tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    ended = run("plan", *mixed, "--output", path)
    assert "5 rows written to" in ended.err
    rows = list(csv.reader(path.read_text().splitlines()))
    assert rows[0] == ["row", "line", "outcome", "key", "field", "before", "after", "error"]
    assert rows[1] == ["1", "2", "updated", "B1", "name", "One", "One!", ""]
    assert rows[2] == ["2", "3", "unchanged", "B2", "", "", "", ""]
    assert rows[3] == ["3", "4", "created", "B3", "", "", "", ""]
    assert [row[7] for row in rows[4:6]] == ["weight is not a number: abc", "name can't be blank"]
    assert rows[6] == ["5", "6", "updated", "B3", "name", "=3", "Tre", ""]


def test_cells_can_be_guarded(run, mixed, tmp_path: Path) -> None:
    run("plan", *mixed, "--output", tmp_path / "plan.csv", "--spreadsheet-safe")
    path = tmp_path / "plan.spreadsheet-safe.csv"
    rows = list(csv.reader(path.read_text().splitlines()))
    assert rows[6][5:7] == ["'=3", "Tre"]


def test_amounts_are_shown_as_money(run, make_file) -> None:
    lists = make_file("lists.json", '[{"name": "EU", "currency_code": "EUR"}]')
    run("import", "price_lists", lists)
    skus = make_file("skus.json", '[{"code": "A", "name": "A", "do_not_ship": true}]')
    run("import", "skus", skus)
    prices = ("--parent", "EU")
    run("import", "prices", make_file("p.csv", "sku_code,amount_cents\nA,1250\n"), *prices)
    dearer = make_file("q.csv", "sku_code,amount_cents\nA,1300\n")
    ended = run("plan", "prices", dearer, *prices)
    assert ended.code == 0
    assert "amount_cents  12.50 EUR  13.00 EUR" in ended.out
    rows = run("rows", ended.facts["plan"])
    assert "amount_cents 12.50 EUR -> 13.00 EUR" in rows.out
    (row,) = run("rows", ended.facts["plan"], "--json").data
    assert row["changes"] == {"amount_cents": [1250, 1300]}


def test_rows_and_errors_of_a_plan_are_those_of_an_import(run, mixed) -> None:
    planned = run("plan", *mixed, "--json").data["id"]
    rows = run("rows", planned, "--json").data
    assert [row["outcome"] for row in rows] == [
        "updated",
        "unchanged",
        "created",
        "failed",
        "updated",
    ]
    assert rows[2]["record"] is None
    assert "(new)" not in run("rows", planned).out
    errors = run("errors", planned)
    assert "weight     is not a number" in errors.out
    assert run("errors", planned, "--digest", "--json").json["meta"]["errors_count"] == 2
    imported = run("import", *mixed, "--json").data["id"]
    done = run("rows", imported, "--json").data
    told = ("row", "line", "outcome", "changes", "errors")
    assert [[row[name] for name in told] for row in rows] == [
        [row[name] for name in told] for row in done
    ]


def test_a_plan_is_interrupted_and_deleted(run, mixed) -> None:
    planned = run("plan", *mixed, "--json").data["id"]
    ended = run("interrupt", planned)
    assert ended.code == 2
    assert f"the plan {planned} is completed already" in ended.err
    ended = run("delete", planned)
    assert ended.code == 0
    assert f"plan {planned} is deleted" in ended.err
    for command in ("show", "rows", "errors", "delete"):
        assert run(command, planned).code == 2


def test_what_is_about_imports_refuses_a_plan_with_a_hint(run, mixed) -> None:
    planned = run("plan", *mixed, "--json").data["id"]
    for command in ("retry", "original"):
        ended = run(command, planned)
        assert ended.code == 2
        assert f"{planned!r} is a plan, and nothing was imported by it" in ended.err
        assert f"hint: longshore plan show {planned} shows it" in ended.err
    imported = run("imports", "--json").data[0]["id"]
    ended = run("plan", "show", imported)
    assert ended.code == 2
    assert f"there is no plan {imported!r}" in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sku", "FILE"), "no such resource type: sku"),
        (("skus", "FILE.none"), "there is no such file"),
        (("skus", "FILE", "--output", "plan.xlsx"), "the rows of a plan are a CSV"),
        (("skus", "FILE", "--output", "FILE"), "is the file that is read"),
        (("skus", "FILE", "--output", "/no/such/folder/plan.csv"), "there is no folder"),
        (("skus", "FILE", "--parent", "none"), "none"),
        (("skus", "FILE", "--map", "code"), "expected COLUMN=FIELD"),
        (("skus",), "missing argument 'FILE'"),
        (("show",), "missing argument 'ID'"),
        (("show", "0000000000"), "there is no plan '0000000000'"),
    ],
)
def test_what_cannot_be_planned_is_refused(run, make_file, arguments, said) -> None:
    file = make_file("skus.csv", STORED)
    ended = run("plan", *(each.replace("FILE", str(file)) for each in arguments))
    assert ended.code == 2
    assert said in ended.err
    assert ended.out == ""
    with opened() as longshore:
        assert longshore.import_plans.open() == []


def test_a_plan_that_was_left_open_is_resumed(run, mixed, make_file, category) -> None:
    from longshore.imports import ImportRequest
    from longshore.sources import Source

    with opened() as longshore:
        environment = longshore.organizations.environment("default", "test")
        source = Source.from_path(make_file("more.csv", MIXED))
        request = ImportRequest(resource_type="skus", parent=category, skip_errors=True)
        left = longshore.import_plans.submit(environment, source, request)
        public_id = longshore.public_ids.encode(left.id)
    shown = run("plan", "show", public_id)
    assert shown.facts["status"] == "pending"
    assert "the plan was left open" in shown.err
    assert f"plan {public_id} has not come to any of its 5 rows yet" in run("rows", public_id).err
    ended = run("resume")
    assert ended.facts["plan"] == public_id
    assert ended.facts["status"] == "completed"
    assert run("plan", "show", public_id).facts["created"] == "1"


def test_plans_are_listed_with_the_import_that_has_applied_them(run, mixed) -> None:
    assert "no plans yet" in run("plan", "list").err
    first, second = (run("plan", *mixed, "--json").data["id"] for _ in range(2))
    applied = run("apply", first, "--json").data["id"]
    assert [each["id"] for each in run("plan", "list", "--json").data] == [second, first]
    lines = [line.split() for line in run("plan", "list").out.splitlines()[1:]]
    assert [(line[0], line[2:6]) for line in lines] == [
        (second, ["completed", "1", "2", "1"]),
        (first, ["completed", "1", "2", "1"]),
    ]
    assert (applied in lines[1], applied in lines[0]) == (True, False)
    ended = run("plan", "list", "--limit", "1")
    assert (len(ended.out.splitlines()), "and 1 older plan" in ended.err) == (2, True)


def test_a_plan_that_is_over_its_time_shows_its_counts(run, mixed) -> None:
    planned = run("plan", *mixed, "--json").data["id"]
    with opened() as longshore:
        with longshore.database.write() as tx:
            tx.execute("UPDATE imports SET expires_at = 0 WHERE kind = 'plan'")
        assert longshore.cleanup.expire_plans() == 1
    ended = run("plan", "show", planned)
    assert ended.code == 0
    assert ended.facts["created"] == "1"
    assert "the plan is not kept any more" in ended.err
    assert "hint: plan the file again" in ended.err
    assert "are not kept any more" in run("rows", planned).err
    assert "not kept any more" in run("errors", planned, "--failed-rows", "-").err


def test_a_plan_whose_rows_fail_too_often_says_where_it_would_stop(run, stored, make_file) -> None:
    file = make_file("bad.csv", "code,name\nX1,\nX2,\nX3,Three\n")
    ended = run("plan", "skus", file, "--parent", stored)
    assert ended.code == 1
    assert ended.facts["status"] == "interrupted"
    assert "more than 10 % of the rows failed" in ended.facts["interrupted because"]
    assert "longshore apply" not in ended.err


def test_the_largest_changes_of_a_plan_are_listed_first(run, category, make_file) -> None:
    run("import", "price_lists", make_file("l.csv", "name,code,currency_code\nEUR,eur,EUR\n"))
    skus = "".join(f"A{n},One\n" for n in range(4))
    run("import", "skus", make_file("skus.csv", f"code,name\n{skus}"), "--parent", category)

    def prices(name: str, amounts: dict[str, int]) -> str:
        rows = "".join(f"{code},{cents},eur\n" for code, cents in amounts.items())
        return make_file(name, f"sku_code,amount_cents,price_list.code\n{rows}")

    run("import", "prices", prices("old.csv", {f"A{n}": 1000 for n in range(4)}))
    changed = prices("new.csv", {"A0": 1100, "A1": 1000, "A2": 10000, "A3": 790})
    id_ = run("plan", "prices", changed, "--json").data["id"]
    largest = run("rows", id_, "--largest", "--json").data
    assert [(row["row"], row["name"]) for row in largest] == [(3, "A2"), (4, "A3"), (1, "A0")]
    assert [row["row"] for row in run("rows", id_, "--price-changes", "--json").data] == [3, 4]
    lines = run("rows", id_, "--largest", "--limit", "1")
    assert "amount_cents 10.00 EUR -> 100.00 EUR" in lines.out
    assert "there are more: --limit N shows more" in lines.err
    assert run("rows", id_, "--largest", "--from", "2").code == 2


def test_an_import_has_no_largest_changes(run, stored) -> None:
    import_id = run("imports", "--json").data[0]["id"]
    ended = run("rows", import_id, "--largest")
    assert ended.code == 2
    assert "--largest and --price-changes are for plans" in ended.err
