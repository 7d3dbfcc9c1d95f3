"""Which fields are given back together, in all types."""

import pytest

from longshore.catalogue import load_catalogue
from longshore.engine.undoing.field_units import field_units

CATALOGUE = load_catalogue()

# Of the tables that are not named here, every field is a unit by itself.
UNITS: dict[str, list[str]] = {
    "addresses": ["business company first_name last_name", "country_code zip_code"],
    "adjustments": ["amount_cents currency_code"],
    "attachments": ["attachable_id attachable_type"],
    "bundles": [
        "compare_at_amount_cents currency_code market_id price_amount_cents sku_list_id",
    ],
    "customer_payment_sources": ["payment_source_id payment_source_type"],
    "gift_cards": [
        "balance_cents balance_max_cents currency_code initial_balance_cents market_id",
    ],
    "line_items": [
        "bundle_code item_id item_type name order_id quantity sku_code unit_amount_cents",
    ],
    "links": ["item_id item_type"],
    "orders": [
        "approved_at archived_at cancelled_at placed_at status",
        "payment_source_id payment_source_type",
    ],
    "payment_methods": [
        "auto_capture_max_amount_cents currency_code market_id price_amount_cents",
    ],
    "promotions": ["currency_code fixed_amount_cents"],
    "shipping_methods": [
        "currency_code free_over_amount_cents market_id price_amount_cents",
        "external_prices_url scheme",
        "max_weight min_weight unit_of_weight",
    ],
    "sku_lists": ["manual sku_code_regex"],
    "sku_options": ["currency_code market_id price_amount_cents"],
    "skus": ["do_not_ship shipping_category_id", "unit_of_weight weight"],
    "stock_transfers": [
        "cancelled_at completed_at in_transit_at on_hold_at picking_at status",
    ],
    "tax_calculators": ["baseurl kind"],
}


@pytest.mark.parametrize("table", sorted(CATALOGUE.tables))
def test_units_follow_from_the_catalogue(table: str) -> None:
    units = field_units(CATALOGUE, table)
    several = sorted({" ".join(sorted(unit)) for unit in units.values() if len(unit) > 1})
    assert several == UNITS.get(table, [])
    assert all(field in unit for field, unit in units.items())
    columns = {each.name for each in CATALOGUE.tables[table].attributes}
    for link in CATALOGUE.tables[table].links:
        columns |= {link.column, link.type_column or link.column}
    assert units.keys() <= columns
