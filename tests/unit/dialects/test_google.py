"""Google's product feed: which records its rows make."""

from pathlib import Path

import pytest

from longshore.dialects import DialectRefused, NamedRecord, StoreNames
from tests.unit.dialects.made import Made, made_of_sample, made_of_text

HEADER = "id,title,link,image_link,availability,price"


@pytest.fixture(scope="module")
def made() -> Made:
    return made_of_sample("google.tsv")


def test_feed_makes_skus_and_prices_and_no_stock(made: Made) -> None:
    assert made.recognised.why == (
        "Google product feed, by id, title, link, image link, availability, price"
    )
    assert set(made.records) == {"shipping_categories", "price_lists", "skus", "prices"}
    assert list(made.by_code()) == [
        *("00012", "shirt-m", "oil", "euro", "old", "moon", "bare", "fine", "two", "when"),
        *("free", ""),  # a code that a spreadsheet has cut
    ]


def test_row_becomes_a_sku(made: Made) -> None:
    sku = made.by_code()["00012"]
    assert sku == {
        "code": "00012",
        "name": "Shirt S",
        "shipping_category.code": "default",
        "description": "Soft",
        "image_url": "https://shop.example/p.jpg",
        "weight": "200",
        "unit_of_weight": "gr",
        "reference": "SHIRT",
        "reference_origin": "google",
        "metadata": {
            "options": {"color": "Red", "size": "S"},
            "product": {"vendor": "Acme", "category": "Apparel > Shirts"},
            "images": ["https://shop.example/p2.jpg", "https://shop.example/p3.jpg"],
            "barcode": "4006381333931",
            "availability": "in_stock",
            "link": "https://shop.example/p",
            "mpn": "A-1",
            "condition": "new",
        },
        "_source": "1:3",  # a line for people stands above the header
        "_cells": {"weight": ["shipping_weight", "0.2 kg"]},
    }


def test_amounts_are_in_the_currency_beside_them(made: Made) -> None:
    prices = made.by_code("prices")
    assert [
        (prices[code]["price_list.code"], prices[code]["amount_cents"])
        for code in ("shirt-m", "oil", "euro", "old")
    ] == [("jpy", "1980"), ("kwd", "1234"), ("eur", "1250"), ("usd", "999")]
    assert "free" not in prices
    assert [each["currency_code"] for each in made.records["price_lists"]] == [
        *("USD", "JPY", "KWD", "EUR")
    ]


def test_sale_counts_inside_its_window(made: Made) -> None:
    price = made.by_code("prices")["00012"]
    assert (price["amount_cents"], price["compare_at_amount_cents"]) == ("1200", "1500")
    assert price["_cells"] == {
        "amount_cents": ["sale_price", "12.00 USD"],
        "compare_at_amount_cents": ["price", "15.00 USD"],
    }
    assert "compare_at_amount_cents" not in made.by_code("prices")["oil"]  # it is over


def test_cells_of_which_nothing_can_be_made_fail_their_records(made: Made) -> None:
    assert made.failures() == [
        ("skus", "code", "id", "4,00638E+12", "cut_code"),
        ("skus", "weight", "shipping_weight", "heavy", "not_a_number"),
        ("prices", "amount_cents", "price", "15.00 MOO", "no_currency"),
        ("prices", "amount_cents", "price", "15.00", "no_currency"),
        ("prices", "amount_cents", "price", "44.441 USD", "too_many_decimals"),
        ("prices", "amount_cents", "sale_price", "9.00 EUR", "other_currency"),
        ("prices", "amount_cents", "sale_price_effective_date", "soon", "not_a_date"),
    ]


def test_weight_without_a_unit_is_left_out_unless_somebody_says_it(made: Made) -> None:
    assert "weight" not in made.by_code()["euro"]
    assert "1 row has a weight without a unit, which is left out" in made.told()
    told = made_of_sample("google.tsv", weight_unit="oz").by_code()["euro"]
    assert (told["weight"], told["unit_of_weight"]) == ("3", "oz")


def test_what_is_archived_is_left_out_when_asked() -> None:
    made = made_of_sample("google.tsv", only_active=True)
    assert "old" not in made.by_code()
    assert "1 row is left out: not active" in made.told()


def test_columns_without_a_home_are_named(made: Made) -> None:
    assert "1 column left out: custom_label_0" in made.told()
    kept = made_of_sample("google.tsv", keep_rest=True).by_code()["00012"]
    assert kept["metadata"]["custom_label_0"] == "spring"


def test_currency_that_was_asked_for_is_that_of_bare_amounts_and_of_signs(tmp_path: Path) -> None:
    text = f"{HEADER}\nA,A,,,,15\nB,B,,,,$15\nC,C,,,,€15\nD,D,,,,15 EUR"
    made = made_of_text(tmp_path, text, currency="CAD")
    assert [each.get("price_list.code") for each in made.records["prices"]] == [
        *("cad", "cad", "eur", "eur")
    ]
    unsaid = made_of_text(tmp_path, text)
    assert [failure[3] for failure in unsaid.failures()] == ["15", "$15"]


def test_currency_that_is_none_cannot_be_asked_for(tmp_path: Path) -> None:
    with pytest.raises(DialectRefused, match="'EURO' is no currency"):
        made_of_text(tmp_path, f"{HEADER}\nA,A,,,,15", currency="EURO")


def test_price_list_is_the_only_one_of_the_currency_or_the_one_that_was_asked_for(
    tmp_path: Path,
) -> None:
    text = f"{HEADER}\nA,A,,,,15 USD"
    one = StoreNames(price_lists=(NamedRecord(code=None, name="Retail", currency="USD"),))
    (price,) = made_of_text(tmp_path, text, store=one).records["prices"]
    assert price["price_list.name"] == "Retail"
    two = StoreNames(
        price_lists=(*one.price_lists, NamedRecord(code="b2b", name="B2B", currency="USD"))
    )
    with pytest.raises(DialectRefused, match="several price lists are in USD: Retail, b2b"):
        made_of_text(tmp_path, text, store=two)
    (asked,) = made_of_text(tmp_path, text, store=two, price_lists={"USD": "b2b"}).records["prices"]
    assert asked["price_list.code"] == "b2b"
