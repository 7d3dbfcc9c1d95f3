"""Targets named by their keys: `price_list.name`, `{"price_list": {"name": "EU"}}`."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from longshore.imports import LoggedError, errors_of
from tests.behaviour.engine.organization import SOMEBODY, Errors, Organization, Outcome
from tests.behaviour.engine.test_flat_rows import all_odd


@pytest.fixture(params=["flat", "odd"], autouse=True)
def _way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Both ways that rows go tell and store the same."""
    if request.param == "flat":
        yield
        return
    with all_odd():
        yield


def logged(shop: Organization, outcome: Outcome) -> list[LoggedError]:
    with shop.longshore.database.read() as tx:
        return list(errors_of(tx, outcome.import_.id))


# One key


@pytest.mark.parametrize("given", ["EU", " EU ", "\u00a0EU"])
@pytest.mark.parametrize("field", ["name", "code"])
def test_name_and_code_name_a_target(shop: Organization, given: str, field: str) -> None:
    eu = shop.have("price_lists", name="EU", code="EU")
    shop.have("price_lists", name="US", code="US")
    shop.have("skus", code="A")
    rows: list[dict[str, Any]] = [
        {"sku_code": "A", "amount_cents": 1, f"price_list.{field}": given},
        {"sku_code": "A", "amount_cents": 2, "price_list": {field: given}},
    ]
    for number, row in enumerate(rows):
        counts = shop.load("prices", [row]).counts
        assert counts == ((0, 1, 0, 0) if number else (1, 0, 0, 0))
    assert shop.values("prices", "price_list_id", "amount_cents") == [(eu, 2)]


def test_table_names_targets_by_columns(shop: Organization) -> None:
    lists = [shop.have("price_lists", name=name) for name in ("EU", "US")]
    shop.have("skus", code="A")
    text = "sku_code,Price List.Name,amount_cents\nA,EU,1\nA,US,2\n"
    assert shop.load_csv("prices", text).counts == (2, 0, 0, 0)
    assert shop.values("prices", "price_list_id") == lists
    assert shop.load_csv("prices", text).counts == (0, 0, 2, 0)


def test_column_map_names_targets_by_keys(shop: Organization) -> None:
    category = shop.have("shipping_categories", name="Merchandise")
    text = "code,name,Kategorie\nA,a,Merchandise\n"
    column_map = {"Kategorie": "shipping_category.name"}
    assert shop.load_csv("skus", text, column_map=column_map).counts == (1, 0, 0, 0)
    assert shop.one("skus")["shipping_category_id"] == category


def test_key_of_nothing_must_exist(shop: Organization) -> None:
    shop.have("price_lists", name="EU")
    shop.have("skus", code="A")
    rows = [
        {"sku_code": "A", "amount_cents": 1, "price_list.name": "eu"},
        {"sku_code": "A", "amount_cents": 1, "price_list": {"name": "EUR"}},
        {"sku_code": "A", "amount_cents": 1, "price_list": {"code": "EU"}},
    ]
    outcome = shop.load("prices", rows)
    expected: Errors = {row: {"price_list": ["must exist"]} for row in (1, 2, 3)}
    assert outcome.errors == expected


def test_name_that_several_have_is_ambiguous(shop: Organization) -> None:
    first = shop.have("shipping_categories", name="Merchandise", code="M")
    second = shop.have("shipping_categories", name="Merchandise")
    said = f"is ambiguous (2 records: {first}, {second})"
    outcome = shop.load(
        "skus", [{"code": "A", "name": "a", "shipping_category.name": "Merchandise"}]
    )
    assert outcome.errors == {1: {"shipping_category": [said]}}
    both = {"name": "Merchandise", "code": "M"}
    outcome = shop.load("skus", [{"code": "A", "name": "a", "shipping_category": both}])
    assert outcome.counts == (1, 0, 0, 0), "the code says which one it is"
    assert shop.one("skus")["shipping_category_id"] == first


