"""Filters that are no field and matcher, each type's as its declaration lists them."""

from typing import Any

import pytest

from longshore import clock
from longshore.records import FilterRefused
from tests.behaviour.reading.factory import CATALOGUE, Records

DAY = 24 * 60 * 60 * 1000


def add_promotion(records: Records, name: str, **values: Any) -> None:
    now = clock.now()
    period = {"starts_at": now - DAY, "expires_at": now + DAY}
    columns = {"type": "percentage_discount_promotions", "name": name, **period, **values}
    records.add("promotions", **columns)


@pytest.fixture
def promotions(records: Records) -> Records:
    now = clock.now()
    add_promotion(records, "active")
    add_promotion(records, "unlimited", starts_at=None, expires_at=None)
    add_promotion(records, "disabled", disabled_at=now)
    add_promotion(records, "pending", starts_at=now + DAY, expires_at=now + 2 * DAY)
    add_promotion(records, "expired", expires_at=now - 1)
    return records


@pytest.mark.parametrize("resource_type", ["promotions", "percentage_discount_promotions"])
@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("active", "true", ["active", "unlimited"]),
        ("active", "false", ["disabled", "pending", "expired"]),
        ("expired", "1", ["expired"]),
        ("expired", "false", ["active", "unlimited", "disabled", "pending"]),
        ("with_status", "active", ["active", "unlimited"]),
        ("with_status", "inactive", ["disabled", "pending", "expired"]),
        ("with_status", "disabled", ["disabled"]),
        ("with_status", "pending", ["pending"]),
        ("with_status", "expired", ["expired"]),
    ],
)
def test_promotions_are_found_by_what_they_are_at_present(
    promotions: Records, resource_type: str, key: str, value: str, expected: list[str]
) -> None:
    found = promotions.find(resource_type, (key, value))
    assert [view.attributes["name"] for view in found] == expected
    if key == "with_status" and value != "inactive":
        assert {view.attributes["status"] for view in found} == {value}
    if key == "active":
        assert {view.attributes["active"] for view in found} == {value == "true"}


def test_gift_cards_are_found_by_their_status(records: Records) -> None:
    for status in ("draft", "active", "redeemed"):
        records.add("gift_cards", status=status)
    found = records.find("gift_cards", ("with_status", "draft,redeemed"))
    assert [view.attributes["status"] for view in found] == ["draft", "redeemed"]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("sku_code_eq", "TEE", ["direct", "ruled"]),
        ("sku_code_start", "C", ["other"]),
        ("sku_code_end", "E", ["direct", "ruled"]),
        ("sku_code_matches", "%A%", ["other"]),
        ("sku_code_in", "TEE,CAP", ["direct", "ruled", "other"]),
        ("sku_code_eq", "NONE", []),
    ],
)
def test_promotions_are_found_by_the_skus_that_they_are_about(
    records: Records, key: str, value: str, expected: list[str]
) -> None:
    lists = {}
    for code in ("TEE", "CAP"):
        sku = records.add("skus", code=code, name=code)
        lists[code] = records.add("sku_lists", name=code)
        records.add("sku_list_items", sku_list_id=lists[code], sku_id=sku)
    add_promotion(records, "direct", sku_list_id=lists["TEE"])
    add_promotion(records, "ruled")
    (ruled,) = records.ids("promotions", ("name_eq", "ruled"))
    rule = {"type": "sku_list_promotion_rules", "sku_list_id": lists["TEE"]}
    records.add("promotion_rules", promotion_id=ruled, **rule)
    add_promotion(records, "other", sku_list_id=lists["CAP"])
    add_promotion(records, "none")
    found = records.find("promotions", (key, value))
    assert [view.attributes["name"] for view in found] == expected
    listed = records.find("sku_lists", (key, value))
    assert {view.attributes["name"] for view in listed} <= {"TEE", "CAP"}
    assert bool(listed) == bool(expected)


@pytest.mark.parametrize(
    ("resource_type", "key", "value"),
    [
        ("promotions", "active", "perhaps"),
        ("promotions", "with_status", "nothing"),
        ("skus", "active", "true"),
        ("orders", "with_status", "draft"),
    ],
)
def test_other_scopes_and_values_are_refused(
    records: Records, resource_type: str, key: str, value: str
) -> None:
    with pytest.raises(FilterRefused):
        records.find(resource_type, (key, value))


def test_every_declared_scope_can_be_asked(records: Records) -> None:
    for declared in CATALOGUE.types.values():
        for scope in declared.filter_scopes:
            value = "active" if scope == "with_status" else "true"
            assert records.find(declared.name, (scope, value)) == []
