"""Cells such as `1.500`: what they are is shown by the other values of their column, or by none."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from longshore.spellings import DecimalMark
from tests.unit.dialects.made import Made, made_of_text

HEADER = "Handle,Title,Variant SKU,Variant Price,Variant Compare At Price,Variant Inventory Qty"
REFUSED = None


def made_of_prices(
    folder: Path,
    prices: Sequence[str],
    *,
    compared: str = "",
    quantity: str = "",
    currency: str = "USD",
    decimal: DecimalMark | None = None,
) -> Made:
    """What becomes of a Shopify file with these prices."""
    rows = [
        f'{letter},{letter},{letter},"{price}","{compared}","{quantity}"'
        for letter, price in zip("ABCDEFGH", prices, strict=False)
    ]
    text = "\n".join([HEADER, *rows, ""])
    return made_of_text(folder, text, currency=currency, decimal=decimal)


def cents(made: Made) -> list[int | None]:
    """The cents of the prices; None for one that is refused as one of two."""
    assert {code for *_, code in made.failures_of("prices")} <= {"ambiguous_amount"}
    found = [each.get("amount_cents") for each in made.of("prices")]
    return [None if amount is None else int(amount) for amount in found]


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        (["12,50", "1.500", "1.234,50"], [1250, 150_000, 123_450]),
        (["1.500", "1.234,50", "12,50"], [150_000, 123_450, 1250]),
        (["1.500", "9"], [150, 900]),  # as platforms write it
        (["1.500", "12.50"], [150, 1250]),
        (["1,500", "12.50"], [150_000, 1250]),
        (["1,500", "12,50"], [150, 1250]),
        (["1.500", "12,50", "12.50"], [REFUSED, 1250, 1250]),
        (["1,500", "9"], [REFUSED, 900]),
        (["12,50", "1.500 $", "$1.500"], [1250, 150_000, 150_000]),
    ],
)
def test_other_values_of_the_column_show_what_a_price_is(
    tmp_path: Path, prices: list[str], expected: list[int | None]
) -> None:
    assert cents(made_of_prices(tmp_path, prices)) == expected


def test_mark_that_was_asked_for_decides(tmp_path: Path) -> None:
    prices = ["1.500", "9"]
    assert cents(made_of_prices(tmp_path, prices, decimal=DecimalMark.COMMA)) == [150_000, 900]


def test_currency_of_three_decimals_is_read_as_platforms_write_it(tmp_path: Path) -> None:
    assert cents(made_of_prices(tmp_path, ["1.234", "0.500"], currency="KWD")) == [1234, 500]


def test_comma_in_another_column_of_prices_leaves_two_meanings(tmp_path: Path) -> None:
    made = made_of_prices(tmp_path, ["1.500", "9"], compared="2.999,50")
    assert cents(made) == [REFUSED, 900]


def test_quantity_of_an_edited_file_is_not_another_one_by_thousands(tmp_path: Path) -> None:
    made = made_of_prices(tmp_path, ["12,50"], quantity="1.000")
    assert made.failures_of("stock_items") == [
        ("1", "quantity", "Variant Inventory Qty", "1.000", "ambiguous_amount")
    ]


def test_value_that_decides_is_told(tmp_path: Path) -> None:
    made = made_of_prices(tmp_path, ["12,50", "1.500", "1.700"])
    assert (
        "2 rows have a Variant Price such as 1.500, which is read with a decimal comma, "
        "as 12,50 shows"
    ) in made.told()


def test_weights_are_read_as_their_column_shows(tmp_path: Path) -> None:
    header = "product_number;tax_rate;price_net;price_gross;name;weight"
    rows = ("A;19;1;2;A;1.250", "B;19;1;2;B;0,5")
    made = made_of_text(tmp_path, "\n".join((header, *rows, "")), currency="EUR")
    weights = [each["weight"] for each in made.of("skus")]
    assert weights == ["1250000", "500"]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("id,title,link,image_link,availability,price", '{0},T,l,i,in stock,"{1} USD"'),
        ("Product Handle,Variant SKU,Option 1 Name,Price USD", '{0},{0},Size,"{1}"'),
        ("Product Variant ID,SKU,Price USD", 'v,{0},"{1}"'),
        ("seller-sku\titem-name\tprice\tquantity", "{0}\tT\t{1}\t1"),
        ("slug,sku,price,option1_name,inventory_count,name", '{0},{0},"{1}",,1,T'),
        ("Type,SKU,Regular price,Visibility in catalog,Name", 'simple,{0},"{1}",visible,T'),
    ],
)
def test_prices_of_other_platforms_are_read_as_their_column_shows(
    tmp_path: Path, header: str, row: str
) -> None:
    rows = [row.format("a", "1.500"), row.format("b", "12,50")]
    made = made_of_text(tmp_path, "\n".join([header, *rows, ""]), currency="USD")
    assert cents(made) == [150_000, 1250]
