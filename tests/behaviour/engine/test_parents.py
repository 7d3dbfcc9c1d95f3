"""`parent_resource_id`: fills a relationship of rows that name none."""

import pytest

from longshore.errors import RequestRefused
from tests.behaviour.engine.organization import Organization


@pytest.fixture
def two_lists(shop: Organization) -> tuple[str, str]:
    """A SKU, and two price lists to put its prices into."""
    shop.have("skus", code="A")
    return shop.have("price_lists", name="EU"), shop.have("price_lists", name="US", code="us")


def test_parent_fills_what_rows_leave_open(shop: Organization, two_lists: tuple[str, str]) -> None:
    european, _ = two_lists
    rows = [{"sku_code": "A", "amount_cents": 1}]
    assert shop.load("prices", rows, parent=european).counts == (1, 0, 0, 0)
    assert shop.values("prices", "price_list_id") == [european]


@pytest.mark.parametrize("open_", [{}, {"price_list_id": None}, {"price_list_id": ""}])
def test_blank_value_leaves_it_open(
    shop: Organization, two_lists: tuple[str, str], open_: dict[str, object]
) -> None:
    european, _ = two_lists
    shop.load("prices", [{"sku_code": "A", "amount_cents": 1, **open_}], parent=european)
    assert shop.values("prices", "price_list_id") == [european]


def test_value_of_the_row_wins(shop: Organization, two_lists: tuple[str, str]) -> None:
    european, american = two_lists
    rows = [{"sku_code": "A", "amount_cents": 1, "price_list_id": american}]
    shop.load("prices", rows, parent=european)
    assert shop.values("prices", "price_list_id") == [american]


def test_value_that_names_nothing_is_an_error_and_not_filled(
    shop: Organization, two_lists: tuple[str, str]
) -> None:
    rows = [{"sku_code": "A", "amount_cents": 1, "price_list_id": "nowhere"}]
    outcome = shop.load("prices", rows, parent=two_lists[0])
    assert outcome.errors == {1: {"price_list": ["must exist"]}}


def test_blank_cells_of_csv_are_filled(shop: Organization, two_lists: tuple[str, str]) -> None:
    european, american = two_lists
    shop.have("skus", code="B")
    text = f"sku_code,price_list_id,amount_cents\nA,,1\nB,{american},2\n"
    shop.load_csv("prices", text, parent=european)
    assert shop.values("prices", "price_list_id") == [european, american]


def test_filled_parent_is_part_of_the_key_by_which_rows_match(
    shop: Organization, two_lists: tuple[str, str]
) -> None:
    european, american = two_lists
    rows = [{"sku_code": "A", "amount_cents": 1}]
    changed = [{"sku_code": "A", "amount_cents": 2}]
    assert shop.load("prices", rows, parent=european).counts == (1, 0, 0, 0)
    assert shop.load("prices", changed, parent=american).counts == (1, 0, 0, 0)
    assert shop.load("prices", changed, parent=european).counts == (0, 1, 0, 0)
    assert shop.values("prices", "amount_cents") == [2, 2]


@pytest.mark.parametrize("name", ["EU", " EU ", "us"])
def test_parent_is_named_by_a_natural_key(
    shop: Organization, two_lists: tuple[str, str], name: str
) -> None:
    shop.load("prices", [{"sku_code": "A", "amount_cents": 1}], parent=name)
    assert shop.values("prices", "price_list_id") == [two_lists[name == "us"]]


def test_email_of_a_parent_is_found_in_any_case(shop: Organization) -> None:
    customer = shop.have("customers", email="ada@example.com")
    shop.load("customer_subscriptions", [{"reference": "r"}], parent="ADA@Example.com")
    assert shop.values("customer_subscriptions", "customer_id") == [customer]


@pytest.mark.parametrize(
    ("resource_type", "parent", "message"),
    [
        ("prices", "JP", "there is no price list 'JP'"),
        ("prices", "0123456789", "there is no price list '0123456789'"),
        ("prices", "", "there is no price list ''"),
        ("tags", "EU", "tags have no parent"),
    ],
)
def test_parent_that_cannot_be_is_refused_at_creation(
    shop: Organization, two_lists: tuple[str, str], resource_type: str, parent: str, message: str
) -> None:
    with pytest.raises(RequestRefused, match=message):
        shop.load(resource_type, [{"sku_code": "A"}], parent=parent)


