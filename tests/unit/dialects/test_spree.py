"""Spree's file of products: which records its rows make."""

import csv
import io
from pathlib import Path

import pytest

from longshore.dialects import DialectRefused
from tests.unit.dialects.made import SAMPLES, Made, made_of_sample, made_of_text


@pytest.fixture(scope="module")
def made() -> Made:
    return made_of_sample("spree.csv")


def test_a_product_with_variants_is_no_sku_and_its_variants_are(made: Made) -> None:
    assert made.recognised.dialect.name == "spree"
    assert {sku.get("code"): sku.get("name") for sku in made.records["skus"]} == {
        "MILL-SILVER": "Coffee Mill - Silver / L",
        "MILL-BLACK": "Coffee Mill - Matte Black",
        "mill-red": "Coffee Mill - Red",
        "GUIDE": "The Guide",
        "00123": "Beans",
        "TEA": "Tea",
        None: None,  # a row that names nothing
    }


def test_a_variant_has_what_the_row_of_its_product_says(made: Made) -> None:
    sku = made.by_code()["MILL-SILVER"]
    assert sku["description"] == "Grinds, slowly"
    assert sku["tags"] == "coffee,coffee-machines"
    assert sku["reference"] == "mill"
    assert sku["reference_origin"] == "spree"
    assert sku["hs_tariff_number"] == "8509.40"
    assert sku["image_url"] == "https://img.example/mill-silver.webp"
    assert sku["metadata"] == {
        "options": {"Color": "Silver", "Size": "L"},
        "product": {
            "handle": "mill",
            "title": "Coffee Mill",
            "type": "Appliance",
            "categories": ["Kitchen -> Mills", "Sale"],
        },
        "status": "active",
        "tax_category": "Default",
        "meta": {"meta_title": "Mill | Shop"},
        "custom_fields": {"specs.power": "1400W"},
        "dimensions": {"width": "13.8", "height": "15.7", "unit": "in"},
    }
    other = made.by_code()["MILL-BLACK"]
    assert other["image_url"] == "https://img.example/mill.webp"
    assert other["metadata"]["images"] == ["https://img.example/mill-2.webp"]
    # The name of the option stands on an earlier variant.
    assert made.by_code()["mill-red"]["metadata"]["options"] == {"Color": "Red"}


def test_rows_of_prices_are_those_of_their_sku_in_any_case(made: Made) -> None:
    prices = [
        (
            *(price.get("price_list.code"), price["sku_code"]),
            *(price.get("amount_cents"), price.get("compare_at_amount_cents")),
        )
        for price in made.records["prices"]
    ]
    assert sorted(prices, key=str) == [
        ("eur", "ELSEWHERE", "500", None),  # of a SKU that the store may have
        ("eur", "MILL-BLACK", "8190", None),
        ("eur", "MILL-SILVER", "8190", None),
        ("usd", "00123", None, None),
        ("usd", "GUIDE", "950", None),
        ("usd", "MILL-BLACK", "8799", None),
        ("usd", "MILL-SILVER", "8799", "9990"),
        ("usd", "mill-red", "8500", None),  # its crossed-out price is below the price
        (None, "TEA", None, None),
    ]
    assert [each["code"] for each in made.records["price_lists"]] == ["usd", "eur"]


def test_stock_weights_and_what_is_not_tracked(made: Made) -> None:
    stock = [(each["sku_code"], each.get("quantity")) for each in made.records["stock_items"]]
    assert stock == [
        ("MILL-SILVER", "5000"),
        ("MILL-BLACK", "0"),
        ("00123", None),
        ("TEA", "0"),
        ("MILL-SILVER", "12"),  # the row of another price has stock as well
    ]
    skus = made.by_code()
    assert [code for code, sku in skus.items() if sku.get("do_not_track") == "true"] == [
        *("MILL-BLACK", "mill-red"),
    ]
    assert [code for code, sku in skus.items() if sku.get("do_not_ship") == "true"] == ["GUIDE"]
    weights = {code: (sku.get("weight"), sku.get("unit_of_weight")) for code, sku in skus.items()}
    assert weights["MILL-SILVER"] == ("19.8", "lb")
    assert weights["MILL-BLACK"] == (None, None)  # 0 is not known
    assert weights["mill-red"] == ("1500", "gr")


def test_cells_of_which_no_value_can_be_made_fail_their_record_alone(made: Made) -> None:
    assert made.failures() == [
        ("skus", "weight", "weight_unit", "stone", "not_in_list"),
        ("skus", "base", "sku", "", "blank"),
        ("prices", "amount_cents", "price", "12.345", "too_many_decimals"),
        ("prices", "price_list", "currency", "XYZ", "not_in_list"),
        ("stock_items", "quantity", "inventory_count", "2.5", "not_an_integer"),
    ]


def test_what_is_left_out_is_told(made: Made) -> None:
    assert "1 column left out: vendor_note" in made.told()
    kept = made_of_sample("spree.csv", keep_rest=True)
    assert kept.by_code()["GUIDE"]["metadata"]["vendor_note"] == "by hand"
    active = made_of_sample("spree.csv", only_active=True)
    assert "GUIDE" not in active.by_code()
    assert "1 row is left out: products that are not active" in active.told()


def test_rows_in_another_order_make_the_same_records(made: Made, tmp_path: Path) -> None:
    header, *rows = csv.reader(io.StringIO((SAMPLES / "spree.csv").read_text(), newline=""))
    turned = io.StringIO(newline="")
    csv.writer(turned).writerows([header, *reversed(rows)])
    other = made_of_text(tmp_path, turned.getvalue())
    assert _by_code(other, "skus") == _by_code(made, "skus")
    assert _by_code(other, "prices") == _by_code(made, "prices")


def _by_code(made: Made, resource_type: str) -> list[str]:
    records = made.records[resource_type]
    return sorted(str(sorted((each | {"_source": ""}).items(), key=str)) for each in records)


def test_the_currency_of_a_file_without_one_has_to_be_said(tmp_path: Path) -> None:
    text = "slug,sku,name,price,option1_name,inventory_count\ntea,TEA,Tea,7,,\n"
    with pytest.raises(DialectRefused, match="does not say in which currency"):
        made_of_text(tmp_path, text)
    made = made_of_text(tmp_path, text, currency="jpy")
    assert made.by_code("prices")["TEA"]["amount_cents"] == "7"
