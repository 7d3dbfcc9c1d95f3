"""Vendure's file of products: which records its rows make."""

import pytest

from longshore.dialects import DialectRefused
from tests.unit.dialects.made import Made, made_of_sample


@pytest.fixture(scope="module")
def made() -> Made:
    return made_of_sample("vendure.csv", currency="USD", image_base="https://img.example/assets")


def test_variants_have_what_the_first_row_of_their_product_says(made: Made) -> None:
    assert made.recognised.dialect.name == "vendure"
    names = [(sku.get("code"), sku.get("name")) for sku in made.records["skus"]]
    assert names == [
        ("PPS12", "Perfect Paper Stretcher - Half / red"),
        ("PPSF", "Perfect Paper Stretcher - Full / red"),
        ("M02", "Étude Easel"),
        ("10112", "Smock - large"),  # the last one with that code
        ("10113", "Smock - large / navy"),
        ("smock-huge", "Smock - huge"),
        (None, None),  # a row of another length
        (None, None),  # of a product that nobody knows
    ]
    sku = made.by_code()["PPSF"]
    assert sku["description"] == 'A great device, for "paper".'
    assert sku["reference"] == "perfect-paper-stretcher"
    assert sku["image_url"] == "https://img.example/f.jpg"
    assert sku["metadata"] == {
        "options": {"size": "Full", "colour": "red"},
        "product": {"handle": "perfect-paper-stretcher", "title": "Perfect Paper Stretcher"},
        "facets": {"category": ["Art", "Office"], "Brand": ["KB"]},
        "tax_category": "reduced",
        "custom_fields": {
            "product": {"keywords": "paper|stretching"},
            "variant": {"weight": "200"},
        },
        "images": ["https://img.example/assets/pps1.jpg", "https://img.example/assets/pps2.jpg"],
    }
    assert made.by_code()["PPS12"]["image_url"] == "https://img.example/assets/pps1.jpg"
    assert made.by_code()["M02"]["reference"] == "easel-2"


def test_prices_and_stock_of_the_rows_that_count(made: Made) -> None:
    prices = [(each["sku_code"], each.get("amount_cents")) for each in made.records["prices"]]
    assert prices == [
        ("PPS12", "4530"),
        ("PPSF", "5950"),
        ("M02", "91070"),
        ("10112", "1299"),
        ("smock-huge", None),
    ]
    stock = [(each["sku_code"], each.get("quantity")) for each in made.records["stock_items"]]
    assert stock == [
        ("PPS12", "0"),
        ("PPSF", "0"),
        ("M02", "100"),
        ("10112", "7"),
        ("smock-huge", None),
    ]
    untracked = [code for code, sku in made.by_code().items() if sku.get("do_not_track") == "true"]
    assert untracked == ["PPS12", "10112"]


def test_cells_of_which_no_value_can_be_made_fail_their_record_alone(made: Made) -> None:
    assert made.failures() == [
        ("skus", "metadata", "optionValues", "large|navy", "other_count"),
        ("skus", "base", "", "", "too_many_cells"),
        ("skus", "base", "name", "", "blank"),
        ("prices", "amount_cents", "price", "11.999", "too_many_decimals"),
        ("stock_items", "quantity", "stockOnHand", "2.5", "not_an_integer"),
    ]
    assert [each["_source"] for each in made.records["skus"][-2:]] == ["8:10", "9:11"]


def test_a_code_that_comes_again_is_told_or_refused(made: Made) -> None:
    (told,) = [each for each in made.notices if "--same-code error" in (each.hint or "")]
    assert told.count == 1
    assert told.message.endswith("the last one counts ('10112' in rows 4 and 5)")
    refused = made_of_sample("vendure.csv", currency="USD", same_code="error")
    assert ("skus", "code", "sku", "10112", "taken") in refused.failures()


def test_the_first_language_is_the_default_one() -> None:
    made = made_of_sample("vendure_languages.csv", currency="EUR")
    sku = made.by_code()["PPS12"]
    assert sku["name"] == "Paper Stretcher - Half Imperial"
    assert sku["reference"] == "paper-stretcher"
    assert sku["metadata"]["facets"] == {"brand": ["KB"]}
    assert sku["metadata"]["translations"] == {
        "zh_Hans": {
            "name": "纸张拉伸器",
            "description": "一个装置",
            "facets": "品牌:KB",
            "optionValues": "半英制",
        }
    }
    assert made.source_columns["skus"]["name"] == "name:en"
    assert not [each for each in made.told() if "left out" in each]


def test_the_currency_has_to_be_said() -> None:
    with pytest.raises(DialectRefused, match="does not say in which currency"):
        made_of_sample("vendure.csv")