def test_code_and_name_of_different_records_lead_to_none(shop: Organization) -> None:
    shop.have("shipping_categories", name="Merchandise", code="M")
    shop.have("shipping_categories", name="Bulk", code="B")
    target = {"name": "Merchandise", "code": "B"}
    outcome = shop.load("skus", [{"code": "A", "name": "a", "shipping_category": target}])
    assert outcome.errors == {1: {"shipping_category": ["must exist"]}}


@pytest.mark.parametrize("blank", [None, "", " ", "\u200b"])
def test_blank_key_is_no_target(shop: Organization, blank: object) -> None:
    group = shop.have("customer_groups", name="VIP")
    row: dict[str, Any] = {"email": "a@example.com", "customer_group.name": "VIP"}
    shop.load("customers", [row])
    assert shop.one("customers")["customer_group_id"] == group
    shop.load_csv("customers", "email,customer_group.name\na@example.com,\n")
    assert shop.one("customers")["customer_group_id"] == group, "a blank cell says nothing"
    row["customer_group.name"] = blank
    assert shop.load("customers", [row]).counts == (0, 1, 0, 0)
    assert shop.one("customers")["customer_group_id"] is None


@pytest.mark.parametrize("none", [None, {"name": None}, {"name": "", "code": None}])
def test_null_in_place_of_an_object_is_no_target(shop: Organization, none: object) -> None:
    shop.have("customer_groups", name="VIP", code="V")
    rows: list[dict[str, Any]] = [
        {"email": "a@example.com", "customer_group": {"name": "VIP"}},
    ]
    rows.append({"email": "b@example.com", "customer_group": {"code": "V"}})
    shop.load("customers", rows)
    rows = [{**row, "customer_group": none} for row in rows]
    # The keys of the second file are those of all its rows.
    rows.append({"email": "c@example.com", "customer_group": {"name": "VIP", "code": "V"}})
    assert shop.load("customers", rows).counts == (1, 2, 0, 0)
    assert shop.values("customers", "customer_group_id")[:2] == [None, None]


@pytest.mark.parametrize("wrong", ["VIP", 5, ["VIP"], True])
def test_value_in_place_of_an_object_is_invalid(shop: Organization, wrong: object) -> None:
    shop.have("customer_groups", name="VIP")
    rows = [
        {"email": "a@example.com", "customer_group": {"name": "VIP"}},
        {"email": "b@example.com", "customer_group": wrong},
    ]
    assert shop.load("customers", rows).errors == {2: {"customer_group": ["is invalid"]}}


def test_object_may_give_the_id(shop: Organization) -> None:
    group = shop.have("customer_groups", name="VIP")
    rows = [
        {"email": "a@example.com", "customer_group": {"id": group, "type": "customer_groups"}},
        {"email": "b@example.com", "customer_group": {"id": "nowhere"}},
    ]
    outcome = shop.load("customers", rows)
    assert outcome.errors == {2: {"customer_group": ["must exist"]}}
    assert shop.one("customers")["customer_group_id"] == group


def test_object_and_field_with_a_dot_are_given_twice(shop: Organization) -> None:
    shop.have("customer_groups", name="VIP")
    row = {
        "email": "a@example.com",
        "customer_group": {"name": "VIP"},
        "customer_group.name": "VIP",
    }
    said = "is given twice, as `customer_group` and as `customer_group.name`: leave one of them out"
    assert shop.load("customers", [row]).errors == {1: {"customer_group": [said]}}


def test_scalars_alone_have_no_effect(shop: Organization) -> None:
    outcome = shop.load("customers", [{"email": "a@example.com", "customer_group": "VIP"}])
    assert outcome.counts == (1, 0, 0, 0)


# An id, or another name, beside the key


