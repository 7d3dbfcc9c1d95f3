"""Shopify's product file: which records its rows make."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshore.dialects import DialectRefused, NamedRecord, StoreNames
from longshore.readers import SOURCE_COLUMN
from tests.unit.dialects.made import (
    SAMPLES,
    Made,
    made_of,
    made_of_rows,
    made_of_text,
    without_places,
)

CLASSIC = SAMPLES / "shopify.csv"
TEMPLATE_2025 = SAMPLES / "shopify_2025.csv"


@pytest.fixture
def classic(tmp_path: Path) -> Made:
    return made_of(CLASSIC, currency="EUR")


def test_variants_are_skus_and_neither_products_nor_images_are(classic: Made) -> None:
    assert classic.recognised.dialect.name == "shopify"
    assert classic.source_size == 18
    assert sorted(record.get("code", "") for record in classic.of("skus")) == [
        *("", "", "00123", "BAD-1", "CAP-L", "ELSE-XL", "LAMP-0", "LAMP-1"),
        *("gift-card-10-00", "gift-card-25-00", "mug", "twin-a-b"),
        *("wool-cap-m-dark-blue", "wool-cap-m-ete-grun"),
    ]


def test_a_variant_has_what_only_the_first_row_of_its_product_says(classic: Made) -> None:
    sku = {record.get("code"): record for record in classic.of("skus")}["wool-cap-m-dark-blue"]
    assert sku == {
        "code": "wool-cap-m-dark-blue",
        "name": "Wool Cap - M / Dark Blue",
        "shipping_category.code": "default",
        "description": '<p>Warm, \n"soft" wool</p>',
        "image_url": "https://img.example/cap-1.jpg",
        "weight": "30",
        "unit_of_weight": "gr",
        "do_not_ship": "false",
        "do_not_track": "false",
        "reference": "wool-cap",
        "reference_origin": "shopify",
        "tags": "winter,hats-caps",
        "metadata": sku["metadata"],
        "_source": "2:4",
    }
    assert sku.get("metadata", {}) == {
        "options": {"Size": "M", "Color": "Dark Blue"},
        "product": {
            "handle": "wool-cap",
            "title": "Wool Cap",
            "vendor": "Nordwind",
            "type": "Cap",
            "category": "Apparel > Hats",
        },
        "images": ["https://img.example/cap-2.jpg", "https://img.example/cap-3.jpg"],
        "status": "active",
        "taxable": "true",
    }


def test_the_image_of_a_variant_is_its_own_or_the_first_of_its_product(classic: Made) -> None:
    skus = {record.get("code"): record for record in classic.of("skus")}
    assert skus["00123"]["image_url"] == "https://img.example/cap-blue.jpg"
    assert skus["00123"].get("metadata", {})["images"][0] == "https://img.example/cap-1.jpg"
    assert skus["CAP-L"]["image_url"] == "https://img.example/cap-1.jpg"
    assert "images" not in skus["mug"].get("metadata", {})


def test_codes_and_barcodes_keep_their_digits(classic: Made) -> None:
    skus = {record.get("code"): record for record in classic.of("skus")}
    assert skus["00123"].get("metadata", {})["barcode"] == "7210448301122"
    assert "barcode" not in skus["mug"].get("metadata", {})
    assert any("barcode that a spreadsheet has made" in each for each in classic.told())
    assert ("13", "code", "Variant SKU", "4,00638E+12", "cut_code") in classic.failures_of("skus")


def test_rows_apart_from_their_product_belong_to_it(classic: Made) -> None:
    sku = {record.get("code"): record for record in classic.of("skus")}["CAP-L"]
    assert (sku["name"], sku[SOURCE_COLUMN]) == ("Wool Cap - L / Dark Blue", "14:16")


def test_a_row_of_a_product_that_the_file_does_not_have_says_no_more_than_it_has(
    classic: Made,
) -> None:
    sku = {record.get("code"): record for record in classic.of("skus")}["ELSE-XL"]
    assert "name" not in sku
    assert "metadata" not in sku
    assert sku["reference"] == "elsewhere-2"


def test_prices_are_units_of_the_currency(classic: Made) -> None:
    prices = {
        record["sku_code"]: (record.get("amount_cents"), record.get("compare_at_amount_cents"))
        for record in classic.of("prices")
    }
    assert prices["00123"] == ("1990", "2500")
    assert prices["wool-cap-m-dark-blue"] == ("1990", None)  # crossed out: 0.00
    assert prices["wool-cap-m-ete-grun"] == ("5000", None)  # crossed out: 40
    assert prices["LAMP-0"] == ("99", None)
    assert any("crossed-out price that is not above" in each for each in classic.told())
    assert {each["price_list.code"] for each in classic.of("prices")} == {"eur"}
    (made,) = classic.of("price_lists")
    assert made == {"code": "eur", "name": "EUR", "currency_code": "EUR"}


def test_amounts_follow_the_exponent_of_the_currency(tmp_path: Path) -> None:
    path = tmp_path / "yen.csv"
    path.write_text("Handle,Title,Variant Price\na,A,1980\nb,B,19.5\n")
    made = made_of(path, currency="jpy")
    assert [record.get("amount_cents") for record in made.of("prices")] == ["1980", None]
    assert made.failures_of("prices") == [
        ("2", "amount_cents", "Variant Price", "19.5", "too_many_decimals")
    ]
    dinar = made_of(path, currency="KWD")
    assert [record["amount_cents"] for record in dinar.of("prices")] == ["1980000", "19500"]


def test_stock_is_never_below_nothing(classic: Made) -> None:
    stock = {record["sku_code"]: record.get("quantity") for record in classic.of("stock_items")}
    assert stock["00123"] == "4"
    assert stock["wool-cap-m-dark-blue"] == "0"
    assert "gift-card-10-00" not in stock
    assert "1 row has less than nothing in stock, which counts as 0" in classic.told()


def test_what_is_not_shipped_or_not_tracked_says_so(classic: Made) -> None:
    told = {
        record.get("code"): (record.get("do_not_ship"), record.get("do_not_track"))
        for record in classic.of("skus")
    }
    assert told["00123"] == ("false", "false")
    assert told["wool-cap-m-ete-grun"] == ("false", "true")  # sold when out of stock
    assert told["mug"] == ("false", "true")  # nobody counts it
    assert told["gift-card-10-00"] == told["gift-card-25-00"] == ("true", "true")
    assert "1 SKU may be sold without stock: its do_not_track is true" in classic.told()


def test_a_file_without_the_columns_says_nothing_of_shipping_and_stock(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("Handle,Title,Variant Price\na,A,1\n")
    (sku,) = made_of(path, currency="EUR").of("skus")
    assert "do_not_ship" not in sku
    assert "do_not_track" not in sku


def test_the_state_of_a_product_is_kept(classic: Made, tmp_path: Path) -> None:
    states = {r.get("code"): r.get("metadata", {}).get("status") for r in classic.of("skus")}
    assert (states["mug"], states["LAMP-0"]) == ("active", "unpublished")
    made = made_of(CLASSIC, currency="EUR", only_active=True)
    codes = {record.get("code") for record in made.of("skus")}
    assert "LAMP-0" not in codes
    assert "1 row is left out: draft products" in made.told()
    assert "1 row is left out: unpublished products" in made.told()


def test_each_cell_of_which_nothing_can_be_made_is_named(classic: Made) -> None:
    assert [each for each in classic.failures_of("skus") if each[0] == "12"] == [
        ("12", "do_not_ship", "Variant Requires Shipping", "maybe", "other_type"),
        ("12", "do_not_track", "Variant Inventory Policy", "perhaps", "other_type"),
        ("12", "weight", "Variant Grams", "heavy", "not_a_number"),
    ]
    assert classic.failures_of("prices") == [
        ("12", "amount_cents", "Variant Price", "12,5o", "not_a_number")
    ]
    assert classic.failures_of("stock_items") == [
        ("12", "quantity", "Variant Inventory Qty", "1.5", "not_an_integer")
    ]


def test_of_rows_with_one_code_the_last_one_counts(classic: Made) -> None:
    names = [record["name"] for record in classic.of("skus") if record.get("code") == "LAMP-1"]
    assert names == ["Mug again"]
    assert any(each.startswith("1 row has a code that another row has") for each in classic.told())


def test_a_made_code_that_meets_another_one_is_an_error(classic: Made) -> None:
    assert ("17", "code", "Handle", "twin-a-b", "taken") in classic.failures_of("skus")
    assert [record for record in classic.of("prices") if record["_source"] == "17:19"] == []


def test_rows_that_make_nothing_are_counted(classic: Made) -> None:
    assert "1 row is left out: images of products that the file does not have" in classic.told()
    assert "1 row is left out: notes" in classic.told()


def test_prices_of_markets_need_a_list(classic: Made, tmp_path: Path) -> None:
    assert "2 prices of the market International are left out" in classic.told()
    store = StoreNames(
        price_lists=(
            NamedRecord(code="usd", name="USD", currency="USD"),
            NamedRecord(code="abroad", name="Abroad", currency="EUR"),
        ),
        stock_locations=(NamedRecord(code="main", name="Main"),),
    )
    made = made_of(CLASSIC, currency="USD", markets={"International": "abroad"}, store=store)
    abroad = [
        (record["sku_code"], record["amount_cents"])
        for record in made.of("prices")
        if record["price_list.code"] == "abroad"
    ]
    # The third variant is not sold there.
    assert sorted(abroad) == [("00123", "2100"), ("wool-cap-m-dark-blue", "2100")]


def test_columns_without_a_home_are_named_or_kept(classic: Made, tmp_path: Path) -> None:
    (told,) = [each for each in classic.told() if "columns left out" in each]
    # The texts of images have no home either, but there are none.
    assert told.endswith("2 columns left out: SEO Title, Care (product.metafields.custom.care)")
    made = made_of(CLASSIC, currency="EUR", keep_rest=True)
    sku = {record.get("code"): record for record in made.of("skus")}["wool-cap-m-dark-blue"]
    kept = sku.get("metadata", {})
    assert kept["SEO Title"] == "A cap"
    assert kept["Care (product.metafields.custom.care)"] == "Wash cold"
    assert not any("left out:" in each and "column" in each for each in made.told())


def test_a_file_with_prices_needs_a_currency(tmp_path: Path) -> None:
    with pytest.raises(DialectRefused, match="in which currency"):
        made_of(CLASSIC)


def test_the_template_of_2025_makes_the_same(tmp_path: Path) -> None:
    made = made_of(TEMPLATE_2025, currency="EUR")
    skus = made.by("skus", "code")
    assert list(skus) == ["S-1", "S-2", "e-book-knots"]
    assert (skus["S-2"]["name"], skus["S-2"]["weight"]) == ("Shirt - M", "210")
    assert skus["S-2"]["image_url"] == "https://img.example/s2.jpg"
    assert skus["S-2"]["do_not_track"] == "true"
    assert skus["e-book-knots"]["do_not_ship"] == "true"
    assert skus["S-1"].get("metadata", {})["barcode"] == "4006381333931"
    assert skus["e-book-knots"].get("metadata", {})["status"] == "archived"
    assert made.sum("prices", "amount_cents") == 6800
    assert [each["compare_at_amount_cents"] for each in made.of("prices")[:1]] == ["3950"]
    assert made.sum("stock_items", "quantity") == 3


_HEADER = (
    *("Handle", "Title", "Tags", "Option1 Name", "Option1 Value", "Variant SKU", "Variant Price"),
    *("Variant Inventory Qty", "Image Src", "Image Position"),
)


@st.composite
def _products(draw: st.DrawFn) -> list[list[str]]:
    rows = []
    for number in range(draw(st.integers(1, 5))):
        position = 0
        for variant in range(draw(st.integers(1, 3))):
            position += 1
            is_first = variant == 0
            rows.append(
                [
                    f"product-{number}",
                    f"Product {number}" if is_first else "",
                    "a, b" if is_first else "",
                    "Size" if is_first else "",
                    f"V{variant}",
                    draw(st.sampled_from(["", f"SKU-{number}-{variant}"])),
                    f"{number}.{variant}5",
                    draw(st.sampled_from(["", "3"])),
                    f"https://img.example/{position}",
                    str(position),
                ]
            )
        for _ in range(draw(st.integers(0, 2))):
            position += 1
            rows.append(
                [f"product-{number}", *([""] * 7), f"https://img.example/{position}", str(position)]
            )
    return rows


@settings(max_examples=40, deadline=None)
@given(rows=_products(), seed=st.integers(0, 1000))
def test_rows_in_any_order_make_the_same_records(rows: list[list[str]], seed: int) -> None:
    ordered = made_of_rows("shopify", _HEADER, rows, currency="EUR")
    shuffled_rows = random.Random(seed).sample(rows, len(rows))
    shuffled = made_of_rows("shopify", _HEADER, shuffled_rows, currency="EUR")
    for resource_type in ("skus", "prices", "stock_items"):
        assert without_places(ordered.of(resource_type)) == without_places(
            shuffled.of(resource_type)
        )


@pytest.mark.parametrize(
    ("grams", "unit", "weight"),
    [
        ("28", "oz", ("28", "gr")),  # Shopify's own grams are whole, and shown as 0.99 oz
        ("12.5", "oz", ("12.5", "gr")),
        ("8.5048569375", "oz", ("0.3", "oz")),
        ("680.388555", "lb", ("1.5", "lb")),
        ("680.388555", "kg", ("680.388555", "gr")),
        ("680.388555", "", ("680.388555", "gr")),
    ],
)
def test_grams_that_are_exactly_a_weight_in_the_shown_unit_are_that(
    tmp_path: Path, grams: str, unit: str, weight: tuple[str, str]
) -> None:
    head = "Handle,Title,Variant Price,Variant Grams,Variant Weight Unit"
    made = made_of_text(tmp_path, f"{head}\na,A,1,{grams},{unit}\n", currency="EUR")
    (sku,) = made.of("skus")
    assert (sku["weight"], sku["unit_of_weight"]) == weight


def test_note_of_the_template_is_no_product_where_it_stands_under_the_title(tmp_path: Path) -> None:
    head = "Title,URL handle,Price,Option1 name"
    rows = ["Mug,mug,5,", "Note: sticky,,2,", "Note book,,,", "Note: Red column is required,,,"]
    made = made_of_text(tmp_path, "\n".join([head, *rows]), currency="EUR")
    assert [each["name"] for each in made.of("skus")] == ["Mug", "Note: sticky", "Note book"]
    assert "1 row is left out: notes" in made.told()
