"""The failed rows of a group taken again, as a group of their own."""

import json

import pytest

from longshore.imports import GroupForm, Status, errors_of
from longshore.operations import GroupRequest, GroupSource, RetryConflict, RetryRefused
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.grouping import Rows, load, member, run, submit

SKUS = "code,name,shipping_category.name\nA,a,Fruit\nB,b,Veg\nC,c,Fruit\n"
PRICES = "sku_code,price_list.name,amount_cents\nA,EU,1\nB,EU,2\nC,US,3\nD,EU,4\n"


@pytest.fixture
def ready(shop: Organization) -> Organization:
    """A shop in which some of what the groups name is there."""
    shop.have("shipping_categories", name="Fruit")
    shop.have("price_lists", name="EU")
    return shop


def test_rows_that_fail_are_taken_again_by_one_group(ready: Organization) -> None:
    retries = ready.longshore.retries
    members: dict[str, Rows | str] = {"skus": SKUS, "prices": PRICES, "tags": [{"name": "T"}]}
    first = load(ready, members, skip_errors=True)
    assert [each.errors_count for each in first.members] == [1, 3, 0]
    ready.load("shipping_categories", [{"name": "Veg"}])
    submitted, told = retries.retry_group(ready.environment, first)
    assert (submitted.form, submitted.retry_of) == (GroupForm.RETRY, first.id)
    assert [each.import_.id for each in told] == [each.id for each in submitted.members]
    second = run(ready, submitted)
    assert second.status is Status.COMPLETED
    assert [each.retry_of for each in second.members] == [each.id for each in first.members[:2]]
    counts = [(each.inputs_size, each.created_count) for each in second.members]
    assert counts == [(1, 1), (3, 1)]
    with ready.longshore.database.read() as tx:
        failing = {(each.row, each.line) for each in errors_of(tx, second.members[1].id)}
    assert failing == {(3, 4), (4, 5)}
    ready.have("price_lists", name="US", code="us")
    third = run(ready, retries.retry_group(ready.environment, second)[0])
    assert third.retry_of == first.id
    assert [(each.resource_type, each.inputs_size) for each in third.members] == [("prices", 2)]
    assert third.members[0].created_count == 1


def test_places_in_the_file_stay_and_a_member_is_mended_alone(ready: Organization) -> None:
    """A retry of one member keeps what a dialect has said of its rows, and edits win over it."""
    from longshore.edits import Edits, parse_set

    cells = json.dumps({"weight": ["Grams", "12,5o", "not_a_number", []]}).replace('"', '""')
    columns = "code,name,shipping_category.name,weight,unit_of_weight,_source,_cells\n"
    text = columns + f'A,a,Fruit,,gr,12:34,"{cells}"\n'
    source = GroupSource(
        form=GroupForm.DIALECT,
        name="export.csv",
        members=[member("skus", text, source_columns={"name": "Title"})],
    )
    group = run(
        ready,
        ready.longshore.group_submissions.submit(
            ready.environment, source, GroupRequest(skip_errors=True)
        ),
    )
    again = run(ready, ready.longshore.retries.retry_group(ready.environment, group)[0])
    with ready.longshore.database.read() as tx:
        (error,) = errors_of(tx, again.members[0].id)
    assert (error.source_row, error.line, error.column, error.value) == (12, 34, "Grams", "12,5o")
    edits = Edits(sets=(parse_set("weight=12.5"),))
    made = ready.longshore.retries.retry(ready.environment, again.members[0], edits)
    assert ready.run(made.import_).counts == (1, 0, 0, 0)


def test_group_without_failing_rows_is_not_retried(ready: Organization) -> None:
    retries = ready.longshore.retries
    group = load(ready, {"tags": [{"name": "T"}]})
    with pytest.raises(RetryRefused, match="no row of the import group"):
        retries.retry_group(ready.environment, group)
    open_group = submit(ready, {"tags": [{"name": "T"}], "skus": SKUS})
    with pytest.raises(RetryConflict, match="has not ended"):
        retries.retry_group(ready.environment, open_group)


def test_several_retries_of_a_group_at_once_are_one(ready: Organization) -> None:
    retries = ready.longshore.retries
    group = load(ready, {"skus": SKUS, "prices": PRICES}, skip_errors=True)
    retries.retry_group(ready.environment, group)
    with pytest.raises(RetryConflict, match="has not ended"):
        retries.retry_group(ready.environment, group)
