"""What relationships point at: ids, shortcuts, records made on the way."""

import pytest

from tests.behaviour.engine.organization import Organization

# Ids


@pytest.mark.parametrize("id", ["nowhere", "0123456789", 5, [], True])
def test_id_of_nothing_must_exist(shop: Organization, id: object) -> None:
    row = {"email": "a@example.com", "customer_group_id": id}
    assert shop.load("customers", [row]).errors == {1: {"customer_group": ["must exist"]}}


def test_id_of_another_type_must_exist(shop: Organization) -> None:
    row = {"email": "a@example.com", "customer_group_id": shop.some("price_lists")}
    assert shop.load("customers", [row]).errors == {1: {"customer_group": ["must exist"]}}


@pytest.mark.parametrize("blank", [None, "", " "])
def test_blank_id_of_what_need_not_be_there_is_no_target(shop: Organization, blank: object) -> None:
    group = shop.some("customer_groups")
    shop.load("customers", [{"email": "a@example.com", "customer_group_id": group}])
    row = {"email": "a@example.com", "customer_group_id": blank}
    assert shop.load("customers", [row]).counts == (0, 1, 0, 0)
    assert shop.one("customers")["customer_group_id"] is None


def test_missing_target_is_reported_once_with_all_other_errors(shop: Organization) -> None:
    outcome = shop.load("skus", [{"code": "A", "shipping_category_id": "nowhere"}])
    assert outcome.errors == {1: {"shipping_category": ["must exist"], "name": ["can't be blank"]}}


def test_id_wins_over_a_shortcut(shop: Organization) -> None:
    first, second = shop.have("skus", code="A"), shop.have("skus", code="B")
    row = {"sku_id": first, "sku_code": "B", "amount_cents": 1}
    assert shop.load("prices", [row], parent=shop.some("price_lists")).counts == (1, 0, 0, 0)
    assert shop.one("prices")["sku_id"] == first != second


# Shortcuts


@pytest.mark.parametrize("code", ["A", " A "])
def test_code_names_a_sku(shop: Organization, code: str) -> None:
    sku = shop.have("skus", code="A")
    row = {"sku_code": code, "amount_cents": 1}
    shop.load("prices", [row], parent=shop.some("price_lists"))
    assert shop.one("prices")["sku_id"] == sku


@pytest.mark.parametrize("code", ["B", "a", "", None, 7])
def test_code_of_nothing_must_exist(shop: Organization, code: object) -> None:
    shop.have("skus", code="A")
    row = {"sku_code": code, "amount_cents": 1}
    outcome = shop.load("prices", [row], parent=shop.some("price_lists"))
    assert outcome.errors == {1: {"sku": ["must exist"]}}


def test_code_of_a_sku_can_be_changed_under_its_price(shop: Organization) -> None:
    sku = shop.have("skus", code="A")
    other = shop.have("skus", code="B")
    parent = shop.some("price_lists")
    shop.load("prices", [{"sku_code": "A", "amount_cents": 1}], parent=parent)
    price = shop.one("prices")["id"]
    assert shop.load("prices", [{"id": price, "sku_code": "B"}]).counts == (0, 1, 0, 0)
    assert shop.one("prices")["sku_id"] == other != sku


@pytest.mark.parametrize("name", ["coupon_code", "gift_card_code"])
def test_codes_of_orders_must_be_there(shop: Organization, name: str) -> None:
    shop.have("gift_cards", code="CARD-0001")
    shop.have("coupons", code="SUMMER2024")
    market = shop.some("markets")
    row = {"market_id": market, name: "WINTER2024"}
    assert shop.load("orders", [row]).errors == {1: {name: ["doesn't exist"]}}
    known = {"coupon_code": "SUMMER2024", "gift_card_code": "CARD-0001"}[name]
    for code in (known, "", None):
        assert shop.load("orders", [{"market_id": market, name: code}]).counts == (1, 0, 0, 0)


# Records made on the way


