"""Medusa's files of products and price lists: which records their rows make."""

from pathlib import Path

import pytest

from longshore.dialects import DialectRefused, NamedRecord, StoreNames
from tests.unit.dialects.made import SAMPLES, Made, made_of_sample, made_of_text

NORDICS = NamedRecord(code="nordics", name="Nordics", currency="EUR")


@pytest.fixture(scope="module")
def made() -> Made:
    return made_of_sample("medusa.csv")


@pytest.fixture(scope="module")
def first() -> Made:
    return made_of_sample("medusa_v1.csv")


@pytest.fixture(scope="module")
def prices() -> Made:
    return made_of_sample("medusa_prices.csv")


def test_variant_becomes_a_sku(made: Made) -> None:
    assert made.recognised.dialect.name == "medusa"
    assert made.by_code()["tee-small-red"] == {
        "code": "tee-small-red",
        "name": "Tee - Small / Red",
        "shipping_category.code": "default",
        "description": "Soft\nand warm",
        "image_url": "https://shop.example/tee.png",
        "weight": "180.5",
        "unit_of_weight": "gr",
        "hs_tariff_number": "610990",
        "do_not_track": "false",
        "reference": "tee",
        "reference_origin": "medusa",
        "tags": "summer-sale,cotton",
        "metadata": {
            "options": {"Size": "Small", "Color": "Red"},
            "product": {
                "handle": "tee",
                "title": "Tee",
                "collection": "pcol_1",
                "categories": ["pcat_1"],
            },
            "images": ["https://shop.example/back.png"],
            "barcode": "4006381333931",
            "ean": "4006381333931",
            "ids": {"product": "prod_1", "variant": "variant_1"},
            "status": "published",
        },
        "_source": "1:2",
    }


def test_what_a_row_leaves_blank_is_said_by_the_first_of_its_product(made: Made) -> None:
    sku = made.by_code()["tee-small-blue"]  # its product comes again behind another one
    assert sku["name"] == "Tee - Small / Blue"
    assert sku["image_url"] == "https://shop.example/tee.png"
    assert (sku["weight"], sku["hs_tariff_number"]) == ("200", "610910")
    assert sku["metadata"]["status"] == "published"
    assert "do_not_track" not in sku


def test_product_without_options_has_the_code_of_its_handle(made: Made) -> None:
    gift = made.by_code()["gift"]
    assert gift["name"] == "Gift card"
    assert "options" not in gift["metadata"]
    assert (gift["do_not_ship"], gift["do_not_track"]) == ("true", "true")


def test_columns_say_the_currency_of_prices(made: Made) -> None:
    assert [
        (each["price_list.code"], each["amount_cents"])
        for each in made.records["prices"]
        if each["sku_code"] == "tee-small-red"
    ] == [("dkk", "11000"), ("eur", "1550"), ("jpy", "1980")]


def test_sold_without_stock_is_not_tracked_and_told(made: Made) -> None:
    assert made.by_code()["00042"]["do_not_track"] == "true"
    assert "1 SKU may be sold without stock: its do_not_track is true" in made.told()
    assert "stock_items" not in made.records


def test_cells_of_which_nothing_can_be_made_fail_their_records(made: Made) -> None:
    assert made.failures() == [
        ("prices", "amount_cents", "Variant Price EUR", "15.555", "too_many_decimals"),
        ("prices", "amount_cents", "Variant Price JPY", "19.80", "too_many_decimals"),
        ("prices", "amount_cents", "Variant Price Points", "5", "no_currency"),
    ]
    (nameless,) = (sku for sku in made.records["skus"] if "code" not in sku)
    assert nameless["name"] == "Nameless - X"  # it fails, as it has neither SKU nor handle


def test_prices_of_a_region_are_left_out_unless_a_list_is_named(made: Made) -> None:
    told = "1 price of a region is left out: those of the column Variant Price Nordics [EUR]"
    assert told in made.told()
    named = made_of_sample("medusa.csv", price_lists={"Nordics": "nordics"})
    assert [
        (each["sku_code"], each["amount_cents"])
        for each in named.records["prices"]
        if each.get("price_list.code") == "nordics"
    ] == [("tee-small-red", "1400")]
    assert {"code": "nordics", "name": "nordics", "currency_code": "EUR"} in [
        *named.records["price_lists"]
    ]


def test_list_of_a_region_has_its_currency() -> None:
    store = StoreNames(price_lists=(NORDICS,))
    made = made_of_sample(
        "medusa.csv", store=store, price_lists={"Nordics": "Nordics", "EUR": "eur"}
    )
    assert "nordics" in [each.get("price_list.code") for each in made.records["prices"]]
    other = StoreNames(price_lists=(NamedRecord(code="nordics", name=None, currency="DKK"),))
    with pytest.raises(DialectRefused, match="is in DKK, and the prices are in EUR"):
        made_of_sample("medusa.csv", store=other, price_lists={"Nordics": "nordics", "DKK": "dkk"})


