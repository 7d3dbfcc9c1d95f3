"""SKUs written as files of other systems, which are imported without a change."""

import csv
from pathlib import Path
from typing import Any

import pytest

from longshore.dialects import DialectRefused
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.foreign_files import WAREHOUSE, counts, import_file

SAMPLES = Path("tests/unit/dialects/samples")
BARCODE = {"metadata": {"barcode": "'12"}}


@pytest.fixture(autouse=True)
def warehouse(shop: Organization) -> None:
    shop.load("stock_locations", [WAREHOUSE])


def exported(shop: Organization, path: Path, dialect: str = "shopify") -> list[dict[str, str]]:
    with shop.longshore.records.export_as(shop.environment, dialect) as found:
        path.write_text("".join(found.lines), newline="")
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def comes_back(shop: Organization, path: Path, **options: Any) -> list[dict[str, str]]:
    """Export into a file, of which an import changes nothing; its rows."""
    rows = exported(shop, path)
    made = counts(import_file(shop, path, currency="EUR", **options))
    assert [each[:2] for each in made.values()] == [(0, 0)] * len(made), made
    return rows


NO_STATUS = """\
Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Inventory tracker
ball,Ball - round,true,Title,Default Title,,10,
pen,Pen / - x,,Color,a / b,P1,10,shopify
pen,,,,c,P2,11,
min,Min,,,,,,
"""


@pytest.mark.parametrize("status", [None, ""])
def test_a_file_that_says_no_status_comes_back_without_one(
    shop: Organization, tmp_path: Path, status: str | None
) -> None:
    path = tmp_path / "products.csv"
    rows = NO_STATUS.splitlines()
    if status is not None:
        rows = [f"{row},{'Status' if row is rows[0] else status}" for row in rows]
    path.write_text("\n".join(rows))
    import_file(shop, path, currency="EUR")
    comes_back(shop, tmp_path / "export.csv")
    assert counts(import_file(shop, path, currency="EUR"))["skus"] == (0, 0, 4, 0)


@pytest.mark.parametrize("keeps_again", [False, True])
def test_columns_that_were_kept_stay(
    shop: Organization, tmp_path: Path, *, keeps_again: bool
) -> None:
    import_file(shop, SAMPLES / "shopify.csv", currency="EUR", skip_errors=True, keep_rest=True)
    before = shop.values("skus", "code", "metadata")
    comes_back(shop, tmp_path / "export.csv", keep_rest=keeps_again)
    assert shop.values("skus", "code", "metadata") == before


def test_skus_of_which_no_product_of_shopify_can_be_made_come_back_as_they_are(
    shop: Organization, tmp_path: Path
) -> None:
    own = {"shipping_category_id": shop.some("shipping_categories"), "reference_origin": "erp"}
    shirt = {"reference": "shirt", "description": "Of cotton"}
    images = {"image_url": "https://x.test/1.jpg", "metadata": {"images": ["https://x.test/2.jpg"]}}
    shop.load(
        "skus",
        [
            own | {"code": "K1", "name": "Kone", "reference": "erp-77", "weight": 1.5}
            | {"unit_of_weight": "lb", "metadata": {"mine": {"a": 1}}, "description": " d\n"},
            own | {"code": "K 2", "name": "-K two", "tags": [{"name": "Sale_1"}]},
            own | {"code": "K-2", "name": "K - Default Title", "metadata": {"barcode": 12}},
            own | shirt | images | {"code": "A", "name": "Shirt"},
            own | shirt | {"code": "B", "name": "Shirt of silk", "description": "Of silk"},
            # Called as variants are, so they are one product.
            *(
                own | {"code": f"cap-{each}", "name": f"Cap - {each}", "reference": "cap"}
                | {"metadata": {"options": {"Size": each}, "product": {"id": 7}}}
                for each in ("S", "M")
            ),
        ],
    )  # fmt: skip
    rows = comes_back(shop, tmp_path / "export.csv")
    # SKUs without a reference stand first on one database, last on the other.
    handles = sorted(row["Handle"] for row in rows if row["Title"])
    assert handles == ["a", "b", "cap", "erp-77", "k-2", "k-2"]
    path = SAMPLES / "shopify_2025.csv"
    import_file(shop, path, currency="EUR")
    shop.load("skus", [{"code": sku, "name": "New"} for sku in shop.values("skus", "code")[-1:]])
    comes_back(shop, tmp_path / "export.csv")


