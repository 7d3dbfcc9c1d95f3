"""Which record a row means: by id, else by the first key that it names in full, else a new one."""

from typing import Any

import pytest

from tests.behaviour.engine.organization import Organization

CREATES, UPDATES, KEEPS = (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0)


# Every type by its own key: fields that identify, those of a new record, those of an update.
# In values `@type` stands for the id of some record of that type.
KEYED: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("orders", {"number": "N1"}, {"market_id": "@markets"}, {"language_code": "it"}),
    ("skus", {"code": "A"}, {"name": "a", "do_not_ship": True}, {"name": "b"}),
    (
        "coupons",
        {"code": "SUMMER2024", "promotion_rule_id": "@coupon_codes_promotion_rules"},
        {},
        {"usage_limit": 5},
    ),
    (
        "prices",
        {"sku_id": "@skus", "price_list_id": "@price_lists"},
        {"amount_cents": 1},
        {"amount_cents": 2},
    ),
    (
        "prices",
        {"sku_code": "SOME", "price_list_id": "@price_lists"},
        {"amount_cents": 1},
        {"amount_cents": 2},
    ),
    (
        "stock_items",
        {"sku_code": "SOME", "stock_location_id": "@stock_locations"},
        {"quantity": 1},
        {"quantity": 2},
    ),
    (
        "gift_cards",
        {"code": "CARD-0001"},
        {"balance_cents": 1, "currency_code": "EUR"},
        {"balance_cents": 2},
    ),
    ("customers", {"email": "a@example.com"}, {}, {"shopper_reference": "x"}),
    (
        "customer_subscriptions",
        {"customer_email": "a@example.com", "reference": "r"},
        {},
        {"reference_origin": "x"},
    ),
    (
        "customer_subscriptions",
        {"customer_id": "@customers", "reference": "r"},
        {},
        {"reference_origin": "x"},
    ),
    (
        "tax_categories",
        {"sku_code": "SOME", "tax_calculator_id": "@manual_tax_calculators"},
        {"code": "1"},
        {"code": "2"},
    ),
    (
        "bundles",
        {"code": "B", "market_id": "@markets"},
        {"name": "b", "sku_list_id": "@sku_lists", "price_amount_cents": 1},
        {"name": "c"},
    ),
    (
        "bundles",
        {"code": "B"},
        {
            "name": "b",
            "sku_list_id": "@sku_lists",
            "currency_code": "EUR",
            "price_amount_cents": 1,
        },
        {"name": "c"},
    ),
    ("sku_lists", {"name": "L"}, {}, {"description": "x"}),
    (
        "sku_list_items",
        {"sku_list_id": "@sku_lists", "sku_code": "SOME"},
        {},
        {"quantity": 2},
    ),
    ("sku_options", {"name": "O", "market_id": "@markets"}, {}, {"delay_hours": 2}),
    ("sku_options", {"name": "O"}, {"currency_code": "EUR"}, {"delay_hours": 2}),
    ("shipping_categories", {"code": "c"}, {"name": "x"}, {"name": "y"}),
    ("shipping_categories", {"name": "x"}, {}, {"reference": "y"}),
    ("price_lists", {"code": "c"}, {"name": "x", "currency_code": "EUR"}, {"name": "y"}),
    ("price_lists", {"name": "x"}, {"currency_code": "EUR"}, {"currency_code": "USD"}),
    ("stock_locations", {"code": "c"}, {"name": "x", "address_id": "@addresses"}, {"name": "y"}),
    ("stock_locations", {"name": "x"}, {"address_id": "@addresses"}, {"label_format": "ZPL"}),
    ("tags", {"name": "red"}, {}, {"reference": "x"}),
    (
        "stock_transfers",
        {"number": "T1"},
        {
            "sku_code": "SOME",
            "quantity": 1,
            "origin_stock_location_id": "@stock_locations",
            "destination_stock_location_id": "@stock_locations",
        },
        {"quantity": 2},
    ),
    (
        "price_tiers",
        {"price_id": "@prices", "type": "price_volume_tiers", "up_to": 5},
        {"name": "t", "price_amount_cents": 1},
        {"name": "u"},
    ),
    (
        "price_tiers",
        {"price_id": "@prices", "up_to": None},
        {"name": "t", "price_amount_cents": 1},
        {"name": "u"},
    ),
    (
        "customer_addresses",
        {"customer_id": "@customers", "address_id": "@addresses"},
        {},
        {"reference": "x"},
    ),
    (
        "customer_payment_sources",
        {
            "customer_id": "@customers",
            "payment_method_id": "@payment_methods",
            "payment_source_token": "t",
        },
        {},
        {"customer_token": "x"},
    ),
    (
        "line_items",
        {"order_id": "@orders", "reference": "r"},
        {"name": "x", "quantity": 1, "unit_amount_cents": 1},
        {"quantity": 2},
    ),
]


