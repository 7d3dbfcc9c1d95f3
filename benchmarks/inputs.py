"""Inputs of any length, the same at every call: SKUs with 11 columns, and orders with line items.

Nothing is random: the number of a row decides its values, so two programs can be given the same
rows, and a benchmark can be repeated.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

SKU_COLUMNS = (
    "code",
    "name",
    "shipping_category_id",
    "description",
    "image_url",
    "pieces_per_pack",
    "weight",
    "unit_of_weight",
    "hs_tariff_number",
    "do_not_ship",
    "do_not_track",
)

_COLOURS = ("black", "white", "navy", "olive", "crimson", "sand", "grey", "teal")
_THINGS = ("shirt", "trousers", "jacket", "scarf", "belt", "cap", "sock", "bag", "coat")

SkuRow = tuple[str, str, str, str, str, int, float, str, str, bool, bool]

# A prime, so that every row comes once unless it divides their number.
_STRIDE = 7919

LINES_PER_ORDER = 4


def sku_rows(
    count: int, *, shipping_category_id: str, edition: int = 1, shuffled: bool = False
) -> Iterator[SkuRow]:
    """Rows in the order of `SKU_COLUMNS`. Editions differ in name and weight, in every row.

    Shuffled, each chunk has codes from everywhere, and so touches every page of their index.
    """
    for position in range(count):
        number = position * _STRIDE % count if shuffled else position
        colour = _COLOURS[number % len(_COLOURS)]
        thing = _THINGS[number % len(_THINGS)]
        yield (
            f"SKU{number:09d}",
            f"{colour} {thing} {number} no. {edition}",
            shipping_category_id,
            f"A {colour} {thing} of 100 % cotton, machine washable, item {number} of this season",
            f"https://img.example.com/{number % 1000}/{thing}-{number}.png",
            1 + number % 12,
            # In quarters, which text and number hold alike.
            100 + number % 900 + edition * 0.25,
            "gr",
            f"6109{number % 10_000:04d}",
            False,
            number % 10 == 0,
        )


def write_skus_csv(path: Path, rows: Iterator[SkuRow]) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(SKU_COLUMNS)
        writer.writerows((*row[:-2], *map(str.lower, map(str, row[-2:]))) for row in rows)


def write_skus_json(path: Path, rows: Iterator[SkuRow]) -> None:
    _write_array(path, (dict(zip(SKU_COLUMNS, row, strict=True)) for row in rows))


def write_skus_ndjson(path: Path, rows: Iterator[SkuRow]) -> None:
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(dict(zip(SKU_COLUMNS, row, strict=True))) + "\n")


def order_elements(count: int, *, market_id: str, codes: Sequence[str]) -> Iterator[dict]:
    """Orders with `LINES_PER_ORDER` line items each; both can be found again."""
    for number in range(count):
        yield {
            "number": f"N{number}",
            "market_id": market_id,
            "customer_email": f"customer{number % max(count // 5, 1)}@example.com",
            "line_items": [
                {
                    "reference": f"{number}-{line}",
                    "sku_code": codes[(number * LINES_PER_ORDER + line) % len(codes)],
                    "name": f"line {line}",
                    "quantity": 1 + line,
                    "unit_amount_cents": 100 + number % 900,
                }
                for line in range(LINES_PER_ORDER)
            ],
        }


def write_orders_json(path: Path, orders: Iterator[dict]) -> None:
    _write_array(path, orders)


def _write_array(path: Path, elements: Iterator[dict]) -> None:
    with open(path, "w", encoding="utf-8") as file:
        for index, element in enumerate(elements):
            file.write(("[\n" if index == 0 else ",\n") + json.dumps(element))
        file.write("\n]\n")
