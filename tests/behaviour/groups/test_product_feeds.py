"""Files of WooCommerce, Google, Amazon and Medusa, imported as they are, with all that is odd."""

from pathlib import Path
from typing import Any

import pytest

from longshore.imports import ImportGroup, errors_of
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.foreign_files import WAREHOUSE, counts, import_file

SAMPLES = Path("tests/unit/dialects/samples")
MADE = {"shipping_categories": (1, 0, 0, 0), "price_lists": (1, 0, 0, 0)}


@pytest.fixture(autouse=True)
def warehouse(shop: Organization) -> None:
    shop.load("stock_locations", [WAREHOUSE])


@pytest.mark.parametrize(
    ("sample", "options", "expected"),
    [
        (
            "woocommerce.csv",
            {"currency": "EUR"},
            {
                "skus": (8, 0, 0, 4),
                "prices": (6, 0, 0, 2),
                "stock_items": (4, 0, 0, 1),
                "sku_lists": (1, 0, 0, 0),
                "sku_list_items": (2, 0, 0, 2),
            },
        ),
        (
            "google.tsv",
            {},
            {"price_lists": (4, 0, 0, 0), "skus": (11, 0, 0, 1), "prices": (5, 0, 0, 5)},
        ),
        (
            "amazon.txt",
            {"currency": "EUR"},
            {"skus": (4, 0, 0, 0), "prices": (3, 0, 0, 1), "stock_items": (2, 0, 0, 1)},
        ),
        (
            "amazon_flat.txt",
            {"currency": "EUR"},
            {"skus": (3, 0, 0, 1), "prices": (2, 0, 0, 1), "stock_items": (1, 0, 0, 1)},
        ),
        (
            "medusa.csv",
            {},
            {"price_lists": (3, 0, 0, 0), "skus": (4, 0, 0, 1), "prices": (5, 0, 0, 3)},
        ),
        (
            "medusa_v1.csv",
            {},
            {
                "price_lists": (2, 0, 0, 0),
                "skus": (4, 0, 0, 0),
                "prices": (3, 0, 0, 1),
                "stock_items": (2, 0, 0, 1),
            },
        ),
    ],
)
def test_file_is_imported_and_unchanged_the_second_time(
    shop: Organization,
    sample: str,
    options: dict[str, Any],
    expected: dict[str, tuple[int, int, int, int]],
) -> None:
    first = counts(import_file(shop, SAMPLES / sample, skip_errors=True, **options))
    assert first == MADE | expected
    again = counts(import_file(shop, SAMPLES / sample, skip_errors=True, **options))
    assert again == {
        resource_type: (0, 0, created, failed)
        for resource_type, (created, _, _, failed) in first.items()
        if resource_type not in MADE
    }


def test_prices_of_a_list_find_the_skus_that_are_there(shop: Organization) -> None:
    shop.load(
        "skus", [{"code": code, "name": code, "do_not_ship": True} for code in ("00042", "MUG-S")]
    )
    group = import_file(shop, SAMPLES / "medusa_prices.csv", skip_errors=True)
    assert counts(group) == {"price_lists": (2, 0, 0, 0), "prices": (2, 0, 0, 2)}
    assert shop.values("prices", "sku_code", "amount_cents") == [("MUG-S", 3333), ("00042", 800)]


def test_errors_name_the_cells_of_the_file(shop: Organization) -> None:
    group = import_file(shop, SAMPLES / "woocommerce.csv", currency="EUR", skip_errors=True)
    assert _errors(shop, group) == {
        ("skus", 10, 11, "base", "Type", "bundle"),
        ("skus", 11, 12, "base", "Parent", "id:98"),
        ("skus", 14, 15, "base", "Parent", ""),
        ("skus", 15, 16, "code", "SKU", None),
        ("skus", 15, 16, "name", "Name", None),
        ("prices", 12, 13, "amount_cents", "Regular price", "5,5o"),
        ("prices", 13, 14, "amount_cents", "Date sale price starts", "03/04/2026"),
        ("stock_items", 12, 13, "quantity", "Stock", "1.5"),
        ("sku_list_items", 9, 10, "sku", "Grouped products", "ELSEWHERE"),
        ("sku_list_items", 9, 10, "sku", "Grouped products", "id:99"),
    }


def test_price_without_a_currency_fails_and_the_others_are_imported(shop: Organization) -> None:
    group = import_file(shop, SAMPLES / "google.tsv", skip_errors=True)
    assert {each for each in _errors(shop, group) if each[1] in (6, 7)} == {
        ("prices", 6, 8, "amount_cents", "price", "15.00 MOO"),
        ("prices", 6, 8, "price_list", "price", None),
        ("prices", 7, 9, "amount_cents", "price", "15.00"),
        ("prices", 7, 9, "price_list", "price", None),
    }
    assert ("shirt-m", 1980) in shop.values("prices", "sku_code", "amount_cents")


def _errors(shop: Organization, group: ImportGroup) -> set[tuple[object, ...]]:
    with shop.longshore.database.read() as tx:
        return {
            (
                member.resource_type,
                *(each.source_row, each.line, each.attribute, each.column, each.value),
            )
            for member in group.members
            for each in errors_of(tx, member.id)
        }
