"""CSV: bytes to rows of cells.

How it works. Each window is cut at its last whole line. A window with one kind of line end is split
into lines with string methods, and where nothing is quoted its lines into cells, too. One with
quotes goes through the csv module in its strict mode, which reads what is well-formed as `records`
says, at many times the speed: at once where each line turns out to be a record, else line by line;
from the first record on that it does not take, the rest is read by the grammar itself. A
record that is still open at the end of the window is read again together with the next one. So a
window always starts where a record starts, and nothing is remembered between windows but the
place.

Rules for whoever edits this: results must not depend on where windows end (the property tests
use windows from one byte), and positions are counted in bytes of the raw source, not characters.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, count, islice
from operator import add
from typing import TYPE_CHECKING, TypeAlias

from longshore.error_codes import ErrorCode, message
from longshore.readers.blocks import LONG_BYTES, RECORD_BYTES_MAX, WINDOW_BYTES, Windows
from longshore.readers.csv_rules import BLANKS, CsvRules, is_blank, trimmed
from longshore.readers.encodings import is_utf_16, line_sizes, split_lines, whole_lines_size
from longshore.readers.layout import Layout
from longshore.readers.records import CsvRecord, Grammar
from longshore.readers.rows import Position, Rows, Unreadable
from longshore.readers.unreadable import UnreadableSource, place_in_text, undecodable

if TYPE_CHECKING:
    from _csv import Reader as _CsvReader

Cells: TypeAlias = list[str] | Unreadable

# For a delimiter of several characters, which the csv module does not know; no text has it, and one
# that does is read by the grammar.
_STAND_IN = "\ue000"


def read_delimited(
    blocks: Iterable[bytes], layout: Layout, start: Position, window_bytes: int = WINDOW_BYTES
) -> Iterator[Rows]:
    """The rows from `start` on; `blocks` begin at its offset. Raises UnreadableSource."""
    windows = Windows(blocks, window_bytes)
    parser = Parser(layout.rules)
    place = start
    ended = False
    while not ended:
        data, ended = windows.grow()
        rows = parser.parse(data, ended, place)
        windows.use(rows.end_offset - place.offset)
        place = rows.position(len(rows))
        refuse_endless(windows.data, place.line)
        if len(rows):
            yield rows


class Parser:
    """Windows of a source to rows, by the rules of one CSV."""

    def __init__(
        self, rules: CsvRules, on_header: Callable[[int], None] = lambda _line: None
    ) -> None:
        """`on_header` is told the lines on which the header is repeated, which are no rows."""
        allow_long_cells()
        self.grammar = Grammar(rules)
        self.rules = rules
        self._on_header = on_header
        self._has_long_records = False  # of several lines
        self._blank_lines = _BlankLines(rules)
        # A line like the header has this name in it, and few others have.
        self._sign = max(rules.header, key=len, default="")
        self._is_wide = len(rules.delimiter) > 1
        blanks = re.escape(rules.blanks)
        quote, delimiter = re.escape(rules.quote), re.escape(rules.delimiter)
        self._quote_after_blank = re.compile(f"{quote}(?<=[{blanks}]{quote})")
        self._opens_after_blank = re.compile(rf"(?:{delimiter}|[\r\n]|\A)[{blanks}]+{quote}")

    def parse(self, data: bytes, ended: bool, place: Position) -> Rows:
        """The whole records at the start of `data`, which starts with a record at `place`.

        Raises UnreadableSource for bytes that the encoding leaves undefined, UnicodeDecodeError
        never.
        """
        encoding = self.rules.encoding
        body = data if ended else data[: whole_lines_size(data, encoding)]
        text = decoded(body, encoding, place.line)
        if len(data) > LONG_BYTES:
            return self._read_long(body, text, ended, place)
        newline = self._only_newline(text)
        if newline is not None:
            rows = self._read_lines(body, text, newline, place)
            if rows is not None:
                return rows
        return self._read_quoted(body, text, ended, place)

    def _only_newline(self, text: str) -> str | None:
        """The line end of `text` where it has but one kind, else None."""
        if "\r" not in text:
            return "\n"
        pairs = text.count("\r\n")
        return "\r\n" if pairs == text.count("\r") == text.count("\n") else None

    def may_skip(self, text: str) -> bool:
        """Whether a line of `text` may be blank or the header again; False: none is."""
        return (bool(self._sign) and self._sign in text) or self._blank_lines.are_in(text)

    def _read_lines(self, body: bytes, text: str, newline: str, place: Position) -> Rows | None:
        """The rows of a text of which each line is a record; None: not each is, or not surely."""
        rules = self.rules
        lines = text.split(newline)
        newline_bytes = newline.encode(rules.encoding)
        raw: Sequence[str] | Sequence[bytes] = lines
        if is_utf_16(rules.encoding):
            raw = [line.encode(rules.encoding) for line in lines]
        elif len(text) != len(body):
            raw = body.split(newline_bytes)
        if not lines[-1]:
            lines.pop()
        values: list[Cells]
        if (rules.quote and rules.quote in text) or (rules.escape and rules.escape in text):
            # Where one cell has several lines, others have, and trying would be for nothing.
            if self._has_long_records or self._is_beyond_csv(text):
                return None
            try:
                values = list(self._read_by_csv(lines))
            except csv.Error:
                return None
            if len(values) != len(lines):
                self._has_long_records = True
                return None
        else:
            values = [line.split(rules.delimiter) for line in lines]
        sums = accumulate(map(len, raw[: len(lines) - 1]), initial=place.offset)
        offsets = list(map(add, sums, count(0, len(newline_bytes)))) if lines else []
        return self._rows(
            place,
            text,
            values=values,
            starts=range(len(lines)),
            offsets=offsets,
            end_line=place.line + len(lines),
            end_offset=place.offset + len(body),
        )

    def _read_quoted(self, body: bytes, text: str, ended: bool, place: Position) -> Rows:
        lines = split_lines(text)
        values, starts, used = self._read_well_formed(text, lines)
        if used < len(lines):
            used = self._read_strictly(text, lines[:used], ended, place, (values, starts))
        sizes = line_sizes(body, lines, self.rules.encoding)
        offsets = list(accumulate(sizes, initial=place.offset))
        return self._rows(
            place,
            text,
            values=values,
            starts=starts,
            offsets=[offsets[start] for start in starts],
            end_line=place.line + used,
            end_offset=offsets[used],
        )

    def _read_well_formed(self, text: str, lines: list[str]) -> tuple[list[Cells], list[int], int]:
        """The records up to the first that the csv module does not read as the grammar does.

        Also the index of the line on which each starts, and how many lines they are.
        """
        values: list[Cells] = []
        if self._is_beyond_csv(text):
            return values, [], 0
        reader = self._csv_reader(lines)
        starts = [0]
        try:
            for cells in reader:
                values.append(self._widened(cells) if self._is_wide else cells)
                starts.append(reader.line_num)
        except csv.Error:
            pass  # a record that is open or broken, or that has blanks around its quotes
        used = starts.pop()
        return values, starts, used

    def _is_beyond_csv(self, text: str) -> bool:
        """Whether the csv module may take `text` for something else than the grammar does."""
        rules = self.rules
        return bool(
            rules.escape
            or (self._is_wide and _STAND_IN in text)
            or (
                rules.quote
                and self._quote_after_blank.search(text)
                and self._opens_after_blank.search(text)
            )
        )

    def _read_by_csv(self, lines: list[str]) -> Iterable[list[str]]:
        reader = self._csv_reader(lines)
        return map(self._widened, reader) if self._is_wide else reader

    def _widened(self, cells: list[str]) -> list[str]:
        """The cells of a record with what stands for delimiters inside of quotes."""
        if not any(_STAND_IN in cell for cell in cells):
            return cells
        return [cell.replace(_STAND_IN, self.rules.delimiter) for cell in cells]

    def _csv_reader(self, lines: Iterable[str]) -> "_CsvReader":
        rules = self.rules
        if self._is_wide:
            lines = (line.replace(rules.delimiter, _STAND_IN) for line in lines)
        return csv.reader(
            lines,
            delimiter=_STAND_IN if self._is_wide else rules.delimiter,
            quotechar=rules.quote or None,
            quoting=csv.QUOTE_MINIMAL if rules.quote else csv.QUOTE_NONE,
            strict=True,
        )

    def _read_strictly(
        self,
        text: str,
        before: list[str],
        ended: bool,
        place: Position,
        read: tuple[list[Cells], list[int]],
    ) -> int:
        """Read on by the grammar behind the lines `before` of `text`; how many are read then.

        That is all of them, or those before a record that more bytes may close. `read` are the
        records so far and the lines they start on, to which more are added.
        """
        values, starts = read
        index = sum(map(len, before))
        line = len(before)
        while index < len(text):
            record = self.grammar.read(text, index)
            end = record.end
            cells: Cells
            if record.cells is not None:
                cells = record.cells
            elif record.is_open and not ended:
                return line
            else:
                end = _line_end(text, record.end)
                cells = self._unreadable(text, index, record, end, place.line + line)
            values.append(cells)
            starts.append(line)
            line += lines_in(text, index, end)
            index = end
        return line

    def _read_long(self, body: bytes, text: str, ended: bool, place: Position) -> Rows:
        """The first record of a window that had to grow for it, when it is whole.

        What follows it is left for a small window, and its lines are never all in memory at once.
        """
        cells: Cells | None = None
        end = 0
        if text:
            record = self.grammar.read(text, 0)
            if record.cells is not None:
                cells, end = record.cells, record.end
            elif ended or not record.is_open:
                end = _line_end(text, record.end)
                cells = self._unreadable(text, 0, record, end, place.line)
        read = text[:end]
        lines_count = lines_in(read, 0, end)
        return self._rows(
            place,
            read,
            values=[] if cells is None else [cells],
            starts=[] if cells is None else [0],
            offsets=[] if cells is None else [place.offset],
            end_line=place.line + lines_count,
            end_offset=place.offset + self._size_of(body, read, lines_count),
        )

    def _size_of(self, body: bytes, read: str, lines_count: int) -> int:
        """How many bytes of `body` are its first lines, which were decoded to `read`."""
        encoding = self.rules.encoding
        if is_utf_16(encoding):
            return len(read.encode(encoding))
        ends = islice(_LINE_END_BYTES.finditer(body), lines_count)
        return max((each.end() for each in ends), default=0)

    def _rows(
        self,
        place: Position,
        text: str,
        *,
        values: list[Cells],
        starts: Sequence[int],
        offsets: Sequence[int],
        end_line: int,
        end_offset: int,
    ) -> Rows:
        """The records of `text` that are rows; `starts` are lines of it, from 0."""
        lines: Sequence[int] = range(place.line, place.line + len(values))
        if not isinstance(starts, range):
            lines = [place.line + start for start in starts]
        if self.may_skip(text):
            kept = [
                index for index, cells in enumerate(values) if self._is_row(cells, lines[index])
            ]
            values = [values[index] for index in kept]
            lines = [lines[index] for index in kept]
            offsets = [offsets[index] for index in kept]
        return Rows(
            first=place.row,
            lines=lines,
            offsets=offsets,
            values=values,
            end_line=end_line,
            end_offset=end_offset,
        )

    def _is_row(self, cells: Cells, line: int) -> bool:
        if isinstance(cells, Unreadable):
            return True
        if all(map(is_blank, cells)):
            return False
        header = self.rules.header
        if not header or len(cells) < len(header) or trimmed(cells[0]) != header[0]:
            return True
        if tuple(map(trimmed, cells[: len(header)])) != header or any(cells[len(header) :]):
            return True
        self._on_header(line)
        return False

    def _unreadable(
        self, text: str, start: int, record: CsvRecord, end: int, line: int
    ) -> Unreadable:
        """The row from `start` to `end`, which begins on `line`."""
        quote_line, quote_column = place_in_text(text[start:end], record.opening - start, line, 1)
        quote = self.rules.quote
        escape = self.rules.escape
        written = f"as {escape}{quote}" if escape else f"twice ({quote}{quote})"
        begins = f"the row begins on line {line}, and its quote on line {quote_line}"
        if record.is_open:
            told = (
                f"{begins}, column {quote_column} is never closed; close it, or write a quote "
                f"inside of a quoted cell {written}"
            )
        else:
            last_line, last_column = place_in_text(text[start:end], record.end - start, line, 1)
            follows = text[record.end + 1]
            told = (
                f"{begins}, column {quote_column} is closed by the one on line {last_line}, column "
                f"{last_column}, which {follows!r} follows, expected a separator or the line's "
                f"end; write a quote inside of a quoted cell {written}"
            )
        whole = text[start:end]
        return Unreadable(
            text=whole.removesuffix("\n").removesuffix("\r"),
            message=message(ErrorCode.BROKEN_QUOTING, told),
            lines_count=lines_in(whole, 0, len(whole)),
            line=quote_line,
            column=quote_column,
        )


class _BlankLines:
    """Finds lines on which nothing stands but separators, blanks and quotes."""

    def __init__(self, rules: CsvRules) -> None:
        empty = f"[{re.escape(BLANKS + rules.delimiter + rules.quote)}]"
        # One that begins with a letter is found at the speed of C.
        self._later = re.compile(rf"\n(?:{empty}*+[\r\n]|{empty}++\Z)")
        self._after_cr = re.compile(rf"\r(?!\n)(?:{empty}*+[\r\n]|{empty}++\Z)")
        self._first = re.compile(rf"{empty}*+[\r\n]|{empty}++\Z")

    def are_in(self, text: str) -> bool:
        """Whether there may be such a line; False: there is none."""
        return bool(
            self._first.match(text)
            or self._later.search(text)
            or ("\r" in text and self._after_cr.search(text))
        )


def decoded(body: bytes, encoding: str, line: int) -> str:
    """The text of whole lines that start at `line`; raises UnreadableSource."""
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise undecodable(body, error.start, encoding, line) from error


def lines_in(text: str, start: int, end: int) -> int:
    """How many lines `text[start:end]` is, which ends with a whole line or with the source."""
    ends = text.count("\n", start, end)
    returns = text.count("\r", start, end)
    if returns:
        ends += returns - text.count("\r\n", start, end)
    return ends + (end > start and text[end - 1] not in "\r\n")


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


_LINE_END_BYTES = re.compile(rb"\r\n|\r|\n|\Z")
_LINE_END = re.compile(r"\r\n|\r|\n|\Z")


def _line_end(text: str, index: int) -> int:
    """The index after the end of the line that `text[index]` is on."""
    found = _LINE_END.search(text, index)
    assert found is not None  # a text has an end
    return found.end()
