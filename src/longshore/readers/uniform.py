"""JSON elements that are written alike: the fast way through most arrays.

What a program writes separates all elements by the same bytes, and starts them all with the same
name. Cutting at `}`, those bytes, and `{"name":` is one pass at the speed of C, which may be
wrong (the same bytes can stand in a string, or between nested objects) but shows it: a valid
object is never the start of a longer one, so pieces that all decode are exactly the elements.
"""

import re
from itertools import accumulate, repeat
from operator import add

import msgspec

from longshore.readers.elements import DEPTH_MAX, is_deep, may_be_deep
from longshore.readers.rows import Position, Rows

_HEAD = re.compile(rb'\{[ \t\r\n]*"[^"\\]*"[ \t\r\n]*:')
_CUT = b"\0"  # never part of JSON text
_LEARNED_BYTES_MAX = 256


def learn_separator(text: str, starts: list[int]) -> bytes:
    """The bytes between the first two elements when the first is an object; b"" in doubt."""
    if len(starts) < 2 or text[starts[0]] != "{":
        return b""
    separator = text[text.rindex("}", 0, starts[1]) + 1 : starts[1]]
    return separator.encode() if len(separator) <= _LEARNED_BYTES_MAX else b""


def read_uniform(data: bytes, separator: bytes, place: Position) -> Rows | None:
    """The whole elements at the start of `data` that another one follows, or None: read it slowly.

    `data` starts where an element starts, at `place`.
    """
    head = _HEAD.match(data)
    if head is None or _CUT in data:
        return None
    cut = data.replace(b"}" + separator + head[0], b"}" + _CUT + head[0])
    elements = cut.split(_CUT)
    elements.pop()
    if not elements:
        return None
    try:
        values = list(map(msgspec.json.decode, elements))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        return None
    if may_be_deep(cut.count(b"{") + cut.count(b"["), values) and _has_deep(elements):
        return None
    sizes = map(add, map(len, elements), repeat(len(separator)))
    offsets = list(accumulate(sizes, initial=place.offset))
    lines = [place.line] * len(offsets)
    if b"\n" in data:
        between = separator.count(b"\n")
        newlines = map(add, map(bytes.count, elements, repeat(b"\n")), repeat(between))
        lines = list(accumulate(newlines, initial=place.line))
    return Rows(
        first=place.row,
        lines=lines[:-1],
        offsets=offsets[:-1],
        values=values,
        end_line=lines[-1],
        end_offset=offsets[-1],
    )


def _has_deep(elements: list[bytes]) -> bool:
    return any(
        element.count(b"{") + element.count(b"[") > DEPTH_MAX and is_deep(element.decode())
        for element in elements
    )