def filled(shop: Organization, fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: shop.some(value[1:]) if isinstance(value, str) and value.startswith("@") else value
        for name, value in fields.items()
    }


@pytest.mark.parametrize(
    ("resource_type", "key", "further", "changed"),
    KEYED,
    ids=[f"{case[0]}-{'+'.join(case[1])}" for case in KEYED],
)
def test_row_finds_the_record_with_its_key(
    shop: Organization,
    resource_type: str,
    key: dict[str, Any],
    further: dict[str, Any],
    changed: dict[str, Any],
) -> None:
    if "sku_code" in key or "sku_code" in further:
        shop.some("skus")
    key, further = filled(shop, key), filled(shop, further)
    assert shop.load(resource_type, [key | further]).counts == CREATES
    assert shop.load(resource_type, [key | further]).counts == KEEPS
    assert shop.load(resource_type, [key | changed]).counts == UPDATES
    assert len(shop.all(resource_type)) == 1
    found = shop.one(resource_type)
    assert {name: found[name] for name in changed} == changed


@pytest.mark.parametrize(
    ("resource_type", "row"),
    [
        ("addresses", {"first_name": "A", "last_name": "B", "line_1": "1", "city": "C"}),
        ("line_items", {"order_id": "@orders", "name": "x", "quantity": 1}),
    ],
)
def test_row_of_a_type_without_a_key_is_a_new_record(
    shop: Organization, resource_type: str, row: dict[str, Any]
) -> None:
    more = {"zip_code": "1", "country_code": "IT", "phone": "1", "unit_amount_cents": 1}
    row = filled(shop, row) | more
    assert shop.load(resource_type, [row, row]).counts == (2, 0, 0, 0)


# Ids


def test_id_comes_before_every_key(shop: Organization) -> None:
    first, _ = shop.have("skus", code="A"), shop.have("skus", code="B")
    assert shop.load("skus", [{"id": first, "code": "C"}]).counts == UPDATES
    assert shop.values("skus", "code") == ["C", "B"]


@pytest.mark.parametrize("id", [None, "", " "])
def test_blank_id_names_nothing(shop: Organization, id: object) -> None:
    shop.have("skus", code="A")
    assert shop.load("skus", [{"id": id, "code": "A", "name": "new"}]).counts == UPDATES


@pytest.mark.parametrize("id", ["nowhere", "0123456789", "x" * 10, 5, [], "sku of another type"])
def test_id_that_names_no_record_is_an_error(shop: Organization, id: object) -> None:
    shop.have("skus", code="A")
    outcome = shop.load("skus", [{"id": id, "code": "A", "name": "new"}])
    assert outcome.errors == {1: {"id": ["must exist"]}}
    assert shop.values("skus", "name") == ["Some SKU"]


def test_id_of_another_type_is_none_of_this_one(shop: Organization) -> None:
    price_list = shop.some("price_lists")
    assert shop.load("skus", [{"id": price_list}]).errors == {1: {"id": ["must exist"]}}


# Keys


def test_first_key_whose_parts_are_given_decides_and_the_next_is_not_asked(
    shop: Organization,
) -> None:
    shop.have("shipping_categories", code="a", name="X")
    assert shop.load("shipping_categories", [{"code": "b", "name": "X"}]).counts == CREATES
    assert shop.load("shipping_categories", [{"code": "a", "name": "Y"}]).counts == UPDATES
    assert shop.values("shipping_categories", "code", "name") == [("a", "Y"), ("b", "X")]


def test_name_that_several_records_have_matches_none_of_them(shop: Organization) -> None:
    rows = [{"code": "a", "name": "X"}, {"code": "b", "name": "X"}]
    shop.load("shipping_categories", rows)
    outcome = shop.load("shipping_categories", [{"name": "X", "reference": "r"}])
    assert outcome.errors == {1: {"base": ["matches 2 records"]}}
    assert shop.values("shipping_categories", "reference") == [None, None]


@pytest.mark.parametrize("code", [" A ", "\tA\n"])
def test_white_space_around_a_key_does_not_matter(shop: Organization, code: str) -> None:
    shop.have("skus", code="A", name="old")
    assert shop.load("skus", [{"code": code, "name": "new"}]).counts == UPDATES


def test_case_of_a_code_matters(shop: Organization) -> None:
    shop.have("skus", code="A")
    rows = [{"code": "a", "name": "x", "do_not_ship": True}]
    assert shop.load("skus", rows).counts == CREATES


