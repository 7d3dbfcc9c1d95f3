"""The records of a CSV, counted without being cut into cells.

How it works. Bytes are cut at their quotes. Every second piece then stands outside of quoted cells,
provided that each quote opens a cell right behind a separator or a line end, and closes it right
before one. The first quote that does neither is seen, because all pieces before it were cut as the
grammar (`records`) cuts them; a quote that is doubled leaves an empty piece. So bytes in which none
is seen are well-formed, and what separates their cells and records are the separators and line ends
of the pieces outside.

Rules for whoever edits this: everything about which something would have to be told is left to the
parser, as is all that is rare; so this knows no places, and the two cannot tell different things
(a property test compares them).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from longshore.readers.csv_rules import BLANKS, CsvRules
from longshore.readers.delimited import Parser, decoded
from longshore.readers.encodings import CP1252, UTF_8, has_lone_return

# In these each byte below 128 is that character, so that bytes need not be decoded.
_DIRECT = (UTF_8, "latin-1", CP1252)
_SAMPLE_PIECES = 64
_FEW_PIECES = 8  # so many different ones among the sample: they are looked at once each


class Counted(NamedTuple):
    """Whole records from the start of some bytes, each of which is a row."""

    rows_count: int
    lines_count: int
    size: int  # in bytes
    widths: Sequence[int]  # cells of each row, which is one line; none: all are as the header is


class RecordCounter:
    """Counts the rows under a header, by the rules of one CSV."""

    def __init__(self, rules: CsvRules, parser: Parser) -> None:
        """`parser` has the same rules."""
        self._parser = parser
        self._encoding = rules.encoding
        self._is_direct = rules.encoding in _DIRECT
        flat_encoding = rules.encoding if self._is_direct else UTF_8
        self._quote = rules.quote.encode(flat_encoding, "replace")
        self._delimiter = rules.delimiter.encode(flat_encoding, "replace")
        self._escape = rules.escape.encode(flat_encoding, "replace")
        signs = rules.delimiter + rules.quote + rules.escape
        self._width = len(rules.header)
        self._row = self._delimiter * (self._width - 1) + b"\n"
        self._others = bytes(set(range(256)) - set(self._row) - set(self._delimiter))
        # Read otherwise if backslashes were escapes, which is told.
        self._pairs: tuple[bytes, ...] = ()
        if rules.quote and not rules.escape:
            self._pairs = (b"\\" + self._quote, b"\\\\")
        ends = re.escape(self._delimiter + b"\n")
        quote = re.escape(self._quote)
        self._misplaced = re.compile(
            b"%b(?:(?<=[^%b%b]%b)|(?=[^%b\r%b]))" % (quote, ends, quote, quote, ends, quote)
        )
        begins = _start_of(rules, flat_encoding)
        self._is_able = signs.isascii() and bool(begins) and len(rules.delimiter) == 1
        # A line like the header, or on which nothing stands; one that begins beyond ASCII may.
        empty = re.escape("".join(filter(str.isascii, BLANKS)).encode() + self._delimiter)
        skipped = b"[%b%b]*+(?:[\r\n\x80-\xff]|%b)|[%b%b]++\\Z" % (
            *(empty, quote, re.escape(begins)),
            *(empty, quote),
        )
        self._skipped_first = re.compile(skipped)
        self._skipped_later = re.compile(b"\n(?:%b)" % skipped)

    def count(self, body: bytes, *, ended: bool, line: int) -> Counted | None:
        """The whole records at the start of `body`; None: the parser has to read them.

        `body` is whole lines that start with a record on `line`, or all bytes that are left.
        """
        if not body or not self._is_able:
            return None
        flat = body if self._is_direct else decoded(body, self._encoding, line).encode()
        if has_lone_return(flat) or self._is_told(flat):
            return None
        outside, size = flat, len(flat)
        if self._quote and self._quote in flat:
            pieces = flat.split(self._quote)
            if len(pieces) % 2 == 0:
                # The last record is open: it is counted when more bytes have closed it.
                size = 0 if ended else _take_whole(pieces)
            if not size or self._is_misquoted(pieces):
                return None
            outside = self._quote.join(pieces[::2])
        if size < len(flat) and not self._is_direct:
            return None
        if self._may_skip(body, flat, line):
            return None
        separators = outside.translate(None, self._others)
        lines_count = flat.count(b"\n", 0, size)
        if flat[size - 1] != _NEWLINE:
            lines_count += 1
            separators += b"\n"
        rows_count, odd = divmod(len(separators), len(self._row))
        widths: Sequence[int] = ()
        if odd or separators != self._row * rows_count:
            widths = [len(each) + 1 for each in separators.split(b"\n")]
            widths.pop()
            rows_count = len(widths)
        if lines_count > rows_count and (widths or self._may_hold_rows(flat[:size])):
            return None
        return Counted(rows_count, lines_count, size if self._is_direct else len(body), widths)

    def _is_told(self, flat: bytes) -> bool:
        """Whether there are characters of which the parser has to tell, or that it unescapes."""
        if self._escape and self._escape in flat:
            return True
        return b"\\" in flat and any(pair in flat for pair in self._pairs)

    def _is_misquoted(self, pieces: list[bytes]) -> bool:
        """Whether a quote stands elsewhere than at the ends of a cell, or blanks around it."""
        outside = pieces[::2]
        if self._escape and b"" in outside[1:-1]:
            return True  # a quote is escaped, and never doubled
        if len(set(outside[1 : _SAMPLE_PIECES + 1])) > _FEW_PIECES:
            return self._misplaced.search(self._quote.join(outside)) is not None
        # Mostly the same pieces, such as a separator alone: every cell is quoted.
        ends = self._delimiter + b"\n"
        opening, closing = set(outside[:-1]), set(outside[1:])
        return any(each[-1] not in ends for each in opening if each) or any(
            each[0] not in ends + b"\r" for each in closing if each
        )

    def _may_skip(self, body: bytes, flat: bytes, line: int) -> bool:
        """Whether a line may be no row, for it is blank or the header again."""
        if self._skipped_first.match(flat) is None and self._skipped_later.search(flat) is None:
            return False
        return self._parser.may_skip(decoded(body, self._encoding, line))

    def _may_hold_rows(self, flat: bytes) -> bool:
        """Whether the lines of a cell may have as many separators as a row, which is told."""
        cells = flat.replace(self._quote * 2, b"").split(self._quote)[1::2]
        least = self._width - 1
        return least > 0 and any(
            b"\n" in cell and cell.count(self._delimiter) >= least for cell in cells
        )


_NEWLINE = ord("\n")


def _take_whole(pieces: list[bytes]) -> int:
    """Leave of `pieces` those of whole records, of which the last one is open; their size."""
    while pieces:
        piece = pieces.pop()
        is_outside = len(pieces) % 2 == 0
        if is_outside and b"\n" in piece:
            pieces.append(piece[: piece.rindex(b"\n") + 1])
            return sum(map(len, pieces)) + len(pieces) - 1
    return 0


def _start_of(rules: CsvRules, encoding: str) -> bytes:
    """What the line of the header starts with, after blanks, separators and quotes; b"": unknown.

    Quotes in a name are not written as they are read, so it ends before the first one.
    """
    for name in rules.header:
        name = name.lstrip(BLANKS + rules.delimiter + rules.quote)
        for sign in filter(None, (rules.quote, rules.escape)):
            name = name.partition(sign)[0]
        if name:
            return name.encode(encoding, "replace")
    return b""
