"""The values of filters: texts read as the type of the field that they are compared with."""

import json
import math
from collections.abc import Callable, Mapping

from longshore.catalogue import INTEGER, NUMBER, TRUTHS, ValueType, can_be_stored
from longshore.clock import parse_datetime
from longshore.records.matchers import ID, FieldKind

_INTEGER_BITS = 63
# Every value of a JSON filter is a subquery, nested as it is, and the stack of SQLite's parser is
# 100 deep in the releases that are most installed.
JSON_NODES_MAX = 200
JSON_DEPTH_MAX = 6


class ValueUnreadable(ValueError):
    """A text that is no value of the type; `expected` says what it should be."""

    def __init__(self, text: str, expected: str) -> None:
        super().__init__(text, expected)
        self.text = text
        self.expected = expected


def value_reader(kind: FieldKind) -> Callable[[str], object]:
    """The function that reads the values of a type; it raises `ValueUnreadable`."""
    return _READERS[kind]


def _text(text: str) -> str:
    # SQLite would end the value at a NUL.
    if not can_be_stored(text):
        raise ValueUnreadable(text, "a text without NUL and lone surrogates")
    return text


def _integer(text: str) -> int:
    if not INTEGER.fullmatch(text.strip()):
        raise ValueUnreadable(text, "an integer")
    # 20 characters cannot hold a number of fewer bits, and Python bounds what it converts.
    digits = text.strip().partition(".")[0]
    if len(digits.lstrip("+-").lstrip("0")) > 19 or int(digits).bit_length() > _INTEGER_BITS:
        raise ValueUnreadable(text, "an integer of 64 bits")
    return int(digits)


def _float(text: str) -> float:
    if not NUMBER.fullmatch(text.strip()) or not math.isfinite(float(text)):
        raise ValueUnreadable(text, "a number")
    return float(text)


def _boolean(text: str) -> bool:
    truth = TRUTHS.get(text.strip().lower())
    if truth is None:
        raise ValueUnreadable(text, "true or false")
    return truth


def _datetime(text: str) -> int:
    instant = parse_datetime(text.strip())
    if instant is None:
        raise ValueUnreadable(text, "an ISO 8601 date or time such as 2024-01-31T10:20:30Z")
    return instant


def _id(text: str) -> str:
    return text.strip()


def _json(text: str) -> object:
    try:
        value = json.loads(text, parse_constant=_no_constant)
        count = _count_nodes(value, depth=1)
    except (ValueError, RecursionError):
        raise ValueUnreadable(text, "JSON that a record can hold") from None
    if count > JSON_NODES_MAX:
        raise ValueUnreadable(text, f"JSON of at most {JSON_NODES_MAX} values")
    return value


def _count_nodes(value: object, depth: int) -> int:
    """How many values there are; ValueError for one that no record can hold."""
    if depth > JSON_DEPTH_MAX:
        raise ValueError("nested too deep")
    match value:
        case dict():
            for key in value:
                _text(key)
            return 1 + sum(_count_nodes(inner, depth + 1) for inner in value.values())
        case list():
            return 1 + sum(_count_nodes(inner, depth + 1) for inner in value)
        case str():
            _text(value)
        case int() if value.bit_length() > _INTEGER_BITS:
            raise ValueError("more than 64 bits")
        case float() if not math.isfinite(value):
            raise ValueError("not finite")
    return 1


def _no_constant(name: str) -> object:
    raise ValueError(name)


_READERS: Mapping[FieldKind, Callable[[str], object]] = {
    ID: _id,
    ValueType.STRING: _text,
    ValueType.INTEGER: _integer,
    ValueType.FLOAT: _float,
    ValueType.BOOLEAN: _boolean,
    ValueType.DATETIME: _datetime,
    ValueType.OBJECT: _json,
    ValueType.ARRAY: _json,
}
