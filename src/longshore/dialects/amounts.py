"""Amounts and numbers of cells: exact, and refused where they may mean two things.

Files that a platform has written have a point before decimals, and nothing between thousands. A
cell that somebody has edited may be spelled otherwise. Without a decimal mark, a cell is taken
where it can mean one thing; `Conversion.decimal_mark` finds the mark of others.
"""

import re
from decimal import Context, Decimal
from functools import lru_cache

from longshore.catalogue import CURRENCY_SIGNS, EXPONENTS
from longshore.error_codes import ErrorCode, message
from longshore.spellings import Amount, DecimalMark, ValueRefused, amount_of, plain_decimal

_PLAIN = re.compile(r"'?(-?)([0-9]{0,15})(?:\.([0-9]{0,15}))?", re.ASCII)
_CLEAR = re.compile(rf"(?!'?-?[1-9][0-9]{{0,2}}\.[0-9]{{3}}$){_PLAIN.pattern}", re.ASCII)
_READ_AT_ONCE = {DecimalMark.POINT: _PLAIN, None: _CLEAR}
_CODED = re.compile(
    r"(?=.*\d)(?:(?P<before>[A-Za-z]{3})[^\S\n]*(?=\W|\d))?(?P<number>[^A-Za-z]+)"
    r"(?(before)|(?P<after>[A-Za-z]{3}))"
)
_WIDE = Context(prec=100)  # digits, more than a number of a cell has beside its decimals
_NO_SIGN = re.compile(r"[\d\s.,'’+-]+")
_NOT_A_NUMBER = message(ErrorCode.NOT_A_NUMBER)


@lru_cache(maxsize=20_000)
def cents_of(
    text: str, currency: str, mark: DecimalMark | None = None, *, rounds: bool = False
) -> int:
    """The amount of a cell in the smallest unit of its currency; raises ValueRefused.

    A whole number is units, never cents.
    """
    amount = _amount(text, mark)
    if rounds:
        amount = Amount(amount.text, amount.value, amount.decimals, amount.marks, rounds=True)
    return amount.cents(currency)


@lru_cache(maxsize=20_000)
def number_of(text: str, mark: DecimalMark | None = None) -> Decimal:
    """The number of a cell; raises ValueRefused for what is none, or beside which anything
    stands."""
    amount = _amount(text, mark)
    if amount.marks:
        raise ValueRefused(_NOT_A_NUMBER)
    return amount.value


@lru_cache(maxsize=20_000)
def whole_number_of(text: str, mark: DecimalMark | None = None) -> int:
    """The whole number of a cell, such as a quantity; raises ValueRefused."""
    number = number_of(text, mark)
    if number != number.to_integral_value():
        raise ValueRefused(message(ErrorCode.NOT_AN_INTEGER))
    return int(number)


def plain(number: Decimal, places: int = 6) -> str:
    """A number as the wire has it, without zeros at its end, with so many decimals at the most."""
    return plain_decimal(number.quantize(Decimal(1).scaleb(-places), context=_WIDE))


def _amount(text: str, mark: DecimalMark | None) -> Amount:
    at_once = _READ_AT_ONCE.get(mark)
    plain_text = at_once.fullmatch(text) if at_once is not None else None
    if plain_text is not None and (plain_text[2] or plain_text[3]):
        sign, whole, decimals = plain_text.groups()
        return Amount.of_decimal(text, Decimal(f"{sign}{whole or 0}.{decimals or 0}"))
    found = amount_of(text, mark)
    if found is None:
        raise ValueRefused(_NOT_A_NUMBER)
    return found


def parted_amount(text: str, currency: str | None) -> tuple[str | None, str]:
    """The currency of an amount such as `15.00 USD`, and the number beside its code.

    Where it names none that is known, or a sign that several have, it is `currency`; None: nobody
    knows. The number of an amount with a sign still has it, so that it is compared.
    """
    found = _CODED.fullmatch(text.strip())
    if found is not None:
        code = found["before"] or found["after"]
        return (code.upper() if has_currency(code) else None), found["number"].strip()
    meant = CURRENCY_SIGNS.get(_NO_SIGN.sub("", text).lower(), frozenset())
    if meant and currency not in meant:
        return (next(iter(meant)) if len(meant) == 1 else None), text
    return currency, text


def has_currency(text: str) -> bool:
    """Whether that is the code of a currency, in any case."""
    return text.strip().upper() in EXPONENTS
