"""A plausible row of each type that tests need; `@type` stands for the id of some record of it."""

from collections.abc import Mapping
from typing import Any

PERIOD = {"starts_at": "2024-01-01", "expires_at": "2034-01-01"}

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "addresses": {
        "business": True,
        "company": "Acme",
        "line_1": "Via Roma 1",
        "city": "Prato",
        "zip_code": "59100",
        "country_code": "IT",
        "phone": "1",
    },
    "avalara_accounts": {"name": "Avalara", "username": "a", "password": "b", "company_code": "c"},
    "bundles": {
        "code": "SOME",
        "name": "Some bundle",
        "market_id": "@markets",
        "sku_list_id": "@sku_lists",
        "price_amount_cents": 1000,
    },
    "coupon_codes_promotion_rules": {"promotion_id": "@percentage_discount_promotions"},
    "coupons": {"code": "SUMMER2024", "promotion_rule_id": "@coupon_codes_promotion_rules"},
    "customer_groups": {"name": "VIP"},
    "customers": {"email": "somebody@example.com"},
    "external_gateways": {"name": "External"},
    "external_payments": {"order_id": "@orders", "payment_source_token": "t"},
    "free_shipping_promotions": {"name": "Free shipping", **PERIOD},
    "gift_cards": {"currency_code": "EUR", "balance_cents": 1000},
    "inventory_models": {"name": "All"},
    "line_items": {
        "order_id": "@orders",
        "name": "Thing",
        "quantity": 1,
        "unit_amount_cents": 100,
        "item_type": "skus",
    },
    "manual_tax_calculators": {"name": "Manual"},
    "markets": {
        "name": "Some market",
        "merchant_id": "@merchants",
        "price_list_id": "@price_lists",
        "inventory_model_id": "@inventory_models",
    },
    "merchants": {"name": "Acme", "address_id": "@addresses"},
    "orders": {"market_id": "@markets"},
    "payment_methods": {
        "payment_gateway_id": "@external_gateways",
        "payment_source_type": "external_payments",
        "market_id": "@markets",
        "price_amount_cents": 0,
    },
    "percentage_discount_promotions": {"name": "Ten percent", "percentage": 10, **PERIOD},
    "price_lists": {"name": "Some list", "currency_code": "EUR"},
    "prices": {"price_list_id": "@price_lists", "sku_id": "@skus", "amount_cents": 1000},
    "shipping_categories": {"name": "Some category"},
    "shipping_methods": {
        "name": "Some method",
        "currency_code": "EUR",
        "price_amount_cents": 0,
    },
    "sku_lists": {"name": "Some SKUs"},
    "sku_options": {"name": "Engraving", "market_id": "@markets"},
    "skus": {"code": "SOME", "name": "Some SKU", "shipping_category_id": "@shipping_categories"},
    "stock_locations": {"name": "Some location", "address_id": "@addresses"},
    "tags": {"name": "some"},
}
