"""Dates as people write them.

Where a year, a point or a name shows which number is the day, a date is clear by itself. Where day
and month may be taken for each other (`03/04/2026`), it is read only in a known order.
"""

import re
from datetime import date
from enum import StrEnum

_ENGLISH = "january february march april may june july august september october november december"
_OTHERS = (
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
)
_MONTHS = {
    name: number for names in (_ENGLISH, *_OTHERS) for number, name in enumerate(names.split(), 1)
} | {name[:3]: number for number, name in enumerate(_ENGLISH.split(), 1)}
_MONTHS |= {"sept": 9, "okt": 10, "dez": 12, "mär": 3, "maerz": 3}

_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_TIME = (
    r"(?:(?:\s*T\s*|,?\s+)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"
)
_SHAPES = tuple(
    re.compile(shape + _TIME, re.IGNORECASE | re.ASCII)
    for shape in (
        r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
        r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",
        r"(?P<either>\d{1,2})(?P<mark>[-/])(?P<other>\d{1,2})(?P=mark)(?P<year>\d{4})",
    )
)
_NAMED = tuple(
    re.compile(shape + _TIME, re.IGNORECASE)
    for shape in (
        r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?:de\s+|of\s+)?(?P<name>[^\W\d_]+)\.?,?"
        r"[\s-]+(?:de\s+)?(?P<year>\d{4})",
        r"(?P<name>[^\W\d_]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
    )
)
_CHARACTERS_MAX = 60


class DateOrder(StrEnum):
    """In which order day, month and year stand where nothing in a date says it."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    YEAR_FIRST = "ymd"  # where the year does not come first, only what is clear is read


class ShownOrder(StrEnum):
    """What a date says of the order of its column."""

    DAY_FIRST = "dmy"  # its day is beyond 12, and stands first
    MONTH_FIRST = "mdy"
    CLEAR = "clear"  # it is the same in any order
    OPEN = "open"  # it is one of two dates
    NONE = "none"  # it is no date


def clear_date(text: str) -> str | None:
    """The date, with its time where there is one, as ISO 8601 has it; None: there is none, or it
    may mean two."""
    if shown_by_date(text) in (ShownOrder.OPEN, ShownOrder.NONE):
        return None
    return read_date(text, DateOrder.DAY_FIRST) or read_date(text, DateOrder.MONTH_FIRST)


def read_date(text: str, order: DateOrder) -> str | None:
    """The same in a known order; None: there is none in it."""
    parts = _parts(text)
    if parts is None:
        return None
    day, time = _date(parts, order), _time(parts)
    return None if day is None or time is None else day + time


def shown_by_date(text: str) -> ShownOrder:
    """What a date says of the order of its column."""
    parts = _parts(text)
    if parts is None or _time(parts) is None:
        return ShownOrder.NONE
    day_first = _date(parts, DateOrder.DAY_FIRST)
    month_first = _date(parts, DateOrder.MONTH_FIRST)
    if day_first == month_first:
        return ShownOrder.NONE if day_first is None else ShownOrder.CLEAR
    if day_first is not None and month_first is not None:
        return ShownOrder.OPEN
    return ShownOrder.MONTH_FIRST if day_first is None else ShownOrder.DAY_FIRST


def _parts(text: str) -> dict[str, str | None] | None:
    text = _WEEKDAY.sub("", " ".join(text.split()).removeprefix("'"), count=1)
    if len(text) > _CHARACTERS_MAX:
        return None
    for shape in (*_SHAPES, *_NAMED):
        match = shape.fullmatch(text)
        if match is not None:
            return match.groupdict()
    return None


def _date(parts: dict[str, str | None], order: DateOrder) -> str | None:
    month = parts.get("month")
    day = parts.get("day")
    if name := parts.get("name"):
        month = str(_MONTHS.get(name.lower(), 0))
    elif parts.get("either"):
        if order is DateOrder.YEAR_FIRST:
            return None
        day, month = parts["either"], parts["other"]
        if order is DateOrder.MONTH_FIRST:
            day, month = month, day
    try:
        return date(int(parts["year"] or 0), int(month or 0), int(day or 0)).isoformat()
    except ValueError:
        return None


def _time(parts: dict[str, str | None]) -> str | None:
    """The time behind a date; "" where there is none."""
    if parts["hour"] is None:
        return ""
    hour, half = int(parts["hour"]), (parts["half"] or "").lower()[:1]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    zone = (parts["zone"] or "").upper()
    zone = "Z" if zone in ("UTC", "GMT") else zone
    return f"T{hour:02}:{parts['minute']}:{parts['second'] or '00'}{zone}"
