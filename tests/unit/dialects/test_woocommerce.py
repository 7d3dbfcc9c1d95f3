"""WooCommerce's product export: which records its rows make."""

import csv
import io
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from longshore.dialects import DialectRefused
from tests.unit.dialects.made import SAMPLES, Made, made_of_sample, made_of_text

HEADER = "ID,Type,SKU,Name,Published,Visibility in catalog,Stock,Regular price,Sale price,Parent"


@pytest.fixture(scope="module")
def made() -> Made:
    return made_of_sample("woocommerce.csv", currency="EUR")


def test_what_can_be_bought_is_a_sku(made: Made) -> None:
    assert made.recognised.why == (
        "WooCommerce products, by Type, SKU, Regular price, Visibility in catalog"
    )
    assert list(made.by_code()) == [
        *("EBOOK", "00123", "ete-hat", "BELT", "", "LAMP"),
        *("TEE-red-extra-large", "TEE-ANY", "OLD-1"),
    ]
    assert made.source_size == 15


def test_variation_takes_from_its_product_that_stands_later(made: Made) -> None:
    sku = made.by_code()["TEE-red-extra-large"]
    assert sku["name"] == "Tee - Red / Extra Large"
    assert sku["description"] == "<p>Soft, warm</p>"
    assert sku["image_url"] == "https://shop.example/tee.jpg"
    assert (sku["weight"], sku["unit_of_weight"]) == ("200", "gr")
    assert (sku["reference"], sku["reference_origin"]) == ("TEE", "woocommerce")
    assert sku["tags"] == "summer-sale,cotton-organic"
    assert sku["metadata"] == {
        "options": {"Color": "Red", "Size": "Extra Large"},
        "product": {
            "handle": "TEE",
            "title": "Tee",
            "categories": ["Clothing > T-shirts", "Clothing"],
            "brands": ["Acme"],
        },
        "images": ["https://shop.example/tee-back.jpg", "https://shop.example/tee-side.jpg"],
        "status": "published",
    }


def test_what_a_variation_says_itself_goes_before(made: Made) -> None:
    sku = made.by_code()["TEE-ANY"]
    assert sku["name"] == "Tee - Blue"
    assert sku["image_url"] == "https://shop.example/blue.jpg"
    assert sku["metadata"]["images"][0] == "https://shop.example/tee.jpg"
    assert sku["weight"] == "250"
    assert sku["metadata"]["options"] == {"Color": "Blue"}  # its blank size means any


def test_stock_of_a_product_is_that_of_each_variation(made: Made) -> None:
    stock = made.by_code("stock_items")
    assert stock["TEE-ANY"]["quantity"] == "12"
    assert "1 row has the stock of the product, and each gets all of it" in made.told()


def test_stock_below_nothing_is_nothing_and_blank_is_not_tracked(made: Made) -> None:
    skus, stock = made.by_code(), made.by_code("stock_items")
    assert stock["00123"]["quantity"] == "0"
    assert stock["00123"]["_cells"] == {"quantity": ["Stock", "'-2"]}
    assert "LAMP" not in stock
    assert "1 SKU that is out of stock has no quantity: its do_not_track is true" in made.told()
    assert [skus[code]["do_not_track"] for code in ("00123", "LAMP", "ete-hat")] == [
        *("false", "true", "true")  # the last one may be sold without stock
    ]


def test_sale_counts_inside_its_window_with_the_regular_price_crossed_out(made: Made) -> None:
    prices = made.by_code("prices")
    assert (prices["00123"]["amount_cents"], prices["00123"]["compare_at_amount_cents"]) == (
        *("1600", "1800"),  # on its last day
    )
    assert prices["ete-hat"]["amount_cents"] == "4000"  # the sale has ended a second ago
    assert "compare_at_amount_cents" not in prices["ete-hat"]
    assert prices["BELT"]["amount_cents"] == "7000"  # not below the regular price, which is dropped
    assert "compare_at_amount_cents" not in prices["BELT"]


@pytest.mark.parametrize(
    ("now", "cents"),
    [
        (datetime(2023, 7, 7, 23, 59, tzinfo=UTC), "4000"),
        (datetime(2023, 7, 8, tzinfo=UTC), "3000"),
        (datetime(2026, 3, 1, 11, 59, 59, tzinfo=UTC), "3000"),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "4000"),
    ],
)
def test_dates_of_sales_are_days_or_seconds(now: datetime, cents: str) -> None:
    made = made_of_sample("woocommerce.csv", currency="EUR", now=now)
    assert made.by_code("prices")["ete-hat"]["amount_cents"] == cents


def test_group_is_a_list_of_the_skus_in_it(made: Made) -> None:
    (group,) = made.records["sku_lists"]
    assert (group["name"], group["reference"]) == ("Summer look", "LOOK")
    assert group["image_url"] == "https://shop.example/look.jpg"
    assert [
        (item["sku_list.name"], item["sku_code"], item["quantity"])
        for item in made.records["sku_list_items"]
    ] == [("Summer look", code, "1") for code in ("00123", "BELT", "ELSEWHERE", "id:99")]


def test_what_is_no_sku_is_left_out_and_told(made: Made) -> None:
    assert "1 row is left out: sold elsewhere" in made.told()
    (items,) = (each for each in made.notices if "items that are no SKUs" in each.message)
    assert [each["item"] for each in items.first] == ["TEE", "FLAG"]


def test_virtual_and_downloadable_are_not_shipped(made: Made) -> None:
    assert made.by_code()["EBOOK"]["do_not_ship"] == "true"
    assert made.by_code()["00123"]["do_not_ship"] == "false"


