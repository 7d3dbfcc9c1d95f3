"""The first pass over a CSV: its encoding, its header, how many rows it has.

The encoding is settled on the way, in one pass. A source without byte order mark is UTF-8 until
a byte says otherwise, and Windows-1252 from then on and from the start: newlines, quotes and
delimiters are the same bytes in both, so the rows counted so far stay counted. What must be
remembered is where a byte stood that Windows-1252 leaves undefined.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from longshore.notices import Notice, NoticeCode
from longshore.readers.blocks import WINDOW_BYTES, Windows, peek, skip
from longshore.readers.delimited import (
    allow_long_cells,
    has_blank_lines,
    parse,
    plain_newline,
    refuse_endless,
    undecodable,
)
from longshore.readers.encodings import (
    CP1252,
    UTF_8,
    byte_order_mark,
    is_utf_16,
    whole_lines_size,
)
from longshore.readers.findings import Survey
from longshore.readers.layout import Format, Layout
from longshore.readers.rows import Position
from longshore.readers.sniffing import HEAD_BYTES, detect_delimiter
from longshore.readers.unreadable import EmptySource, UnreadableSource, place_in_bytes

_UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def survey_delimited(
    blocks: Iterable[bytes],
    on_position: Callable[[Position], None],
    window_bytes: int = WINDOW_BYTES,
) -> Survey:
    """What the first pass over a CSV finds. Raises UnreadableSource."""
    head, blocks = peek(blocks, HEAD_BYTES)
    encoding = _Encoding(head)
    start = Position(offset=encoding.mark_bytes)
    allow_long_cells()
    windows = Windows(skip(blocks, start.offset), window_bytes)
    delimiter = detect_delimiter(head[start.offset : HEAD_BYTES], encoding.name)
    header, first = _read_header(windows, start, encoding, delimiter)
    on_position(first)
    end = _count_rows(windows, first, encoding, delimiter, on_position)
    columns = _columns(header, encoding.name, delimiter)
    if end.row == 1:
        raise EmptySource("the source has a header but no rows", line=end.line)
    return Survey(
        layout=Layout(
            format=Format.CSV,
            encoding=encoding.name,
            delimiter=delimiter,
            columns=columns,
            first=first,
        ),
        rows_count=end.row - 1,
        bytes_count=end.offset,
        notices=encoding.notices,
    )


@dataclass(frozen=True, slots=True)
class _Header:
    data: bytes  # the record, perhaps after blank lines
    line: int  # physical line on which `data` starts


def _read_header(
    windows: Windows, place: Position, encoding: "_Encoding", delimiter: str
) -> tuple[_Header, Position]:
    """The first record, taken out of `windows`, and the place after it."""
    while not windows.has_ended:
        data, ended = windows.grow()
        try:
            rows = parse(data, ended, place, encoding.structure, delimiter)
        except UnreadableSource:
            # Said again with columns that count characters.
            encoding.check(data, place.line)
            rows = parse(data, ended, place, encoding.name, delimiter)
        end = rows.position(min(1, len(rows)))
        windows.use(end.offset - place.offset)
        if len(rows):
            header = _Header(data[: end.offset - place.offset], place.line)
            encoding.check(header.data, header.line)
            _columns(header, encoding.name, delimiter)  # what it refuses is said early
            return header, replace(end, row=1)
        place = end
        refuse_endless(windows.data, place.line)
    raise EmptySource("the source is empty: there is neither a header nor a row")


def _columns(header: _Header, encoding: str, delimiter: str) -> tuple[str, ...]:
    """The names in the header, trimmed. Empty ones at its end are what a trailing delimiter
    leaves and name nothing; others are refused, and so are names that stand twice.
    """
    rows = parse(header.data, True, Position(line=header.line), encoding, delimiter)
    line = rows.lines[0]
    names = [name.strip() for name in rows.values[0]]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise UnreadableSource("the header names no column", line=line)
    if any("\0" in name for name in names):
        raise UnreadableSource(
            "the header holds NUL characters, as in UTF-16 without a byte order mark",
            line=line,
            hint="save the file as UTF-8",
        )
    if "" in names:
        raise UnreadableSource(
            f"column {names.index('') + 1} of the header has no name",
            line=line,
            hint="name every column, or delete it",
        )
    twice = [repr(name) for name, times in Counter(names).items() if times > 1]
    if twice:
        raise UnreadableSource(
            f"the header names a column twice: {', '.join(twice)}",
            line=line,
            hint="rename or delete one of them",
        )
    return tuple(names)


def _count_rows(
    windows: Windows,
    place: Position,
    encoding: "_Encoding",
    delimiter: str,
    on_position: Callable[[Position], None],
) -> Position:
    """The place after the last row; what is left in `windows` starts at `place`."""
    while True:
        body = _whole_lines(windows, encoding)
        encoding.check(body, place.line)
        newline = plain_newline(body, encoding.name)
        if newline is not None and not has_blank_lines(body, newline):
            # Each line is a row, and cutting it into cells would be for nothing.
            count = body.count(newline) + (bool(body) and not body.endswith(newline))
            end = Position(place.row + count, place.line + count, place.offset + len(body))
        else:
            rows = parse(windows.data, windows.has_ended, place, encoding.name, delimiter)
            end = rows.position(len(rows))
        windows.use(end.offset - place.offset)
        place = end
        refuse_endless(windows.data, place.line)
        if windows.has_ended:
            return place
        on_position(place)
        windows.grow()


def _whole_lines(windows: Windows, encoding: "_Encoding") -> bytes:
    if windows.has_ended:
        return windows.data
    return windows.data[: whole_lines_size(windows.data, encoding.name)]


class _Encoding:
    """What the bytes seen so far say about the encoding."""

    def __init__(self, head: bytes) -> None:
        mark = byte_order_mark(head)
        self.name, self.mark_bytes = mark or (UTF_8, 0)
        self.is_announced = mark is not None
        self.notices: tuple[Notice, ...] = ()
        self._undefined: UnreadableSource | None = None  # the first that cp1252 has to refuse

    @property
    def structure(self) -> str:
        """An encoding that shows records and cells, and takes every byte when they are bytes."""
        return self.name if is_utf_16(self.name) else "latin-1"

    def check(self, body: bytes, line: int) -> None:
        """Judge the next lines, which start at `line`; raises UnreadableSource."""
        if self.name not in (UTF_8, CP1252) or body.isascii():
            return
        if self.name == UTF_8:
            try:
                body.decode(UTF_8)
            except UnicodeDecodeError as error:
                if self.is_announced:
                    raise undecodable(body, error.start, UTF_8, line) from error
                self._fall_back(body, error.start, line)
        if self._undefined is None and not self.is_announced:
            undefined = _UNDEFINED_IN_CP1252.search(body)
            if undefined:
                self._undefined = undecodable(body, undefined.start(), CP1252, line)
        if self._undefined is not None and self.name == CP1252:
            raise self._undefined

    def _fall_back(self, body: bytes, index: int, line: int) -> None:
        line, column = place_in_bytes(body, index, UTF_8, line)
        self.name = CP1252
        notice = Notice(
            code=NoticeCode.ENCODING_GUESSED,
            message=f"the source is not UTF-8 (line {line}, column {column}: "
            f"byte 0x{body[index]:02X}); it was read as Windows-1252",
        )
        self.notices = (notice,)
