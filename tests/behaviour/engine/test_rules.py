"""Behaviour of single types: what a line item is and costs, what a bundle adds up to."""

from typing import Any

import pytest

from tests.behaviour.engine.organization import Organization


@pytest.fixture
def priced(shop: Organization) -> Organization:
    """Two SKUs with prices in the price list of the market, and one without."""
    shop.have("skus", code="A", name="Apple")
    shop.have("skus", code="B", name="Pear")
    shop.have("skus", code="C", name="Nut")
    rows = [
        {"sku_code": "A", "amount_cents": 150, "compare_at_amount_cents": 200},
        {"sku_code": "B", "amount_cents": 50},
    ]
    assert shop.load("prices", rows, parent=shop.some("price_lists")).counts == (2, 0, 0, 0)
    return shop


def load_line(shop: Organization, **line: Any) -> Any:
    return shop.load("line_items", [{"order_id": shop.some("orders"), "quantity": 2, **line}])


# What a line item is


def test_code_makes_a_line_the_sku_and_gives_it_its_name(priced: Organization) -> None:
    assert load_line(priced, sku_code="A").counts == (1, 0, 0, 0)
    line = priced.one("line_items")
    (apple,) = (sku["id"] for sku in priced.all("skus") if sku["code"] == "A")
    assert (line["item_id"], line["item_type"], line["name"]) == (apple, "skus", "Apple")


def test_name_of_the_row_wins(priced: Organization) -> None:
    load_line(priced, sku_code="A", name="Golden")
    assert priced.one("line_items")["name"] == "Golden"


def test_code_names_a_bundle(priced: Organization) -> None:
    bundle = priced.have("bundles", code="SET", name="Set")
    assert load_line(priced, bundle_code="SET", unit_amount_cents=5).counts == (1, 0, 0, 0)
    line = priced.one("line_items")
    assert (line["item_id"], line["item_type"], line["name"]) == (bundle, "bundles", "Set")


