"""Amounts as people write them: numbers with the code or the sign of a currency.

How many cents an amount is depends on the currency of its record. Nothing is taken for cents
because it has no decimals, and nothing is rounded unless somebody asks for it.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from longshore.catalogue import CURRENCIES, CURRENCY_SIGNS, EXPONENTS
from longshore.error_codes import ErrorCode, message
from longshore.spellings.number_texts import (
    DecimalMark,
    NumberText,
    ShownMark,
    clear_number,
    parted,
)
from longshore.spellings.refused import ValueRefused

_NOT_A_NUMBER = message(ErrorCode.NOT_A_NUMBER)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount whose cents depend on a currency."""

    text: str  # as the row has it
    value: Decimal
    decimals: int  # digits behind the point, without zeros at the end
    marks: tuple[str, ...] = ()  # currency codes and signs that stand beside it
    rounds: bool = False  # more decimals than the currency has are rounded, halves to even

    @classmethod
    def of_decimal(cls, text: str, value: Decimal, marks: tuple[str, ...] = ()) -> "Amount":
        """The amount that a number is."""
        exponent = value.normalize().as_tuple().exponent
        assert isinstance(exponent, int)
        return cls(text, value, max(-exponent, 0), marks)

    def cents(self, currency: str) -> int:
        """In the smallest unit of a currency; raises ValueRefused where that would lose or change
        anything but what `rounds` allows."""
        for mark in self.marks:
            currencies = _currencies(mark)
            if not currencies:
                raise ValueRefused(_NOT_A_NUMBER)  # `12,5o`
            if currency not in currencies:
                raise ValueRefused(message(ErrorCode.OTHER_CURRENCY, mark, currency))
        exponent = EXPONENTS[currency]
        if self.decimals > exponent and not self.rounds:
            raise ValueRefused(
                message(ErrorCode.TOO_MANY_DECIMALS, self.decimals, currency, exponent)
            )
        return int(self.value.scaleb(exponent).to_integral_value(ROUND_HALF_EVEN))


def amount_of(text: str, mark: DecimalMark | None) -> Amount | None:
    """The amount that a text is, None where it is blank; raises ValueRefused.

    Without a mark, one that may be two amounts is refused with both.
    """
    number = parted(text)
    if number is None:
        if not text.strip():
            return None
        raise ValueRefused(_NOT_A_NUMBER)
    value = number.value(mark)
    if value is None:
        if mark is None and number.shown is ShownMark.OPEN:
            thousands, decimals = number.meanings()
            if "." in thousands:
                thousands, decimals = decimals, thousands
            raise ValueRefused(message(ErrorCode.AMBIGUOUS_AMOUNT, thousands, decimals))
        raise ValueRefused(_NOT_A_NUMBER)
    return Amount.of_decimal(text, Decimal(value), number.marks)


def shown_by_amount(text: str) -> ShownMark:
    """What an amount says of the decimal mark of its column."""
    number = parted(text)
    if number is None or not _are_of_currencies(number):
        return ShownMark.NONE
    return number.shown


def clear_cents(text: str, currency: str | None) -> str | None:
    """The cents of an amount of a record in this currency; None: nobody knows in which it is.

    A whole number is cents already. Anything else has to name the currency, and as many decimals
    as that has.
    """
    whole = clear_number(text)
    if whole is not None:
        return None if "." in whole else whole
    number = parted(text)
    if number is None or len(number.marks) != 1:
        return None
    if currency is None or currency not in _currencies(number.marks[0]):
        return None
    value = number.value(None)
    if value is None:
        return None
    whole, _, decimals = value.partition(".")
    if len(decimals) != EXPONENTS[currency]:
        return None
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{(whole.lstrip('-') + decimals).lstrip('0') or '0'}"


def _are_of_currencies(number: NumberText) -> bool:
    return all(map(_currencies, number.marks))


def _currencies(mark: str) -> frozenset[str]:
    if mark.upper() in CURRENCIES:
        return frozenset((mark.upper(),))
    return CURRENCY_SIGNS.get(mark.lower(), frozenset())
