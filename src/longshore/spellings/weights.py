"""Weights as people write them: `0,35 kg`, in the units that the wire knows."""

from collections.abc import Mapping
from decimal import Decimal

from longshore.spellings.number_texts import (
    DecimalMark,
    NumberText,
    ShownMark,
    parted,
    plain_decimal,
)

# What a unit is in one that the wire knows: its name there, and how many of it.
WEIGHT_UNITS: Mapping[str, tuple[str, Decimal]] = {
    "gr": ("gr", Decimal(1)),
    "g": ("gr", Decimal(1)),
    "kg": ("gr", Decimal(1000)),
    "mg": ("gr", Decimal("0.001")),
    "t": ("gr", Decimal(1_000_000)),
    "oz": ("oz", Decimal(1)),
    "lb": ("lb", Decimal(1)),
}
_WORDS: Mapping[str, str] = {
    **{unit: unit for unit in WEIGHT_UNITS},
    # With the codes of UN/ECE recommendation 20. A "ton" is not the same everywhere, so it is none.
    **dict.fromkeys(
        ("gram", "grams", "gramm", "gramme", "grammes", "grammi", "gramos", "grm"), "g"
    ),
    **dict.fromkeys(("kgs", "kilo", "kilos", "kilogram", "kilogramm", "kilograms", "kgm"), "kg"),
    **dict.fromkeys(("kilogramme", "kilogrammes", "chilogrammi", "kilogramos"), "kg"),
    **dict.fromkeys(("milligram", "milligrams", "milligramm", "milligrammes"), "mg"),
    **dict.fromkeys(("tonne", "tonnes", "tonnen", "tne"), "t"),
    **dict.fromkeys(("ounce", "ounces", "unze", "unzen"), "oz"),
    **dict.fromkeys(("lbs", "pound", "pounds"), "lb"),
}


def weight_unit_of(text: str) -> str | None:
    """The unit that a word spells, as `WEIGHT_UNITS` has it: `kgs` is `kg`; None: it is none."""
    return _WORDS.get(text.strip().rstrip(".").casefold())


def read_weight(text: str, mark: DecimalMark | None, unit: str | None) -> str | None:
    """The weight that a text spells, in the wire's unit for `unit`; None where it spells none, or
    is in another system than `unit`.

    A number without a unit of its own is in `unit`; where that is None, it is what it is.
    """
    weight = weight_of(text, mark, unit)
    if weight is None or (unit is not None and weight[1] != WEIGHT_UNITS[unit][0]):
        return None
    return weight[0]


def weight_of(
    text: str, mark: DecimalMark | None, unit: str | None
) -> tuple[str, str | None] | None:
    """The weight that a text spells, and the wire's unit that it is in: that of its own unit, else
    of `unit`."""
    number = parted(text)
    if number is None or number.before:
        return None
    value = number.value(mark)
    own = _unit(number)
    if value is None or own is None:
        return None
    own = own or unit
    if own is None:
        return value, None
    target, factor = WEIGHT_UNITS[own]
    return (value if factor == 1 else plain_decimal(Decimal(value) * factor)), target


def shown_by_weight(text: str) -> tuple[ShownMark, str]:
    """What a weight says of the decimal mark of its column, and its unit."""
    number = parted(text)
    unit = None if number is None or number.before else _unit(number)
    if number is None or unit is None:
        return ShownMark.NONE, ""
    return number.shown, unit


def _unit(number: NumberText) -> str | None:
    """The unit of a weight, "" where it has none; None for what is no unit of weight."""
    word = number.after.rstrip(".").lower()
    return _WORDS.get(word) if word else ""
