"""What is there before a random import begins: a small shop, and a record elsewhere."""

from tests.property.strategies import ImportCall, Ref

ADDRESS = {
    "business": True,
    "company": "Acme",
    "line_1": "Via Roma 1",
    "city": "Prato",
    "zip_code": "59100",
    "country_code": "IT",
    "phone": "1",
}

SEEDS = (
    ImportCall("shipping_categories", ({"name": "Goods"}, {"name": "Books", "code": "books"})),
    ImportCall("addresses", (ADDRESS,)),
    ImportCall(
        "price_lists",
        ({"name": "EU", "currency_code": "EUR"}, {"name": "US", "currency_code": "USD"}),
    ),
    ImportCall("merchants", ({"name": "Acme", "address_id": Ref("addresses", 0)},)),
    ImportCall("inventory_models", ({"name": "All"},)),
    ImportCall(
        "markets",
        (
            {
                "name": "Europe",
                "merchant_id": Ref("merchants", 0),
                "price_list_id": Ref("price_lists", 0),
                "inventory_model_id": Ref("inventory_models", 0),
            },
        ),
    ),
    ImportCall(
        "stock_locations",
        (
            {"name": "Prato", "address_id": Ref("addresses", 0)},
            {"name": "Rome", "code": "rome", "address_id": Ref("addresses", 0)},
        ),
    ),
    ImportCall("customer_groups", ({"name": "Friends"},)),
    ImportCall(
        "percentage_discount_promotions",
        (
            {
                "name": "Spring",
                "starts_at": "2026-03-01",
                "expires_at": "2026-06-01",
                "percentage": 10,
            },
        ),
    ),
    ImportCall(
        "coupon_codes_promotion_rules",
        ({"promotion_id": Ref("percentage_discount_promotions", 0)},),
    ),
    ImportCall(
        "skus",
        (
            {"code": "A", "name": "a", "shipping_category_id": Ref("shipping_categories", 0)},
            {"code": "B", "name": "b", "do_not_ship": True, "tags": [{"name": "red"}]},
        ),
    ),
    ImportCall(
        "prices",
        (
            {
                "sku_code": "A",
                "amount_cents": 1000,
                "price_list_id": Ref("price_lists", 0),
                "price_tiers": [
                    {"name": "t", "up_to": 1, "price_amount_cents": 900},
                    {"name": "t", "price_amount_cents": 800},
                ],
            },
        ),
    ),
    ImportCall("customers", ({"email": "a@x.it"},)),
    ImportCall(
        "customer_addresses",
        ({"customer_id": Ref("customers", 0), "address_id": Ref("addresses", 0)},),
    ),
    ImportCall("sku_lists", ({"name": "L1", "sku_list_items": [{"sku_code": "A"}]},)),
    ImportCall(
        "coupons",
        ({"code": "COUPON-1", "promotion_rule_id": Ref("coupon_codes_promotion_rules", 0)},),
    ),
    ImportCall(
        "orders",
        (
            {
                "number": "N1",
                "market_id": Ref("markets", 0),
                "customer_email": "a@x.it",
                "line_items": [
                    {"sku_code": "A", "quantity": 1},
                    {"sku_code": "A", "quantity": 2, "reference": "r1"},
                ],
            },
        ),
    ),
)

# Imported into the other environment, so that ids from there can be tried here.
SEEDS_ELSEWHERE = (
    ImportCall("shipping_categories", ({"name": "Other"},)),
    ImportCall("skus", ({"code": "A", "name": "a", "do_not_ship": True},)),
    ImportCall("price_lists", ({"name": "Other", "currency_code": "EUR"},)),
    ImportCall("customers", ({"email": "a@x.it", "tags": [{"name": "red"}]},)),
    ImportCall("sku_lists", ({"name": "L1"},)),
)
