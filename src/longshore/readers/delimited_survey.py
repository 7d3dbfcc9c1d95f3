"""The first pass over a CSV: its encoding, its header, how many rows it has.

The encoding is settled on the way, in one pass (`encoding_evidence`): newlines, quotes and
delimiters are the same bytes whatever it will be, so rows are counted before it is known.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from longshore.readers.blocks import WINDOW_BYTES, Windows, peek, skip
from longshore.readers.delimited import (
    allow_long_cells,
    has_blank_lines,
    parse,
    plain_newline,
    refuse_endless,
)
from longshore.readers.encoding_evidence import EncodingEvidence
from longshore.readers.encodings import whole_lines_size
from longshore.readers.findings import Survey
from longshore.readers.layout import Format, Layout
from longshore.readers.rows import Position, Rows
from longshore.readers.sniffing import HEAD_BYTES, detect_delimiter
from longshore.readers.unreadable import EmptySource, UnreadableSource


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
    evidence = EncodingEvidence(head[:HEAD_BYTES], encoding)
    start = Position(offset=evidence.mark_bytes)
    allow_long_cells()
    windows = Windows(skip(blocks, start.offset), window_bytes)
    delimiter = detect_delimiter(head[start.offset : HEAD_BYTES], evidence.name)
    header, first = _read_header(windows, start, evidence, delimiter)
    on_position(first)
    end = _count_rows(windows, first, evidence, delimiter, on_position)
    evidence.settle(special=delimiter)
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
        notices=evidence.notices,
    )


@dataclass(frozen=True, slots=True)
class _Header:
    data: bytes  # the record, perhaps after blank lines
    line: int  # physical line on which `data` starts


def _read_header(
    windows: Windows, place: Position, evidence: EncodingEvidence, delimiter: str
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
    evidence: EncodingEvidence,
    delimiter: str,
    on_position: Callable[[Position], None],
) -> Position:
    """The place after the last row; what is left in `windows` starts at `place`."""
    while True:
        body = _whole_lines(windows, evidence)
        evidence.check(body, place)
        newline = plain_newline(body, evidence.name)
        if newline is not None and not has_blank_lines(body, newline):
            # Each line is a row, and cutting it into cells would be for nothing.
            count = body.count(newline) + (bool(body) and not body.endswith(newline))
            end = Position(place.row + count, place.line + count, place.offset + len(body))
        else:
            rows = _parse(windows, place, evidence, delimiter)
            end = rows.position(len(rows))
        windows.use(end.offset - place.offset)
        place = end
        refuse_endless(windows.data, place.line)
        if windows.has_ended:
            return place
        on_position(place)
        windows.grow()


def _parse(windows: Windows, place: Position, evidence: EncodingEvidence, delimiter: str) -> Rows:
    data, encoding = evidence.view(windows.data)
    return parse(data, windows.has_ended, place, encoding, delimiter)


def _whole_lines(windows: Windows, evidence: EncodingEvidence) -> bytes:
    if windows.has_ended:
        return windows.data
    return windows.data[: whole_lines_size(windows.data, evidence.name)]