def test_name_that_several_parents_have_is_refused(shop: Organization) -> None:
    shop.load("price_lists", [{"name": "EU", "code": "1", "currency_code": "EUR"}])
    shop.load("price_lists", [{"name": "EU", "code": "2", "currency_code": "EUR"}])
    with pytest.raises(RequestRefused, match="2 records are a price list 'EU'"):
        shop.load("prices", [{"sku_code": "A"}], parent="EU")


def test_parent_of_another_type_is_refused(shop: Organization, two_lists: tuple[str, str]) -> None:
    with pytest.raises(RequestRefused, match="there is no price list"):
        shop.load("prices", [{"sku_code": "A"}], parent=shop.some("markets"))


def test_parent_of_coupons_is_the_rule_and_not_the_promotion(shop: Organization) -> None:
    rule = shop.some("coupon_codes_promotion_rules")
    promotion = shop.some("percentage_discount_promotions")
    with pytest.raises(RequestRefused, match="there is no promotion rule"):
        shop.load("coupons", [{"code": "SUMMER2024"}], parent=promotion)
    shop.load("coupons", [{"code": "SUMMER2024"}], parent=rule)
    assert shop.values("coupons", "promotion_rule_id") == [rule]


def test_any_kind_of_tax_calculator_is_a_parent(shop: Organization) -> None:
    shop.have("skus", code="A")
    for kind in ("avalara_accounts", "manual_tax_calculators"):
        rows = [{"code": "31000", "sku_code": "A"}]
        assert shop.load("tax_categories", rows, parent=shop.some(kind)).counts == (1, 0, 0, 0)


def test_parent_of_a_family_is_named_whatever_its_type(shop: Organization) -> None:
    shop.have("skus", code="A")
    calculators = [shop.have("manual_tax_calculators", name=name) for name in ("By hand", "Both")]
    shop.have("avalara_accounts", name="Both")
    rows = [{"code": "31000", "sku_code": "A"}]
    assert shop.load("tax_categories", rows, parent=" By hand").counts == (1, 0, 0, 0)
    assert shop.values("tax_categories", "tax_calculator_id") == calculators[:1]
    with pytest.raises(RequestRefused, match="2 records are a tax calculator 'Both'"):
        shop.load("tax_categories", rows, parent="Both")


@pytest.mark.parametrize(
    ("resource_type", "parent_type", "filled", "row"),
    [
        ("orders", "markets", "market_id", {}),
        ("gift_cards", "markets", "market_id", {"balance_cents": 1}),
        ("skus", "shipping_categories", "shipping_category_id", {"code": "X", "name": "x"}),
        ("customers", "customer_groups", "customer_group_id", {"email": "x@example.com"}),
        ("sku_lists", "customers", "customer_id", {"name": "x"}),
        ("sku_options", "markets", "market_id", {"name": "x"}),
        ("stock_items", "stock_locations", "stock_location_id", {"sku_code": "A", "quantity": 1}),
        ("sku_list_items", "sku_lists", "sku_list_id", {"sku_code": "A"}),
        ("price_tiers", "prices", "price_id", {"name": "x", "price_amount_cents": 1}),
        (
            "line_items",
            "orders",
            "order_id",
            {"sku_code": "A", "quantity": 1, "unit_amount_cents": 1},
        ),
        (
            "customer_subscriptions",
            "customers",
            "customer_id",
            {"reference": "x"},
        ),
    ],
)
def test_each_type_fills_its_own_relationship(
    shop: Organization,
    resource_type: str,
    parent_type: str,
    filled: str,
    row: dict[str, object],
) -> None:
    if "sku_code" in row:
        shop.have("skus", code="A")
    parent = shop.some(parent_type)
    outcome = shop.load(resource_type, [row], parent=parent)
    assert outcome.errors == {}
    assert shop.values(resource_type, filled)[-1] == parent
