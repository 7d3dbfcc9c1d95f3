"""What is imported while the process is killed: 20,000 rows that do everything an import does.

Five files, one after another: SKUs whose keys repeat, customers with tags, prices with tiers,
orders with line items that make customers on their way, and SKUs once more, changed and tagged. In
each of them rows fail, for reasons of their own and of their nested records.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

# Resource type and file, in the order of the imports.
FILES = (
    ("skus", "skus.csv"),
    ("customers", "customers.ndjson"),
    ("prices", "prices.json"),
    ("orders", "orders.ndjson"),
    ("skus", "changed.json"),
)

ROWS = {
    "skus.csv": 12_000,
    "customers.ndjson": 2_000,
    "prices.json": 2_500,
    "orders.ndjson": 1_500,
    "changed.json": 2_000,
}
assert sum(ROWS.values()) == 20_000


def write_sources(folder: Path, ids: Mapping[str, str], *, share: float = 1.0) -> None:
    """Write the files, or such a share of their rows; `ids` are those of the ground, by type."""
    rows = {name: int(count * share) for name, count in ROWS.items()}
    _write_csv(folder / "skus.csv", _skus(rows["skus.csv"], ids))
    _write_ndjson(folder / "customers.ndjson", _customers(rows["customers.ndjson"]))
    _write_json(folder / "prices.json", _prices(rows["prices.json"], ids))
    _write_ndjson(folder / "orders.ndjson", _orders(rows["orders.ndjson"], ids))
    _write_json(folder / "changed.json", _changed_skus(rows["changed.json"], ids))


def _skus(count: int, ids: Mapping[str, str]) -> Iterator[dict[str, object]]:
    for number in range(count):
        # Every seventh row names again a SKU of shortly before.
        yield {
            "code": _code(number - number % 40 if number % 7 == 6 else number),
            "name": "" if number % 31 == 30 else f"Shirt {number}",
            "shipping_category_id": ids["shipping_categories"],
            "description": f"A shirt, the {number}th of its kind",
            "pieces_per_pack": 1 + number % 12,
            "weight": "heavy" if number % 101 == 100 else 100 + number % 900,
            "unit_of_weight": "gr",
        }


def _customers(count: int) -> Iterator[dict[str, object]]:
    for number in range(count):
        yield {
            # Every fourth names again a customer of before, with other tags.
            "email": "nobody" if number % 29 == 28 else f"c{number - number % 4 % 3}@example.com",
            "reference": f"r{number}",
            "tags": [{"name": f"t{number % 5}"}, {"name": f"u{number % 3}"}],
        }


def _prices(count: int, ids: Mapping[str, str]) -> Iterator[dict[str, object]]:
    for number in range(count):
        yield {
            # SKUs that do not exist, whose rows failed or never were, are among them.
            "sku_code": _code(number * 4),
            "price_list_id": ids["price_lists"],
            "amount_cents": 1000 + number,
            "price_tiers": [
                {"name": "ten", "up_to": 10, "price_amount_cents": 900},
                {"name": "" if number % 37 == 36 else "more", "price_amount_cents": 800},
            ],
        }


def _orders(count: int, ids: Mapping[str, str]) -> Iterator[dict[str, object]]:
    for number in range(count):
        # Every fifth row changes an order of shortly before.
        order = number - 3 if number % 5 == 4 else number
        yield {
            "number": f"N{order}",
            "market_id": ids["markets"],
            "customer_email": f"{'c' if number % 2 else 'buyer'}{number % 300}@example.com",
            "line_items": [
                {
                    "reference": f"{order}-{line}",
                    "sku_code": _code(order * 7 + line),
                    "quantity": 0 if number % 41 == 40 and line == 1 else 1 + number % 4,
                    "unit_amount_cents": 100 + order,
                }
                for line in range(2)
            ],
        }


def _changed_skus(count: int, ids: Mapping[str, str]) -> Iterator[dict[str, object]]:
    for number in range(count):
        yield {
            "code": _code(number * 6),
            "name": None if number % 43 == 42 else f"Shirt {number} of this year",
            "shipping_category_id": ids["shipping_categories"],
            "metadata": {"year": 2026, "shelf": number % 50},
            "tags": [{"name": f"t{number % 7}"}],
        }


def _code(number: int) -> str:
    return f"SKU{number:05d}"


def _write_csv(path: Path, rows: Iterator[dict[str, object]]) -> None:
    listed = list(rows)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, listed[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)


def _write_json(path: Path, rows: Iterator[dict[str, object]]) -> None:
    path.write_text(json.dumps(list(rows)), encoding="utf-8")


def _write_ndjson(path: Path, rows: Iterator[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
