"""JSON: one array, read through a bounded window, each element decoded when it is whole.

How it works. Elements that are written alike are cut apart at once (`uniform`); what follows is
for the first window and for all that is less regular. A window is text that starts where an
element is expected. Elements are decoded one after the other with the standard library's scanner,
which says where each one ends; the window is then dropped up to there. An element counts as read
only when the comma or bracket after it is in the window too, for a number may go on in the next
one. What fails near the window's end is tried again with more bytes; what fails elsewhere is
broken, and the standard library says where.

Rules for whoever edits this: results must not depend on where windows end (the property tests
use windows from one byte), and positions are counted in bytes of the raw source, not characters.
"""

import codecs
import json
from collections.abc import Generator, Iterable, Iterator
from enum import Enum, auto
from itertools import accumulate, pairwise
from typing import Any

from longshore.readers.blocks import LONG_BYTES, RECORD_BYTES_MAX, WINDOW_BYTES, Windows
from longshore.readers.elements import (
    DEPTH_MAX,
    advance,
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
from longshore.readers.uniform import learn_separator, read_uniform
from longshore.readers.unreadable import EmptySource, UnreadableSource

# A literal, a number's sign or exponent, or an escape that the window's end cut in two is shorter.
_CUT_CHARACTERS_MAX = 16


class Expected(Enum):
    """What may come next in the array."""

    ARRAY = auto()  # the opening bracket
    FIRST = auto()  # an element, or the end of an empty array
    ELEMENT = auto()  # an element: a comma was read
    RESUMED = auto()  # anything, also the end of the source: reading restarted at a position
    NOTHING = auto()  # the array is closed


def read_array(
    blocks: Iterable[bytes],
    start: Position,
    expected: Expected = Expected.RESUMED,
    window_bytes: int = WINDOW_BYTES,
    *,
    is_enclosed: bool = False,
) -> Iterator[Rows]:
    """The elements from `start` on; `blocks` begin at its offset. Raises UnreadableSource.

    Elements that are not objects are rows too: whether they can be used is not the reader's to
    say. An enclosed array is part of a document, of which nothing behind the array is read.
    """
    windows = Windows(blocks, window_bytes)
    yield from read_elements(windows, start, expected, 1, is_enclosed=is_enclosed)


def read_elements(
    windows: Windows, start: Position, expected: Expected, column: int, *, is_enclosed: bool
) -> Generator[Rows, None, tuple[Position, int]]:
    """The elements of an array; returns the place up to where it was read, and its column.

    Of an enclosed array the closing bracket and what follows are left in the windows.
    """
    place = start
    separator = b""  # between elements that are written alike
    ended = False
    while not ended:
        data, ended = windows.grow()
        if separator and expected is Expected.ELEMENT and len(data) <= LONG_BYTES:
            uniform = read_uniform(data, separator, place)
            if uniform is not None:
                size = uniform.end_offset - place.offset
                column = _column_after(data[:size], column)
                windows.use(size)
                place = uniform.position(len(uniform))
                yield uniform
                if not ended:
                    continue
                data = windows.data
        text, undecodable = _decode(data, ended, place.line, column)
        scan = _Scan(text, ended and undecodable is None, place.line, column, expected)
        scan.is_enclosed = is_enclosed
        scan.run()
        is_closed = is_enclosed and scan.expected is Expected.NOTHING
        if undecodable is not None and not is_closed:
            # Only after the text before it, so that the first fault is told.
            raise undecodable
        rows = _locate(scan, text, place, is_ascii=len(text) == len(data))
        expected = scan.expected
        separator = learn_separator(text, scan.starts)
        _, column = advance(text, scan.index, place.line, column)
        windows.use(rows.end_offset - place.offset)
        place = rows.position(len(rows))
        if is_closed:
            if len(rows):
                yield rows
            return place, column
        if len(windows.data) > RECORD_BYTES_MAX:
            raise UnreadableSource(
                f"the element that starts here is larger than {RECORD_BYTES_MAX >> 20} MiB",
                line=place.line,
                column=column,
                hint="look for a quote or bracket that is opened and never closed",
            )
        if len(rows):
            yield rows
    if expected is Expected.ARRAY:
        raise EmptySource("the source is empty: expected a JSON array")
    if expected not in (Expected.NOTHING, Expected.RESUMED):
        raise UnreadableSource(
            "the source ends before its array is closed with ]", line=place.line, column=column
        )
    return place, column


class _Scan:
    """The whole elements at the start of one window."""

    def __init__(self, text: str, ended: bool, line: int, column: int, expected: Expected) -> None:
        self.expected = expected
        self.values: list[Any] = []
        self.starts: list[int] = []  # index in `text` of each element
        self.ends: list[int] = []
        self.index = 0  # up to where `text` is read
        self.is_enclosed = False  # the array is part of a document
        self._text = text
        self._ended = ended
        self._line = line
        self._column = column

    def run(self) -> None:
        """Take what is whole; raises UnreadableSource at the first fault."""
        try:
            self._take_all()
        except UnreadableSource:
            self._refuse_deep()
            raise
        self._refuse_deep()

    def _take_all(self) -> None:
        text = self._text
        while not (self.is_enclosed and self.expected is Expected.NOTHING):
            self.index = skip_space(text, self.index)
            if self.index == len(text):
                return
            if self.expected is not Expected.ELEMENT and self._take_bracket(text[self.index]):
                continue
            if not self._take_elements():
                return

    def _take_bracket(self, character: str) -> bool:
        """Take a bracket or comma where one may stand; False: an element must follow."""
        if self.expected is Expected.ARRAY:
            if character != "[":
                raise self._refuse(self.index, f"expected a JSON array, found {character!r}")
            self.expected = Expected.FIRST
        elif self.expected is Expected.NOTHING:
            raise self._refuse(self.index, f"expected the end after the array, found {character!r}")
        elif character == "]":
            self.expected = Expected.NOTHING
            if self.is_enclosed:
                return True  # a restart at the end of the rows is to find it
        elif character == "," and self.expected is Expected.RESUMED:
            self.expected = Expected.ELEMENT
        else:
            return False
        self.index += 1
        return True

    def _take_elements(self) -> bool:
        """Take elements up to the end of the array; False when the window ends before it."""
        text = self._text
        size = len(text)
        index = self.index
        while index < size and index <= LONG_BYTES:
            if self.expected is Expected.ELEMENT and text[index] == "]":
                raise self._refuse(index, "expected an element after the comma, found ']'")
            try:
                value, end = decode_element(text, index)
            except (ValueError, RecursionError) as error:
                if self._may_be_cut(error):
                    break
                raise refusal(text, index, error, line=self._line, column=self._column) from error
            separator = text[end : end + 1]
            if separator != "," and separator != "]":
                end = skip_space(text, end)
                separator = text[end : end + 1]
                if separator != "," and separator != "]":
                    if not self._ended and end > size - _CUT_CHARACTERS_MAX:
                        break
                    raise self._refuse(
                        end, f"expected ',' or ']' after the element, found {found(text, end)}"
                    )
            self.values.append(value)
            self.starts.append(index)
            self.ends.append(end)
            if separator == "]":
                self.expected = Expected.NOTHING
                self.index = end if self.is_enclosed else end + 1
                return True
            index = self.index = end + 1
            self.expected = Expected.ELEMENT
            index = self.index = skip_space(text, index)
        return False

    def _may_be_cut(self, error: BaseException) -> bool:
        """Whether more bytes could mend what the decoder found."""
        return (
            not self._ended
            and isinstance(error, json.JSONDecodeError)
            and (
                error.msg.startswith("Unterminated string")
                or error.pos > len(self._text) - _CUT_CHARACTERS_MAX
            )
        )

    def _refuse(self, index: int, message: str) -> UnreadableSource:
        return refuse(self._text, index, message, self._line, self._column)

    def _refuse_deep(self) -> None:
        """Raise UnreadableSource when an element nests too deep.

        The decoder itself takes about a thousand levels.
        """
        text = self._text
        if not may_be_deep(text.count("{") + text.count("["), self.values):
            return
        for start, end in zip(self.starts, self.ends, strict=True):
            brackets = text.count("{", start, end) + text.count("[", start, end)
            if brackets > DEPTH_MAX and is_deep(text[start:end]):
                raise refuse_deep(text, start, line=self._line, column=self._column)


def _decode(
    data: bytes, ended: bool, line: int, column: int
) -> tuple[str, UnreadableSource | None]:
    """The text of `data`, which starts at `line`, `column`, without a character cut in two.

    With bytes that are not UTF-8: the text before them, and their refusal.
    """
    try:
        return codecs.utf_8_decode(data, "strict", ended)[0], None
    except UnicodeDecodeError as error:
        text = data[: error.start].decode()
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8, which JSON has to be"
        return text, refuse(text, len(text), message, line, column)


def _column_after(data: bytes, column: int) -> int:
    """The column of the character after `data`, which starts at `column`."""
    newline = data.rfind(b"\n")
    characters = len(data[newline + 1 :].decode())
    return column + characters if newline < 0 else characters + 1


def _locate(scan: _Scan, text: str, place: Position, *, is_ascii: bool) -> Rows:
    """The rows of `scan`, whose text starts at `place`."""
    starts = scan.starts
    bounds = [0, *starts, scan.index]
    sizes: Iterable[int]
    if is_ascii:
        offsets = [place.offset + start for start in bounds]
    else:
        sizes = (len(text[start:end].encode()) for start, end in pairwise(bounds))
        offsets = list(accumulate(sizes, initial=place.offset))
    if "\n" in text:
        newlines = (text.count("\n", start, end) for start, end in pairwise(bounds))
        lines = list(accumulate(newlines, initial=place.line))
    else:
        lines = [place.line] * len(bounds)
    return Rows(
        first=place.row,
        lines=lines[1:-1],
        offsets=offsets[1:-1],
        values=scan.values,
        end_line=lines[-1],
        end_offset=offsets[-1],
    )
