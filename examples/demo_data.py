"""The rows of the demo: a shop that we made up, the same on every run.

Each function returns rows as an import takes them. A few rows are wrong on purpose, fewer than
one in ten; `BAD_ROWS` says how many each file has.
"""

import itertools
import random
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]

BAD_ROWS = {
    "shipping_categories": 0,
    "stock_locations": 0,
    "price_lists": 0,
    "inventory_models": 0,
    "merchants": 0,
    "markets": 0,
    "skus": 5,
    "prices": 3,
    "stock_items": 3,
    "customers": 4,
    "orders": 4,
}

SHIPPING_CATEGORIES = [
    {"code": "parcel", "name": "Parcel"},
    {"code": "letter", "name": "Letter"},
    {"code": "freight", "name": "Freight"},
]

# Each location holds its address: nested, so that a second run updates it where it is.
STOCK_LOCATIONS = [
    {
        "code": "genoa",
        "name": "Genoa warehouse",
        "address": {
            "reference": "address-genoa",
            "business": True,
            "company": "Molo Nuovo S.r.l.",
            "line_1": "Via del Molo 12",
            "city": "Genova",
            "zip_code": "16126",
            "state_code": "GE",
            "country_code": "IT",
            "phone": "+39 010 0000012",
        },
    },
    {
        "code": "rotterdam",
        "name": "Rotterdam warehouse",
        "address": {
            "reference": "address-rotterdam",
            "business": True,
            "company": "Kade Zuid B.V.",
            "line_1": "Havenstraat 7",
            "city": "Rotterdam",
            "zip_code": "3011 AA",
            "state_code": "ZH",
            "country_code": "NL",
            "phone": "+31 10 0000007",
        },
    },
]

PRICE_LISTS = [
    {"code": "europe", "name": "Europe", "currency_code": "EUR", "tax_included": "true"},
    {"code": "switzerland", "name": "Switzerland", "currency_code": "CHF", "tax_included": "true"},
]

INVENTORY_MODELS = [{"name": "Nearest warehouse", "strategy": "no_split"}]

_PRODUCTS = [
    # name, code, shipping category, weight in grams, price in cents
    ("Deck jacket", "JACKET", "parcel", 900, 18900),
    ("Sailor sweater", "SWEATER", "parcel", 650, 12900),
    ("Striped shirt", "SHIRT", "parcel", 210, 4900),
    ("Canvas trousers", "TROUSERS", "parcel", 520, 8900),
    ("Linen shorts", "SHORTS", "parcel", 260, 5900),
    ("Wool hat", "HAT", "letter", 90, 2900),
    ("Rope belt", "BELT", "letter", 140, 1900),
    ("Harbour bag", "BAG", "parcel", 800, 7900),
    ("Oilskin coat", "COAT", "parcel", 1400, 24900),
    ("Rain boots", "BOOTS", "parcel", 1800, 9900),
    ("Cotton scarf", "SCARF", "letter", 120, 2400),
    ("Wool blanket", "BLANKET", "parcel", 1500, 11900),
    ("Sea chest", "CHEST", "freight", 24000, 39900),
]
_COLOURS = [
    ("Ivory", "IV"),
    ("Navy", "NV"),
    ("Sand", "SD"),
    ("Rust", "RU"),
    ("Moss", "MO"),
    ("Slate", "SL"),
    ("Coral", "CO"),
    ("Ochre", "OC"),
    ("Black", "BK"),
    ("Crème", "CR"),
]
_SIZES = ["XXS", "XS", "S", "M", "L", "XL", "XXL"]
_EDITIONS = ["", "Pier ", "Regatta ", "Winter "]

_FIRST_NAMES = [
    "Ada",
    "Bruno",
    "Chiara",
    "Dario",
    "Elin",
    "Femke",
    "Goran",
    "Hanna",
    "Ilse",
    "José",
]
_LAST_NAMES = ["Rossi", "Visser", "Keller", "Moreau", "Lindqvist", "Novak", "Ferrari", "Smit"]
_TAGS = ["newsletter", "wholesale", "vip", "returns-often", "fair-2024"]


def skus(count: int, category_ids: dict[str, str]) -> list[Row]:
    """SKUs as CSV cells; `category_ids` are the ids of the shipping categories by code."""
    rows = [
        {
            "code": sku["code"],
            "name": sku["name"],
            "description": sku["description"],
            "weight": str(sku["weight"]),
            "unit_of_weight": "gr",
            "pieces_per_pack": "1",
            "shipping_category_id": category_ids[sku["category"]],
        }
        for sku in itertools.islice(_catalogue(), count)
    ]
    rows[7]["name"] = ""
    rows[21]["unit_of_weight"] = "stone"
    rows[38]["weight"] = "about 2 kg"
    rows[52]["shipping_category_id"] = "nosuchid00"
    rows[71].update(name="", pieces_per_pack="one")
    return rows


