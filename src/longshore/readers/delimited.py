"""CSV: bytes to rows of cells, in agreement with Python's csv module.

How it works. Each window is cut at its last whole line. A window without quotes, and with one
kind of line end, is split with string methods: the same result as the csv module's, at twice its
speed. All else goes through `csv.reader`, line by line, followed by a probe line: a record that
is still open at the end of the window swallows the probe, which shows that it must be read again
together with the next window. So a window always starts where a record starts, and nothing is
remembered between windows but the place.

Rules for whoever edits this: results must not depend on where windows end (the property tests
use windows from one byte), and positions are counted in bytes of the raw source, not characters.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, compress, count
from operator import add

from longshore.readers.blocks import LONG_BYTES, RECORD_BYTES_MAX, WINDOW_BYTES, Windows
from longshore.readers.encodings import is_utf_16, line_sizes, split_lines, whole_lines_size
from longshore.readers.layout import Layout
from longshore.readers.rows import Position, Rows
from longshore.readers.unreadable import UnreadableSource, place_in_text, undecodable

_PROBE = "probe"


def read_delimited(
    blocks: Iterable[bytes], layout: Layout, start: Position, window_bytes: int = WINDOW_BYTES
) -> Iterator[Rows]:
    """The rows from `start` on; `blocks` begin at its offset. Raises UnreadableSource."""
    allow_long_cells()
    windows = Windows(blocks, window_bytes)
    place = start
    ended = False
    while not ended:
        data, ended = windows.grow()
        rows = parse(data, ended, place, layout.encoding, layout.delimiter)
        windows.use(rows.end_offset - place.offset)
        place = rows.position(len(rows))
        refuse_endless(windows.data, place.line)
        if len(rows):
            yield rows


def parse(data: bytes, ended: bool, place: Position, encoding: str, delimiter: str) -> Rows:
    """The whole records at the start of `data`, which starts with a record at `place`.

    Raises UnreadableSource for bytes that the encoding leaves undefined, and for a quote that
    is still open when the source has `ended`; UnicodeDecodeError never.
    """
    body = data if ended else data[: whole_lines_size(data, encoding)]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise undecodable(body, error.start, encoding, place.line) from error
    if len(data) > LONG_BYTES:
        return _read_long(text, ended, place, encoding, delimiter)
    newline = plain_newline(body, encoding)
    if newline is not None:
        return _split_plain(body, text, newline, place, encoding, delimiter)
    return _read_quoted(body, text, ended, place, encoding, delimiter)


def plain_newline(body: bytes, encoding: str) -> bytes | None:
    """The only line end of `body` when it has no quotes, else None.

    Then each line that is not blank is a row, and each delimiter separates two cells.
    """
    if b'"' in body or is_utf_16(encoding):
        return None
    newline = b"\n"
    if b"\r" in body:
        newline = b"\r\n"
        pairs = body.count(newline)
        if pairs != body.count(b"\r") or pairs != body.count(b"\n"):
            return None
    return newline


def has_blank_lines(body: bytes, newline: bytes) -> bool:
    """Whether a line of `body` is empty; `newline` is its only line end."""
    return body.startswith(newline) or newline + newline in body


def allow_long_cells() -> None:
    """A cell may be as long as a record; the csv module's bound is one for the whole process."""
    if csv.field_size_limit() < 2 * RECORD_BYTES_MAX:
        csv.field_size_limit(2 * RECORD_BYTES_MAX)


def refuse_endless(record: bytes, line: int) -> None:
    """Raise UnreadableSource when the start of a record is larger than a record may be."""
    if len(record) > RECORD_BYTES_MAX:
        quoted = b'"' in record[:RECORD_BYTES_MAX]
        raise UnreadableSource(
            f"the row that starts here is larger than {RECORD_BYTES_MAX >> 20} MiB",
            line=line,
            hint="look for a quote that is opened and never closed" if quoted else None,
        )


def _split_plain(
    body: bytes, text: str, newline: bytes, place: Position, encoding: str, delimiter: str
) -> Rows:
    lines = text.split(newline.decode("ascii"))
    raw: Sequence[str] | Sequence[bytes] = lines
    if len(text) != len(body):
        raw = body.split(newline)
    if not lines[-1]:
        lines.pop()
    sums = accumulate(map(len, raw[: len(lines) - 1]), initial=place.offset)
    offsets = list(map(add, sums, count(0, len(newline)))) if lines else []
    end_line = place.line + len(lines)
    numbers: Sequence[int] = range(place.line, end_line)
    if has_blank_lines(body, newline):
        numbers = list(compress(numbers, lines))
        offsets = list(compress(offsets, lines))
        lines = list(filter(None, lines))
    return Rows(
        first=place.row,
        lines=numbers,
        offsets=offsets,
        values=[line.split(delimiter) for line in lines],
        end_line=end_line,
        end_offset=place.offset + len(body),
    )


