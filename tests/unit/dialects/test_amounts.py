"""Amounts in which a currency stands beside the number."""

import pytest

from longshore.dialects.amounts import parted_amount


@pytest.mark.parametrize(
    ("text", "currency", "number"),
    [
        ("15.00 USD", "USD", "15.00"),
        ("USD 15.00", "USD", "15.00"),
        ("usd15", "USD", "15"),
        ("1.234\u00a0KWD", "KWD", "1.234"),
        ("-5 EUR", "EUR", "-5"),
        ("€ 12,50", "EUR", "€ 12,50"),
        ("15", None, "15"),
        ("$15", None, "$15"),
        ("15 MOO", None, "15"),
        ("EUR 5 USD", None, "EUR 5 USD"),
        ("USD", None, "USD"),
        ("", None, ""),
    ],
)
def test_currency_is_told_apart_from_the_number(
    text: str, currency: str | None, number: str
) -> None:
    assert parted_amount(text, None) == (currency, number)


def test_sign_that_several_currencies_have_is_that_of_the_one_that_was_said() -> None:
    assert parted_amount("$15", "CAD") == ("CAD", "$15")
    assert parted_amount("$15", "EUR") == (None, "$15")
    assert parted_amount("€15", "USD") == ("EUR", "€15")
