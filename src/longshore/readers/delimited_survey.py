"""The first pass over a CSV: its encoding, its header, how many rows it has.

The encoding is settled on the way, in one pass (`encoding_evidence`): newlines, quotes and
delimiters are the same bytes whatever it will be, so rows are counted before it is known. But the
second byte of a character can be a pipe: where that separates, rows are counted in the charset that
the first `HEAD_BYTES` suggest, and a source in which the end decides otherwise is refused.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from longshore.notices import Notice
from longshore.readers.blocks import WINDOW_BYTES, Windows, peek, skip
from longshore.readers.delimited import (
    allow_long_cells,
    has_blank_lines,
    parse,
    plain_newline,
    refuse_endless,
)
from longshore.readers.encoding_evidence import EncodingEvidence, Place, damaged
from longshore.readers.encodings import (
    UTF_8,
    UTF_16,
    UTF_16_LE,
    byte_order_mark,
    find_utf_16,
    is_utf_16,
    title_of,
    whole_lines_size,
)
from longshore.readers.findings import Survey
from longshore.readers.layout import Format, Layout
from longshore.readers.rows import Position, Rows
from longshore.readers.sniffing import HEAD_BYTES, detect_delimiter
from longshore.readers.twice_encoded import TwiceEncoded, may_be_twice_encoded
from longshore.readers.unreadable import EmptySource, UnreadableSource, undecodable


def survey_delimited(
    blocks: Iterable[bytes],
    on_position: Callable[[Position], None],
    window_bytes: int = WINDOW_BYTES,
    *,
    encoding: str | None = None,
) -> Survey:
    """What the first pass over a CSV finds; `encoding` is what it has to be in, if it is known.

    Raises UnreadableSource.
    """
    head, blocks = peek(blocks, HEAD_BYTES)
    evidence = _Encoding(head[:HEAD_BYTES], encoding)
    start = Position(offset=evidence.mark_bytes)
    allow_long_cells()
    windows = Windows(skip(blocks, start.offset), window_bytes)
    delimiter = detect_delimiter(head[start.offset : HEAD_BYTES], evidence.name)
    header, first = _read_header(windows, start, evidence, delimiter)
    on_position(first)
    twice = TwiceEncoded()
    end = _count_rows(windows, first, evidence, delimiter, on_position, twice)
    evidence.settle(delimiter)
    columns = _columns(header, evidence.name, delimiter)
    if end.row == 1:
        raise EmptySource("the source has a header but no rows", line=end.line)
    return Survey(
        layout=Layout(
            format=Format.CSV,
            encoding=evidence.name,
            delimiter=delimiter,
            columns=columns,
            first=first,
        ),
        rows_count=end.row - 1,
        bytes_count=end.offset,
        notices=(*evidence.notices, *twice.notices()),
    )


@dataclass(frozen=True, slots=True)
class _Header:
    data: bytes  # the record, perhaps after blank lines
    line: int  # physical line on which `data` starts


def _read_header(
    windows: Windows, place: Position, evidence: "_Encoding", delimiter: str
) -> tuple[_Header, Position]:
    """The first record, taken out of `windows`, and the place after it."""
    while not windows.has_ended:
        windows.grow()
        data = _whole_lines(windows, evidence)
        evidence.check(data, place)
        rows = _parse(windows, place, evidence, delimiter)
        end = rows.position(min(1, len(rows)))
        windows.use(end.offset - place.offset)
        if len(rows):
            header = _Header(data[: end.offset - place.offset], place.line)
            if evidence.can_read(header.data):
                _columns(header, evidence.name, delimiter)  # what it refuses is said early
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
    evidence: "_Encoding",
    delimiter: str,
    on_position: Callable[[Position], None],
    twice: TwiceEncoded,
) -> Position:
    """The place after the last row; what is left in `windows` starts at `place`."""
    while True:
        body = _whole_lines(windows, evidence)
        evidence.check(body, place)
        newline = plain_newline(body, evidence.name)
        is_suspect = evidence.may_be_twice_encoded(body)
        if newline is not None and not has_blank_lines(body, newline) and not is_suspect:
            # Each line is a row, and cutting it into cells would be for nothing.
            count = body.count(newline) + (bool(body) and not body.endswith(newline))
            end = Position(place.row + count, place.line + count, place.offset + len(body))
        else:
            rows = _parse(windows, place, evidence, delimiter)
            if is_suspect:
                twice.note(rows)
            end = rows.position(len(rows))
        windows.use(end.offset - place.offset)
        place = end
        refuse_endless(windows.data, place.line)
        if windows.has_ended:
            return place
        on_position(place)
        windows.grow()


def _parse(windows: Windows, place: Position, evidence: "_Encoding", delimiter: str) -> Rows:
    data, encoding = evidence.view(windows.data)
    return parse(data, windows.has_ended, place, encoding, delimiter)


def _whole_lines(windows: Windows, evidence: "_Encoding") -> bytes:
    if windows.has_ended:
        return windows.data
    return windows.data[: whole_lines_size(windows.data, evidence.name)]


# Characters of two bytes, which are hidden from whoever looks for separators.
_PAIRS = {
    "cp932": re.compile(rb"[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]"),
    "gb18030": re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]"),
    "big5": re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]"),
}
_SECOND_PIPE = re.compile(rb"[\x81-\xfe]\|")  # may be the second byte of a character


class _Encoding:
    """The encoding of a source: what is known of it at each step."""

    def __init__(self, head: bytes, asked: str | None) -> None:
        mark = byte_order_mark(head)
        self.mark_bytes = mark[1] if mark is not None else 0
        self.notices: tuple[Notice, ...] = ()
        announced = mark[0] if mark is not None else None
        if asked == UTF_16:
            is_told = announced is not None and is_utf_16(announced)
            asked = announced if is_told else find_utf_16(head) or UTF_16_LE
        self._is_asked = asked is not None
        self._settled = asked or announced
        self._evidence = EncodingEvidence()
        self._has_pipes = False
        self.name = self._settled or UTF_8  # before `settle` the one that the head suggests
        if self._settled is None:
            self._look_at(head)

    def view(self, data: bytes) -> tuple[bytes, str]:
        """The same records and cells as `data` has, in a form that can be split, and its encoding.

        Positions and sizes are the same; texts beyond ASCII are not, before the encoding is
        settled.
        """
        if self._settled is not None:
            return data, self._settled
        if self.name == UTF_8 and self._evidence.is_utf_8:
            return data, UTF_8
        pairs = _PAIRS.get(self.name)
        if pairs is not None and b"|" in data:
            return pairs.sub(b"\xff\xff", data), "latin-1"
        return data, "latin-1"

    def can_read(self, data: bytes) -> bool:
        """Whether `data` is text in the encoding of this name."""
        try:
            data.decode(self.name)
        except UnicodeDecodeError:
            return False
        return True

    def check(self, lines: bytes, place: Position) -> None:
        """Judge whole lines, which start at `place`; raises UnreadableSource."""
        if self._settled is not None:
            self._refuse_undecodable(lines, place.line)
            return
        self._evidence.note(lines, place.line)
        if not self._has_pipes and b"|" in lines:
            self._has_pipes = _SECOND_PIPE.search(lines) is not None

    def may_be_twice_encoded(self, lines: bytes) -> bool:
        """Whether `lines` may hold texts that were encoded twice.

        While the encoding is not known they do not: such texts are valid UTF-8.
        """
        if lines.isascii():
            return False
        if self._settled not in (None, UTF_8):
            return True
        return self._evidence.is_utf_8 and may_be_twice_encoded(lines)

    def settle(self, delimiter: str) -> None:
        """Decide, after the last line; raises UnreadableSource when there is no answer."""
        if self._settled is not None:
            return
        found = self._evidence.decide()
        is_other = _PAIRS.get(found.name) != _PAIRS.get(self.name)
        if delimiter == "|" and self._has_pipes and is_other and found.name != UTF_8:
            raise UnreadableSource(
                f"only the end of the source shows that it is {title_of(found.name)}",
                hint=f"read it with --encoding {found.name}",
            )
        self._settled = self.name = found.name
        self.notices = found.notices

    def _look_at(self, head: bytes) -> None:
        """Learn from the first bytes."""
        evidence = EncodingEvidence()
        is_all = len(head) < HEAD_BYTES
        evidence.note(head if is_all else head[: whole_lines_size(head, UTF_8)] or head, 1)
        with suppress(UnreadableSource):
            found = evidence.decide()
            self.name = found.name
            if is_utf_16(found.name):
                self._settled, self.notices = found.name, found.notices

    def _refuse_undecodable(self, lines: bytes, line: int) -> None:
        assert self._settled is not None
        if is_utf_16(self._settled) or lines.isascii():
            return
        try:
            lines.decode(self._settled)
        except UnicodeDecodeError as error:
            if self._settled == UTF_8 and not self._is_asked:
                raise damaged(Place.of(lines, error, line)) from error
            raise undecodable(lines, error.start, self._settled, line) from error
