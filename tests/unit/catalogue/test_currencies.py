"""Amounts as numbers and as text for people."""

import pytest

from longshore.catalogue import COUNTRIES, CURRENCIES, EXPONENTS, money_float, money_text

CASES = [
    (1234, "EUR", 12.34, "€12.34"),
    (5, "USD", 0.05, "$0.05"),
    (0, "GBP", 0.0, "£0.00"),
    (123456789, "USD", 1234567.89, "$1,234,567.89"),
    (-1250, "EUR", -12.5, "-€12.50"),
    (1234, "JPY", 1234.0, "¥1,234"),
    (1234567, "KWD", 1234.567, "KWD 1,234.567"),
    (1200, "CHF", 12.0, "CHF 12.00"),
    (1234, None, 12.34, "12.34"),
    (None, "EUR", None, None),
]


@pytest.mark.parametrize(("cents", "currency", "number", "text"), CASES)
def test_amount_is_shown_in_its_currency(cents, currency, number, text):
    assert money_float(cents, currency) == number
    assert money_text(cents, currency) == text


def test_every_currency_has_a_minor_unit():
    assert len(CURRENCIES) > 150
    assert set(EXPONENTS.values()) == {0, 2, 3, 4}
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)


def test_countries_are_those_of_the_standard():
    assert len(COUNTRIES) == 249
    assert {"IT", "US", "GB", "DE"} <= COUNTRIES
    assert not {"UK", "EU", "XX"} & COUNTRIES