def test_unknown_email_address_makes_a_customer(shop: Organization) -> None:
    market = shop.some("markets")
    rows = [
        {"market_id": market, "customer_email": email}
        for email in ("A@x.com", " a@X.com ", "b@x.com")
    ]
    for chunk_rows in (1, 2, 2000):
        assert shop.in_chunks(chunk_rows).load("orders", rows).counts == (3, 0, 0, 0)
    assert shop.values("customers", "email") == ["A@x.com", "b@x.com"]
    first, second = shop.values("customers", "id")
    assert shop.values("orders", "customer_id") == [first, first, second] * 3


def test_customer_of_an_order_is_made_like_any_other(shop: Organization) -> None:
    shop.load("orders", [{"market_id": shop.some("markets"), "customer_email": "a@x.com"}])
    customer = shop.one("customers")
    assert (customer["has_password"], customer["metadata"]) == (False, {})
    assert shop.load("customers", [{"email": "a@x.com", "reference": "r"}]).counts == (0, 1, 0, 0)


@pytest.mark.parametrize("email", ["nobody", "x" * 600 + "@x.com"])
def test_email_address_that_cannot_be_is_an_error(shop: Organization, email: str) -> None:
    row = {"market_id": shop.some("markets"), "customer_email": email}
    assert shop.load("orders", [row]).errors == {1: {"customer_email": ["is invalid"]}}
    assert shop.all("customers") == []


@pytest.mark.parametrize("blank", [None, "", " "])
def test_blank_email_address_makes_nobody(shop: Organization, blank: object) -> None:
    row = {"number": "N", "market_id": shop.some("markets"), "customer_email": blank}
    assert shop.load("orders", [row]).counts == (1, 0, 0, 0)
    assert shop.one("orders")["customer_id"] is None
    assert shop.all("customers") == []


def test_failing_row_leaves_no_customer_behind(shop: Organization) -> None:
    market = shop.some("markets")
    good = {"market_id": market, "customer_email": "a@x.com"}
    rows = [good | {"language_code": []}, good | {"number": "N"}, {"customer_email": "b@x.com"}]
    for chunk_rows in (1, 2000):
        outcome = shop.in_chunks(chunk_rows).load("orders", rows)
        assert list(outcome.errors) == [1, 3]
    assert shop.values("customers", "email") == ["a@x.com"]


def test_recipient_of_a_gift_card_is_found_or_made(shop: Organization) -> None:
    row = {"balance_cents": 1, "currency_code": "EUR", "recipient_email": "a@x.com"}
    assert shop.load("gift_cards", [row, row]).counts == (2, 0, 0, 0)
    (recipient,) = shop.values("gift_card_recipients", "id")
    assert shop.values("gift_cards", "gift_card_recipient_id") == [recipient, recipient]
    assert shop.all("customers") == []


def test_made_record_is_counted_as_created_by_the_import(shop: Organization) -> None:
    """Not among the rows, but among what can be told apart and undone."""
    row = {"market_id": shop.some("markets"), "customer_email": "a@x.com"}
    import_ = shop.load("orders", [row]).import_
    with shop.longshore.database.read() as tx:
        (creator,) = tx.fetch(
            "SELECT creator_id FROM customers WHERE id = ?",
            (shop.inside(shop.one("customers")["id"]),),
        )
    assert creator == (import_.id,)


def test_customer_email_is_only_for_new_addresses_of_customers(shop: Organization) -> None:
    address, customer = shop.have("addresses"), shop.have("customers", email="a@x.com")
    row = {"customer_email": "a@x.com", "address_id": address}
    assert shop.load("customer_addresses", [row]).counts == (1, 0, 0, 0)
    found = shop.one("customer_addresses")
    assert found["customer_id"] == customer


# Families and relationships to more than one type


def test_target_of_a_family_is_of_a_type_that_is_allowed(shop: Organization) -> None:
    rule = shop.some("coupon_codes_promotion_rules")
    other = shop.have(
        "coupon_codes_promotion_rules", promotion_id=shop.some("free_shipping_promotions")
    )
    assert rule != other
    promotion = shop.some("percentage_discount_promotions")
    shop.load("order_amount_promotion_rules", [{"promotion_id": promotion}])
    amount_rule = shop.one("order_amount_promotion_rules")["id"]
    row = {"code": "SUMMER2024", "promotion_rule_id": amount_rule}
    assert shop.load("coupons", [row]).errors == {1: {"promotion_rule": ["must exist"]}}
    row = {"code": "SUMMER2024", "promotion_rule_id": rule}
    assert shop.load("coupons", [row]).counts == (1, 0, 0, 0)


