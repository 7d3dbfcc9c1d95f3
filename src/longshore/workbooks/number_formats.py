"""What the number format of a cell says about its value (ECMA-376, part 1, 18.8.30 and 18.8.31)."""

import re
from dataclasses import dataclass
from enum import Enum, auto


class Shown(Enum):
    """As what a number is shown."""

    NUMBER = auto()
    DATE = auto()
    TIME = auto()
    DATE_AND_TIME = auto()
    DURATION = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFormat:
    """What concerns the value: the rest of a format is how it looks."""

    shown: Shown = Shown.NUMBER
    # A whole number has so many digits, with zeros before it: codes are kept like that.
    digits: int = 0


PLAIN = NumberFormat()

_TIMES = frozenset((18, 19, 20, 21, 45, 47))
_DATES = frozenset((14, 15, 16, 17, *range(27, 32), 36, *range(50, 55), 57, 58))
_DURATION = 46
_DATE_AND_TIME = 22
# Formats of East Asian editions that show times.
_EASTERN_TIMES = frozenset((32, 33, 34, 35, 55, 56))

# What is shown as it stands, colours, conditions and locales: [$-407], [Red], [>100].
_LITERALS = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]', re.IGNORECASE)
_DURATIONS = re.compile(r"\[(?:hh?|mm?|ss?)\]", re.IGNORECASE)
_GENERAL = re.compile("general", re.IGNORECASE)
_ZEROS = re.compile(r"0{2,}")


def builtin_format(number: int) -> NumberFormat:
    """What a format without a code of its own says."""
    if number in _DATES:
        return NumberFormat(shown=Shown.DATE)
    if number in _TIMES or number in _EASTERN_TIMES:
        return NumberFormat(shown=Shown.TIME)
    if number == _DATE_AND_TIME:
        return NumberFormat(shown=Shown.DATE_AND_TIME)
    if number == _DURATION:
        return NumberFormat(shown=Shown.DURATION)
    return PLAIN


def format_of_code(code: str) -> NumberFormat:
    """What a format says that is written like `yyyy-mm-dd` or `00000`."""
    first = _LITERALS.sub("", code.partition(";")[0])
    if _DURATIONS.search(first):
        return NumberFormat(shown=Shown.DURATION)
    signs = set(_GENERAL.sub("", first).lower())
    is_date = bool(signs & set("dy")) or ("m" in signs and not signs & set("hs"))
    is_time = bool(signs & set("hs"))
    if is_date and is_time:
        return NumberFormat(shown=Shown.DATE_AND_TIME)
    if is_date:
        return NumberFormat(shown=Shown.DATE)
    if is_time:
        return NumberFormat(shown=Shown.TIME)
    if _ZEROS.fullmatch(code.strip()):
        return NumberFormat(digits=len(code.strip()))
    return PLAIN
