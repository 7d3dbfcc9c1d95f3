"""NDJSON: one JSON value per line, each line decoded on its own; blank lines are no rows."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, compress
from typing import Any

import msgspec

from longshore.readers.blocks import LONG_BYTES, RECORD_BYTES_MAX, WINDOW_BYTES, Windows
from longshore.readers.elements import (
    DEPTH_MAX,
    decode_element,
    found,
    is_deep,
    may_be_deep,
    refusal,
    refuse,
    refuse_deep,
    skip_space,
)
from longshore.readers.rows import Position, Rows
from longshore.readers.unreadable import UnreadableSource, place_in_bytes

# What msgspec raises for text that it does not take. The standard library has the last word: it
# takes lone surrogates and numbers out of range, which become errors of their row.
_NOT_DECODED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)


def read_ndjson(
    blocks: Iterable[bytes], start: Position, window_bytes: int = WINDOW_BYTES
) -> Iterator[Rows]:
    """The values from `start` on; `blocks` begin at its offset. Raises UnreadableSource."""
    windows = Windows(blocks, window_bytes)
    place = start
    ended = False
    while not ended:
        data, ended = windows.grow()
        size = len(data) if ended else data.rfind(b"\n") + 1
        if len(data) > LONG_BYTES:
            size = data.find(b"\n") + 1 or size
        rows = _read_lines(data[:size], place)
        windows.use(size)
        place = rows.position(len(rows))
        if len(windows.data) > RECORD_BYTES_MAX:
            raise UnreadableSource(
                f"the line is larger than {RECORD_BYTES_MAX >> 20} MiB", line=place.line
            )
        if len(rows):
            yield rows


def _read_lines(body: bytes, place: Position) -> Rows:
    lines = body.split(b"\n")
    if not lines[-1]:
        lines.pop()
    offsets = list(accumulate((len(line) + 1 for line in lines), initial=place.offset))
    numbers: Sequence[int] = range(place.line, place.line + len(lines))
    end_line = place.line + body.count(b"\n")
    try:
        values = list(map(msgspec.json.decode, lines))
    except _NOT_DECODED:
        is_row = [not line.isspace() and line != b"" for line in lines]
        lines = list(compress(lines, is_row))
        offsets = list(compress(offsets, is_row))
        numbers = list(compress(numbers, is_row))
        values = [_decode_line(line, number) for line, number in zip(lines, numbers, strict=True)]
    else:
        offsets.pop()
        if may_be_deep(body.count(b"{") + body.count(b"["), values):
            for line, number in zip(lines, numbers, strict=True):
                _refuse_deep(line, number)
    return Rows(
        first=place.row,
        lines=numbers,
        offsets=offsets,
        values=values,
        end_line=end_line,
        end_offset=place.offset + len(body),
    )


def _decode_line(line: bytes, number: int) -> Any:
    try:
        value = msgspec.json.decode(line)
    except _NOT_DECODED:
        value = _decode_refused_line(line, number)
    _refuse_deep(line, number)
    return value


def _decode_refused_line(line: bytes, number: int) -> Any:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        _, column = place_in_bytes(line, error.start, "utf-8", number)
        raise UnreadableSource(
            f"the byte 0x{line[error.start]:02X} is not UTF-8, which JSON has to be",
            line=number,
            column=column,
        ) from error
    index = skip_space(text, 0)
    try:
        value, end = decode_element(text, index)
    except (ValueError, RecursionError) as error:
        raise refusal(text, index, error, line=number, column=1) from error
    end = skip_space(text, end)
    if end < len(text):
        message = f"expected the end of the line after the value, found {found(text, end)}"
        raise refuse(text, end, message, number, 1)
    return value


def _refuse_deep(line: bytes, number: int) -> None:
    if line.count(b"{") + line.count(b"[") > DEPTH_MAX:
        text = line.decode()
        if is_deep(text):
            raise refuse_deep(text, 0, line=number, column=1)