@pytest.mark.parametrize("key", [{"price_list.name": "EU"}, {"price_list": {"name": "EU"}}])
def test_id_and_key_have_to_agree(shop: Organization, key: Mapping[str, Any]) -> None:
    eu, us = (shop.have("price_lists", name=name) for name in ("EU", "US"))
    shop.have("skus", code="A")
    row = {"sku_code": "A", "amount_cents": 1, **key}
    assert shop.load("prices", [{**row, "price_list_id": eu}]).counts == (1, 0, 0, 0)
    outcome = shop.load("prices", [{**row, "price_list_id": us}])
    said = "is another record by `price_list.name` than by `price_list_id`"
    assert outcome.errors == {1: {"price_list": [said]}}
    outcome = shop.load("prices", [{**row, "price_list_id": eu, "price_list.code": "XX"}])
    assert outcome.errors == {1: {"price_list": ["must exist"]}}


def test_id_says_which_of_several_is_meant(shop: Organization) -> None:
    shop.have("price_lists", name="EU")
    second = shop.have("price_lists", name="EU")
    shop.have("skus", code="A")
    row = {"sku_code": "A", "amount_cents": 1, "price_list.name": "EU", "price_list_id": second}
    assert shop.load("prices", [row]).counts == (1, 0, 0, 0)
    assert shop.one("prices")["price_list_id"] == second


def test_code_of_the_type_and_key_have_to_agree(shop: Organization) -> None:
    shop.have("skus", code="A")
    shop.have("skus", code="B")
    parent = shop.some("price_lists")
    row = {"sku_code": "A", "amount_cents": 1, "sku.code": "A"}
    assert shop.load("prices", [row], parent=parent).counts == (1, 0, 0, 0)
    outcome = shop.load("prices", [{**row, "sku.code": "B"}], parent=parent)
    said = "is another record by `sku.code` than by `sku_code`"
    assert outcome.errors == {1: {"sku": [said]}}


def test_key_wins_over_the_parent_of_all_rows(shop: Organization) -> None:
    eu, us = (shop.have("price_lists", name=name) for name in ("EU", "US"))
    shop.have("skus", code="A")
    rows = [
        {"sku_code": "A", "amount_cents": 1, "price_list.name": "US"},
        {"sku_code": "A", "amount_cents": 2},
    ]
    assert shop.load("prices", rows, parent=eu).counts == (2, 0, 0, 0)
    assert shop.values("prices", "price_list_id") == [us, eu]


def test_parent_of_all_rows_may_be_named_by_its_key(shop: Organization) -> None:
    category = shop.have("shipping_categories", name="Merchandise")
    for text in ("Merchandise", category):
        shop.load("skus", [{"code": "A", "name": "a"}], parent=text)
        assert shop.one("skus")["shipping_category_id"] == category


# Keys of several fields


def test_key_of_targets_is_named_by_their_keys(shop: Organization) -> None:
    eu, us = (shop.have("price_lists", name=name) for name in ("EU", "US"))
    sku = shop.have("skus", code="A")
    prices = [shop.have("prices", price_list_id=each, sku_id=sku) for each in (eu, us)]
    tier = {"name": "from 10", "type": "price_volume_tiers", "up_to": 10, "price_amount_cents": 5}
    rows = [
        {**tier, "price": {"price_list": {"name": "EU"}, "sku": {"code": "A"}}},
        {**tier, "price.price_list.name": "US", "price.sku.code": "A"},
        {**tier, "price.price_list.id": us, "price.sku.code": "A", "up_to": 20},
        {**tier, "price.price_list.name": "EU"},
        {**tier, "price.price_list.name": "EU", "price.sku.code": "B"},
    ]
    outcome = shop.load("price_tiers", rows)
    assert outcome.errors == {
        4: {"price.sku": ["can't be blank"]},
        5: {"price.sku": ["must exist"]},
    }
    found = shop.values("price_volume_tiers", "price_id")
    assert found == [prices[0], prices[1], prices[1]]


