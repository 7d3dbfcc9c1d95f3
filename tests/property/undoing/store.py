"""Records as plain dictionaries, and what must hold of them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# id -> table, type, tags, creator and times besides the values of its columns.
Records = dict[int, dict[str, Any]]

# Fields that are given back together or not at all, by table.
UNITS: Mapping[str, tuple[frozenset[str], ...]] = {
    "skus": (
        frozenset({"do_not_ship", "shipping_category_id"}),
        frozenset({"weight", "unit_of_weight"}),
    ),
    "addresses": (
        frozenset({"business", "first_name", "last_name", "company"}),
        frozenset({"country_code", "zip_code"}),
    ),
    "orders": (frozenset({"status", "placed_at", "approved_at", "cancelled_at", "archived_at"}),),
    "line_items": (
        frozenset(
            {
                "item_id",
                "item_type",
                "sku_code",
                "bundle_code",
                "name",
                "quantity",
                "unit_amount_cents",
                "order_id",
            }
        ),
    ),
    "sku_lists": (frozenset({"manual", "sku_code_regex"}),),
}

# Fields by which one record may have them, by table.
UNIQUE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "skus": (("code",),),
    "prices": (("price_list_id", "sku_id"),),
    "price_lists": (("code",),),
    "customers": (("email",),),
    "orders": (("number",),),
    "stock_items": (("stock_location_id", "sku_id"),),
    "customer_addresses": (("customer_id", "address_id"),),
    "tags": (("name",),),
    "sku_list_items": (("sku_list_id", "sku_id"),),
}
NULL_IS_A_VALUE = {"price_tiers": (("price_id", "type", "up_to"),)}

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "skus": ("code", "name"),
    "prices": ("amount_cents", "price_list_id", "sku_id"),
    "price_tiers": ("name", "price_amount_cents", "price_id"),
    "customers": ("email",),
    "addresses": ("line_1", "city", "country_code"),
    "orders": ("market_id",),
    "line_items": ("quantity", "order_id", "unit_amount_cents"),
    "stock_items": ("quantity", "stock_location_id", "sku_id"),
    "customer_addresses": ("address_id",),
    "tags": ("name",),
    "sku_lists": ("name",),
}

# Columns that hold the id of another record.
LINK_END = "_id"
NO_LINKS = frozenset({"creator_id", "profile_id"})

# Fields that name another record by a text: (table, field) -> (table, field) of that record.
NAMING: Mapping[tuple[str, str], tuple[str, str]] = {
    ("orders", "coupon_code"): ("coupons", "code"),
    ("orders", "gift_card_code"): ("gift_cards", "code"),
    ("line_items", "sku_code"): ("skus", "code"),
    ("line_items", "bundle_code"): ("bundles", "code"),
}


def unit_of(table: str, field: str) -> frozenset[str]:
    """The fields that share their fate with a field, itself among them."""
    for unit in UNITS.get(table, ()):
        if field in unit:
            return unit
    return frozenset({field})


def links_of(record: Mapping[str, Any]) -> Iterator[int]:
    """The ids of the records that a record refers to."""
    for name, value in record.items():
        if name.endswith(LINK_END) and name not in NO_LINKS and value is not None:
            yield value
    yield from record["tags"]


def names(record: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a record names another one by a text."""
    return any(
        record["table"] == table
        and record.get(field) is not None
        and other["table"] == target
        and record[field] == other[key]
        for (table, field), (target, key) in NAMING.items()
    )


def keys_of(record: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What only this record may have."""
    table = record["table"]
    for fields in UNIQUE.get(table, ()):
        values = [record.get(name) for name in fields]
        if None not in values:
            yield (table, fields, *values)
    for fields in NULL_IS_A_VALUE.get(table, ()):
        yield (table, fields, *(record.get(name) for name in fields))


def is_valid(record: Mapping[str, Any], flags: Mapping[str, Any]) -> bool:
    """Whether a row could make a record so."""
    table = record["table"]
    if any(_is_blank(record.get(name)) for name in REQUIRED.get(table, ())):
        return False
    if table == "skus" and record["do_not_ship"] is not True:
        return record["shipping_category_id"] is not None
    if table == "addresses":
        person = ("company",) if record["business"] is True else ("first_name", "last_name")
        if any(_is_blank(record[name]) for name in person):
            return False
        if record["country_code"] != "HK" and _is_blank(record["zip_code"]):
            return False
        if flags.get("addresses_phone_required", True) and _is_blank(record["phone"]):
            return False
    if table == "sku_lists" and record["manual"] is False:
        return not _is_blank(record["sku_code_regex"])
    return True


def rivals(records: Records, among: Iterable[int]) -> dict[int, set[int]]:
    """Which other records have a key of these."""
    holders: dict[tuple[Any, ...], set[int]] = {}
    for id, record in records.items():
        for key in keys_of(record):
            holders.setdefault(key, set()).add(id)
    found: dict[int, set[int]] = {}
    for id in among:
        others = {other for key in keys_of(records[id]) for other in holders[key]} - {id}
        if others:
            found[id] = others
    return found


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
