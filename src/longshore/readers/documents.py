"""JSON documents whose rows are an array in them: `{"data": [...]}`, as APIs answer.

Other members may stand before and behind `data`. Both are read whole, so each side is bounded; the
rows between them are read as those of any array, in windows.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from longshore.readers.array import Expected, read_elements
from longshore.readers.blocks import RECORD_BYTES_MAX, WINDOW_BYTES, Windows, peek, skip
from longshore.readers.elements import (
    DEPTH_MAX,
    advance,
    decode_element,
    found,
    is_deep,
    refusal,
    refuse,
    refuse_deep,
    skip_space,
)
from longshore.readers.rows import Position, Rows
from longshore.readers.unreadable import UnreadableSource

ROWS_MEMBER = "data"

# Stands for what was read before the end of the rows.
_OPENED = '{"data":['


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Where the array of rows begins in a document."""

    start: Position  # of its bracket
    column: int
    members: tuple[str, ...]  # that stand before it


def find_opening(
    blocks: Iterable[bytes],
    first: Position,
    is_field: Callable[[str], bool],
    peeked_bytes: int,
) -> tuple[Opening | None, Iterator[bytes]]:
    """Where the rows begin if the source is such a document, else None; and all blocks again.

    `blocks` begin at the offset of `first`. An object of which a key is a field is a row.
    """
    size = peeked_bytes
    while True:
        head, again = peek(blocks, size)
        blocks = again
        try:
            return _opening(head, first, is_field), again
        except _Cut:
            if len(head) < size or size > RECORD_BYTES_MAX:
                return None, again
            size *= 2


def read_document(
    blocks: Iterable[bytes],
    first: Position,
    opening: Opening,
    on_members: Callable[[tuple[str, ...]], None],
    window_bytes: int = WINDOW_BYTES,
) -> Iterator[Rows]:
    """The rows of a document, to its end; raises UnreadableSource.

    `blocks` begin at the offset of `first`. `on_members` is told, at the end, the names of the
    members that stand beside the rows.
    """
    windows = Windows(skip(blocks, opening.start.offset - first.offset), window_bytes)
    place, column = yield from read_elements(
        windows, opening.start, Expected.ARRAY, opening.column, is_enclosed=True
    )
    on_members((*opening.members, *_read_rest(windows, place, column)))


class _Cut(Exception):
    """More bytes are needed to say what it is."""


def _opening(head: bytes, first: Position, is_field: Callable[[str], bool]) -> Opening | None:
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        text = head[: error.start].decode()
    members: list[str] = []
    index = skip_space(text, 0)
    if not text.startswith("{", index):
        return None
    index += 1
    while True:
        if _next(text, index) != '"':
            return None
        key, index = _take(text, skip_space(text, index))
        if is_field(key) or _next(text, index) != ":":
            return None
        index = skip_space(text, skip_space(text, index) + 1)
        if _next(text, index) == "[" and key == ROWS_MEMBER:
            line, column = advance(text, index, first.line, 1)
            offset = first.offset + len(text[:index].encode())
            return Opening(
                start=Position(first.row, line, offset), column=column, members=tuple(members)
            )
        _, index = _take(text, index)
        if key == ROWS_MEMBER or _next(text, index) != ",":
            return None
        members.append(key)
        index = skip_space(text, index) + 1


def _next(text: str, index: int) -> str:
    """The first character at or after `index` that is no white space."""
    index = skip_space(text, index)
    if index == len(text):
        raise _Cut
    return text[index]


def _take(text: str, index: int) -> tuple[Any, int]:
    try:
        value, end = decode_element(text, index)
    except json.JSONDecodeError as error:
        raise _Cut from error  # or it is broken, which whoever reads it as rows will say
    except (ValueError, RecursionError) as error:
        raise _Cut from error
    if end == len(text):
        raise _Cut  # a number may go on
    return value, end


def _read_rest(windows: Windows, place: Position, column: int) -> tuple[str, ...]:
    """The names of the members behind the rows, whose bracket is still to be closed."""
    ended = windows.has_ended
    while not ended:
        _, ended = windows.grow()
        if len(windows.data) > RECORD_BYTES_MAX:
            raise UnreadableSource(
                f"what stands behind the rows is larger than {RECORD_BYTES_MAX >> 20} MiB",
                line=place.line,
                column=column,
                hint="leave it out, or give the array of the rows alone",
            )
    data = windows.data
    column -= len(_OPENED)
    try:
        text = _OPENED + data.decode()
    except UnicodeDecodeError as error:
        text = _OPENED + data[: error.start].decode()
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8, which JSON has to be"
        raise refuse(text, len(text), message, place.line, column) from error
    try:
        members, end = decode_element(text, 0)
    except (ValueError, RecursionError) as error:
        raise refusal(text, 0, error, line=place.line, column=column) from error
    if text.count("{") + text.count("[") > DEPTH_MAX and is_deep(text[:end]):
        raise refuse_deep(text, 0, line=place.line, column=column)
    rest = skip_space(text, end)
    if rest < len(text):
        message = f"expected the end after the document, found {found(text, rest)}"
        raise refuse(text, rest, message, place.line, column)
    names = tuple(members)[1:]
    if text.count(f'"{ROWS_MEMBER}"') > 1 and _repeats_rows(text[:end]):
        message = f"the document has rows under {ROWS_MEMBER} twice"
        raise refuse(text, len(_OPENED), message, place.line, column)
    return names


def _repeats_rows(text: str) -> bool:
    """Whether the object names its rows a second time."""
    pairs: list[tuple[str, object]] = []

    def take(found: list[tuple[str, object]]) -> dict[str, object]:
        pairs[:] = found  # the outermost object comes last
        return dict(found)

    json.loads(text, object_pairs_hook=take)
    return [name for name, _ in pairs].count(ROWS_MEMBER) > 1
