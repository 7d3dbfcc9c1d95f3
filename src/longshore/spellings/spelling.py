"""How the values of a column are spelled, as it stands behind a field in a column map.

`weight:kg,decimal-comma`, `starts_at:dmy`, `do_not_ship:words-de`; for amounts one word as ever:
`amount_cents:decimal-comma`.
"""

from dataclasses import dataclass

from longshore.spellings.boolean_words import BOOLEAN_WORDS
from longshore.spellings.date_texts import DateOrder
from longshore.spellings.number_texts import DecimalMark
from longshore.spellings.weights import WEIGHT_UNITS

DECIMAL = "decimal"
_DECIMALS: dict[str, DecimalMark | None] = {
    DECIMAL: None,
    **{f"{DECIMAL}-{mark}": mark for mark in DecimalMark},
}
_WORDS = "words-"


class SpellingRefused(ValueError):
    """A text that is no spelling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """How the values of one column are to be read; None: as the wire spells them, or as each of
    them shows by itself."""

    is_number: bool = False  # numbers, perhaps with separators of thousands
    decimal: DecimalMark | None = None
    unit: str | None = None  # of weights, a key of WEIGHT_UNITS
    order: DateOrder | None = None
    language: str | None = None  # of truth values, a key of BOOLEAN_WORDS

    @classmethod
    def of(cls, text: str) -> "Spelling":
        """The spelling that a column map names; raises SpellingRefused."""
        found = cls()
        for word in text.split(","):
            name = word.strip()
            if name in _DECIMALS:
                more = cls(is_number=True, decimal=_DECIMALS[name])
            elif name in WEIGHT_UNITS:
                more = cls(is_number=True, unit=name)
            elif name in tuple(DateOrder):
                more = cls(order=DateOrder(name))
            elif name.startswith(_WORDS) and name.removeprefix(_WORDS) in BOOLEAN_WORDS:
                more = cls(language=name.removeprefix(_WORDS))
            else:
                raise SpellingRefused(name)
            found = cls(
                is_number=found.is_number or more.is_number,
                decimal=more.decimal or found.decimal,
                unit=more.unit or found.unit,
                order=more.order or found.order,
                language=more.language or found.language,
            )
        return found

    def __str__(self) -> str:
        words: list[str] = []
        if self.unit is not None:
            words.append(self.unit)
        if self.decimal is not None:
            words.append(f"{DECIMAL}-{self.decimal}")
        elif self.is_number and self.unit is None:
            words.append(DECIMAL)
        if self.order is not None:
            words.append(self.order)
        if self.language is not None:
            words.append(_WORDS + self.language)
        return ",".join(words)

    @property
    def is_open(self) -> bool:
        """Whether the column still has to say how its decimals are parted."""
        return self.is_number and self.decimal is None