@pytest.mark.parametrize("sample", ["shopify.csv", "shopify_2025.csv"])
def test_an_export_imports_without_a_change(
    shop: Organization, tmp_path: Path, sample: str
) -> None:
    import_file(shop, SAMPLES / sample, currency="EUR", skip_errors=True)
    path = tmp_path / "export.csv"
    rows = exported(shop, path)
    made = counts(import_file(shop, path, currency="EUR"))
    assert set(made) == {"skus", "prices", "stock_items"}
    for created, updated, unchanged, failed in made.values():
        assert (created, updated, failed) == (0, 0, 0)
        assert unchanged
    # And once more it says the same.
    assert exported(shop, path) == rows


def test_what_an_export_says(shop: Organization, tmp_path: Path) -> None:
    import_file(shop, SAMPLES / "shopify.csv", currency="EUR", skip_errors=True)
    rows = [row for row in exported(shop, tmp_path / "export.csv") if row["Handle"] == "wool-cap"]
    assert [row["Variant SKU"] for row in rows] == [
        *("00123", "wool-cap-m-dark-blue", "wool-cap-m-ete-grun", "CAP-L"),
    ]
    assert [row["Title"] for row in rows] == ["Wool Cap", "", "", ""]
    assert [row["Option1 Name"] for row in rows] == ["Size", "", "", ""]
    assert [row["Option2 Value"] for row in rows][:3] == ["Dark Blue", "Dark Blue", "Été/Grün"]
    assert [row["Variant Price"] for row in rows] == ["19.90", "19.90", "50.00", "19.90"]
    assert [row["Image Src"][-9:] for row in rows] == ["cap-1.jpg", "cap-2.jpg", "cap-3.jpg", ""]
    assert rows[0]["Variant Image"].endswith("cap-blue.jpg")
    assert rows[0]["Variant Compare At Price"] == "25.00"
    assert rows[1]["Variant Inventory Qty"] == "0"


def test_a_sku_from_elsewhere_is_a_product_of_its_own(shop: Organization, tmp_path: Path) -> None:
    category = shop.some("shipping_categories")
    shop.load(
        "skus",
        [
            {
                "code": "A 1",
                "name": "Ink, blue",
                "shipping_category_id": category,
                "weight": 2,
                "unit_of_weight": "oz",
                "do_not_ship": True,
            }
        ],
    )
    (row,) = exported(shop, tmp_path / "export.csv")
    assert (row["Handle"], row["Title"], row["Variant SKU"]) == ("a-1", "Ink, blue", "A 1")
    assert (row["Option1 Name"], row["Option1 Value"]) == ("Title", "Default Title")
    assert (row["Variant Grams"], row["Variant Weight Unit"]) == ("56.69904625", "oz")
    assert row["Variant Requires Shipping"] == "false"
    assert (row["Variant Price"], row["Variant Inventory Qty"]) == ("", "")


def test_code_that_begins_with_an_apostrophe_comes_back_as_it_is(
    shop: Organization, tmp_path: Path
) -> None:
    category = shop.some("shipping_categories")
    codes = ["'abc", "''d", "e'f"]
    skus = [
        {"code": code, "name": code, "shipping_category_id": category} | BARCODE for code in codes
    ]
    shop.load("skus", skus)
    path = tmp_path / "export.csv"
    rows = exported(shop, path)
    assert [row["Variant SKU"] for row in rows] == ["''abc", "'" + "''d", "e'f"]
    assert counts(import_file(shop, path, currency="EUR"))["skus"] == (0, 0, 3, 0)
    assert shop.values("skus", "code") == codes
    assert [each["metadata"]["barcode"] for each in shop.all("skus")] == ["'12"] * 3
    assert exported(shop, path) == rows


def test_what_is_not_clear_is_refused(shop: Organization, tmp_path: Path) -> None:
    with pytest.raises(DialectRefused, match="no file of the dialect 'google' can be written"):
        exported(shop, tmp_path / "export.csv", "google")
    shop.load(
        "price_lists",
        [{"code": each, "name": each, "currency_code": "EUR"} for each in ("one", "two")],
    )
    with pytest.raises(DialectRefused, match="several price lists, and a file has one: one, two"):
        exported(shop, tmp_path / "export.csv")
