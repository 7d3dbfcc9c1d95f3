"""Dates as people write them, read only where day and month cannot be taken for each other."""

import re
from datetime import date

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


def iso_datetime(text: str) -> str | None:
    """The date, with its time where there is one, as ISO 8601 has it; None: there is none, or it
    may mean two."""
    text = _WEEKDAY.sub("", " ".join(text.split()), count=1)
    if len(text) > _CHARACTERS_MAX:
        return None
    for shape in (*_SHAPES, *_NAMED):
        match = shape.fullmatch(text)
        if match is not None:
            parts = match.groupdict()
            day = _date(parts)
            time = _time(parts)
            return None if day is None or time is None else day + time
    return None


def _date(parts: dict[str, str | None]) -> str | None:
    month = parts.get("month")
    day = parts.get("day")
    if name := parts.get("name"):
        month = str(_MONTHS.get(name.lower(), 0))
    elif parts.get("either"):
        either, other = int(parts["either"] or 0), int(parts["other"] or 0)
        if either != other and either <= 12 and other <= 12:
            return None
        month, day = (str(min(either, other)), str(max(either, other)))
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