def _read_quoted(
    body: bytes, text: str, ended: bool, place: Position, encoding: str, delimiter: str
) -> Rows:
    lines = split_lines(text)
    values = list(csv.reader(chain(lines, (_PROBE,)), delimiter=delimiter))
    starts: Sequence[int]  # index of the physical line on which each record starts
    if len(values) == len(lines) + 1:
        # Every record is one line: none holds a newline, and the probe stands alone.
        values.pop()
        starts = range(len(lines))
        used = len(lines)
    else:
        values, starts, used = _read_multiline(lines, delimiter)
        if ended and used < len(lines):
            record = "".join(lines[used:])
            raise _unclosed(record, _first_record(record, delimiter)[1], place.line + used)
    sizes = line_sizes(body, lines, encoding)
    offsets = list(accumulate(sizes, initial=place.offset))
    if not all(values):
        # The csv module yields an empty list for a blank line.
        starts = list(compress(starts, values))
        values = list(filter(None, values))
    return Rows(
        first=place.row,
        lines=[place.line + start for start in starts],
        offsets=[offsets[start] for start in starts],
        values=values,
        end_line=place.line + used,
        end_offset=offsets[used],
    )


def _read_multiline(lines: list[str], delimiter: str) -> tuple[list[list[str]], list[int], int]:
    """Records, the index of the line each starts on, and how many lines belong to whole ones."""
    values: list[list[str]] = []
    starts = [0]
    reader = csv.reader(chain(lines, (_PROBE,)), delimiter=delimiter)
    for cells in reader:
        values.append(cells)
        starts.append(reader.line_num)
    # The last record is the probe, or an open one that swallowed it.
    values.pop()
    starts.pop()
    used = starts.pop()
    return values, starts, used


def _read_long(text: str, ended: bool, place: Position, encoding: str, delimiter: str) -> Rows:
    """The first record of a window that had to grow for it, when it is whole.

    What follows it is left for a small window, and its lines are never all in memory at once.
    """
    end, quote = _first_record(text, delimiter)
    if quote >= 0 and ended:
        raise _unclosed(text, quote, place.line)
    record = text[: max(end, 0)]
    values = list(filter(None, csv.reader(io.StringIO(record, newline=""), delimiter=delimiter)))
    newlines = record.count("\n") + record.count("\r") - record.count("\r\n")
    return Rows(
        first=place.row,
        lines=[place.line] * len(values),
        offsets=[place.offset] * len(values),
        values=values,
        end_line=place.line + newlines,
        end_offset=place.offset + len(record.encode(encoding)),
    )


def _unclosed(record: str, quote: int, line: int) -> UnreadableSource:
    """The refusal of a record that ends inside quotes, at the quote that was never closed."""
    line, column = place_in_text(record, quote, line, 1)
    return UnreadableSource(
        "the quote that opens here is never closed",
        line=line,
        column=column,
        hint='close it, or double the quotes inside of a quoted cell: ""',
    )


def _first_record(text: str, delimiter: str) -> tuple[int, int]:
    """The index after the first record and -1, or -1 and the index of a quote it leaves open."""
    cell_end = re.compile(rf"{re.escape(delimiter)}|\r\n|\r|\n")
    index = 0
    while True:
        after_quotes = index
        if text.startswith('"', index):
            after_quotes = _quote_end(text, index)
            if after_quotes < 0:
                return -1, index
        # Text after a closing quote belongs to the cell, as in the csv module.
        end = cell_end.search(text, after_quotes)
        if end is None:
            return len(text), -1
        if end[0] != delimiter:
            return end.end(), -1
        index = end.end()


def _quote_end(text: str, index: int) -> int:
    """Index after the quote that closes the one at `index`, or -1; doubled quotes are text."""
    end = text.find('"', index + 1)
    while end >= 0 and text.startswith('""', end):
        end = text.find('"', end + 2)
    return end + 1 if end >= 0 else -1
