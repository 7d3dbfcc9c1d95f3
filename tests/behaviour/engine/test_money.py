"""Amounts in columns of other names: cents or decimals, as the mapping says, in their currency."""

import io
from typing import Any

import pytest

from longshore.errors import RequestRefused
from longshore.imports import ImportRequest
from longshore.readers import Format
from longshore.sources import Source
from tests.behaviour.engine.organization import Organization, Outcome

DECIMAL = {"Price": "amount_cents:decimal"}


@pytest.fixture
def sku(shop: Organization) -> str:
    return shop.have("skus", code="A")


def price_list(shop: Organization, currency: str) -> str:
    return shop.have("price_lists", name=f"in {currency}", currency_code=currency)


def load_price(shop: Organization, text: str, currency: str = "USD", **request: Any) -> Outcome:
    source = f'sku_code,Price\nA,"{text}"\n'
    asked = {"column_map": DECIMAL, "parent": price_list(shop, currency), **request}
    return shop.load_csv("prices", source, **asked)


# What is refused at once


@pytest.mark.parametrize("column", ["Price", "Variant Price", "amount", "percent"])
def test_column_of_which_nobody_knows_whether_it_is_cents_is_refused(
    shop: Organization, column: str
) -> None:
    with pytest.raises(RequestRefused, match="nothing says that the values") as refused:
        shop.load_csv("prices", f"sku_code,{column}\nA,50\n", column_map={column: "amount_cents"})
    assert refused.value.hint is not None
    for unit in ("cents", "decimal"):
        option = f"{column}=amount_cents:{unit}"
        assert (f"--map '{option}'" if " " in column else f"--map {option}") in refused.value.hint


def test_key_of_json_of_which_nobody_knows_is_refused(shop: Organization) -> None:
    with pytest.raises(RequestRefused, match="nothing says that the values"):
        shop.load("prices", [{"price": 50}], column_map={"price": "amount_cents"})


def test_unit_of_what_is_no_amount_is_refused(shop: Organization) -> None:
    with pytest.raises(RequestRefused, match="name is not a field of cents"):
        shop.load_csv("skus", "Title\nA\n", column_map={"Title": "name:cents"})


@pytest.mark.parametrize("column", ["Price in cents", "price_cents", "PriceCents", "AMOUNT CENTS"])
def test_column_that_says_cents_takes_cents(shop: Organization, sku: str, column: str) -> None:
    text = f"sku_code,{column}\nA,50\n"
    outcome = shop.load_csv(
        "prices", text, column_map={column: "amount_cents"}, parent=shop.some("price_lists")
    )
    assert outcome.counts == (1, 0, 0, 0)
    assert shop.values("prices", "amount_cents") == [50]


def test_cents_are_taken_as_they_are_where_the_mapping_says_so(
    shop: Organization, sku: str
) -> None:
    outcome = load_price(shop, "5000", column_map={"Price": "amount_cents:cents"})
    assert outcome.counts == (1, 0, 0, 0)
    assert shop.values("prices", "amount_cents") == [5000]
    bad = shop.load_csv(
        "prices",
        "sku_code,Price\nA,50.25\n",
        column_map={"Price": "amount_cents:cents"},
        parent=shop.some("price_lists"),
    )
    assert list(bad.errors[1]) == ["amount_cents"]


# Decimals


@pytest.mark.parametrize(
    ("text", "currency", "cents"),
    [
        ("50.00", "USD", 5000),
        ("50", "USD", 5000),
        ("12,50", "EUR", 1250),
        ("1.234,50", "EUR", 123450),
        ("1,234.50", "USD", 123450),
        ("1 234,50 €", "EUR", 123450),
        ("$50.00", "USD", 5000),
        ("USD 50", "USD", 5000),
        ("12.50 eur", "EUR", 1250),
        ("Fr. 12.50", "CHF", 1250),
        ("50.0000", "USD", 5000),
        ("1200", "JPY", 1200),
        ("¥1,234,567", "JPY", 1234567),
        ("1200.00", "JPY", 1200),
        ("0.125", "KWD", 125),
        ("1234.5", "KWD", 1234500),
    ],
)
def test_decimals_become_cents_by_the_exponent_of_the_currency(
    shop: Organization, sku: str, text: str, currency: str, cents: int
) -> None:
    outcome = load_price(shop, text, currency)
    assert (outcome.errors, outcome.counts) == ({}, (1, 0, 0, 0))
    assert shop.values("prices", "amount_cents") == [cents]


