"""JSON elements that are written alike: the fast way through most arrays.

What a program writes separates all elements by the same bytes, and starts them all with the same
name. Cutting at `}`, those bytes, and `{"name":` is one pass at the speed of C, which may be
wrong: the same bytes can stand in a string, or between nested objects. But it shows, when the
pieces are decoded with a line end between them: `}`, a line end and `{` stand in no JSON value, so
there are at least as many values as pieces, and no more only if each piece is one.
"""

import re
from collections.abc import Sequence
from itertools import accumulate, chain, count, repeat
from operator import add

from longshore.readers.elements import (
    DECODER,
    DEPTH_MAX,
    NOT_DECODED,
    brackets_in,
    is_deep,
    may_be_deep,
)
from longshore.readers.rows import Position, Rows

_HEAD = re.compile(rb'\{[ \t\r\n]*"[^"\\]*"[ \t\r\n]*:')
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
    if head is None:
        return None
    pieces = data.split(b"}" + separator + head[0])
    pieces.pop()
    if not pieces:
        return None
    text = (b"}\n" + head[0]).join(pieces) + b"}"
    try:
        values = DECODER.decode_lines(text)
    except NOT_DECODED:
        return None
    if len(values) != len(pieces):
        return None
    rest = b"".join(pieces[1:])
    brackets_count = brackets_in(pieces[0]) + brackets_in(rest) + len(pieces) - 1
    if may_be_deep(brackets_count, values) and _has_deep(pieces, head[0]):
        return None
    # All but the first piece lack what they begin with, and all of them the bracket at their end.
    lacking = len(separator) + 1
    before = count(place.offset + lacking, len(head[0]) + lacking)
    offsets = [place.offset, *map(add, accumulate(map(len, pieces)), before)]
    between = separator.count(b"\n")
    lines: Sequence[int]
    if b"\n" in head[0] or b"\n" in pieces[0] or b"\n" in rest:
        within = map(bytes.count, pieces, repeat(b"\n"))
        heads = chain((0,), repeat(head[0].count(b"\n")))
        newlines = map(add, map(add, within, heads), repeat(between))
        lines = list(accumulate(newlines, initial=place.line))
    elif between:
        lines = range(place.line, place.line + between * len(offsets), between)
    else:
        lines = [place.line] * len(offsets)
    return Rows(
        first=place.row,
        lines=lines[:-1],
        offsets=offsets[:-1],
        values=values,
        end_line=lines[-1],
        end_offset=offsets[-1],
    )


def _has_deep(pieces: list[bytes], head: bytes) -> bool:
    elements = chain((pieces[0] + b"}",), (head + piece + b"}" for piece in pieces[1:]))
    return any(
        brackets_in(element) > DEPTH_MAX and is_deep(element.decode()) for element in elements
    )
