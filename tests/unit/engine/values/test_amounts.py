"""Amounts as people write them: what each text means, and which are refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.catalogue import CURRENCIES, CURRENCY_SIGNS, EXPONENTS, money_plain, money_text
from longshore.engine.plan.field_names import says_cents
from longshore.engine.values.amounts import amount_converter
from longshore.engine.values.converters import ValueRefused
from longshore.engine.values.money_units import split_unit
from longshore.spellings import Amount


def amount(value: object, unit: str = "decimal") -> Amount:
    found = amount_converter(unit)(value)
    assert isinstance(found, Amount)
    return found


@pytest.mark.parametrize(
    ("unit", "text", "value", "marks"),
    [
        ("decimal", "50", "50", ()),
        ("decimal", " 12.50 ", "12.50", ()),
        ("decimal", "12,5", "12.5", ()),
        ("decimal", ".5", "0.5", ()),
        ("decimal", "0.500", "0.500", ()),
        ("decimal", "1234.567", "1234.567", ()),
        ("decimal", "1,234,567", "1234567", ()),
        ("decimal", "1.234.567,8", "1234567.8", ()),
        ("decimal", "1 234 567,80", "1234567.8", ()),
        ("decimal", "1\N{NO-BREAK SPACE}234,50", "1234.5", ()),
        ("decimal", "1’234.50", "1234.5", ()),
        ("decimal", "-12.50", "-12.50", ()),
        ("decimal", "−12.50", "-12.50", ()),
        ("decimal", "$-5", "-5", ("$",)),
        ("decimal", "12,50 zł", "12.50", ("zł",)),
        ("decimal", "US$ 50", "50", ("US$",)),
        ("decimal", "$50 USD", "50", ("$", "USD")),
        ("decimal-point", "1,234", "1234", ()),
        ("decimal-point", "1.234", "1.234", ()),
        ("decimal-comma", "1,234", "1.234", ()),
        ("decimal-comma", "1.234", "1234", ()),
        ("decimal-comma", "1.234.567", "1234567", ()),
    ],
)
def test_texts_mean_amounts(unit: str, text: str, value: str, marks: tuple[str, ...]) -> None:
    found = amount(text, unit)
    assert (found.value, found.marks, found.text) == (Decimal(value), marks, text)


REFUSED: list[tuple[str, object]] = [
    *(("decimal", text) for text in ("abc", "1e3", "$", "1,23,4", "1.2.3", "--5", "-$-5")),
    *(("decimal", text) for text in ("12.5.6", "1,234.5,6", "12 34", "1'2", "٣", "5 5 EUR")),
    ("decimal", True),
    ("decimal", []),
    ("decimal", float("nan")),
    ("decimal", 1e300),
    ("decimal-point", "12,50"),
    ("decimal-point", "1.234,50"),
    ("decimal-comma", "12.50"),
    ("decimal-comma", "0.500"),
    ("decimal-comma", "1,234,567"),
    ("decimal", "9" * 40),
]


@pytest.mark.parametrize(("unit", "value"), REFUSED)
def test_what_is_no_amount_is_refused(unit: str, value: object) -> None:
    with pytest.raises(ValueRefused, match="is not a number"):
        amount(value, unit)


@pytest.mark.parametrize("text", ["1,234", "1.234", "$12,345", "999.999"])
def test_what_may_mean_two_things_is_refused_with_both(text: str) -> None:
    with pytest.raises(ValueRefused, match="is ambiguous, it may be"):
        amount(text)


@given(
    cents=st.integers(min_value=-(10**12), max_value=10**12),
    currency=st.sampled_from(sorted(CURRENCIES)),
)
def test_amount_of_any_currency_that_is_written_for_people_is_read_back_or_refused(
    cents: int, currency: str
) -> None:
    """Never as another one: what longshore shows is either its cents again, or ambiguous."""
    for text in (money_text(cents, currency), money_plain(cents, currency)):
        assert text is not None
        assert amount(text, "decimal-point").cents(currency) == cents
        try:
            found = amount(text)
        except ValueRefused:
            continue
        assert found.cents(currency) == cents


def test_every_sign_stands_for_currencies_that_exist() -> None:
    assert CURRENCY_SIGNS.keys() == {sign.lower() for sign in CURRENCY_SIGNS}
    for codes in CURRENCY_SIGNS.values():
        assert codes
        assert EXPONENTS.keys() >= codes


@pytest.mark.parametrize(
    ("meaning", "expected"),
    [
        ("amount_cents", ("amount_cents", None)),
        ("amount_cents:cents", ("amount_cents", "cents")),
        ("amount_cents:decimal-comma", ("amount_cents", "decimal-comma")),
        ("metadata.a:b", ("metadata.a:b", None)),
        ("", ("", None)),
    ],
)
def test_unit_stands_behind_the_field(meaning: str, expected: tuple[str, str | None]) -> None:
    assert split_unit(meaning) == expected


def test_column_says_cents_where_its_name_ends_so() -> None:
    names = ("amount_cents", "Price (cents", "PRICE CENTS", "price-cents", "Price", "cents price")
    assert [says_cents(name) for name in names] == [True, True, True, True, False, False]
