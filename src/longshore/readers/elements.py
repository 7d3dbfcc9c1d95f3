"""JSON values: one element decoded, bounded in depth, and refused with the place of its fault."""

import json
import re
from typing import Any

import msgspec

from longshore.readers.unreadable import UnreadableSource

DEPTH_MAX = 64  # levels of objects and arrays inside one element

_TO_ONE_KIND = str.maketrans("[]{}", "()()")
_WITHOUT_BRACKETS = re.compile(r"[^\[\]{}]+")
_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]|NaN|-?Infinity|-?\d{4301,}', re.DOTALL)
_SPACE = re.compile(r"[ \t\n\r]*")
_LONG_NUMBER_DIGITS = 4300  # Python converts no longer ones: the time is quadratic
_MESSAGES = {
    "Expecting value": "expected a value",
    "Expecting property name enclosed in double quotes": "expected a name in double quotes",
    "Expecting ':' delimiter": "expected ':' after the name",
    "Expecting ',' delimiter": "expected ',' or the end of the object or array",
    "Unterminated string starting at": "the string that starts here is never closed",
    "Invalid control character at": "a control character in a string has to be escaped",
    "Invalid \\escape": "this escape does not exist in JSON",
    "Invalid \\uXXXX escape": "\\u takes four hexadecimal digits",
}


class _NotANumber(ValueError):
    """NaN or an infinity, which Python writes and JSON does not know (RFC 8259 section 6)."""


def _refuse_constant(_name: str) -> Any:
    raise _NotANumber


_STANDARD = json.JSONDecoder(parse_constant=_refuse_constant)
DECODER = msgspec.json.Decoder()

# What msgspec raises for text that it does not take. The standard library has the last word: it
# takes lone surrogates and numbers out of range, which become errors of their row.
NOT_DECODED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)


def decode_element(text: str, index: int) -> tuple[Any, int]:
    """The value that starts at `text[index]` and the index after it.

    Duplicate names: the last wins. Integers of any size stay integers, and lone surrogates stay
    in their strings: whether such a value is allowed is not the reader's to say. Raises
    ValueError (also json.JSONDecodeError) and RecursionError; `refusal` makes a finding of them.
    """
    return _STANDARD.raw_decode(text, index)


def skip_space(text: str, index: int) -> int:
    """The index of the first character at or after `index` that is not JSON white space."""
    match = _SPACE.match(text, index)
    assert match is not None
    return match.end()


def brackets_in(data: bytes) -> int:
    """How many objects and arrays open in `data`; in strings, brackets count too."""
    # Most rows have no arrays, and looking for a byte is much faster than counting it.
    return sum(data.count(each) for each in (b"{", b"[") if each in data)


def may_be_deep(brackets_count: int, values: list[Any]) -> bool:
    """Whether one of `values` could nest too deep, if so many brackets open in all their texts.

    Every object and array takes one, so only what is left can nest.
    """
    types = list(map(type, values))
    return brackets_count - types.count(dict) - types.count(list) >= DEPTH_MAX


def is_deep(text: str) -> bool:
    """Whether the valid JSON value `text` nests objects and arrays deeper than `DEPTH_MAX`."""
    if text.count("{") + text.count("[") <= DEPTH_MAX:
        return False
    # Brackets in strings do not count: without escapes, every second piece between quotes
    # stands outside of strings.
    plain = text.replace("\\\\", "").replace('\\"', "")
    brackets = _WITHOUT_BRACKETS.sub("", "".join(plain.split('"')[::2])).translate(_TO_ONE_KIND)
    for _level in range(DEPTH_MAX):
        # Each pass takes away the innermost level, at the speed of C.
        brackets = brackets.replace("()", "")
    return bool(brackets)


def refusal(
    text: str, index: int, error: BaseException, *, line: int, column: int
) -> UnreadableSource:
    """What is wrong with the element at `text[index]`, which `decode_element` did not take.

    `text` starts at `line`, `column`.
    """
    if isinstance(error, json.JSONDecodeError):
        comma = _comma_before_end(text, error.pos, index)
        if comma is not None:
            return refuse(text, comma, "a comma with nothing after it", line, column)
        message = _MESSAGES.get(error.msg, error.msg)
        if error.msg.startswith("Expecting"):
            message += f", found {found(text, error.pos)}"
        return refuse(text, error.pos, message, line, column)
    if isinstance(error, RecursionError):
        return refuse_deep(text, index, line=line, column=column)
    sought = ("N", "I", "-I") if isinstance(error, _NotANumber) else tuple("-0123456789")
    for token in _TOKENS.finditer(text, index):
        if token[0].startswith(sought):
            if isinstance(error, _NotANumber):
                message = f"{token[0]} is not JSON: numbers are finite"
            else:
                message = f"a number of more than {_LONG_NUMBER_DIGITS:,} digits"
            return refuse(text, token.start(), message, line, column)
    raise AssertionError("an element was refused for no reason") from error


def refuse_deep(text: str, index: int, *, line: int, column: int) -> UnreadableSource:
    """The refusal of an element at the bracket that opens one level too many."""
    depth = 0
    place = index
    for token in _TOKENS.finditer(text, index):
        if token[0] in ("[", "{"):
            depth += 1
        elif token[0] in ("]", "}"):
            depth -= 1
        if depth > DEPTH_MAX:
            place = token.start()
            break
    return refuse(text, place, f"nested deeper than {DEPTH_MAX} levels", line, column)


def refuse(text: str, index: int, message: str, line: int, column: int) -> UnreadableSource:
    """`message` at `text[index]`, where `text` starts at `line`, `column`."""
    line, column = advance(text, index, line, column)
    return UnreadableSource(message, line=line, column=column)


def advance(text: str, index: int, line: int, column: int) -> tuple[int, int]:
    """Line and column of `text[index]`, where `text` starts at `line`, `column`.

    In JSON a line ends with LF or CRLF.
    """
    newlines = text.count("\n", 0, index)
    if newlines:
        return line + newlines, index - text.rfind("\n", 0, index)
    return line, column + index


def found(text: str, index: int) -> str:
    """The character at `index` for a message."""
    return repr(text[index]) if index < len(text) else "the end"


def _comma_before_end(text: str, index: int, start: int) -> int | None:
    """Where a comma stands that is followed by a closing bracket, in the element at `start`.

    Python's releases differ in which of the two they point at.
    """
    if text.startswith(",", index):
        comma, end = index, skip_space(text, index + 1)
    else:
        comma, end = len(text[:index].rstrip(" \t\n\r")) - 1, skip_space(text, index)
    if comma > start and text[comma] == "," and text[end : end + 1] in ("]", "}"):
        return comma
    return None