def test_composed_and_decomposed_letters_are_one_key(shop: Organization) -> None:
    shop.have("skus", code="\u00e9")
    assert shop.load("skus", [{"code": "e\u0301", "name": "new"}]).counts == UPDATES


@pytest.mark.parametrize("email", ["ADA@EXAMPLE.COM", " ada@example.com "])
def test_case_of_an_email_address_does_not_matter(shop: Organization, email: str) -> None:
    shop.have("customers", email="ada@example.com")
    assert shop.load("customers", [{"email": email, "reference": "r"}]).counts == UPDATES
    assert len(shop.all("customers")) == 1


def test_case_of_a_tag_does_not_matter(shop: Organization) -> None:
    assert shop.load("tags", [{"name": "Red"}, {"name": "RED"}]).counts == (1, 0, 1, 0)
    assert shop.values("tags", "name") == ["red"]


def test_number_and_its_text_are_one_key(shop: Organization) -> None:
    shop.have("skus", code="7")
    assert shop.load("skus", [{"code": 7, "name": "new"}]).counts == UPDATES


def test_one_code_in_two_markets_means_two_bundles(shop: Organization) -> None:
    other = shop.have("markets", name="Other")
    row = {
        "code": "B",
        "name": "b",
        "sku_list_id": shop.some("sku_lists"),
        "price_amount_cents": 1,
    }
    markets = [shop.some("markets"), other]
    outcome = shop.load("bundles", [{**row, "market_id": market} for market in markets])
    assert outcome.counts == (2, 0, 0, 0)
    no_market = {**row, "currency_code": "EUR"}
    assert shop.load("bundles", [no_market, no_market]).counts == (1, 0, 1, 0)


def test_frequency_and_volume_tiers_with_one_limit_are_two(shop: Organization) -> None:
    row = {"price_id": shop.some("prices"), "up_to": 5, "name": "t", "price_amount_cents": 1}
    types = ["price_volume_tiers", "price_frequency_tiers"]
    assert shop.load("price_tiers", [{**row, "type": each} for each in types]).counts == (
        2,
        0,
        0,
        0,
    )
    assert shop.values("price_tiers", "type") == types


def test_row_whose_key_cannot_be_means_nothing_that_is_there(shop: Organization) -> None:
    shop.have("tags", name="red")
    outcome = shop.load("tags", [{"name": "red!", "reference": "r"}])
    assert outcome.errors == {1: {"name": ["is invalid"]}}


def test_wrong_limit_of_a_tier_is_not_taken_for_none(shop: Organization) -> None:
    """Null is a value of that key: the row would mean the open tier, and miss nothing."""
    price = shop.have("prices", price_tiers=[{"name": "open", "price_amount_cents": 1}])
    outcome = shop.load("price_tiers", [{"price_id": price, "up_to": "x"}])
    assert outcome.errors == {
        1: {
            "up_to": ["is not a number"],
            "name": ["can't be blank"],
            "price_amount_cents": ["can't be blank"],
        }
    }


def test_null_in_a_key_that_allows_none_matches_nothing(shop: Organization) -> None:
    order = shop.some("orders")
    row = {"order_id": order, "reference": None, "name": "x", "quantity": 1, "unit_amount_cents": 1}
    assert shop.load("line_items", [row, row]).counts == (2, 0, 0, 0)


# Rows that meet in one file


def test_same_key_twice_is_created_then_updated(shop: Organization) -> None:
    rows: list[dict[str, object]] = [
        {"code": "A", "name": "one", "do_not_ship": True},
        {"code": "A", "name": "two"},
        {"code": "A"},
        {"code": "A", "name": "two", "do_not_ship": True},
    ]
    for chunk_rows in (1, 2, 2000):
        with_chunks = shop.in_chunks(chunk_rows)
        code = f"A{chunk_rows}"
        outcome = with_chunks.load("skus", [{**row, "code": code} for row in rows])
        assert outcome.counts == (1, 1, 2, 0)
        assert outcome.changes == [(2, {"name": ("one", "two")})]


def test_record_that_failed_is_not_there_for_later_rows(shop: Organization) -> None:
    rows = [
        {"code": "A", "name": "x", "pieces_per_pack": "x", "do_not_ship": True},
        {"code": "A", "reference": "only this"},
        {"code": "A", "name": "y", "do_not_ship": True},
    ]
    outcome = shop.load("skus", rows)
    assert outcome.counts == (1, 0, 0, 2)
    assert outcome.errors[2] == {
        "name": ["can't be blank"],
        "shipping_category": ["must exist"],
    }
