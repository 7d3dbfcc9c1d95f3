"""`longshore apply` and `import --ask`: exactly what a plan has found, or nothing."""

import os
import pty
import re

import pytest

from longshore.assembly import Longshore, open_longshore
from longshore.engine import RecordWriter
from longshore.settings import Settings

pytestmark = pytest.mark.usefixtures("on_every_database")

STORED = "code,name,weight\nB1,One,1\nB2,Two,2\n"
MIXED = "code,name,weight\nB1,One!,1\nB2,Two,2\nB3,Three,3\nB4,,abc\n"


@pytest.fixture
def mixed(run, category, make_file) -> tuple[object, ...]:
    """What is planned of rows that update, leave, create and fail."""
    run("import", "skus", make_file("stored.csv", STORED), "--parent", category)
    return ("skus", make_file("mixed.csv", MIXED), "--parent", category, "--skip-errors")


def test_a_plan_is_applied_and_printed_as_an_import(run, mixed) -> None:
    plan = run("plan", *mixed, "--json").data["id"]
    applied = run("apply", plan, "--json")
    assert applied.code == 1  # a row has failed, as planned
    document = applied.data
    meta = document["meta"]
    counts = [meta[name] for name in ("created_count", "updated_count", "unchanged_count")]
    assert (document["type"], counts, document["attributes"]["errors_count"]) == (
        "imports",
        [1, 1, 1],
        1,
    )
    assert (meta["plan_id"], meta["moved"]) == (plan, None)
    assert run("imports", "--json").data[0]["id"] == document["id"]
    again = run("apply", plan)
    assert again.code == 2
    assert f"is applied already, by the import {document['id']}" in again.err


def test_what_has_moved_is_named_on_standard_error_and_nothing_is_written(
    run, mixed, make_file
) -> None:
    plan = run("plan", *mixed, "--json").data["id"]
    run("import", "skus", make_file("other.csv", "code,name\nB1,By hand\n"))
    applied = run("apply", plan, "--json")
    assert applied.code == 1
    moved = applied.data["meta"]["moved"]
    assert [(row["row"], row["line"], row["key"]) for row in moved["rows"]] == [(1, 2, "B1")]
    assert "row 1 (line 2): its record has changed" in applied.err
    assert "nothing was written" in applied.err
    assert "hint: longshore plan with the same file says what it would do by now" in applied.err
    assert applied.data["attributes"]["status"] == "interrupted"
    names = [each["attributes"]["name"] for each in run("records", "skus", "--json").data]
    assert names == ["By hand", "Two"]
    reported = run("apply", plan)
    assert reported.code == 1
    assert "is not as it was judged" in reported.facts["interrupted because"]


def test_rows_that_are_in_before_it_stops_can_be_taken_back(run, category, make_file) -> None:
    """Somebody writes when the first thousand rows are in."""
    stored = "".join(f"S{number},x\n" for number in range(1_500))
    run("import", "skus", make_file("stored.csv", "code,name\n" + stored), "--parent", category)
    file = make_file("changed.csv", "code,name\n" + stored.replace(",x", ",y"))
    plan = run("plan", "skus", file, "--json").data["id"]
    records = run("records", "skus", "--filter", "code_eq=S1200", "--json").data
    reached: list[str] = []

    def interfere(point: str) -> None:
        reached.append(point)
        if point == "committed" and reached.count(point) == 1:
            change(longshore, records[0]["id"])

    with open_longshore(Settings.from_environment(os.environ), on_point=interfere) as longshore:
        environment = longshore.organizations.environment("default", "test")
        found = longshore.import_plans.find(environment, plan)
        applied = longshore.plan_applier.apply(environment, found)
        longshore.import_runs.run(applied.id)
        id_ = longshore.public_ids.encode(applied.id)
    shown = run("show", id_)
    assert (shown.facts["updated"], shown.facts["not reached"]) == ("1,000", "500")
    assert "row 1,201 (line 1,202) is not as it was judged" in shown.facts["interrupted because"]
    assert f"hint: longshore undo {id_} --dry-run tells what taking back would do" in shown.err
    assert "give back what was updated by 1,000 rows, as far as nobody" in shown.err
    foreseen = run("undo", id_, "--dry-run", "--json").data["attributes"]
    assert (foreseen["restored_count"], foreseen["kept_count"]) == (1_000, 0)
    assert "is applied already" in run("plan", "show", plan).err


def change(longshore: Longshore, public_id: str) -> None:
    """Change a SKU as an application does over HTTP."""
    id_ = longshore.public_ids.decode(public_id)
    assert id_ is not None
    writer = RecordWriter(
        longshore.database, longshore.catalogue, longshore.settings, longshore.public_ids
    )
    environment = longshore.organizations.environment("default", "test")
    assert not writer.update(environment, "skus", id_, {"name": "By hand"}, creator=1).findings


def test_what_is_no_plan_is_refused(run, mixed) -> None:
    imported = run("imports", "--json").data[0]["id"]
    for id in (imported, "xxxxxxxxxx"):
        refused = run("apply", id)
        assert refused.code == 2
        assert "there is no plan" in refused.err


def test_a_question_needs_a_terminal(run, mixed) -> None:
    refused = run("import", *mixed, "--ask")
    assert refused.code == 2
    assert "--ask asks a question on a terminal, and there is none" in refused.err
    assert "hint: longshore plan TYPE FILE" in refused.err


@pytest.mark.parametrize("others", [["--dry-run"], ["--supersede"], ["--json"]])
def test_a_question_goes_with_nothing_else_that_decides(run, mixed, others) -> None:
    refused = run("import", *mixed, "--ask", *others)
    assert refused.code == 2
    assert "--ask" in refused.err


@pytest.mark.parametrize("answer", ["y\n", "n\n", "\x04"])
def test_the_answer_decides(run, start, mixed, answer: str) -> None:
    screen, terminal = pty.openpty()
    process = start("import", *mixed, "--ask", stdin=terminal, stderr=terminal)
    os.close(terminal)
    seen = b""
    while b"[y/N]" not in seen:
        seen += os.read(screen, 65536)
    os.write(screen, answer.encode())
    out, _ = process.communicate()
    os.close(screen)
    assert (
        "Create 1 and update 1 of 4 rows, while 1 row would fail?"
        in re.sub(rb"\s+", b" ", seen).decode()
    )
    assert process.returncode == 1
    assert re.search(r"^plan +\w{10}$", out, re.MULTILINE)
    names = [each["attributes"]["name"] for each in run("records", "skus", "--json").data]
    agreed = answer == "y\n"
    assert names == (["One!", "Two", "Three"] if agreed else ["One", "Two"])
    assert bool(re.search(r"^import +\w{10}$", out, re.MULTILINE)) == agreed