@pytest.mark.parametrize(
    ("line", "errors"),
    [
        ({"sku_code": "X"}, {"sku": ["must exist"]}),
        ({"sku_code": "X", "name": "x"}, {"sku": ["must exist"]}),
        ({"sku_code": "X", "unit_amount_cents": 1}, {"sku": ["must exist"]}),
        ({"bundle_code": "X"}, {"bundle": ["must exist"]}),
        ({"name": "x"}, {"unit_amount_cents": ["can't be blank"]}),
        ({"sku_code": "C"}, {"unit_amount_cents": ["can't be blank"]}),
        ({}, {"unit_amount_cents": ["can't be blank"]}),
        (
            {"name": "x", "unit_amount_cents": -1},
            {"unit_amount_cents": ["must be greater than or equal to 0"]},
        ),
        ({"sku_code": "A", "quantity": 0}, {"quantity": ["must be other than 0"]}),
    ],
)
def test_line_that_is_nothing_or_costs_nothing_known_is_an_error(
    priced: Organization, line: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    assert load_line(priced, **line).errors == {1: errors}


def test_line_with_name_and_amount_keeps_a_code_that_names_nothing(priced: Organization) -> None:
    assert load_line(priced, sku_code="X", name="x", unit_amount_cents=1).counts == (1, 0, 0, 0)
    line = priced.one("line_items")
    assert (line["sku_code"], line["item_id"], line["item_type"]) == ("X", None, "skus")


def test_quantity_of_a_return_is_negative(priced: Organization) -> None:
    load_line(priced, sku_code="A", quantity=-2)
    assert priced.one("line_items")["total_amount_cents"] == -300


# What it costs


def test_line_without_an_amount_takes_the_price_of_its_sku(priced: Organization) -> None:
    load_line(priced, sku_code="A")
    line = priced.one("line_items")
    assert (line["unit_amount_cents"], line["total_amount_cents"]) == (150, 300)
    assert line["currency_code"] == "EUR"


@pytest.mark.parametrize("amount", [0, "7", 999])
def test_amount_of_the_row_wins(priced: Organization, amount: object) -> None:
    load_line(priced, sku_code="A", unit_amount_cents=amount)
    assert priced.one("line_items")["unit_amount_cents"] == int(str(amount))


def test_price_is_that_of_the_market_of_the_order(priced: Organization) -> None:
    dollars = priced.have("price_lists", name="US", currency_code="USD")
    priced.load("prices", [{"sku_code": "A", "amount_cents": 175}], parent=dollars)
    american = priced.have("markets", name="US", price_list_id=dollars)
    rows = [
        {"market_id": market, "line_items": [{"sku_code": "A", "quantity": 1}]}
        for market in (priced.some("markets"), american)
    ]
    assert priced.load("orders", rows).counts == (2, 0, 0, 0)
    assert priced.values("line_items", "unit_amount_cents") == [150, 175]


def test_price_is_asked_once_and_later_changes_do_not_reach_the_line(priced: Organization) -> None:
    load_line(priced, sku_code="A", reference="r")
    rows = [{"sku_code": "A", "amount_cents": 999}]
    priced.load("prices", rows, parent=priced.some("price_lists"))
    assert load_line(priced, sku_code="A", reference="r").counts == (0, 0, 1, 0)
    assert load_line(priced, reference="r", quantity=3).counts == (0, 1, 0, 0)
    assert priced.one("line_items")["unit_amount_cents"] == 150


def test_line_never_costs_more_than_64_bits(priced: Organization) -> None:
    most = 2**63 - 1
    outcome = load_line(priced, name="x", unit_amount_cents=most, quantity=2)
    assert outcome.errors == {1: {"quantity": ["must be less than or equal to 1"]}}
    assert load_line(priced, name="x", unit_amount_cents=most, quantity=1).counts == (1, 0, 0, 0)


# Bundles


@pytest.fixture
def listed(priced: Organization) -> str:
    """A list of two apples and three pears."""
    items = [{"sku_code": "A", "quantity": 2}, {"sku_code": "B", "quantity": 3}]
    priced.load("sku_lists", [{"name": "Fruit", "sku_list_items": items}])
    return str(priced.one("sku_lists")["id"])


def bundle(shop: Organization, sku_list: str, **fields: Any) -> dict[str, Any]:
    market = shop.some("markets")
    return {"code": "F", "name": "f", "sku_list_id": sku_list, "market_id": market, **fields}


def test_bundle_adds_up_the_prices_of_its_list(priced: Organization, listed: str) -> None:
    row = bundle(priced, listed, _compute_price_amount=True, _compute_compare_at_amount=True)
    assert priced.load("bundles", [row]).counts == (1, 0, 0, 0)
    found = priced.one("bundles")
    assert found["price_amount_cents"] == 2 * 150 + 3 * 50
    # a price without one to compare with is compared with itself
    assert found["compare_at_amount_cents"] == 2 * 200 + 3 * 50
    assert priced.load("bundles", [row]).counts == (0, 0, 1, 0)


def test_bundle_is_added_up_again_when_it_is_asked_for(priced: Organization, listed: str) -> None:
    row = bundle(priced, listed, _compute_price_amount=True)
    priced.load("bundles", [row])
    rows = [{"sku_code": "A", "amount_cents": 100}]
    priced.load("prices", rows, parent=priced.some("price_lists"))
    assert priced.one("bundles")["price_amount_cents"] == 450
    assert priced.load("bundles", [row]).changes == [(1, {"price_amount_cents": (450, 350)})]


def test_bundle_with_a_sku_that_has_no_price_needs_its_own(
    priced: Organization, listed: str
) -> None:
    priced.load("sku_list_items", [{"sku_code": "C"}], parent=listed)
    row = bundle(priced, listed, _compute_price_amount=True)
    outcome = priced.load("bundles", [row | {"_compute_price_amount": False}])
    assert outcome.errors == {1: {"price_amount_cents": ["can't be blank"]}}
    assert priced.load("bundles", [row | {"price_amount_cents": 5}]).counts == (1, 0, 0, 0)
    assert priced.one("bundles")["price_amount_cents"] == 5


# Amounts that do not come from a market


@pytest.mark.parametrize(
    ("resource_type", "row"),
    [
        ("gift_cards", {"balance_cents": 1}),
        ("sku_options", {"name": "x"}),
    ],
)
def test_currency_is_required_where_no_market_gives_one(
    shop: Organization, resource_type: str, row: dict[str, Any]
) -> None:
    assert shop.load(resource_type, [row]).errors == {1: {"currency_code": ["can't be blank"]}}
    assert shop.load(resource_type, [row | {"currency_code": "usd"}]).counts == (1, 0, 0, 0)
    of_market = row | {"market_id": shop.some("markets")}
    assert shop.load(resource_type, [of_market]).counts == (1, 0, 0, 0)
    assert shop.values(resource_type, "currency_code") == ["USD", "EUR"]
