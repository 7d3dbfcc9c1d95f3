"""`longshore undo GROUP` and `longshore retry GROUP`: a whole group at once."""

import os

import pytest

from longshore.assembly import open_longshore
from longshore.operations import GroupRequest
from longshore.settings import Settings
from tests.behaviour.groups.grouping import group_source


@pytest.fixture
def group_id(run) -> str:
    """A group that was imported by another process of the data folder."""
    with open_longshore(Settings.from_environment(os.environ)) as longshore:
        environment = longshore.organizations.environment("default", "test")
        source = group_source({"tags": [{"name": "T"}], "customer_groups": "name\nG\nH\n"})
        group = longshore.group_submissions.submit(environment, source, GroupRequest())
        longshore.import_groups.run(group)
        return longshore.public_ids.encode(group.id)


@pytest.mark.usefixtures("on_every_database")
def test_group_is_tried_taken_back_and_not_twice(run, group_id) -> None:
    tried = run("undo", group_id, "--dry-run", "--json")
    assert tried.code == 0
    assert tried.json["meta"] == {
        "group_id": group_id,
        "dry_run": True,
        "restored_count": 0,
        "removed_count": 3,
        "kept_count": 0,
    }
    assert len(run("records", "customer_groups", "--json").data) == 2
    assert "customer_groups" in run("undo", group_id, "--dry-run").out
    undone = run("undo", group_id)
    assert undone.code == 0, undone.err
    assert (undone.facts["of import group"], undone.facts["removed"]) == (group_id, "3")
    assert [run("records", name, "--json").data for name in ("customer_groups", "tags")] == [[], []]
    again = run("undo", group_id)
    assert again.code == 2
    assert f"the import group {group_id} is taken back already" in again.err
    assert [each["meta"]["group_id"] for each in run("undos", "--json").data] == [group_id] * 2


@pytest.mark.usefixtures("on_every_database")
def test_what_is_kept_of_a_member_is_told(run, group_id, make_file) -> None:
    changed = make_file("groups.csv", "name,reference\nG,mine\n")
    assert run("import", "customer_groups", changed).code == 0
    undone = run("undo", group_id, "--json")
    assert undone.code == 1
    assert undone.json["meta"]["kept_count"] == 1
    kept = [each["attributes"]["kept_count"] for each in undone.data]
    assert kept == [1, 0]
    assert [each["name"] for each in map(_attributes, run("records", "tags", "--json").data)] == []


def test_records_that_were_made_on_the_way_are_told(run, make_file) -> None:
    skus = make_file("skus.csv", "code,name,do_not_ship,tags\nA,a,true,new\n")
    import_id = run("import", "skus", skus, "--json").data["id"]
    tried = run("undo", import_id, "--dry-run")
    assert (tried.facts["removed"], tried.facts["among them"]) == ("2", "tags, made on the way")
    undone = run("undo", import_id)
    assert (undone.facts["removed"], undone.facts["among them"]) == ("2", "tags, made on the way")


def _attributes(resource: "dict[str, dict[str, str]]") -> "dict[str, str]":
    return resource["attributes"]


@pytest.mark.usefixtures("on_every_database")
def test_failed_rows_of_a_group_are_retried_as_a_group(run, make_file) -> None:
    with open_longshore(Settings.from_environment(os.environ)) as longshore:
        environment = longshore.organizations.environment("default", "test")
        source = group_source(
            {"tags": [{"name": "T"}], "skus": "code,name,shipping_category.name\nA,a,Fruit\n"}
        )
        submitted = longshore.group_submissions.submit(
            environment, source, GroupRequest(skip_errors=True)
        )
        longshore.import_groups.run(submitted)
        group_id = longshore.public_ids.encode(submitted.id)
    edited = run("retry", group_id, "--set", "name=x")
    assert edited.code == 2
    assert "the rows of a group are retried as they stand" in edited.err
    run("import", "shipping_categories", make_file("categories.csv", "name\nFruit\n"))
    retried = run("retry", group_id, "--json")
    assert retried.code == 0, retried.err
    assert retried.data["meta"]["retry_of"] == group_id
    assert retried.data["attributes"]["created_count"] == 1
    again = run("retry", group_id)
    assert again.code == 2
    assert f"no row of the import group {group_id} fails" in again.err


@pytest.mark.usefixtures("on_every_database")
def test_an_edited_field_of_a_row_of_a_dialect_is_told_as_it_was_given(
    run, make_file, tmp_path
) -> None:
    """What the file of the other system has there is no longer what fails."""
    file = make_file(
        "shop.csv", 'Handle,Title,Variant SKU,Variant Price\na,A,A,5\nb,B,CUP,"12,5o"\n'
    )
    ended = run(
        "import", file, "--currency", "USD", "--skip-errors", "--errors", tmp_path / "f.csv"
    )
    assert "take the smallest unit of the currency" in ended.err
    failed = (tmp_path / "f.prices.csv").read_text()
    assert "amount_cents: is not a number (Variant Price: 12,5o)" in failed
    listed = run("imports", "--json").data
    (prices,) = [each for each in listed if each["attributes"]["resource_type"] == "prices"]
    mended = make_file("m.csv", failed.replace("CUP,,", "CUP,12.50,"))
    again = run("retry", prices["id"], "--file", mended)
    header, line = again.out.split("\n\n")[1].splitlines()
    assert header.split()[:3] == ["row", "source", "row"]
    assert line.split()[:5] == ["2", "2", "3", "CUP", "amount_cents"]
    assert line.split("amount_cents")[-1].split() == ["must", "be", "an", "integer", "12.50"]
