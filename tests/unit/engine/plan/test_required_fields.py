"""Which fields a record must have: always, or under a condition over its own values."""

from collections.abc import Mapping
from typing import Any

import pytest

from longshore.engine.plan.nodes import Node, RequiredField
from longshore.engine.values.candidate import ABSENT
from tests.unit.engine.plans import id_in, plan_of


def field_of(root: Node, name: str) -> RequiredField:
    (required,) = (each for each in root.required if each.name == name)
    return required


def is_required(
    resource_type: str,
    name: str,
    row: Mapping[str, Any],
    stored: Mapping[str, Any],
    flags: Mapping[str, Any] | None = None,
) -> bool:
    """Whether the field must be there, in a record of these values, by a row of these fields."""
    root = plan_of(resource_type, list(row), flags=flags).root
    values: list[Any] = [None] * len(root.table.columns)
    for column, value in stored.items():
        values[root.table.index[column]] = value
    fields: list[Any] = [ABSENT] * len(root.template)
    for field, value in row.items():
        fields[root.slots[field]] = value
    required = field_of(root, name)
    return required.holds is None or required.holds(values, fields, ())


NO_PHONE = {"addresses_phone_required": False}


@pytest.mark.parametrize(
    ("resource_type", "name", "row", "stored", "flags", "expected"),
    [
        ("skus", "name", {}, {}, None, True),
        ("skus", "shipping_category", {}, {"do_not_ship": None}, None, True),
        ("skus", "shipping_category", {}, {"do_not_ship": False}, None, True),
        ("skus", "shipping_category", {}, {"do_not_ship": True}, None, False),
        # SQLite gives back the integers that it keeps for booleans
        ("skus", "shipping_category", {}, {"do_not_ship": 1}, None, False),
        ("skus", "shipping_category", {}, {"do_not_ship": 0}, None, True),
        ("addresses", "company", {}, {"business": True}, None, True),
        ("addresses", "company", {}, {"business": False}, None, False),
        ("addresses", "first_name", {}, {"business": None}, None, True),
        ("addresses", "zip_code", {}, {"country_code": "IT"}, None, True),
        ("addresses", "zip_code", {}, {"country_code": "AE"}, None, False),
        ("addresses", "zip_code", {}, {"country_code": None}, None, False),
        ("addresses", "phone", {}, {}, None, True),
        ("addresses", "phone", {}, {}, NO_PHONE, False),
        ("bundles", "currency_code", {}, {"market_id": None}, None, True),
        ("bundles", "currency_code", {}, {"market_id": 5}, None, False),
        ("bundles", "price_amount_cents", {}, {}, None, True),
        ("bundles", "price_amount_cents", {"_compute_price_amount": True}, {}, None, False),
        ("bundles", "price_amount_cents", {"_compute_price_amount": False}, {}, None, True),
        ("sku_lists", "sku_code_regex", {}, {"manual": None}, None, False),
        ("sku_lists", "sku_code_regex", {}, {"manual": True}, None, False),
        ("sku_lists", "sku_code_regex", {}, {"manual": False}, None, True),
        ("orders", "market", {}, {}, None, True),
        ("customer_addresses", "customer", {}, {"customer_id": None}, None, True),
        ("customer_addresses", "customer", {"customer_email": "a@b.co"}, {}, None, False),
        ("shipping_methods", "unit_of_weight", {}, {}, None, False),
        (
            "shipping_methods",
            "unit_of_weight",
            {"max_weight": 1.0},
            {"max_weight": 1.0},
            None,
            True,
        ),
    ],
)
def test_field_is_required_under_its_condition(
    resource_type: str,
    name: str,
    row: Mapping[str, Any],
    stored: Mapping[str, Any],
    flags: Mapping[str, Any] | None,
    expected: bool,
) -> None:
    assert is_required(resource_type, name, row, stored, flags) == expected


def test_missing_attribute_is_blank_and_missing_target_must_exist() -> None:
    root = plan_of("skus", ["code"]).root
    assert field_of(root, "name").message == "can't be blank"
    assert field_of(root, "shipping_category").message == "must exist"


@pytest.mark.parametrize(
    ("resource_type", "columns", "name", "inputs"),
    [
        ("skus", ["code", "name", "reference"], "name", {"name"}),
        (
            "skus",
            ["shipping_category_id", "do_not_ship", "name"],
            "shipping_category",
            {"shipping_category_id", "do_not_ship"},
        ),
        ("prices", ["sku_code", "sku_id", "amount_cents"], "sku", {"sku_code", "sku_id"}),
        ("skus", ["code"], "shipping_category", set()),
    ],
)
def test_update_judges_a_field_by_what_the_row_touches(
    resource_type: str, columns: list[str], name: str, inputs: set[str]
) -> None:
    root = plan_of(resource_type, columns, parent=id_in(1, 1)).root
    names = {slot: field for field, slot in root.slots.items()}
    assert {names[slot] for slot in field_of(root, name).inputs} == inputs
