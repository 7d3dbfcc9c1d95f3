"""Amounts as people write them: with decimals, separators of thousands, and a currency.

What a text means is read off the text alone: an amount that could mean two things is refused. How
many cents it is depends on the currency of its record, which is known when the row is applied.
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal

from longshore.catalogue import CURRENCY_SIGNS, EXPONENTS
from longshore.engine.values.converters import NOT_A_NUMBER, Converter, ValueRefused
from longshore.engine.values.money_units import DECIMAL_COMMA, DECIMAL_POINT
from longshore.error_codes import ErrorCode, message

_MARK = r"(?:(?![.])[^\W\d_]{0,4}[^\w\s.,'’+\-−]?(?:\.(?=\s|$))?)?"
_SHAPE = re.compile(
    rf"(?P<sign>[+\-−]?)\s*(?P<before>{_MARK})\s*(?P<late_sign>[+\-−]?)\s*"
    rf"(?P<number>[0-9.,][0-9.,'’\s]*?)\s*(?P<after>{_MARK})"
)
_WHOLE = re.compile(
    r"[0-9]*|[1-9][0-9]{0,2}(?P<separator>[.,' ])[0-9]{3}(?:(?P=separator)[0-9]{3})*"
)
_SEPARATORS = {DECIMAL_POINT: ".", DECIMAL_COMMA: ","}
_VALUE_MAX = 10**20
_CHARACTERS_MAX = 30  # of a number


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount whose cents depend on a currency."""

    text: str  # as the row has it
    value: Decimal
    decimals: int  # digits behind the point, without zeros at the end
    marks: tuple[str, ...] = ()  # currency codes and signs that stand beside it

    def cents(self, currency: str) -> int:
        """In the smallest unit of a currency; raises ValueRefused where that would lose or change
        anything."""
        for mark in self.marks:
            if mark.upper() != currency and currency not in CURRENCY_SIGNS.get(mark.lower(), ()):
                raise ValueRefused(message(ErrorCode.OTHER_CURRENCY, mark, currency))
        exponent = EXPONENTS[currency]
        if self.decimals > exponent:
            raise ValueRefused(
                message(ErrorCode.TOO_MANY_DECIMALS, self.decimals, currency, exponent)
            )
        return int(self.value.scaleb(exponent))


def amount_converter(unit: str) -> Converter:
    """The converter of a column of decimals; `unit` says which character separates them."""

    def convert(value: object) -> Amount | None:
        if isinstance(value, str):
            text = " ".join(value.split())
            return _amount(value, text, unit) if text else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueRefused(NOT_A_NUMBER)
        if abs(value) > _VALUE_MAX or math.isnan(value):
            raise ValueRefused(NOT_A_NUMBER)
        return _of_decimal(str(value), Decimal(str(value)))

    return convert


def _amount(original: str, text: str, unit: str) -> Amount:
    shape = _SHAPE.fullmatch(text)
    if shape is None or (shape["sign"] and shape["late_sign"]):
        raise ValueRefused(NOT_A_NUMBER)
    number = shape["number"].replace("’", "'")
    separator = _decimal_separator(number, unit)
    whole, _, decimals = number.rpartition(separator) if separator else (number, "", "")
    digits = re.sub(r"\D", "", whole)
    is_whole = _WHOLE.fullmatch(whole) and not (separator and separator in whole)
    is_number = is_whole and (decimals.isdigit() or (digits and not decimals))
    if not is_number or len(number) > _CHARACTERS_MAX:
        raise ValueRefused(NOT_A_NUMBER)
    sign = "-" if (shape["sign"] or shape["late_sign"]) in ("-", "−") else ""
    marks = tuple(mark.rstrip(".") for mark in (shape["before"], shape["after"]) if mark)
    return _of_decimal(original, Decimal(f"{sign}{digits or '0'}.{decimals or '0'}"), marks)


def _of_decimal(text: str, value: Decimal, marks: tuple[str, ...] = ()) -> Amount:
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Amount(text, value, max(-exponent, 0), marks)


def _decimal_separator(number: str, unit: str) -> str:
    """The character before the decimals; "" where there are none. Raises ValueRefused where the
    number could be read in two ways."""
    if unit in _SEPARATORS:
        return _SEPARATORS[unit] if _SEPARATORS[unit] in number else ""
    points, commas = number.count("."), number.count(",")
    if points and commas:
        return max(".,", key=number.rindex)
    if points + commas != 1:
        return ""  # of several that are alike, each separates thousands
    separator = "." if points else ","
    whole, _, decimals = number.partition(separator)
    if len(decimals) == 3 and re.fullmatch(r"[1-9][0-9]{0,2}", whole):
        raise ValueRefused(
            message(ErrorCode.AMBIGUOUS_AMOUNT, f"{whole}{decimals}", f"{whole}.{decimals}")
        )
    return separator
