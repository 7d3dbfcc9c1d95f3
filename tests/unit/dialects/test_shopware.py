"""Shopware's file of products: which records its rows make."""

from pathlib import Path

import pytest

from longshore.dialects import DialectRefused, NamedRecord, StoreNames
from tests.unit.dialects.made import WAREHOUSE, Made, made_of_sample, made_of_text


@pytest.fixture(scope="module")
def made() -> Made:
    return made_of_sample("shopware.csv", currency="EUR")


def test_a_parent_is_no_sku_and_its_variants_have_what_it_says(made: Made) -> None:
    assert made.recognised.dialect.name == "shopware"
    names = [(sku.get("code"), sku.get("name")) for sku in made.records["skus"]]
    assert names == [
        ("SHIRT-S", "Shirt"),
        ("SHIRT-M", "Shirt, medium"),
        ("ALONE", None),  # its parent is in another file
        ("00123", "Mug again"),
        ("PEN", "Pen"),
    ]
    sku = made.by_code()["SHIRT-S"]
    assert sku["description"] == 'Soft "cotton"'
    assert sku["reference"] == "p1"
    assert (sku["weight"], sku["unit_of_weight"]) == ("350", "gr")
    assert sku["image_url"] == "https://img.example/shirt.jpg"
    assert sku["metadata"] == {
        "id": "c1",
        "product": {
            "handle": "SHIRT",
            "title": "Shirt",
            "vendor": "Huel Inc",
            "categories": ["cat1", "cat2"],
        },
        "option_ids": ["red", "small"],
        "property_ids": ["p-a", "p-b"],
        "status": "active",
        "tax": {"name": "Standard", "rate": "19"},
        "custom_fields": {"colour": "red"},
        "min_purchase": "1",
    }
    medium = made.by_code()["SHIRT-M"]["metadata"]
    assert medium["barcode"] == "4006381333931"
    assert medium["status"] == "inactive"
    assert medium["images"] == ["/media/m.jpg"]
    assert made.by_code()["00123"]["reference"] == "own-1b"


def test_prices_of_the_system_and_in_other_currencies(made: Made) -> None:
    prices = [
        (
            *(each["price_list.code"], each["sku_code"]),
            *(each.get("amount_cents"), each.get("compare_at_amount_cents")),
        )
        for each in made.records["prices"]
    ]
    assert prices == [
        ("eur", "SHIRT-S", "1900", "2500"),
        ("usd", "SHIRT-S", "2430", None),
        ("eur", "SHIRT-M", "2100", "2500"),
        ("usd", "SHIRT-M", "2430", None),
        ("eur", "ALONE", "1190", None),
        ("eur", "00123", "1200", None),
        ("eur", "PEN", None, None),
    ]
    assert {each["code"]: each["tax_included"] for each in made.records["price_lists"]} == {
        "eur": "true",
        "usd": "true",
    }


def test_stock_is_that_of_the_row_and_not_of_its_parent(made: Made) -> None:
    stock = [(each["sku_code"], each.get("quantity")) for each in made.records["stock_items"]]
    assert stock == [("SHIRT-S", "3"), ("SHIRT-M", "4"), ("00123", "8"), ("PEN", None)]


def test_cells_of_which_no_value_can_be_made_fail_their_record_alone(made: Made) -> None:
    assert made.failures() == [
        # Others of the column have a decimal comma, or a point.
        ("prices", "amount_cents", "price_gross", "1.234", "ambiguous_amount"),
        ("stock_items", "quantity", "stock", "1.5", "not_an_integer"),
    ]


def test_what_is_not_done_is_told(made: Made) -> None:
    told = made.told()
    assert "1 row has Shopware make variants (column variants), which is not done here" in told
    assert "1 column left out: cover_media_id" in told
    active = made_of_sample("shopware.csv", currency="EUR", only_active=True)
    assert "SHIRT-M" not in active.by_code()


def test_net_prices_have_a_list_of_their_own() -> None:
    made = made_of_sample("shopware.csv", currency="EUR", net=True, rounds=True)
    (euros, dollars) = made.records["price_lists"]
    assert (euros["code"], euros["tax_included"]) == ("eur-net", "false")
    assert dollars["code"] == "usd-net"
    prices = {
        (each["price_list.code"], each["sku_code"]): each.get("amount_cents")
        for each in made.records["prices"]
    }
    assert prices[("eur-net", "SHIRT-S")] == "1597"
    assert prices[("eur-net", "SHIRT-M")] == "1765"
    exact = made_of_sample("shopware.csv", currency="EUR", net=True)
    assert [each[3:] for each in exact.failures() if each[0] == "prices"] == [
        ("15.966386554622", "too_many_decimals"),
        ("17.64705882353", "too_many_decimals"),
    ]


def test_a_price_list_without_tax_takes_no_prices_with_tax() -> None:
    lists = (
        NamedRecord(code="shop", name=None, currency="EUR", tax_included=True),
        NamedRecord(code="trade", name=None, currency="EUR", tax_included=False),
    )
    store = StoreNames(price_lists=lists, stock_locations=WAREHOUSE.stock_locations)
    made = made_of_sample("shopware.csv", currency="EUR", store=store)
    assert made.by_code("prices")["ALONE"]["price_list.code"] == "shop"
    with pytest.raises(DialectRefused, match="'trade' are without tax"):
        made_of_sample("shopware.csv", currency="EUR", store=store, price_lists={"EUR": "trade"})


def test_the_currency_has_to_be_said() -> None:
    with pytest.raises(DialectRefused, match="does not say in which currency"):
        made_of_sample("shopware.csv")


@pytest.mark.parametrize("fields", ["[" * 100_000, "colour: red", "9" * 5_000])
def test_custom_fields_that_are_no_json_stay_a_text(tmp_path: Path, fields: str) -> None:
    header = "id;product_number;tax_rate;price_net;price_gross;name;custom_fields"
    text = f"{header}\nc1;PEN;;;;Pen;{fields}\n"
    made = made_of_text(tmp_path, text, dialect="shopware", currency="EUR")
    assert made.by_code()["PEN"]["metadata"]["custom_fields"] == fields
