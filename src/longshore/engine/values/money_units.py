"""In which unit a column gives amounts: cents, or decimals of the currency.

Under its own name a field of cents takes cents. A column of another name may hold anything, so
whoever maps it says which: `Price=amount_cents:decimal`. That is how a column map is stored, too.
"""

from typing import Final

from longshore.spellings import DecimalMark

CENTS: Final = "cents"
DECIMAL: Final = "decimal"  # a point or a comma, where a value shows which of them it is
DECIMAL_POINT: Final = "decimal-point"
DECIMAL_COMMA: Final = "decimal-comma"
UNITS = (CENTS, DECIMAL, DECIMAL_POINT, DECIMAL_COMMA)

_OF_CENTS = "_cents"
_MARKS = {DECIMAL_POINT: DecimalMark.POINT, DECIMAL_COMMA: DecimalMark.COMMA}


def is_of_cents(field: str) -> bool:
    """Whether a field takes an amount in cents."""
    return field.endswith(_OF_CENTS)


def decimal_mark(unit: str) -> DecimalMark | None:
    """What stands before the decimals of a unit; None: each value shows it by itself."""
    return _MARKS.get(unit)


def split_unit(meaning: str) -> tuple[str, str | None]:
    """A field and the unit that a column map gives with it."""
    field, colon, unit = meaning.rpartition(":")
    return (field, unit) if colon and unit in UNITS else (meaning, None)
