"""Times: inside they are milliseconds since 1970 UTC, on the wire ISO 8601 with `Z`.

The range is that of the calendar which ISO 8601 and both databases share: years 1 to 9999.
"""

import re
import time
from datetime import date, datetime, timedelta

__all__ = ["MAXIMUM", "MINIMUM", "Milliseconds", "format_datetime", "now", "parse_datetime"]

Milliseconds = int  # since 1970-01-01T00:00:00Z, negative before

_EPOCH = datetime(1970, 1, 1)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()

MINIMUM: Milliseconds = (date(1, 1, 1).toordinal() - _EPOCH_ORDINAL) * 86_400_000
MAXIMUM: Milliseconds = (date(9999, 12, 31).toordinal() + 1 - _EPOCH_ORDINAL) * 86_400_000 - 1

_SHAPE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?"
    r"(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)?)?",
    re.ASCII,
)


def now() -> Milliseconds:
    """The machine's clock. Stored times come from the database's: `Transaction.now`."""
    return time.time_ns() // 1_000_000


def parse_datetime(text: str) -> Milliseconds | None:
    """The instant that an ISO 8601 text names, or None when it names none.

    A date alone means its first instant, a missing zone means UTC, and what is finer than a
    millisecond is cut off.
    """
    match = _SHAPE.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, _, sign, ahead, ahead_minutes = match.groups()
    try:
        days = date(int(year), int(month), int(day)).toordinal() - _EPOCH_ORDINAL
    except ValueError:
        return None
    if hour is None:
        return days * 86_400_000
    hours, minutes, seconds = int(hour), int(minute), int(second or 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    value = ((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000
    if fraction:
        value += int(fraction[:3].ljust(3, "0"))
    if sign:
        offset_hours, offset_minutes = int(ahead), int(ahead_minutes or 0)
        if offset_hours > 23 or offset_minutes > 59:
            return None
        offset = (offset_hours * 60 + offset_minutes) * 60_000
        value += -offset if sign == "+" else offset
    return value if MINIMUM <= value <= MAXIMUM else None


def format_datetime(value: Milliseconds) -> str:
    """The wire form: `2024-01-31T10:20:30.123Z`."""
    return (_EPOCH + timedelta(milliseconds=value)).isoformat(timespec="milliseconds") + "Z"