@pytest.mark.parametrize(
    ("text", "currency", "message"),
    [
        ("12.5055", "USD", None),
        ("1234.505", "USD", "has 3 decimals, and USD has 2"),
        ("12.5", "JPY", "has 1 decimals, and JPY has 0"),
        ("€50", "USD", "is in €, and the currency is USD"),
        ("50 EUR", "USD", "is in EUR, and the currency is USD"),
        ("fifty", "USD", "is not a number"),
        ("1,23,4", "USD", "is not a number"),
        ("-1.50", "USD", "must be greater than or equal to 0"),
        ("99999999999999999999", "USD", "must be less than or equal to 9223372036854775807"),
    ],
)
def test_what_is_no_amount_of_the_currency_is_an_error_of_the_row(
    shop: Organization, sku: str, text: str, currency: str, message: str | None
) -> None:
    outcome = load_price(shop, text, currency)
    assert list(outcome.errors[1]) == ["amount_cents"]
    if message is not None:
        assert outcome.errors[1]["amount_cents"] == [message]
    assert shop.all("prices") == []


def test_which_character_separates_decimals_can_be_said(shop: Organization, sku: str) -> None:
    kwd = price_list(shop, "KWD")
    text = 'sku_code,Price\nA,"1,234"\n'
    for unit, cents in (("decimal-comma", 1234), ("decimal-point", 1234000)):
        asked = {"Price": f"amount_cents:{unit}"}
        assert shop.load_csv("prices", text, column_map=asked, parent=kwd).errors == {}
        assert shop.values("prices", "amount_cents") == [cents]


def test_currency_is_that_of_the_record_as_it_would_become(shop: Organization, sku: str) -> None:
    yen, euro = price_list(shop, "JPY"), price_list(shop, "EUR")
    text = f"sku_code,price_list_id,Price\nA,{yen},12\nA,{euro},12\n"
    assert shop.load_csv("prices", text, column_map=DECIMAL).counts == (2, 0, 0, 0)
    assert shop.values("prices", "amount_cents") == [12, 1200]
    first = shop.all("prices")[0]["id"]
    dollar = price_list(shop, "USD")
    text = f"id,price_list_id,Price\n{first},{dollar},12\n"
    assert shop.load_csv("prices", text, column_map=DECIMAL).counts == (0, 1, 0, 0)
    assert shop.values("prices", "amount_cents") == [1200, 1200]


def test_decimals_of_json_are_converted_too(shop: Organization, sku: str) -> None:
    rows = [
        {"sku_code": "A", "price": 12.5, "was": "13,75"},
        {"sku_code": "A", "price": 12.505},
        {"sku_code": "A", "price": True},
        {"sku_code": "A", "price": None},
    ]
    asked = {"price": "amount_cents:decimal", "was": "compare_at_amount_cents:decimal"}
    outcome = shop.load("prices", rows, column_map=asked, parent=price_list(shop, "EUR"))
    assert outcome.errors == {
        2: {"amount_cents": ["has 3 decimals, and EUR has 2"]},
        3: {"amount_cents": ["is not a number"]},
        4: {"amount_cents": ["can't be blank"]},
    }
    assert shop.values("prices", "amount_cents", "compare_at_amount_cents") == [(1250, 1375)]


def test_decimals_of_nested_records_are_converted_in_the_currency_above_them(
    shop: Organization, sku: str
) -> None:
    text = "sku_code,Price,price_tiers.name,Tier price\nA,12,ten,1.50\n"
    asked = DECIMAL | {"Tier price": "price_tiers.price_amount_cents:decimal"}
    parent = price_list(shop, "EUR")
    assert shop.load_csv("prices", text, column_map=asked, parent=parent).counts == (1, 0, 0, 0)
    assert shop.values("price_tiers", "price_amount_cents") == [150]
    again = shop.load_csv("prices", text, column_map=asked, parent=parent)
    assert again.counts == (0, 0, 1, 0)


def test_line_items_with_decimals_are_not_doubled(shop: Organization) -> None:
    market = shop.some("markets")
    text = f"number,market_id,line_items.name,line_items.quantity,Price\nN,{market},x,1,1.50\n"
    asked = {"Price": "line_items.unit_amount_cents:decimal"}
    assert shop.load_csv("orders", text, column_map=asked).counts == (1, 0, 0, 0)
    assert shop.load_csv("orders", text, column_map=asked).counts == (0, 0, 1, 0)
    assert shop.values("line_items", "unit_amount_cents") == [150]


def test_currency_that_is_required_is_what_is_missing(shop: Organization) -> None:
    text = "code,Balance\nG1234567,10\n"
    outcome = shop.load_csv("gift_cards", text, column_map={"Balance": "balance_cents:decimal"})
    assert outcome.errors == {1: {"currency_code": ["can't be blank"]}}


def test_row_whose_price_list_is_missing_is_told_that_alone(shop: Organization, sku: str) -> None:
    outcome = shop.load_csv("prices", "sku_code,Price\nA,10\n", column_map=DECIMAL)
    assert outcome.errors == {1: {"price_list": ["must exist"]}}


