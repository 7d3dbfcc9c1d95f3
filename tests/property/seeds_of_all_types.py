"""What is there before a random import of any type begins: records of every type that it can name.

Records of the importable types have the keys that random rows name (`KEYS`), so that rows find,
change and collide with what is stored.
"""

from collections import Counter

from tests.property.seeds import SEEDS
from tests.property.strategies import ImportCall, Ref

KEYS = ("WRITTEN-1", "WRITTEN-2", "WRITTEN-3")  # the last one is of no seed
FIRST, SECOND, _ = KEYS
# Keys that rows have for themselves, by the place of the row; all of them are those of SKUs.
OWN_KEYS = tuple(f"WRITTEN-{number}" for number in range(4, 44))

ALL_SEEDS = (
    *SEEDS,
    ImportCall("shipping_categories", ({"name": FIRST, "code": FIRST},)),
    ImportCall("tags", ({"name": "written-1"}, {"name": "blue"})),
    ImportCall("price_lists", ({"name": FIRST, "code": FIRST, "currency_code": "JPY"},)),
    ImportCall("google_geocoders", ({"name": "Maps", "api_key": "secret"},)),
    ImportCall(
        "stock_locations", ({"name": FIRST, "code": FIRST, "address_id": Ref("addresses", 0)},)
    ),
    ImportCall(
        "skus",
        (
            {"code": FIRST, "name": "first", "do_not_ship": True, "tags": [{"name": "blue"}]},
            {
                "code": SECOND,
                "name": "second",
                "shipping_category_id": Ref("shipping_categories", 0),
                "metadata": {"colour": "red"},
            },
        ),
    ),
    ImportCall(
        "skus", tuple({"code": key, "name": "own", "do_not_ship": True} for key in OWN_KEYS)
    ),
    ImportCall(
        "sku_options",
        (
            {"name": FIRST, "market_id": Ref("markets", 0)},
            {"name": FIRST, "currency_code": "EUR", "price_amount_cents": 100},
        ),
    ),
    ImportCall(
        "prices",
        (
            {"sku_code": FIRST, "amount_cents": 500, "price_list_id": Ref("price_lists", 0)},
            {"sku_code": FIRST, "amount_cents": 600, "price_list_id": Ref("price_lists", 1)},
        ),
    ),
    ImportCall(
        "stock_items",
        ({"sku_code": FIRST, "quantity": 3, "stock_location_id": Ref("stock_locations", 0)},),
    ),
    ImportCall(
        "sku_lists",
        (
            {
                "name": FIRST,
                "sku_list_items": [{"sku_code": FIRST, "quantity": 2}, {"sku_code": "A"}],
            },
        ),
    ),
    ImportCall(
        "bundles",
        (
            {
                "code": FIRST,
                "name": "first",
                "market_id": Ref("markets", 0),
                "sku_list_id": Ref("sku_lists", 0),
                "price_amount_cents": 900,
            },
            {
                "code": SECOND,
                "name": "second",
                "currency_code": "EUR",
                "sku_list_id": Ref("sku_lists", 1),
                "price_amount_cents": 800,
            },
        ),
    ),
    ImportCall("customers", ({"email": "b@x.it", "tags": [{"name": "red"}]},)),
    ImportCall("customer_subscriptions", ({"customer_email": "a@x.it", "reference": FIRST},)),
    ImportCall("coupon_recipients", ({"email": "a@x.it"},)),
    ImportCall("gift_card_recipients", ({"email": "a@x.it"},)),
    ImportCall(
        "coupons", ({"code": FIRST, "promotion_rule_id": Ref("coupon_codes_promotion_rules", 0)},)
    ),
    ImportCall(
        "gift_cards",
        (
            {"code": FIRST, "currency_code": "EUR", "balance_cents": 1000},
            {"code": SECOND, "market_id": Ref("markets", 0), "balance_cents": 500},
        ),
    ),
    ImportCall("stores", ({"name": "Shop", "market_id": Ref("markets", 0)},)),
    ImportCall("manual_gateways", ({"name": "By hand"},)),
    ImportCall(
        "payment_methods",
        (
            {
                "payment_source_type": "wire_transfers",
                "currency_code": "EUR",
                "price_amount_cents": 0,
                "payment_gateway_id": Ref("manual_gateways", 0),
            },
        ),
    ),
    ImportCall(
        "orders",
        (
            {
                "number": FIRST,
                "market_id": Ref("markets", 0),
                "customer_email": "b@x.it",
                "line_items": [
                    {"sku_code": FIRST, "quantity": 1, "reference": FIRST},
                    {"bundle_code": FIRST, "quantity": 1, "unit_amount_cents": 900},
                    {"name": "gift wrap", "quantity": 1, "unit_amount_cents": 100},
                ],
            },
        ),
    ),
    ImportCall(
        "line_item_options",
        (
            {
                "line_item_id": Ref("line_items", 0),
                "sku_option_id": Ref("sku_options", 0),
                "quantity": 1,
                "options": {"text": "hello"},
                "reference": FIRST,
            },
        ),
    ),
    ImportCall("wire_transfers", ({"order_id": Ref("orders", 0)},)),
    ImportCall(
        "customer_payment_sources",
        (
            {
                "customer_id": Ref("customers", 0),
                "payment_method_id": Ref("payment_methods", 0),
                "payment_source_id": Ref("wire_transfers", 0),
                "payment_source_type": "wire_transfers",
                "payment_source_token": FIRST,
            },
        ),
    ),
    ImportCall("manual_tax_calculators", ({"name": "By hand"},)),
    ImportCall(
        "external_tax_calculators",
        ({"name": "Elsewhere", "tax_calculator_url": "https://tax.test"},),
    ),
    ImportCall(
        "tax_categories",
        (
            {
                "code": FIRST,
                "sku_code": FIRST,
                "tax_calculator_id": Ref("manual_tax_calculators", 0),
                "tax_calculator_type": "manual_tax_calculators",
            },
        ),
    ),
    ImportCall(
        "stock_transfers",
        (
            {
                "number": FIRST,
                "sku_code": FIRST,
                "quantity": 1,
                "origin_stock_location_id": Ref("stock_locations", 0),
                "destination_stock_location_id": Ref("stock_locations", 1),
            },
        ),
    ),
)

# What the records have in fields of text, by which rows may name them.
SEEDED_TEXTS: dict[tuple[str, str], list[object]] = {}
for _call in ALL_SEEDS:
    for _row in _call.rows:
        assert isinstance(_row, dict)
        for _name, _value in _row.items():
            if isinstance(_value, str):
                SEEDED_TEXTS.setdefault((_call.resource_type, _name), []).append(_value)

# How many records of a type there are to name, here and inside of others.
SEEDS_COUNT = Counter(call.resource_type for call in ALL_SEEDS for _ in call.rows)
SEEDS_COUNT.update({"price_tiers": 2, "sku_list_items": 3, "line_items": 5})
