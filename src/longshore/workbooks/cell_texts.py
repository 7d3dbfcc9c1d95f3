"""The values of cells as the texts that a row has of them.

A number has the fewest digits that mean it, a date is written as ISO 8601 has it, a truth value as
`true` or `false`. An error of a cell is the text that every program shows for it, such as #N/A.
"""

import datetime
import re
from decimal import Decimal

from longshore.workbooks.number_formats import PLAIN, NumberFormat, Shown

# What a cell of a formula shows that has no value, in every language of a program.
_ERRORS = frozenset(
    (
        *("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"),
        *("#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "#BUSY!"),
    )
)
_ERROR = "#VALUE!"  # for one that is not known
# No program shows this: whoever wrote the workbook has stored a formula alone.
NOT_CALCULATED = "#NOT CALCULATED!"

EPOCH_1900 = datetime.datetime(1899, 12, 30)
EPOCH_1904 = datetime.datetime(1904, 1, 1)

_DAY_MILLISECONDS = 86_400_000
_WHOLE = re.compile(r"(?!-0*\Z)-?\d{1,300}")
# The digits by which such a number is stored are the fewest that mean it.
_SHORT = re.compile(r"-?(?=[\d.]{3,16}\Z)(?:0|[1-9]\d*)\.\d*[1-9]")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def error_text(shown: str) -> str:
    """What stands for a cell that has an error in place of a value."""
    return shown if shown in _ERRORS else _ERROR


def is_error(text: str) -> bool:
    """Whether the text of a cell stands for an error."""
    return text in _ERRORS or text == NOT_CALCULATED


def number_text(raw: str, format: NumberFormat, epoch: datetime.datetime) -> str:
    """A number as it is stored, as text; an error's text for what is none."""
    if format is PLAIN and (_WHOLE.fullmatch(raw) or _SHORT.fullmatch(raw)):
        return raw
    try:
        number = float(raw)
        if format.shown is Shown.NUMBER:
            return _padded(_digits(raw, number), format.digits)
        return _moment(number, format.shown, epoch)
    except (ValueError, OverflowError):
        return _ERROR


def unescaped(text: str) -> str:
    """A text whose characters that XML cannot hold are written like `_x000D_`."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _digits(raw: str, number: float) -> str:
    """The number in digits: 1.0 is 1, and 0.1 is 0.1, as whichever digits it is stored."""
    stripped = raw.strip()
    if not number:
        return "0"  # also for one with a minus
    if _WHOLE.fullmatch(stripped):
        return stripped
    text = repr(number)
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError(raw)
    if "e" in text:
        text = format(Decimal(text), "f")
    whole, _point, fraction = text.partition(".")
    return whole if not fraction.strip("0") else text


def _padded(text: str, digits: int) -> str:
    return text.zfill(digits) if digits and text.isdigit() else text


def _moment(number: float, shown: Shown, epoch: datetime.datetime) -> str:
    """A serial number of days as a date, a time or a duration.

    The calendar of 1900 has a 29th of February that never was, so days before it are one less
    (ECMA-376, part 1, 18.17.4.1).
    """
    day, fraction = divmod(number, 1)
    milliseconds = round(fraction * _DAY_MILLISECONDS)
    if shown is Shown.DURATION:
        return _duration(int(day) * _DAY_MILLISECONDS + milliseconds)
    time = datetime.timedelta(milliseconds=milliseconds)
    if shown is Shown.TIME and 0 <= number < 1 and milliseconds < _DAY_MILLISECONDS:
        return (EPOCH_1900 + time).time().isoformat()
    if 0 <= number < 60 and epoch is EPOCH_1900:
        day += 1
    moment = epoch + datetime.timedelta(days=day) + time
    if shown is Shown.DATE and not milliseconds:
        return moment.date().isoformat()
    return moment.isoformat()


def _duration(milliseconds: int) -> str:
    sign, milliseconds = ("-", -milliseconds) if milliseconds < 0 else ("", milliseconds)
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    parts = f"{sign}{hours}:{minute:02}:{second:02}"
    return f"{parts}.{rest:03}" if rest else parts
