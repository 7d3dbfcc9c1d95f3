"""Numbers as people write them: with a decimal comma or point, and separators of thousands.

A number is read under each of the two decimal marks. Where both read it alike, or only one of them
can, its meaning is clear: `1.234,50`, `12,5`, `1.234.567`, `0.350`. Where both read it, but as two
numbers (`1.234`), it has a meaning only in a column whose decimal mark is known.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_SAME_CHARACTERS = ("<wide>", "<narrow>")  # but for their width
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("−–‒﹣", "-"),
        **dict.fromkeys("’‘ʼ´`ˈ", "'"),
        # Marks of direction and characters without a width.
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\xad", None),
    }
)
_MARK = r"(?:(?![.])[^\W\d_]{0,9}[^\w\s.,'+\-]?(?:\.(?=\s|$))?)?"
_SHAPE = re.compile(
    rf"'?(?P<sign>[+-]?)\s*(?P<before>{_MARK})\s*(?P<late_sign>[+-]?)\s*"
    rf"(?P<body>(?:[0-9.,][0-9.,' ]*?)?[0-9][.,]?)(?:(?<=[.,])-{{1,2}})?\s*(?P<after>{_MARK})"
)
_WHOLE = r"(?P<whole>[0-9]*|[1-9][0-9]{0,2}(?P<group>[%s' ])[0-9]{3}(?:(?P=group)[0-9]{3})*)"
_CHARACTERS_MAX = 60
_BODY_CHARACTERS_MAX = 30
_SEPARATORS_MAX = 2  # of a suggestion: more of them part a list, or an address of a machine


class DecimalMark(StrEnum):
    """What stands before the decimals."""

    COMMA = "comma"
    POINT = "point"

    @property
    def sign(self) -> str:
        """The character itself."""
        return "," if self is DecimalMark.COMMA else "."


_READABLE = {
    DecimalMark.COMMA: re.compile(_WHOLE % "." + "(?:,(?P<decimals>[0-9]*))?"),
    DecimalMark.POINT: re.compile(_WHOLE % "," + r"(?:\.(?P<decimals>[0-9]*))?"),
}


class ShownMark(StrEnum):
    """What a number says of the decimal mark of its column."""

    COMMA = "comma"  # it can be read with a decimal comma only
    POINT = "point"
    BOTH = "both"  # it is the same number either way
    OPEN = "open"  # it is one of two numbers
    NONE = "none"  # it is no number


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberText:
    """A text once it is parted."""

    sign: str  # "-", or none
    before: str  # a unit, code or sign of a currency; "" where there is none
    body: str  # digits and marks
    after: str

    @property
    def marks(self) -> tuple[str, ...]:
        """What stands beside the number."""
        return tuple(mark.rstrip(".") for mark in (self.before, self.after) if mark)

    @property
    def shown(self) -> ShownMark:
        """What it says of the decimal mark."""
        comma, point = (_read(self.body, mark) for mark in DecimalMark)
        if comma is None or point is None:
            if comma is point:
                return ShownMark.NONE
            return ShownMark.POINT if comma is None else ShownMark.COMMA
        return ShownMark.BOTH if comma == point else ShownMark.OPEN

    def value(self, mark: DecimalMark | None) -> str | None:
        """The number, with a point before its decimals; None where it cannot be read, or, without
        a mark, may be one of two."""
        if mark is None:
            shown = self.shown
            if shown in (ShownMark.OPEN, ShownMark.NONE):
                return None
            mark = DecimalMark.COMMA if shown is ShownMark.COMMA else DecimalMark.POINT
        read = _read(self.body, mark)
        return None if read is None else self.sign + read

    def meanings(self) -> tuple[str, ...]:
        """The numbers that it may be."""
        read = (self.value(mark) for mark in DecimalMark)
        return tuple(dict.fromkeys(value for value in read if value is not None))


def parted(text: str) -> NumberText | None:
    """A number with what stands beside it; None for what is none under any decimal mark."""
    text = folded(text)
    match = _SHAPE.fullmatch(text) if len(text) <= _CHARACTERS_MAX else None
    if match is None or (match["sign"] and match["late_sign"]):
        return None
    body = match["body"]
    if len(body) > _BODY_CHARACTERS_MAX:
        return None
    return NumberText(
        sign="-" if "-" in (match["sign"], match["late_sign"]) else "",
        before=match["before"],
        body=body,
        after=match["after"],
    )


def read_number(text: str, mark: DecimalMark | None) -> str | None:
    """The number that a text spells, with a point before its decimals; None where it spells none,
    or, without a mark, may mean two."""
    number = parted(text)
    return None if number is None or number.marks else number.value(mark)


def number_meanings(text: str) -> tuple[str, ...]:
    """The numbers that a text may spell: with a decimal comma, and with a point."""
    number = parted(text)
    return () if number is None else number.meanings()


def clear_number(text: str) -> str | None:
    """The number that a text spells by itself, to be offered to somebody."""
    number = parted(text)
    if number is None or number.marks:
        return None
    value = number.value(None)
    if value is not None and "." not in value:
        separators = sum(not each.isdigit() for each in number.body)
        if separators > _SEPARATORS_MAX:
            return None
    return value


def clear_whole_number(text: str) -> str | None:
    """The whole number that a text spells by itself; decimals that are all zeros are none."""
    number = clear_number(text)
    if number is None:
        return None
    whole, _, decimals = number.partition(".")
    return None if decimals.strip("0") else whole


def shown_by_number(text: str) -> ShownMark:
    """What a text without any mark beside its number says of the decimal mark."""
    number = parted(text)
    return ShownMark.NONE if number is None or number.marks else number.shown


def mark_of(text: str) -> DecimalMark | None:
    """The decimal mark that a number shows to be one; None: it has none, or may be read under
    either."""
    shown = shown_by_number(text)
    return {ShownMark.COMMA: DecimalMark.COMMA, ShownMark.POINT: DecimalMark.POINT}.get(shown)


def plain_decimal(value: Decimal) -> str:
    """A number as the wire spells it."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def marked_number(value: Decimal, mark: DecimalMark) -> str:
    """A number with a decimal mark that is seen to be one: `350.0`, and `1.2500` where three
    decimals could be thousands."""
    whole, _, decimals = plain_decimal(value).partition(".")
    decimals = f"{decimals}0" if len(decimals) in (0, 3) else decimals
    return f"{whole}{mark.sign}{decimals}"


def folded(text: str) -> str:
    """A text with the usual signs and single blanks; `²` is no 2, though it is written like one."""
    if text.isascii():
        return " ".join(text.split())
    same = (
        unicodedata.normalize("NFKC", sign)
        if unicodedata.decomposition(sign).startswith(_SAME_CHARACTERS)
        else sign
        for sign in text
    )
    return " ".join("".join(same).translate(_SIGNS).split())


def _read(body: str, mark: DecimalMark) -> str | None:
    match = _READABLE[mark].fullmatch(body)
    if match is None:
        return None
    whole = match["whole"]
    if match["group"]:
        whole = whole.replace(match["group"], "")
    decimals = match["decimals"]
    if not whole and not decimals:
        return None
    return f"{whole or '0'}.{decimals}" if decimals else whole