def prices(count: int) -> list[Row]:
    """Prices with their tiers nested; the price list is named once for all rows."""
    rows: list[Row] = []
    for index, sku in enumerate(itertools.islice(_catalogue(), count)):
        if index in _REFUSED_SKUS:
            continue
        row: Row = {"sku_code": sku["code"], "amount_cents": sku["amount"]}
        if index % 4 == 0:
            row["compare_at_amount_cents"] = sku["amount"] * 5 // 4
        if index % 10 == 0:
            row["price_tiers"] = [
                {"name": "up to 9", "up_to": 9, "price_amount_cents": sku["amount"]},
                {"name": "10 to 49", "up_to": 49, "price_amount_cents": sku["amount"] * 9 // 10},
                {"name": "50 and more", "price_amount_cents": sku["amount"] * 8 // 10},
            ]
        rows.append(row)
    rows[10]["amount_cents"] = -100
    rows[24]["sku_code"] = "NO-SUCH-SKU"
    rows[36]["price_tiers"] = [{"name": "free?", "up_to": 0, "price_amount_cents": "free"}]
    return rows


def stock_items(count: int) -> list[Row]:
    """Quantities as CSV cells; the stock location is named once for all rows."""
    chance = random.Random("stock")
    rows = [
        {"sku_code": sku["code"], "quantity": str(chance.randrange(0, 400))}
        for index, sku in enumerate(itertools.islice(_catalogue(), count))
        if index not in _REFUSED_SKUS
    ]
    rows[5]["quantity"] = "plenty"
    rows[29]["quantity"] = "-3"
    rows[44]["sku_code"] = "NO-SUCH-SKU"
    return rows


def customers(count: int) -> list[Row]:
    """Customers as CSV cells; `tags.name` holds a list."""
    chance = random.Random("customers")
    rows = [
        {
            "email": _email(index),
            "reference": f"customer-{index:04}",
            "tags.name": ",".join(chance.sample(_TAGS, chance.randrange(0, 3))),
        }
        for index in range(count)
    ]
    rows[3]["email"] = "ada.rossi at example.com"
    rows[16]["email"] = ""
    rows[27]["tags.name"] = "vip,likes tea"
    rows[42].update({"email": "nobody@", "tags.name": "!"})
    return rows


def orders(count: int, customer_count: int, sku_count: int) -> Iterator[Row]:
    """Placed orders with their lines nested; a line without an amount takes its SKU's price."""
    chance = random.Random("orders")
    codes = [
        sku["code"]
        for index, sku in enumerate(itertools.islice(_catalogue(), sku_count))
        if index not in _REFUSED_SKUS
    ]
    for index in sorted(_REFUSED_PRICES, reverse=True):
        del codes[index]
    bad: dict[int, Row] = {
        4: {"line_items.0.quantity": 0},
        19: {"line_items.0.sku_code": "NO-SUCH-SKU"},
        33: {"customer_email": "not an address"},
        48: {"language_code": "en", "market_id": "nosuchid00"},
    }
    for index in range(count):
        lines: list[Row] = [
            {
                "reference": f"line-{line}",
                "item_type": "skus",
                "sku_code": chance.choice(codes),
                "quantity": chance.randrange(1, 6),
            }
            for line in range(1, chance.randrange(2, 6))
        ]
        order: Row = {
            "number": f"D{100001 + index}",
            "customer_email": _email(chance.randrange(customer_count)),
            "language_code": chance.choice(["en", "it", "de"]),
            "line_items": lines,
            "_place": True,
        }
        for field, value in bad.get(index, {}).items():
            if field.startswith("line_items.0."):
                lines[0][field.removeprefix("line_items.0.")] = value
            else:
                order[field] = value
        yield order


# Where the rows of `skus` and of `prices` are wrong: what comes later avoids those SKUs.
_REFUSED_SKUS = frozenset({7, 21, 38, 52, 71})
_REFUSED_PRICES = frozenset({10, 24, 36})


def _catalogue() -> Iterator[Row]:
    """Every product in every edition, colour and size; the plain edition first."""
    for edition, colour, product, size in itertools.product(_EDITIONS, _COLOURS, _PRODUCTS, _SIZES):
        name, code, category, weight, amount = product
        yield {
            "code": f"{edition.strip().upper()[:3] or 'STD'}-{code}-{colour[1]}-{size}",
            "name": f"{edition}{name}, {colour[0]}, {size}",
            "description": f'"{edition}{name}" in {colour[0].lower()}; size {size}',
            "category": category,
            "weight": weight,
            "amount": amount + 500 * _EDITIONS.index(edition),
        }


def _email(index: int) -> str:
    first = _FIRST_NAMES[index % len(_FIRST_NAMES)].lower().replace("é", "e")
    last = _LAST_NAMES[index // len(_FIRST_NAMES) % len(_LAST_NAMES)].lower()
    return f"{first}.{last}.{index}@example.com"
