"""No file may import a price that is another one by a power of ten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.catalogue import EXPONENTS
from longshore.dialects import cents_of
from longshore.spellings import DecimalMark, ValueRefused

CURRENCIES = st.sampled_from(sorted(EXPONENTS))
CENTS = st.integers(min_value=0, max_value=10**11)


def digits(cents: int, exponent: int) -> tuple[str, str]:
    """Units and decimals."""
    units, rest = divmod(cents, 10**exponent)
    return str(units), f"{rest:0{exponent}d}" if exponent else ""


def grouped(units: str, mark: str) -> str:
    return f"{int(units):,}".replace(",", mark)


@given(CURRENCIES, CENTS, st.integers(min_value=0, max_value=4))
def test_what_platforms_write_is_exact(currency: str, cents: int, zeros: int) -> None:
    """A point before decimals, nothing between thousands, zeros at the end or not."""
    units, decimals = digits(cents, EXPONENTS[currency])
    written = decimals + "0" * zeros
    text = f"{units}.{written}" if written else units
    assert cents_of(text, currency, DecimalMark.POINT) == cents
    short = decimals.rstrip("0")
    text = f"{units}.{short}" if short else units
    assert cents_of(text, currency, DecimalMark.POINT) == cents


@given(CURRENCIES, st.integers(min_value=0, max_value=10**9))
def test_whole_numbers_are_units(currency: str, units: int) -> None:
    assert cents_of(str(units), currency) == units * 10 ** EXPONENTS[currency]


@given(CURRENCIES, CENTS, st.sampled_from([(",", "."), (".", ","), ("'", "."), (" ", ",")]))
def test_what_people_write_is_exact_or_refused(
    currency: str, cents: int, marks: tuple[str, str]
) -> None:
    """Whatever stands between thousands and before decimals; and exact where the mark is known."""
    between, before = marks
    units, decimals = digits(cents, EXPONENTS[currency])
    text = grouped(units, between) + (before + decimals if decimals else "")
    mark = DecimalMark.COMMA if before == "," else DecimalMark.POINT
    assert cents_of(text, currency, mark) == cents
    try:
        found = cents_of(text, currency)
    except ValueRefused:
        return
    assert found == cents


@given(CURRENCIES, CENTS)
def test_finer_than_the_currency_is_refused_or_rounded(currency: str, cents: int) -> None:
    units, decimals = digits(cents, EXPONENTS[currency])
    text = f"{units}.{decimals}5"
    with pytest.raises(ValueRefused):
        cents_of(text, currency, DecimalMark.POINT)
    rounded = cents_of(text, currency, DecimalMark.POINT, rounds=True)
    assert rounded in (cents, cents + 1)
    assert rounded % 2 == 0
