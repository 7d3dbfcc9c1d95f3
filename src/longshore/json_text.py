"""JSON text of whatever values a source or a database held, and values of whatever JSON text.

The fast library refuses what JSON's grammar allows (RFC 8259, sections 6 and 8.2): half a
character (a lone surrogate), as an escape, and numbers out of its range. Rows hold both, and an
answer, a report or a list must not fail for one of them. So the standard library has the last
word on both ways.
"""

import json
import math
from typing import Any

import msgspec


def encode_json(value: object, *, indent: int | None = None) -> bytes:
    """The value as JSON in UTF-8; a lone surrogate becomes the escape that means it.

    What is no number (an infinity, of a number out of range) becomes null.
    """
    if indent is None:
        try:
            return msgspec.json.encode(value)
        except (UnicodeEncodeError, OverflowError):  # a lone surrogate; in some releases a long int
            pass
    separators = (",", ":") if indent is None else None
    text = json.dumps(_finite(value), ensure_ascii=False, indent=indent, separators=separators)
    # Only surrogates are left that UTF-8 has no bytes for, and Python spells them as JSON does.
    return text.encode("utf-8", "backslashreplace")


def decode_json(text: bytes | str) -> Any:
    """The value of a JSON text; lone surrogates and numbers of any size are for others to judge.

    Raises ValueError, also for bytes that are not UTF-8, and RecursionError.
    """
    try:
        return msgspec.json.decode(text)
    except ValueError as error:
        try:
            # From bytes the standard library would take other encodings, too.
            text = text.decode() if isinstance(text, bytes) else text
            return json.loads(text, parse_constant=_refuse_constant)
        except ValueError:
            # The first words are the better ones, for whatever both refuse.
            raise error from None


def decode_stored(text: str) -> Any:
    """The value of a JSON text that is kept in a database.

    A text that was damaged there is shown as it is, for a list is not to fail for one of its
    elements.
    """
    try:
        return decode_json(text)
    except (ValueError, RecursionError):
        return text


def _finite(value: object) -> object:
    match value:
        case dict():
            return {name: _finite(each) for name, each in value.items()}
        case list() | tuple():
            return [_finite(each) for each in value]
        case float() if not math.isfinite(value):
            return None
        case _:
            return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")
