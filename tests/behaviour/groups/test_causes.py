"""Rows that fail because a row of an earlier member failed: that is named as their cause."""

import json
from typing import Any

import pytest

from longshore.imports import ErrorCause, GroupForm, ImportGroup, LoggedError, errors_of
from longshore.operations import GroupRequest, GroupSource, error_attributes
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.grouping import Rows, group_source, load, member, run

SKUS = "code,name,shipping_category.name,weight\nA,a,Fruit,x\nB,b,Fruit,1\nC,,Fruit,\n"
PRICES = (
    "sku_code,price_list.name,amount_cents\nA,EU,1\nB,EU,2\nC,EU,3\nD,EU,4\nB,US,5\n,EU,6\nA,US,7\n"
)
Told = tuple[int, str, tuple[str, int, int | None] | None]  # row, attribute, cause


@pytest.fixture
def ready(shop: Organization) -> Organization:
    """A shop with what the groups do not create."""
    shop.have("shipping_categories", name="Fruit")
    shop.have("price_lists", name="EU")
    return shop


def told(errors: Any) -> list[Told]:
    return [(each.row, each.attribute, _cause(each.cause)) for each in errors]


def _cause(cause: ErrorCause | None) -> tuple[str, int, int | None] | None:
    return None if cause is None else (cause.resource_type, cause.row, cause.source_row)


def stored(shop: Organization, group: ImportGroup, position: int) -> list[LoggedError]:
    with shop.longshore.database.read() as tx:
        return list(errors_of(tx, group.members[position].id))


def tried(shop: Organization, source: GroupSource) -> list[list[Told]]:
    request = GroupRequest(skip_errors=True)
    with shop.longshore.group_trials.trial(shop.environment, source, request) as trials:
        return [told(each.errors()) for each in trials]


def test_row_that_failed_is_named_where_its_record_is_missing(ready: Organization) -> None:
    members = {"skus": SKUS, "prices": PRICES}
    trial = tried(ready, group_source(members))
    group = load(ready, members, skip_errors=True)
    errors = stored(ready, group, 1)
    assert told(errors) == [
        (1, "sku", ("skus", 1, None)),
        (3, "sku", ("skus", 3, None)),
        (4, "sku", None),
        (5, "price_list", None),
        (6, "sku", None),
        (7, "price_list", None),
        (7, "sku", ("skus", 1, None)),
    ]
    assert trial[1] == told(errors)
    planned = ready.longshore.group_submissions.submit(
        ready.environment, group_source(members), GroupRequest(skip_errors=True), is_plan=True
    )
    assert told(stored(ready, run(ready, planned), 1)) == told(errors)
    assert error_attributes(errors[0])["cause"] == {
        "import_id": ready.longshore.public_ids.encode(group.members[0].id),
        "resource_type": "skus",
        "row": 1,
        "source_row": None,
    }
    assert not any(cause for _, _, cause in told(stored(ready, group, 0)))


def test_causes_go_from_member_to_member_whatever_they_are_named_by(shop: Organization) -> None:
    categories = "name,code,metadata\nFruit,F1,[]\nVeg,V1,\n"
    skus = (
        "code,name,shipping_category.name,shipping_category.code\n"
        "A,a,Fruit,\nB,b,,F1\nC,c,Veg,\nD,d,Fish,\n"
    )
    members: dict[str, Rows | str] = {
        "shipping_categories": categories,
        "skus": skus,
        "stock_items": [{"sku_code": code, "quantity": 1} for code in "ACX"],
    }
    shop.have("stock_locations", name="Here")
    source = group_source(members)
    trial = tried(shop, source)
    group = load(shop, members, skip_errors=True)
    assert [told(stored(shop, group, position)) for position in range(3)] == trial
    skus_told = {row: cause for row, name, cause in trial[1] if name == "shipping_category"}
    assert skus_told == {
        1: ("shipping_categories", 1, None),
        2: ("shipping_categories", 1, None),
        4: None,
    }
    stock_told = {row: cause for row, name, cause in trial[2] if name == "sku"}
    assert stock_told == {1: ("skus", 1, None), 3: None}


def test_cause_has_the_row_of_the_file_that_it_was_made_of(ready: Organization) -> None:
    cells = json.dumps({"weight": ["Grams", "12,5o", "not_a_number", []]}).replace('"', '""')
    skus = f'code,name,shipping_category.name,_source,_cells\nA,a,Fruit,12:34,"{cells}"\n'
    prices = "sku_code,price_list.name,amount_cents,_source,_cells\nA,EU,1,12:34,\n"
    source = GroupSource(
        form=GroupForm.DIALECT,
        name="export.csv",
        members=[
            member("skus", skus, source_columns={"code": "SKU"}),
            member("prices", prices, source_columns={"sku_code": "SKU"}),
        ],
    )
    submitted = ready.longshore.group_submissions.submit(
        ready.environment, source, GroupRequest(skip_errors=True)
    )
    (error,) = stored(ready, run(ready, submitted), 1)
    assert (error.column, error.source_row, error.line) == ("SKU", 12, 34)
    assert _cause(error.cause) == ("skus", 1, 12)


def test_import_of_its_own_has_no_causes(ready: Organization) -> None:
    load(ready, {"skus": SKUS, "prices": PRICES}, skip_errors=True)
    outcome = ready.load_csv("prices", PRICES)
    with ready.longshore.database.read() as tx:
        assert not any(each.cause for each in errors_of(tx, outcome.import_.id))
