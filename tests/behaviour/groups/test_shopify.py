"""Shopify's files, imported as they are: twice, and with cells of which nothing can be made."""

from pathlib import Path

import pytest

from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.foreign_files import WAREHOUSE, counts, import_file

SAMPLES = Path("tests/unit/dialects/samples")


@pytest.fixture(autouse=True)
def warehouse(shop: Organization) -> None:
    shop.load("stock_locations", [WAREHOUSE])


def test_products_of_the_template_of_2025(shop: Organization) -> None:
    path = SAMPLES / "shopify_2025.csv"
    assert counts(import_file(shop, path, currency="EUR")) == {
        "shipping_categories": (1, 0, 0, 0),
        "skus": (3, 0, 0, 0),
        "price_lists": (1, 0, 0, 0),
        "prices": (3, 0, 0, 0),
        "stock_items": (2, 0, 0, 0),
    }
    assert shop.values("prices", "amount_cents", "compare_at_amount_cents") == [
        (2950, 3950),
        (2950, None),
        (900, None),
    ]
    assert counts(import_file(shop, path, currency="EUR")) == {
        "skus": (0, 0, 3, 0),
        "prices": (0, 0, 3, 0),
        "stock_items": (0, 0, 2, 0),
    }


def test_metadata_that_a_file_does_not_say_stay(shop: Organization, tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    head = "Handle,Title,Variant Price,Vendor,Status"
    path.write_text(f"{head},Shelf\nmug,Mug,5,Acme,draft,A1\n")
    import_file(shop, path, currency="EUR", keep_rest=True)
    shop.load("skus", [{"code": "mug", "metadata.own": {"a": 1}}])
    path.write_text(f"{head}\nmug,Mug,5,New,\n")
    assert counts(import_file(shop, path, currency="EUR"))["skus"] == (0, 1, 0, 0)
    product = {"handle": "mug", "title": "Mug", "vendor": "New"}
    kept = {"status": "draft", "Shelf": "A1", "own": {"a": 1}}
    assert shop.values("skus", "metadata") == [{"product": product, **kept}]


def test_products_with_all_that_is_odd(shop: Organization) -> None:
    path = SAMPLES / "shopify.csv"
    group = import_file(shop, path, currency="EUR", skip_errors=True)
    assert counts(group) == {
        "shipping_categories": (1, 0, 0, 0),
        "skus": (10, 0, 0, 4),
        "price_lists": (1, 0, 0, 0),
        "prices": (10, 0, 0, 2),
        "stock_items": (7, 0, 0, 2),
    }
    by_code = {code: rest for code, *rest in shop.values("skus", "code", "name", "weight")}
    assert by_code["wool-cap-m-dark-blue"] == ["Wool Cap - M / Dark Blue", 30]
    assert by_code["CAP-L"] == ["Wool Cap - L / Dark Blue", 33]
    assert by_code["00123"] == ["Wool Cap - S / Dark Blue", 28]
    assert counts(import_file(shop, path, currency="EUR", skip_errors=True)) == {
        "skus": (0, 0, 10, 4),
        "prices": (0, 0, 10, 2),
        "stock_items": (0, 0, 7, 2),
    }


def test_inventory(shop: Organization) -> None:
    names = {"main": "Main warehouse", "shop": "The shop"}
    places = [{**WAREHOUSE, "code": code, "name": name} for code, name in names.items()]
    shop.load("stock_locations", places)
    import_file(
        shop,
        SAMPLES / "shopify.csv",
        currency="EUR",
        stock_location="Main warehouse",
        skip_errors=True,
    )
    path = SAMPLES / "shopify_inventory_2021.csv"
    assert counts(import_file(shop, path)) == {"stock_items": (1, 1, 1, 0)}
    assert counts(import_file(shop, path)) == {"stock_items": (0, 0, 3, 0)}


def test_customers(shop: Organization) -> None:
    path = SAMPLES / "shopify_customers.csv"
    assert counts(import_file(shop, path)) == {
        "customers": (3, 0, 0, 0),
        "customer_addresses": (2, 0, 0, 0),
    }
    assert counts(import_file(shop, path)) == {
        "customers": (0, 0, 3, 0),
        "customer_addresses": (0, 0, 2, 0),
    }


def test_orders(shop: Organization) -> None:
    shop.some("markets")
    path = SAMPLES / "shopify_orders.csv"
    assert counts(import_file(shop, path, skip_errors=True)) == {
        "orders": (2, 0, 0, 2),
        "line_items": (3, 0, 0, 1),
    }
    assert shop.values("line_items", "total_amount_cents") == [3980, 2000, 2000]
    assert counts(import_file(shop, path, skip_errors=True)) == {
        "orders": (0, 0, 2, 2),
        "line_items": (0, 0, 3, 1),
    }
