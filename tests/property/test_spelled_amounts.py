"""No column of amounts is read as others: what is read is exact, or refused.

A column is written as one person would: one decimal mark, one separator of thousands, decimals as
many as the currency has, or only as many as needed, a code or a sign of the currency or none. Its
spelling is decided over all of its values, and each value is read under it.
"""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from longshore.catalogue import CURRENCIES, CURRENCY_SIGNS, EXPONENTS
from longshore.spellings import (
    ColumnEvidence,
    ColumnKind,
    DecimalMark,
    ValueRefused,
    VerdictKind,
    amount_of,
)

_GROUPS = {
    DecimalMark.COMMA: ("", ".", " ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "'", "’"),
    DecimalMark.POINT: ("", ",", " ", "\N{NO-BREAK SPACE}", "\N{THIN SPACE}", "'", "’"),
}
_BY_EXPONENT = {
    exponent: sorted(code for code in CURRENCIES if EXPONENTS[code] == exponent)
    for exponent in sorted(set(EXPONENTS.values()))
}


@st.composite
def _columns(draw: st.DrawFn) -> tuple[str, list[int], list[str]]:
    """A currency, amounts in cents, and how somebody writes them."""
    currency = draw(st.sampled_from(draw(st.sampled_from(list(_BY_EXPONENT.values())))))
    mark = draw(st.sampled_from(DecimalMark))
    group = draw(st.sampled_from(_GROUPS[mark]))
    signs = sorted(sign for sign, codes in CURRENCY_SIGNS.items() if currency in codes)
    around = draw(st.sampled_from(["", currency, *signs]))
    before, blank = draw(st.booleans()), draw(st.sampled_from(["", " ", "\N{NO-BREAK SPACE}"]))
    is_short = draw(st.booleans())  # zeros at the end of the decimals are left out
    near = 10 ** (EXPONENTS[currency] + 4)
    cents = draw(st.lists(st.integers(-near, near) | st.integers(-(10**12), 10**12), min_size=1))

    def written(amount: int) -> str:
        value = Decimal(amount).scaleb(-EXPONENTS[currency])
        whole, _, decimals = f"{abs(value):f}".partition(".")
        whole = f"{int(whole):,}".replace(",", group)
        decimals = decimals.rstrip("0") if is_short else decimals
        number = f"{whole}{mark.sign}{decimals}" if decimals else whole
        text = f"{around}{blank}{number}" if before else f"{number}{blank}{around}"
        return f"{'-' if amount < 0 else ''}{text}"

    return currency, cents, [written(amount) for amount in cents]


@given(_columns())
def test_column_of_amounts_is_read_exactly_or_refused(
    column: tuple[str, list[int], list[str]],
) -> None:
    currency, cents, texts = column
    evidence = ColumnEvidence(ColumnKind.AMOUNT)
    evidence.take(texts, 1)
    verdict = evidence.verdict()
    if verdict.kind is VerdictKind.OPEN:
        return  # the import is refused
    mark = None if verdict.spelling is None else verdict.spelling.decimal
    for text, expected in zip(texts, cents, strict=True):
        try:
            amount = amount_of(text, mark)
            found = None if amount is None else amount.cents(currency)
        except ValueRefused:
            continue
        assert found == expected


@given(_columns(), _columns())
def test_columns_of_two_people_are_read_exactly_or_refused_under_a_mark_that_is_contradicted(
    one: tuple[str, list[int], list[str]], other: tuple[str, list[int], list[str]]
) -> None:
    """Where values show both marks, each is read by itself."""
    evidence = ColumnEvidence(ColumnKind.AMOUNT)
    evidence.take([*one[2], *other[2]], 1)
    if evidence.verdict().kind is not VerdictKind.CONTRADICTORY:
        return
    for currency, cents, texts in (one, other):
        for text, expected in zip(texts, cents, strict=True):
            try:
                amount = amount_of(text, None)
                found = None if amount is None else amount.cents(currency)
            except ValueRefused:
                continue
            assert found == expected
