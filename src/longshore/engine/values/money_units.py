"""In which unit a column gives amounts: cents, or decimals of the currency.

Under its own name a field of cents takes cents. A column of another name may hold anything, so
whoever maps it says which: `Price=amount_cents:decimal`. That is how a column map is stored, too.
A mapping may add in which currency the amounts are, and that they are rounded:
`decimal-comma+EUR+half_even`.
"""

from dataclasses import dataclass
from typing import Final

from longshore.catalogue import CURRENCIES
from longshore.spellings import DecimalMark, Spelling, SpellingRefused

CENTS: Final = "cents"
DECIMAL: Final = "decimal"  # a point or a comma, as the values of the column show
DECIMAL_POINT: Final = "decimal-point"
DECIMAL_COMMA: Final = "decimal-comma"
UNITS = (CENTS, DECIMAL, DECIMAL_POINT, DECIMAL_COMMA)

_OF_CENTS = "_cents"
_MARKS = {DECIMAL_POINT: DecimalMark.POINT, DECIMAL_COMMA: DecimalMark.COMMA}
_AND = "+"
_ROUNDED = "half_even"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecimalUnit:
    """How a column gives amounts in decimals."""

    mark: DecimalMark | None  # None: each value shows it by itself
    currency: str | None = None  # in which all amounts are
    rounds: bool = False

    @classmethod
    def of(cls, unit: str) -> "DecimalUnit":
        """What a unit says."""
        decimal, *more = unit.split(_AND)
        return cls(
            mark=_MARKS.get(decimal),
            currency=next((each for each in more if each in CURRENCIES), None),
            rounds=_ROUNDED in more,
        )


def is_of_cents(field: str) -> bool:
    """Whether a field takes an amount in cents."""
    return field.endswith(_OF_CENTS)


def is_unit(text: str) -> bool:
    """Whether a text is the unit of an amount."""
    decimal, *more = text.split(_AND)
    return decimal in UNITS and all(each == _ROUNDED or each in CURRENCIES for each in more)


def is_open_unit(unit: str) -> bool:
    """Whether the values of the column have to show what stands before the decimals."""
    return unit.split(_AND)[0] == DECIMAL


def with_mark(unit: str, mark: DecimalMark) -> str:
    """A unit whose decimals are separated so."""
    return _AND.join([f"{DECIMAL}-{mark}", *unit.split(_AND)[1:]])


def split_unit(meaning: str) -> tuple[str, str | None]:
    """A field, and how a column map says that its values are given: the unit of amounts, or the
    spelling of others."""
    field, colon, unit = meaning.rpartition(":")
    if colon and (is_unit(unit) or ("." not in field and _is_spelling(unit))):
        return field, unit
    return meaning, None


def _is_spelling(text: str) -> bool:
    try:
        Spelling.of(text)
    except SpellingRefused:
        return False
    return True