def test_part_that_may_be_null_may_be_left_out(shop: Organization) -> None:
    markets = [shop.have("markets", name=name, code=name) for name in ("IT", "DE")]
    express = [shop.have("shipping_methods", name="Express", market_id=each) for each in markets]
    slow = shop.have("shipping_methods", name="Slow", market_id=markets[0])
    location = shop.some("stock_locations")
    row = {"min_hours": 1, "max_hours": 2, "stock_location_id": location}
    rows: list[dict[str, Any]] = [
        {**row, "shipping_method.name": "Slow"},
        {**row, "shipping_method.name": "Express", "shipping_method.market.code": "DE"},
        {**row, "shipping_method.name": "Express"},
        {**row, "shipping_method.name": "Express", "shipping_method.market.name": "FR"},
        {**row, "shipping_method.market.code": "DE"},
    ]
    nowhere = shop.have("shipping_methods", name="Express")
    found = shop.load(
        "delivery_lead_times", [{**row, "shipping_method": {"name": "Express", "market": None}}]
    )
    assert found.errors == {}
    assert shop.one("delivery_lead_times")["shipping_method_id"] == nowhere
    shop.writer.delete(
        shop.environment,
        "delivery_lead_times",
        shop.inside(shop.one("delivery_lead_times")["id"]),
        creator=SOMEBODY,
    )
    shop.writer.delete(shop.environment, "shipping_methods", shop.inside(nowhere), creator=SOMEBODY)
    outcome = shop.load("delivery_lead_times", rows)
    said = f"is ambiguous (2 records: {express[0]}, {express[1]})"
    assert outcome.errors == {
        3: {"shipping_method": [said]},
        4: {"shipping_method.market": ["must exist"]},
        5: {"shipping_method.name": ["can't be blank"]},
    }
    assert shop.values("delivery_lead_times", "shipping_method_id") == [slow, express[1]]


# Targets of several types


def test_targets_of_a_family_are_named_whatever_their_type(shop: Organization) -> None:
    manual = shop.have("manual_tax_calculators", name="By hand")
    avalara = shop.have("avalara_accounts", name="Avalara")
    shop.have("skus", code="A")
    row = {"sku_code": "A"}
    rows = [
        {**row, "code": "1", "tax_calculator.name": "By hand"},
        {**row, "code": "2", "tax_calculator": {"name": "Avalara", "type": "avalara_accounts"}},
        {
            **row,
            "code": "3",
            "tax_calculator.name": "By hand",
            "tax_calculator_type": "avalara_accounts",
        },
    ]
    outcome = shop.load("tax_categories", rows)
    assert outcome.errors == {3: {"tax_calculator": ["must exist"]}}
    assert shop.values("tax_categories", "tax_calculator_id") == [manual, avalara]


def test_key_beside_a_type_that_is_none_must_exist(shop: Organization) -> None:
    shop.have("manual_tax_calculators", name="By hand")
    row = {
        "code": "1",
        "sku_id": shop.some("skus"),
        "tax_calculator.name": "By hand",
        "tax_calculator_type": "nothing",
    }
    (found,) = shop.load("tax_categories", [row]).errors.values()
    assert found["tax_calculator"] == ["must exist"]


def test_item_of_a_line_item_is_named_by_its_code(shop: Organization) -> None:
    sku = shop.have("skus", code="A", name="Thing")
    bundle = shop.have("bundles", code="B")
    order = {"number": "1", "market_id": shop.some("markets")}
    line = {"quantity": 1, "unit_amount_cents": 5}
    rows: list[dict[str, Any]] = [
        {
            **order,
            "line_items": [
                {**line, "item": {"code": "A"}, "item_type": "skus"},
                {**line, "item.code": "B", "name": "Both"},
            ],
        }
    ]
    assert shop.load("orders", rows).errors == {}
    assert shop.values("line_items", "item_id", "item_type", "sku_code") == [
        (sku, "skus", "A"),
        (bundle, "bundles", None),
    ]
    assert shop.load("orders", rows).counts == (0, 0, 1, 0), "the line items are known again"
    rows[0]["line_items"][0]["item"] = {"code": "Z"}
    assert shop.load("orders", rows).errors == {1: {"line_items.item": ["must exist"]}}


