"""What a single value looks like, and what the values of a column have in common."""

import re
from collections.abc import Mapping
from enum import StrEnum

from longshore.catalogue import CURRENCIES, CURRENCY_SIGNS, TRUTHS


class ValueKind(StrEnum):
    """How values are written; what they mean is up to the field."""

    BLANK = "blank"  # a column without any value
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL_POINT = "decimal_point"
    DECIMAL_COMMA = "decimal_comma"
    DECIMAL = "decimal"  # values with a point and others with a comma
    SEPARATED = "separated"  # `1.234`: decimals or thousands, nobody can tell
    AMOUNT = "amount"  # a number with a currency
    MEASURE = "measure"  # a number with a unit of weight
    DATE = "date"
    CODE = "code"  # digits with leading zeros
    SCIENTIFIC = "scientific"  # `4,00638E+12`, what spreadsheet programs make of long codes
    EMAIL = "email"
    URL = "url"
    OBJECT = "object"
    LIST = "list"
    TEXT = "text"


# For people.
KIND_WORDS: Mapping[ValueKind, str] = {
    ValueKind.BLANK: "blank",
    ValueKind.BOOLEAN: "boolean words",
    ValueKind.INTEGER: "integers",
    ValueKind.DECIMAL_POINT: "decimals with a point",
    ValueKind.DECIMAL_COMMA: "decimals with a comma",
    ValueKind.DECIMAL: "decimals with points and commas",
    ValueKind.SEPARATED: "numbers with one separator",
    ValueKind.AMOUNT: "amounts with a currency",
    ValueKind.MEASURE: "numbers with a unit",
    ValueKind.DATE: "dates",
    ValueKind.CODE: "digits with leading zeros",
    ValueKind.SCIENTIFIC: "numbers in scientific notation",
    ValueKind.EMAIL: "email addresses",
    ValueKind.URL: "web addresses",
    ValueKind.OBJECT: "objects",
    ValueKind.LIST: "lists",
    ValueKind.TEXT: "text",
}

