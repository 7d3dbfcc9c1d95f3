"""NDJSON: JSON values one after another, each on lines of its own; blank lines are no rows.

How it works. Nearly always each line is a value, and all lines of a window are decoded at once.
Where that fails, values are taken one by one: a line that is a whole value is a row, and a line
at whose end a value is still open begins one that goes on in the next lines, as programs print
objects for people. A value is only taken when the end of its last line is in the window, so
results do not depend on where windows end.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import accumulate, count
from operator import add
from typing import Any

from longshore.readers.blocks import LONG_BYTES, RECORD_BYTES_MAX, WINDOW_BYTES, Windows
from longshore.readers.elements import (
    DECODER,
    DEPTH_MAX,
    NOT_DECODED,
    brackets_in,
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
from longshore.readers.unreadable import UnreadableSource

_SPACE = " \t\r\n"


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
        rows = _read_lines(data[: _lines_size(data, size)], place)
        if rows is None:
            rows = _Values(data[:size], place, ended=ended).read()
        windows.use(rows.end_offset - place.offset)
        place = rows.position(len(rows))
        if len(windows.data) > RECORD_BYTES_MAX:
            raise _too_large(windows.data, place.line)
        if len(rows):
            yield rows


def _lines_size(data: bytes, size: int) -> int:
    """How much of `size` bytes of whole lines is read at once: a very long line alone."""
    return data.find(b"\n") + 1 or size if len(data) > LONG_BYTES else size


def _too_large(data: bytes, line: int) -> UnreadableSource:
    mebibytes = RECORD_BYTES_MAX >> 20
    if b"\n" not in data:
        return UnreadableSource(f"the line is larger than {mebibytes} MiB", line=line)
    return UnreadableSource(
        f"the value that starts here is larger than {mebibytes} MiB",
        line=line,
        hint="look for a bracket that is opened and never closed; rows in one object are read when "
        "they are an array under data",
    )


def _read_lines(body: bytes, place: Position) -> Rows | None:
    """The rows of whole lines, each a value; None: not all of them are."""
    lines = body.split(b"\n")
    if not lines[-1]:
        lines.pop()
    try:
        values = list(map(DECODER.decode, lines))
    except NOT_DECODED:
        return None
    if may_be_deep(brackets_in(body), values):
        for number, line in enumerate(lines, place.line):
            text = line.decode()
            _refuse_deep(text, 0, len(text), number)
    sizes = accumulate(map(len, lines[:-1]), initial=place.offset)
    offsets = list(map(add, sizes, count())) if lines else []
    return Rows(
        first=place.row,
        lines=range(place.line, place.line + len(lines)),
        offsets=offsets,
        values=values,
        end_line=place.line + len(lines) - (bool(lines) and not body.endswith(b"\n")),
        end_offset=place.offset + len(body),
    )


class _Values:
    """The values at the start of whole lines, taken one by one."""

    def __init__(self, body: bytes, place: Position, *, ended: bool) -> None:
        self._place = place
        self._ended = ended  # nothing follows `body`
        self._undecodable: UnreadableSource | None = None
        try:
            self._text = body.decode()
        except UnicodeDecodeError as error:
            self._ended = False
            self._text = body[: body.rfind(b"\n", 0, error.start) + 1].decode()
            line = body[len(self._text.encode()) : error.start].decode()
            message = f"the byte 0x{body[error.start]:02X} is not UTF-8, which JSON has to be"
            number = place.line + self._text.count("\n")
            self._undecodable = refuse(line, len(line), message, number, 1)
        self._is_ascii = self._text.isascii()
        self._index = 0  # in the text: the start of a line
        self._line = place.line
        self._offset = place.offset

    def read(self) -> Rows:
        """The rows; raises UnreadableSource at the first fault."""
        lines: list[int] = []
        offsets: list[int] = []
        values: list[Any] = []
        text = self._text
        while self._index <= LONG_BYTES:
            start = skip_space(text, self._index)
            # Blank lines are passed only up to the last one, which what follows may belong to.
            self._pass(text.rfind("\n", self._index, start) + 1 or self._index)
            if start == len(text):
                if self._ended:
                    self._pass(start)
                break
            taken = self._take(start)
            if taken is None:
                break
            value, end = taken
            lines.append(self._line)
            offsets.append(self._offset)
            values.append(value)
            self._pass(end)
        if self._undecodable is not None and self._index <= LONG_BYTES:
            # Only after the text before it, so that the first fault is told.
            raise self._undecodable
        return Rows(
            first=self._place.row,
            lines=lines,
            offsets=offsets,
            values=values,
            end_line=self._line,
            end_offset=self._offset,
        )

    def _pass(self, index: int) -> None:
        """Everything before `index` was read."""
        passed = self._text[self._index : index]
        self._line += passed.count("\n")
        self._offset += len(passed) if self._is_ascii else len(passed.encode())
        self._index = index

    def _take(self, start: int) -> tuple[Any, int] | None:
        """The value that starts at `start`, and the start of the line after it; None: its end is
        not in the text."""
        text = self._text
        line_end = text.find("\n", start)
        line_end = len(text) if line_end < 0 else line_end
        try:
            value, end = DECODER.decode(text[start:line_end]), line_end
        except NOT_DECODED:
            found_value = self._take_odd(start, line_end)
            if found_value is None:
                return None
            value, end = found_value
        _refuse_deep(text, start, end, self._line, self._index)
        return value, min(end + 1, len(text))

    def _take_odd(self, start: int, line_end: int) -> tuple[Any, int] | None:
        """A value and the end of its last line: msgspec does not take it, or it has more lines."""
        # Only of the line, for there may be thousands of values in the text.
        line = self._text[self._index : line_end]
        index = start - self._index
        try:
            value, end = decode_element(line, index)
        except (ValueError, RecursionError) as error:
            if _is_open(line, error):
                return self._take_lines(start)
            raise refusal(line, index, error, line=self._line, column=1) from error
        return value, self._end_of_line(self._index + end)

    def _take_lines(self, start: int) -> tuple[Any, int] | None:
        """A value that goes on behind its first line."""
        try:
            value, end = decode_element(self._text, start)
        except (ValueError, RecursionError) as error:
            if _is_open(self._text, error) and not self._ended:
                return None
            raise self._refusal(start, error) from error
        return value, self._end_of_line(end)

    def _end_of_line(self, end: int) -> int:
        """Where the line ends on which a value ends, and nothing else."""
        text = self._text
        line_end = text.find("\n", end)
        line_end = len(text) if line_end < 0 else line_end
        if text[end:line_end].strip(_SPACE):
            end = skip_space(text, end)
            message = f"expected the end of the line after the value, found {found(text, end)}"
            raise refuse(text[self._index :], end - self._index, message, self._line, 1)
        return line_end

    def _refusal(self, start: int, error: BaseException) -> UnreadableSource:
        text, index = self._text[self._index :], start - self._index
        if isinstance(error, json.JSONDecodeError):
            error = json.JSONDecodeError(error.msg, text, error.pos - self._index)
        return refusal(text, index, error, line=self._line, column=1)


def _is_open(text: str, error: BaseException) -> bool:
    """Whether the fault is that the text, which ends where a line does, ends too early."""
    return (
        isinstance(error, json.JSONDecodeError)
        and not error.msg.startswith("Unterminated string")
        and error.pos >= len(text.rstrip(_SPACE))
    )


def _refuse_deep(text: str, start: int, end: int, line: int, line_start: int = 0) -> None:
    """Raise UnreadableSource when the value at `start` nests too deep; its line is `line`."""
    if text.count("{", start, end) + text.count("[", start, end) <= DEPTH_MAX:
        return
    if is_deep(text[start:end]):
        raise refuse_deep(text[line_start:end], start - line_start, line=line, column=1)