# Where they are looked for


def test_records_of_another_environment_are_never_found(
    shop: Organization, elsewhere: Organization
) -> None:
    elsewhere.have("price_lists", name="EU", code="EU")
    elsewhere.have("shipping_methods", name="Express")
    shop.have("skus", code="A")
    row = {"sku_code": "A", "amount_cents": 1}
    rows = [{**row, "price_list.name": "EU"}, {**row, "price_list.code": "EU"}]
    assert shop.load("prices", rows).counts == (0, 0, 0, 2)
    lead = {"min_hours": 1, "max_hours": 2, "stock_location_id": shop.some("stock_locations")}
    outcome = shop.load("delivery_lead_times", [{**lead, "shipping_method.name": "Express"}])
    assert outcome.errors == {1: {"shipping_method": ["must exist"]}}


def test_target_that_an_earlier_row_has_made_is_found(shop: Organization) -> None:
    order = {"market_id": shop.some("markets")}
    rows = [
        {**order, "number": "1", "customer.email": "a@example.com"},
        {**order, "number": "2", "customer_email": "a@example.com"},
        {**order, "number": "3", "customer.email": "A@example.com"},
    ]
    outcome = shop.load("orders", rows)
    assert outcome.errors == {1: {"customer": ["must exist"]}}
    customer = shop.one("customers")["id"]
    assert shop.values("orders", "customer_id") == [customer, customer]


def test_dry_run_finds_the_same(shop: Organization) -> None:
    shop.have("price_lists", name="EU")
    shop.have("skus", code="A")
    row = {"sku_code": "A", "amount_cents": 1}
    rows = [{**row, "price_list.name": "EU"}, {**row, "price_list.name": "US"}]
    dry = shop.dry_run("prices", rows)
    assert (dry.created, dry.failed) == (1, 1)
    assert shop.all("prices") == []


def test_value_and_place_of_an_error_are_those_of_the_key(shop: Organization) -> None:
    shop.have("skus", code="A")
    row = {"sku_code": "A", "amount_cents": 1}
    outcome = shop.load(
        "prices", [{**row, "price_list": {"name": "US"}}, {**row, "price_list": {}}]
    )
    (error, _) = logged(shop, outcome)
    assert (error.column, error.pointer, error.value) == (
        "price_list.name",
        "/price_list/name",
        "US",
    )
    outcome = shop.load_csv(
        "prices", "sku_code,Liste,amount_cents\nA,US,1\n", column_map={"Liste": "price_list.name"}
    )
    (error,) = logged(shop, outcome)
    assert (error.column, error.pointer, error.value) == ("Liste", "/Liste", "US")


def test_a_release_that_knows_no_keys_finds_no_layout_of_an_import_that_has_some(
    shop: Organization,
) -> None:
    """So it leaves it to others, in place of running it as if its rows named no target."""
    rows = [{"sku_code": "A", "amount_cents": 1, "price_list": {"name": "EU"}}]
    keyed = shop.submit("prices", json.dumps(rows).encode())
    inside = shop.submit("orders", json.dumps([{"line_items": [{"item.code": "A"}]}]).encode())
    other = shop.submit("prices", json.dumps([{"sku_code": "A"}]).encode())
    with shop.longshore.database.read() as tx:
        for import_ in (keyed, inside, other):
            ((layout,),) = tx.fetch("SELECT layout FROM imports WHERE id = ?", (import_.id,))
            assert ("format" in json.loads(layout)) is (import_ is other)
    assert shop.run(keyed).errors == {1: {"price_list": ["must exist"], "sku": ["must exist"]}}