def test_result_does_not_depend_on_chunks(shop: Organization, sku: str) -> None:
    parent = price_list(shop, "EUR")
    shop.have("skus", code="B")
    text = 'sku_code,Price\nA,"1,50"\nB,x\nB,2.00\nA,"1,50 EUR"\nB,3\n'
    first = shop.load_csv("prices", text, column_map=DECIMAL, parent=parent)
    second = shop.in_chunks(1).load_csv("prices", text, column_map=DECIMAL, parent=parent)
    assert first.counts == (2, 1, 1, 1)
    assert second.counts == (0, 2, 2, 1)
    assert [each["row"] for each in first.import_.first_amounts] == [1, 3, 4]
    assert first.import_.first_amounts == second.import_.first_amounts


# Amounts shown


def test_first_amounts_are_shown_as_money(shop: Organization, sku: str) -> None:
    outcome = load_price(shop, "$50.00")
    assert outcome.import_.first_amounts == (
        {
            "row": 1,
            "column": "Price",
            "field": "amount_cents",
            "value": "$50.00",
            "cents": 5000,
            "currency_code": "USD",
            "amount": "50.00 USD",
        },
    )
    rows = [{"sku_code": "A", "amount_cents": 50}]
    plain = shop.load("prices", rows, parent=shop.some("price_lists"))
    (shown,) = plain.import_.first_amounts
    assert (shown["value"], shown["cents"], shown["amount"].split()[0]) == ("50", 50, "0.50")


def test_first_amounts_are_those_of_the_first_rows_whatever_way_rows_go(
    shop: Organization, sku: str
) -> None:
    for code in "CDE":
        shop.have("skus", code=code)
    # Row 2 fails, row 4 is flat, and the rows 5 and 6 are odd, being of one record.
    prices = [("A", 1), ("Z", 2), ("C", 3), ("D", 4), ("E", 5), ("E", 6)]
    rows = [{"sku_code": code, "amount_cents": cents} for code, cents in prices]
    outcome = shop.load("prices", rows, parent=price_list(shop, "EUR"))
    assert outcome.counts == (4, 1, 0, 1)
    assert [each["cents"] for each in outcome.import_.first_amounts] == [1, 3, 4]


def test_dry_run_converts_and_shows_amounts_as_an_import_does(shop: Organization, sku: str) -> None:
    parent = price_list(shop, "USD")
    tried = shop.longshore.dry_runs.run(
        shop.environment,
        Source.from_stream(io.BytesIO(b"sku_code,Price\nA,50.00\nA,1.2.3\n"), format=Format.CSV),
        ImportRequest(resource_type="prices", parent=parent, column_map=DECIMAL, skip_errors=True),
    )
    assert (tried.created, tried.failed) == (1, 1)
    assert [each["amount"] for each in tried.first_amounts] == ["50.00 USD"]
    assert shop.all("prices") == []


# Ids of another place


def test_ids_of_another_place_are_told_once_with_their_count(shop: Organization) -> None:
    text = "ID,code,name,do_not_ship\n1,A,a,yes\n2,B,b,yes\n,C,c,yes\nAbCdEfGhIj,D,d,yes\n"
    outcome = shop.load_csv("skus", text)
    assert outcome.counts == (1, 0, 0, 3)
    assert {row: list(found) for row, found in outcome.errors.items()} == {
        row: ["id"] for row in (1, 2, 4)
    }
    (notice,) = outcome.import_.notices
    assert (notice.code, notice.count) == ("foreign_ids", 3)
    assert notice.message == "3 rows give ids that are not of this environment, in ID"
    assert notice.hint is not None
    assert notice.hint.endswith("--ignore ID")
    assert list(notice.first) == [
        {"row": row, "line": row + 1, "column": "ID"} for row in (1, 2, 4)
    ]
    in_chunks = shop.in_chunks(1).load_csv("skus", text)
    assert in_chunks.import_.notices == outcome.import_.notices


def test_ids_of_targets_that_are_of_another_place_are_told(shop: Organization) -> None:
    rows = [
        {"code": "A", "name": "a", "shipping_category_id": "AbCdEfGhIj"},
        {"code": "B", "name": "b", "shipping_category_id": shop.some("shipping_categories")},
    ]
    tried = shop.dry_run("skus", rows)
    outcome = shop.load("skus", rows)
    assert outcome.errors == {1: {"shipping_category": ["must exist"]}}
    (notice,) = outcome.import_.notices
    assert notice.message == (
        "1 row gives ids that are not of this environment, in shipping_category_id"
    )
    assert tried.notices == outcome.import_.notices


def test_id_that_was_once_here_is_not_of_another_place(shop: Organization) -> None:
    sku = shop.have("skus", code="A")
    shop.writer.delete(shop.environment, "skus", shop.inside(sku), creator=1)
    outcome = shop.load("skus", [{"id": sku, "name": "x"}])
    assert (list(outcome.errors[1]), outcome.import_.notices) == (["id"], ())