@pytest.mark.parametrize("resource_type", ["avalara_accounts", "manual_tax_calculators"])
def test_type_of_a_target_may_be_named_and_must_then_fit(
    shop: Organization, resource_type: str
) -> None:
    shop.have("skus", code="A")
    row = {"code": "1", "sku_code": "A", "tax_calculator_id": shop.some(resource_type)}
    wrong = {**row, "tax_calculator_type": "vertex_accounts"}
    assert shop.load("tax_categories", [wrong]).errors == {1: {"tax_calculator": ["must exist"]}}
    right = {**row, "tax_calculator_type": resource_type}
    assert shop.load("tax_categories", [right]).counts == (1, 0, 0, 0)


def test_item_of_a_line_is_of_the_type_that_its_id_has(shop: Organization) -> None:
    order, sku = shop.some("orders"), shop.have("skus", code="A")
    row = {"order_id": order, "item_id": sku, "quantity": 1, "unit_amount_cents": 1}
    assert shop.load("line_items", [row]).counts == (1, 0, 0, 0)
    line = shop.one("line_items")
    assert (line["item_type"], line["sku_code"], line["name"]) == ("skus", "A", "Some SKU")
    wrong = {**row, "item_type": "gift_cards"}
    assert shop.load("line_items", [wrong]).errors == {1: {"item": ["must exist"]}}


@pytest.mark.parametrize("spelling", ["sku", "Sku", "skus"])
def test_type_of_an_item_has_several_spellings(shop: Organization, spelling: str) -> None:
    shop.have("line_items", item_type=spelling)
    assert shop.one("line_items")["item_type"] == "skus"


def test_payment_source_is_one_of_many_types(shop: Organization) -> None:
    order = shop.some("orders")
    payment = shop.have("external_payments")
    assert shop.load("orders", [{"id": order, "payment_source_id": payment}]).counts == (0, 1, 0, 0)
    assert shop.one("orders")["payment_source_id"] == payment
    typed = {"id": order, "payment_source_id": payment, "payment_source_type": "wire_transfers"}
    assert shop.load("orders", [typed]).errors == {1: {"payment_source": ["must exist"]}}
    outcome = shop.load("orders", [{"id": order, "payment_source_id": order}])
    assert outcome.errors == {1: {"payment_source": ["must exist"]}}


def test_rows_of_an_abstract_type_say_which_they_are(shop: Organization) -> None:
    row = {"name": "x", "starts_at": "2024-01-01", "expires_at": "2025-01-01"}
    outcome = shop.load("price_tiers", [{"price_id": shop.some("prices"), **row, "type": "cars"}])
    assert outcome.errors[1]["type"] == ["is not included in the list"]


def test_record_of_a_sister_type_is_not_found(shop: Organization) -> None:
    price = shop.some("prices")
    row = {"price_id": price, "name": "t", "price_amount_cents": 1}
    shop.load("price_volume_tiers", [row])
    tier = shop.one("price_volume_tiers")["id"]
    assert shop.load("price_frequency_tiers", [{"id": tier}]).errors == {1: {"id": ["must exist"]}}
    assert shop.load("price_tiers", [{"id": tier, "name": "u"}]).counts == (0, 1, 0, 0)
    # a key of one type is not that of its sister, either
    assert shop.load("price_frequency_tiers", [row]).counts == (1, 0, 0, 0)


def test_concrete_type_names_itself(shop: Organization) -> None:
    first = shop.have("percentage_discount_promotions", name="same")
    second = shop.have("free_shipping_promotions", name="same")
    assert shop.one("percentage_discount_promotions")["id"] == first
    assert shop.one("free_shipping_promotions")["id"] == second
    row = {"name": "same", "percentage": 20, "priority": 1}
    assert shop.load("percentage_discount_promotions", [row]).counts == (0, 1, 0, 0)