def test_columns_that_medusa_does_not_know_are_named(made: Made) -> None:
    assert "1 column left out: Product field" in made.told()


def test_drafts_are_left_out_when_asked() -> None:
    made = made_of_sample("medusa.csv", only_active=True)
    assert "gift" not in made.by_code()
    assert "1 row is left out: not active" in made.told()


def test_commas_do_what_semicolons_do(made: Made, tmp_path: Path) -> None:
    text = (SAMPLES / "medusa.csv").read_text().replace(";", ",")
    assert made_of_text(tmp_path, text).records == made.records


def test_first_version_is_told_apart(first: Made) -> None:
    assert first.recognised.dialect.name == "medusa-v1"
    asked = made_of_sample("medusa_v1.csv", dialect="medusa")
    assert asked.recognised.dialect.name == "medusa-v1"


def test_first_version_has_stock_and_another_way_with_lines(first: Made) -> None:
    sku = first.by_code()["MUG-S"]
    assert sku["description"] == "Made by hand.\nIn Portugal."
    assert sku["tags"] == "clay,hand-made"
    assert sku["metadata"]["barcode"] == "4006381333931"
    assert sku["metadata"]["images"] == ["thumb.png", "mug.png", "mug-2.png"]
    stock = first.by_code("stock_items")
    assert (stock["MUG-S"]["quantity"], stock["MUG-L"]["quantity"]) == ("10", "0")
    assert "MUG-H" not in stock  # Medusa does not manage it
    assert first.by_code()["MUG-H"]["do_not_track"] == "true"


def test_prices_of_the_first_version(first: Made) -> None:
    assert [
        (each["price_list.code"], each.get("amount_cents")) for each in first.records["prices"]
    ] == [("usd", "1010"), ("kwd", "3125"), ("usd", "1200"), ("usd", None)]
    assert first.failures() == [
        ("prices", "amount_cents", "Price USD", "€12", "other_currency"),
        ("stock_items", "quantity", "Variant Inventory Quantity", "2.5", "not_an_integer"),
    ]


def test_images_get_the_address_that_was_said() -> None:
    made = made_of_sample("medusa_v1.csv", image_base="https://shop.example/files")
    assert made.by_code()["MUG-L"]["image_url"] == "https://shop.example/files/thumb.png"


def test_weights_are_in_grams_unless_somebody_says_otherwise(first: Made) -> None:
    assert first.by_code()["MUG-L"]["weight"] == "350"
    ounces = made_of_sample("medusa_v1.csv", weight_unit="oz").by_code()["MUG-L"]
    assert (ounces["weight"], ounces["unit_of_weight"]) == ("350", "oz")


def test_price_list_makes_prices_alone(prices: Made) -> None:
    assert prices.recognised.dialect.name == "medusa-prices"
    assert set(prices.records) == {"price_lists", "prices"}
    assert [
        (each["price_list.code"], each["sku_code"], each["amount_cents"])
        for each in prices.records["prices"]
        if "amount_cents" in each
    ] == [("jpy", "MUG-S", "3333"), ("usd", "00042", "800")]


def test_price_list_fails_where_nothing_names_the_sku_or_the_amount_is_too_fine(
    prices: Made,
) -> None:
    assert prices.failures() == [
        ("prices", "base", "SKU", "", "blank"),
        ("prices", "amount_cents", "Price USD", "44.441", "too_many_decimals"),
    ]
    assert "1 row has no SKU: Medusa's ids of variants say nothing here" in prices.told()
    rounded = made_of_sample("medusa_prices.csv", rounds=True)
    assert ("44.441", "4444") in [
        (each["_cells"]["amount_cents"][1], each.get("amount_cents"))
        for each in rounded.records["prices"]
        if "amount_cents" in each["_cells"]
    ]


def test_quantity_that_somebody_has_added_to_a_file_of_version_2_becomes_stock(
    tmp_path: Path,
) -> None:
    header = "Product Handle,Product Title,Variant Sku,Variant Inventory Quantity,Variant Price USD"
    made = made_of_text(tmp_path, f"{header}\nshirt,Shirt,S-1,5,10\n")
    assert made.recognised.dialect.name == "medusa"
    assert made.by_code("stock_items")["S-1"]["quantity"] == "5"
    assert made.by_code("prices")["S-1"]["amount_cents"] == "1000"


def test_first_version_without_options_is_known_by_its_prices(tmp_path: Path) -> None:
    header = "Product Handle,Product Title,Variant SKU,Variant Inventory Quantity,Price USD"
    made = made_of_text(tmp_path, f"{header}\nshirt,Shirt,S-1,5,10\n")
    assert made.recognised.dialect.name == "medusa-v1"
    assert made.by_code("stock_items")["S-1"]["quantity"] == "5"
    assert not [told for told in made.told() if "left out" in told]