# What shows that an amount is no number of cents.
SHOWS_DECIMALS = frozenset(
    (ValueKind.DECIMAL_POINT, ValueKind.DECIMAL_COMMA, ValueKind.DECIMAL, ValueKind.AMOUNT)
)
NUMBERS = frozenset(
    (
        ValueKind.INTEGER,
        ValueKind.DECIMAL_POINT,
        ValueKind.DECIMAL_COMMA,
        ValueKind.DECIMAL,
        ValueKind.SEPARATED,
        ValueKind.AMOUNT,
    )
)
# Numbers that only people read as they stand.
WRITTEN_NUMBERS = frozenset(
    (ValueKind.DECIMAL_COMMA, ValueKind.DECIMAL, ValueKind.SEPARATED, ValueKind.MEASURE)
)
_BOOLEAN_WORDS = frozenset(word for word in TRUTHS if len(word) > 1 and word.isalpha()) | {
    "ja",
    "nein",
    "oui",
    "non",
    "si",
    "sí",
    "x",
    "y",
    "n",
    "wahr",
    "falsch",
    "vrai",
    "faux",
}
_CHARACTERS_MAX = 40  # of a number or a date
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_PLAIN = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[ ']\d{3})+)?(?P<mark>[.,])(?P<decimals>\d+)", re.ASCII)
_BOTH = re.compile(
    r"[+-]?(?:\d{1,3}(?:\.\d{3})+(?P<comma>,)\d+|\d{1,3}(?:,\d{3})+(?P<point>\.)\d+)", re.ASCII
)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?P<mark>[.,' ])\d{3})(?:(?P=mark)\d{3})+", re.ASCII)
_UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d(?:[.,]\d+)?E[+-]?\d+", re.ASCII | re.IGNORECASE)
_MARKED = re.compile(
    r"[+-]?(?P<before>[^\d\s.,'+-]{0,4})\s*[+-]?(?P<number>\d[\d.,' ]*|[.,]\d+)\s*"
    r"(?P<after>[^\d\s.,'+-]{0,4})",
    re.ASCII,
)
_MEASURE = re.compile(
    r"[+-]?(?:\d[\d.,' ]*|[.,]\d+)\s*(?:mg|g|gr|grams?|kg|kgs|lbs?|oz)\.?", re.ASCII | re.IGNORECASE
)
_DATE = re.compile(
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})"
    r"|\d{1,2}[-/]\d{1,2}[-/]\d{4})"
    r"(?:[T ,]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:[ap]m|Z|[A-Z]{3}|[+-]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


def kind_of_value(value: object) -> ValueKind:
    """The kind of a value that is not blank: a text of a cell, or what JSON has."""
    if isinstance(value, str):
        return _kind_of_text(value.strip())
    if isinstance(value, bool):
        return ValueKind.BOOLEAN
    if isinstance(value, int):
        return ValueKind.INTEGER
    if isinstance(value, float):
        return ValueKind.DECIMAL_POINT
    return ValueKind.OBJECT if isinstance(value, dict) else ValueKind.LIST


def common_kind(counts: Mapping[ValueKind, int]) -> ValueKind:
    """What all values of a column can be read as; text where they have nothing in common."""
    kinds = set(counts)
    if not kinds:
        return ValueKind.BLANK
    if len(kinds) == 1:
        return next(iter(kinds))
    if kinds <= {ValueKind.INTEGER, ValueKind.CODE}:
        return ValueKind.CODE
    if kinds <= NUMBERS - {ValueKind.AMOUNT}:
        marks = kinds - {ValueKind.INTEGER, ValueKind.SEPARATED}
        if not marks:
            return ValueKind.SEPARATED
        return next(iter(marks)) if len(marks) == 1 else ValueKind.DECIMAL
    if kinds <= NUMBERS:
        return ValueKind.AMOUNT
    if kinds <= NUMBERS | {ValueKind.MEASURE}:
        return ValueKind.MEASURE
    return ValueKind.TEXT


def _kind_of_text(text: str) -> ValueKind:
    if text.lower() in _BOOLEAN_WORDS:
        return ValueKind.BOOLEAN
    if len(text) <= _CHARACTERS_MAX:
        kind = _kind_of_number(text)
        if kind is not None:
            return kind
        if _DATE.fullmatch(text):
            return ValueKind.DATE
        if _MEASURE.fullmatch(text):
            return ValueKind.MEASURE
        if _is_amount(text):
            return ValueKind.AMOUNT
    if _EMAIL.fullmatch(text):
        return ValueKind.EMAIL
    return ValueKind.URL if _URL.fullmatch(text) else ValueKind.TEXT


def _kind_of_number(text: str) -> ValueKind | None:
    text = text.replace("\xa0", " ").replace("\u202f", " ").replace("’", "'")
    if _INTEGER.fullmatch(text):
        return ValueKind.CODE if len(text) > 1 and text[0] == "0" else ValueKind.INTEGER
    if _UNCLEAR.fullmatch(text):
        return ValueKind.SEPARATED
    if match := _PLAIN.fullmatch(text):
        return ValueKind.DECIMAL_POINT if match["mark"] == "." else ValueKind.DECIMAL_COMMA
    if match := _BOTH.fullmatch(text):
        return ValueKind.DECIMAL_COMMA if match["comma"] else ValueKind.DECIMAL_POINT
    if _GROUPED.fullmatch(text):
        return ValueKind.INTEGER
    return ValueKind.SCIENTIFIC if _SCIENTIFIC.fullmatch(text) else None


def _is_amount(text: str) -> bool:
    """Whether a text is a number with one currency, before or behind it."""
    match = _MARKED.fullmatch(text.replace("\xa0", " ").replace("\u202f", " "))
    if match is None or bool(match["before"]) == bool(match["after"]):
        return False
    mark = match["before"] or match["after"]
    return mark.upper() in CURRENCIES or mark.lower() in CURRENCY_SIGNS
