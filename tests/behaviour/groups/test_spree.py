"""Spree's files, one after another."""

from pathlib import Path

from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.foreign_files import WAREHOUSE, counts, import_file
from tests.unit.dialects.made import SAMPLES

TRANSLATIONS = """\
slug,locale,name,description,meta_title,meta_description
mill,de,Kaffeemühle,"Mahlt, langsam",,
mill,fr,Moulin,,Moulin | Boutique,
gone,de,Weg,,,
,de,Niemand,,,
"""


def test_products_then_their_translations(shop: Organization, tmp_path: Path) -> None:
    shop.load("stock_locations", [WAREHOUSE])
    group = import_file(shop, SAMPLES / "spree.csv", skip_errors=True)
    assert counts(group) == {
        "shipping_categories": (1, 0, 0, 0),
        "skus": (5, 0, 0, 2),
        "price_lists": (2, 0, 0, 0),
        "prices": (6, 0, 0, 3),
        "stock_items": (3, 1, 0, 1),
    }
    path = tmp_path / "product_translations.csv"
    path.write_text(TRANSLATIONS, encoding="utf-8")
    assert counts(import_file(shop, path, skip_errors=True)) == {"skus": (0, 3, 0, 2)}
    told = dict(shop.values("skus", "code", "metadata"))
    for code in ("MILL-SILVER", "MILL-BLACK", "mill-red"):
        assert told[code]["product"]["title"] == "Coffee Mill"
        assert told[code]["translations"] == {
            "de": {"name": "Kaffeemühle", "description": "Mahlt, langsam"},
            "fr": {"name": "Moulin", "meta_title": "Moulin | Boutique"},
        }
    assert "translations" not in told["GUIDE"]
    assert counts(import_file(shop, path, skip_errors=True)) == {"skus": (0, 0, 3, 2)}


def test_customers_are_unchanged_the_second_time(shop: Organization) -> None:
    path = SAMPLES / "spree_customers.csv"
    shop.with_flags(addresses_phone_required=False)
    assert counts(import_file(shop, path)) == {
        "customers": (3, 0, 0, 0),
        "customer_addresses": (2, 0, 0, 0),
    }
    assert counts(import_file(shop, path)) == {
        "customers": (0, 0, 3, 0),
        "customer_addresses": (0, 0, 2, 0),
    }


def test_addresses_without_a_phone_number_are_told_where_one_is_needed(shop: Organization) -> None:
    group = import_file(shop, SAMPLES / "spree_customers.csv", skip_errors=True)
    assert counts(group) == {"customers": (3, 0, 0, 0)}
    (told,) = [each for each in group.notices if "without a phone number" in each.message]
    assert told.count == 2
    assert "addresses_phone_required=false" in (told.hint or "")