def test_drafts_are_imported_or_left_out_as_asked(made: Made) -> None:
    states = {code: sku.get("metadata", {}).get("status") for code, sku in made.by_code().items()}
    assert (states["EBOOK"], states["00123"], states["BELT"]) == ("draft", "private", "published")
    active = made_of_sample("woocommerce.csv", currency="EUR", only_active=True)
    assert {"EBOOK", "00123"}.isdisjoint(active.by_code())
    assert {"EBOOK", "00123"}.isdisjoint(active.by_code("prices"))
    assert "2 rows are left out: not active" in active.told()


def test_barcode_that_was_cut_is_not_stored(made: Made) -> None:
    assert made.by_code()["00123"]["metadata"]["barcode"] == "4006381333931"
    assert "barcode" not in made.by_code()["BELT"]["metadata"]


def test_cells_of_which_nothing_can_be_made_fail_their_records(made: Made) -> None:
    assert made.failures() == [
        ("skus", "base", "Type", "bundle", "not_in_list"),
        ("skus", "base", "Parent", "id:98", "must_exist"),
        ("skus", "base", "Parent", "", "blank"),
        ("prices", "amount_cents", "Date sale price starts", "03/04/2026", "not_a_date"),
        ("prices", "amount_cents", "Regular price", "5,5o", "not_a_number"),
        ("stock_items", "quantity", "Stock", "1.5", "not_an_integer"),
    ]


def test_columns_without_a_home_are_named_or_kept(made: Made) -> None:
    assert made.told()[-1] == ("3 columns left out: Visibility in catalog, Tax status, Position")
    kept = made_of_sample("woocommerce.csv", currency="EUR", keep_rest=True)
    assert kept.by_code()["BELT"]["metadata"]["Tax status"] == "taxable"


def test_order_of_the_rows_changes_nothing(made: Made, tmp_path: Path) -> None:
    text = (SAMPLES / "woocommerce.csv").read_text(encoding="utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    random.Random(7).shuffle(rows)
    shuffled = io.StringIO(newline="")
    csv.writer(shuffled).writerows([header, *rows])
    other = made_of_text(tmp_path, shuffled.getvalue(), currency="EUR")
    for resource_type in made.records:
        assert _told(other, resource_type) == _told(made, resource_type)


def _told(made: Made, resource_type: str) -> list[str]:
    return sorted(
        str({name: value for name, value in record.items() if name != "_source"})
        for record in made.records[resource_type]
    )


def test_names_by_id_need_the_column_id(tmp_path: Path) -> None:
    text = "\n".join(
        [
            HEADER.removeprefix("ID,"),
            "variable,,Tee,1,visible,,,,",
            "variation,,Tee - Red,1,visible,,5,,id:20",
        ]
    )
    made = made_of_text(tmp_path, text, currency="EUR")
    assert made.failures() == [("skus", "base", "Parent", "id:20", "must_exist")]
    assert "1 row has others named as id:NUMBER, and the file has no column ID" in made.told()


def test_prices_need_a_currency(tmp_path: Path) -> None:
    text = f"{HEADER}\n1,simple,CAP,Cap,1,visible,,5,,"
    with pytest.raises(DialectRefused, match="does not say in which currency"):
        made_of_text(tmp_path, text)
    made = made_of_text(tmp_path, text.replace(",5,", ",,"))
    assert "prices" not in made.records


def test_weights_need_a_unit(tmp_path: Path) -> None:
    text = f"{HEADER},Weight\n1,simple,CAP,Cap,1,visible,,,,,1.5"
    with pytest.raises(DialectRefused, match="in which unit weights are"):
        made_of_text(tmp_path, text)
    sku = made_of_text(tmp_path, text, weight_unit="lbs").by_code()["CAP"]
    assert (sku["weight"], sku["unit_of_weight"]) == ("1.5", "lb")


def test_images_without_an_address_need_one(tmp_path: Path) -> None:
    text = f'{HEADER},Images\n1,simple,CAP,Cap,1,visible,,,,,"cap.jpg, back.jpg"'
    sku = made_of_text(tmp_path, text).by_code()["CAP"]
    assert "image_url" not in sku
    assert sku["metadata"]["images"] == ["cap.jpg", "back.jpg"]
    based = made_of_text(tmp_path, text, image_base="https://shop.example/").by_code()["CAP"]
    assert based["image_url"] == "https://shop.example/cap.jpg"
    assert based["metadata"]["images"] == ["https://shop.example/back.jpg"]


def test_two_groups_of_one_name_are_told_apart_by_nobody(tmp_path: Path) -> None:
    text = f"{HEADER}\n1,grouped,A,Look,1,visible,,,,\n2,grouped,B,Look,1,visible,,,,"
    made = made_of_text(tmp_path, text)
    assert made.failures() == [("sku_lists", "name", "", "Look", "taken")]


def test_code_that_two_rows_have_is_that_of_the_later_one(tmp_path: Path) -> None:
    text = f"{HEADER}\n1,simple,CAP,Cap,1,visible,1,5,,\n2,simple,CAP,Hat,1,visible,2,6,,"
    made = made_of_text(tmp_path, text, currency="EUR")
    assert [sku["name"] for sku in made.records["skus"]] == ["Hat"]
    assert [each["amount_cents"] for each in made.records["prices"]] == ["600"]
    refused = made_of_text(tmp_path, text, currency="EUR", same_code="error")
    assert refused.failures() == [("skus", "code", "SKU", "CAP", "taken")]
