"""Inputs of any length, the same at every call.

Nothing is random: the number of a row decides its values, so two programs can be given the same
rows, and a benchmark can be repeated.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import xlsxwriter

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
WIDE_SKU_COLUMNS = (*SKU_COLUMNS, "reference", "reference_origin", "metadata")
ADDRESS_COLUMNS = (
    "first_name",
    "last_name",
    "line_1",
    "city",
    "zip_code",
    "state_code",
    "country_code",
    "phone",
    "email",
)

LINES_PER_ORDER = 4
TIERS_PER_PRICE = 2
SKUS_OF_ORDERS = 1_000

_COLOURS = ("black", "white", "navy", "olive", "crimson", "sand", "grey", "teal")
_THINGS = ("shirt", "trousers", "jacket", "scarf", "belt", "cap", "sock", "bag", "coat")
_TAGS = ("newsletter", "vip", "wholesale", "press", "staff", "returning", "trial")
_CITIES = (("Prato", "59100", "PO"), ("Milano", "20121", "MI"), ("Torino", "10121", "TO"))

# A prime, so that every number comes once unless it divides their count.
_STRIDE = 7919

SkuRow = tuple[str, str, str, str, str, int, float, str, str, bool, bool]
Row = Sequence[object]


def sku_code(number: int) -> str:
    return f"SKU{number:09d}"


def sku_row(number: int, shipping_category_id: str, edition: int = 1) -> SkuRow:
    """In the order of `SKU_COLUMNS`. Editions differ in name and weight."""
    colour = _COLOURS[number % len(_COLOURS)]
    thing = _THINGS[number % len(_THINGS)]
    return (
        sku_code(number),
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


def sku_rows(count: int, *, shipping_category_id: str, edition: int = 1) -> Iterator[SkuRow]:
    for number in range(count):
        yield sku_row(number, shipping_category_id, edition)


def numbers_in_no_order(count: int, below: int) -> Iterator[int]:
    """So many different numbers from everywhere below a bound, each beside others' neighbours."""
    assert below % _STRIDE
    for position in range(count):
        yield position * _STRIDE % below


def wide_sku_rows(count: int, *, shipping_category_id: str) -> Iterator[Row]:
    """In the order of `WIDE_SKU_COLUMNS`."""
    for number in range(count):
        season = json.dumps({"season": f"S{number % 8}", "pages": [number % 7, number % 11]})
        yield (*sku_row(number, shipping_category_id), f"R-{number}", "erp", season)


def bad_sku_rows(count: int, *, shipping_category_id: str, one_in: int) -> Iterator[Row]:
    """SKUs of which every so manieth cannot be: in turn for its weight, unit, name and flag."""
    for number in range(count):
        row: list[object] = [*sku_row(number, shipping_category_id)]
        if number % one_in == one_in - 1:
            column, value = ((6, "heavy"), (7, "stone"), (1, ""), (9, "perhaps"))[
                number // one_in % 4
            ]
            row[column] = value
        yield row


def repeated_sku_rows(count: int, *, shipping_category_id: str, one_in: int) -> Iterator[Row]:
    """SKUs of which every so manieth has the code of one that came ten rows before it."""
    for number in range(count):
        is_repeated = number % one_in == one_in - 1
        yield sku_row(
            number - 10 if is_repeated else number, shipping_category_id, 2 if is_repeated else 1
        )


def price_rows(count: int) -> Iterator[Row]:
    for number in range(count):
        yield sku_code(number), 100 + number % 9_900


def tiered_prices(count: int) -> Iterator[Mapping[str, object]]:
    for number in range(count):
        yield {
            "sku_code": sku_code(number),
            "amount_cents": 1_000 + number % 9_900,
            "price_tiers": [_tier(number, tier) for tier in range(TIERS_PER_PRICE)],
        }


def tier_rows(price_ids: Sequence[str]) -> Iterator[Row]:
    for number, price in enumerate(price_ids):
        for tier in range(TIERS_PER_PRICE):
            yield price, *_tier(number, tier).values()


def _tier(number: int, tier: int) -> dict[str, object]:
    return {
        "name": f"from {10 * tier}",
        "up_to": 10 * (tier + 1),
        "price_amount_cents": 900 - 100 * tier + number % 100,
    }


TIER_COLUMNS = ("price_id", *_tier(0, 0))


def stock_rows(count: int) -> Iterator[Row]:
    for number in range(count):
        yield sku_code(number), number % 500


def customer_rows(count: int) -> Iterator[Row]:
    for number in range(count):
        yield f"customer{number}@example.com", f"C-{number}", _TAGS[number % len(_TAGS)]


def address_rows(count: int) -> Iterator[Row]:
    for number in range(count):
        city, zip_code, state = _CITIES[number % len(_CITIES)]
        yield (
            f"Anna {number % 700}",
            f"Rossi {number}",
            f"Via Roma {1 + number % 300}",
            city,
            zip_code,
            state,
            "IT",
            f"+39 055 {number:07d}",
            f"customer{number}@example.com",
        )


def orders(count: int, *, market_id: str, lines: int) -> Iterator[Mapping[str, object]]:
    """Orders with so many line items each; both can be found again."""
    for number in range(count):
        yield {
            "number": f"N{number}",
            "market_id": market_id,
            "customer_email": f"customer{number % max(count // 5, 1)}@example.com",
            "line_items": [
                {
                    "reference": f"{number}-{line}",
                    "sku_code": sku_code((number * lines + line) % SKUS_OF_ORDERS),
                    "name": f"line {line}",
                    "quantity": 1 + line,
                    "unit_amount_cents": 100 + number % 900,
                }
                for line in range(lines)
            ],
        }


def sku_lists(count: int, *, items: int) -> Iterator[Mapping[str, object]]:
    for number in range(count):
        yield {
            "name": f"List {number}",
            "sku_list_items": [
                {
                    "sku_code": sku_code((number * items + item) % SKUS_OF_ORDERS),
                    "quantity": 1 + item % 9,
                }
                for item in range(items)
            ],
        }


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([str(cell).lower() if isinstance(cell, bool) else cell for cell in row])


def write_workbook(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """As spreadsheet programs do: numbers are numbers, and cells share their texts."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("SKUs")
        for number, row in enumerate(chain([columns], rows)):
            for column, cell in enumerate(row):
                if isinstance(cell, bool):
                    sheet.write_boolean(number, column, cell)
                elif isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                else:
                    sheet.write(number, column, cell)


def write_json(path: Path, elements: Iterable[Mapping[str, Any]]) -> None:
    with open(path, "w", encoding="utf-8") as file:
        for index, element in enumerate(elements):
            file.write(("[\n" if index == 0 else ",\n") + json.dumps(element))
        file.write("\n]\n")


def write_ndjson(path: Path, elements: Iterable[Mapping[str, Any]]) -> None:
    with open(path, "w", encoding="utf-8") as file:
        for element in elements:
            file.write(json.dumps(element) + "\n")


def write_skus(path: Path, rows: Iterable[SkuRow]) -> None:
    """SKUs of 11 columns, in the format that the name ends with."""
    if path.suffix in (".csv", ".xlsx"):
        write_table = write_csv if path.suffix == ".csv" else write_workbook
        write_table(path, SKU_COLUMNS, rows)
        return
    write = write_json if path.suffix == ".json" else write_ndjson
    write(path, (dict(zip(SKU_COLUMNS, row, strict=True)) for row in rows))
