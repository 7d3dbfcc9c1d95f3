"""Amazon's listings report and flat files: which records their rows make."""

from pathlib import Path

import pytest

from longshore.dialects import DialectRefused, reading_of
from tests.unit.dialects.made import SAMPLES, Made, made_of, made_of_sample, made_of_text


@pytest.fixture(scope="module")
def listings() -> Made:
    return made_of_sample("amazon.txt", currency="EUR")


@pytest.fixture(scope="module")
def flat() -> Made:
    return made_of_sample("amazon_flat.txt", currency="EUR")


def test_listing_becomes_a_sku_with_price_and_stock(listings: Made) -> None:
    assert listings.recognised.dialect.name == "amazon"
    assert listings.by_code()["VEST-S"] == {
        "code": "VEST-S",
        "name": "Gilet été",
        "shipping_category.code": "default",
        "image_url": "https://images.example/vest.jpg",
        "reference_origin": "amazon",
        "metadata": {
            "product_id": "4006381333931",
            "barcode": "4006381333931",
            "status": "inactive",
            "listing_id": "0708QH",
            "condition": "11",
            "condition_note": "As new",
            "fulfillment_channel": "DEFAULT",
        },
        "_source": "2:3",
    }
    assert listings.by_code("prices")["VEST-S"]["amount_cents"] == "2000"
    assert listings.by_code("stock_items")["VEST-S"]["quantity"] == "3"


def test_quotes_have_no_meaning(listings: Made) -> None:
    sku = listings.by_code()["00123"]
    assert sku["name"] == 'Krups "Essenza" machine'
    assert sku["description"] == '"quoted, and never closed'
    assert list(listings.by_code()) == ["00123", "VEST-S", "CUP", "PLATE"]


def test_what_amazon_keeps_itself_has_no_stock(listings: Made) -> None:
    assert list(listings.by_code("stock_items")) == ["VEST-S", "CUP", "PLATE"]
    assert listings.by_code("stock_items")["PLATE"]["quantity"] == "0"  # -1


def test_cells_of_which_nothing_can_be_made_fail_their_records(listings: Made) -> None:
    assert listings.failures() == [
        ("prices", "amount_cents", "price", "5,5o", "not_a_number"),
        ("stock_items", "quantity", "quantity", "1.5", "not_an_integer"),
    ]
    assert "metadata" not in listings.by_code()["CUP"]  # its barcode was cut


def test_prices_need_a_currency() -> None:
    with pytest.raises(DialectRefused, match="does not say in which currency"):
        made_of_sample("amazon.txt")


def test_what_is_not_active_is_left_out_when_asked() -> None:
    made = made_of_sample("amazon.txt", currency="EUR", only_active=True)
    assert list(made.by_code()) == ["00123", "CUP", "PLATE"]
    assert "1 row is left out: not active" in made.told()


def test_report_of_japan_is_read_in_its_encoding_and_language() -> None:
    made = made_of_sample("amazon_japan.txt", currency="JPY")
    sku = made.by_code()["NABE-1"]
    # The second byte of some of these characters is a backslash, or a bar.
    assert sku["name"] == "ソースパン 表示"
    assert sku["metadata"]["barcode"] == "4901234567894"
    assert sku["metadata"]["condition"] == "新品"
    assert [each["amount_cents"] for each in made.records["prices"]] == ["1980", "12000"]
    assert [each["quantity"] for each in made.records["stock_items"]] == ["4"]
    assert made.source_columns["prices"]["amount_cents"] == "価格"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_report_of_japan_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    text = (SAMPLES / "amazon_japan.txt").read_bytes().decode("cp932")
    made = made_of_text(tmp_path, text, encoding=encoding, currency="JPY")
    assert made.by_code()["NABE-1"]["name"] == "ソースパン 表示"


def test_text_of_the_west_is_not_taken_for_japanese() -> None:
    head = "seller-sku\titem-name\tprice\tquantity\nA\tGrößen für Käufer, déjà vu\t1\t1"
    reading = reading_of(head.encode("cp1252"))
    assert reading is not None
    assert reading.encoding is None


def test_head_may_end_inside_of_a_character() -> None:
    head = (SAMPLES / "amazon_japan.txt").read_bytes()
    for end in range(200, 240):
        reading = reading_of(head[:end])
        assert reading is not None
        assert reading.encoding == "cp932"


def test_child_of_a_flat_file_is_a_sku_and_its_parent_none(flat: Made) -> None:
    assert flat.recognised.dialect.name == "amazon-flat"
    assert list(flat.by_code()) == ["00017", "MUG", "ODD", "BARE"]
    assert flat.by_code()["00017"] == {
        "code": "00017",
        "name": 'Shirt 15" red',
        "shipping_category.code": "default",
        "description": "Soft",
        "image_url": "https://images.example/1.jpg",
        "weight": "200",
        "unit_of_weight": "gr",
        "reference": "SHIRT",
        "reference_origin": "amazon",
        "metadata": {
            "options": {"color": "Red", "size": "S"},
            "product": {"vendor": "Acme", "type": "shirt"},
            "barcode": "4006381333931",
            "variation_theme": "SizeColor",
            "images": ["https://images.example/2.jpg", "https://images.example/3.jpg"],
        },
        "_source": "3:6",
        "_cells": {"weight": ["website_shipping_weight", "0.2"]},
    }


def test_first_line_of_a_flat_file_says_where_its_data_begins(flat: Made, tmp_path: Path) -> None:
    assert "ABC123" not in flat.by_code()  # an example on line 4
    text = (SAMPLES / "amazon_flat.txt").read_text().replace("dataRow=5&", "")
    made = made_of_text(tmp_path, text, currency="EUR")
    assert "ABC123" in made.by_code()


def test_flat_file_says_its_sales_and_weights(flat: Made) -> None:
    price = flat.by_code("prices")["00017"]
    assert (price["amount_cents"], price["compare_at_amount_cents"]) == ("1250", "1500")
    mug = flat.by_code()["MUG"]
    assert (mug["weight"], mug["unit_of_weight"]) == ("12", "oz")
    assert mug["metadata"] == {"asin": "B01ABC"}
    assert "weight" not in flat.by_code()["BARE"]
    assert "1 row has a weight without a unit, which is left out" in flat.told()


def test_rows_that_delete_are_left_out_and_told(flat: Made) -> None:
    assert "1 row is left out: to be deleted" in flat.told()


def test_cells_of_a_flat_file_fail_their_records(flat: Made) -> None:
    unit = "website_shipping_weight_unit_of_measure"
    assert flat.failures() == [
        ("skus", "unit_of_weight", unit, "stone", "not_in_list"),
        ("prices", "amount_cents", "standard_price", "1.999", "too_many_decimals"),
        ("stock_items", "quantity", "quantity", "many", "not_a_number"),
    ]


def test_flat_file_that_a_spreadsheet_program_has_saved(tmp_path: Path) -> None:
    path = tmp_path / "flat.csv"
    path.write_text(
        'TemplateType=fptcustom,Version=2024,"settings=attributeRow=3&dataRow=4"\n'
        'SKU,Name,Price\nitem_sku,item_name,standard_price\nA,"Shirt, red",15\n'
    )
    made = made_of(path, currency="EUR")
    assert made.by_code()["A"]["name"] == "Shirt, red"
