"""The XML of one sheet of a workbook of Office Open XML, as rows of texts.

Two ways lead to the same rows. A `_SheetListener` hears any XML, element by element, which takes
4 µs for each cell. Programs write most rows in one plain form, and a `_Cutter` cuts such a row by a
regular expression, which takes a third of that; rows of any other form it has heard.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from longshore.workbooks.cell_texts import NOT_CALCULATED, error_text, number_text, unescaped
from longshore.workbooks.errors import WorkbookRefused
from longshore.workbooks.number_formats import PLAIN, NumberFormat
from longshore.workbooks.package import Package, XmlParser
from longshore.workbooks.shared_strings import SharedStrings
from longshore.workbooks.sheet_rows import COLUMNS_MAX, ROWS_MAX, SheetRow, column_index

_HEAD_BYTES_MAX = 8 << 20
_ROW_BYTES_MAX = 64 << 20


@dataclass(frozen=True, slots=True)
class CellValues:
    """What turns what is stored of a cell into its text."""

    strings: SharedStrings
    formats: list[NumberFormat]  # of each style
    epoch: datetime.datetime

    def text(self, kind: str, style: int, raw: str, *, has_formula: bool = False) -> str:
        """The text of a cell; `raw` is what stands in it. Raises LookupError and ValueError for a
        shared text that is not there."""
        if not raw:
            # An empty text may be the value of a formula; a number has a digit at least.
            return NOT_CALCULATED if has_formula and kind == "n" else ""
        if kind == "s":
            return self.strings[int(raw)]
        if kind == "n":
            format = self.formats[style] if 0 <= style < len(self.formats) else PLAIN
            return number_text(raw, format, self.epoch)
        if kind == "inlineStr" or kind == "str":
            return unescaped(raw)
        if kind == "b":
            return "false" if raw.strip() in ("0", "false") else "true"
        if kind == "d":
            return raw
        return error_text(raw)


def read_sheet(package: Package, part: str, values: CellValues, *, name: str) -> Iterator[SheetRow]:
    """The rows of a sheet that hold something, in their order. Raises WorkbookRefused."""
    listener = _SheetListener(values, f"the sheet {name!r}")
    parser = XmlParser(part, start=listener.start, end=listener.end, text=listener.text)
    blocks = package.blocks(part)
    head, data, rest = _head(blocks)
    parser.feed(head + data)
    if data and _is_utf_8(head) and listener.is_in_data:
        yield from _Cutter(parser, listener, values).rows(chain((rest,), blocks))
    else:
        for block in chain((rest,), blocks):
            parser.feed(block)
            yield from listener.take()
    parser.close()
    yield from listener.take()


_DATA = b"<sheetData>"
_ENCODING = re.compile(rb"""\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)


def _head(blocks: Iterator[bytes]) -> tuple[bytes, bytes, bytes]:
    """What stands before the rows, the tag that opens them, what was read behind it."""
    read = bytearray()
    for block in blocks:
        read += block
        if _DATA in read or len(read) > _HEAD_BYTES_MAX:
            break
    return bytes(read).partition(_DATA)


def _is_utf_8(head: bytes) -> bool:
    """Whether the bytes of a part say nothing else; UTF-16 does not hold the tag of the rows."""
    return _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf")) is None


_ROW_END = b"</row>"
_ROWS_END = b"</sheetData>"
_EMPTY_ROWS = re.compile(rb'(?:\s*<row r="\d+"[^>]*/>)+')
_ROW = re.compile(rb'\s*<row r="(\d{1,7})"([^<>]*)>')
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})\d+"(?: s="(\d{1,9})")?(?: t="(\w+)")?'
    rb"(?:/>|>(?:<v>([^<]*)</v>|<is><t(?: xml:space=\"preserve\")?>([^<]*)</t></is>)</c>)"
)
_ENTITY = re.compile("&(?:#(\\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# What a parser of XML changes or refuses.
_NOT_PLAIN = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|<!|<\?|\xef\xbf[\xbe\xbf]")


class _NotPlain(Exception):
    """The row is to be heard."""


class _Cutter:
    """Cuts plain rows; `parser` is inside the rows, and has `listener` hear the others."""

    def __init__(self, parser: XmlParser, listener: "_SheetListener", values: CellValues) -> None:
        self._parser = parser
        self._listener = listener
        self._values = values
        self._plain = [format is PLAIN for format in values.formats]
        self._columns: dict[bytes, int] = {}

    def rows(self, blocks: Iterator[bytes]) -> Iterator[SheetRow]:
        """The rows from here on; what stands behind the rows is heard."""
        rest = b""
        for block in blocks:
            # No row ends behind the rows, so there is nothing to look for at each further block.
            if not self._listener.is_in_data:
                self._parser.feed(block)
                continue
            whole, end, rest = (rest + block).rpartition(_ROW_END)
            if end:
                yield from self._cut(whole)
            elif _ROWS_END in rest:
                self._parser.feed(rest)
                rest = b""
            else:
                rest = self._without_empty(rest)
                if len(rest) > _ROW_BYTES_MAX:
                    raise WorkbookRefused(
                        f"{self._listener.where} has a row of more than {_ROW_BYTES_MAX:,} bytes"
                    )
        self._parser.feed(rest)

    def _cut(self, whole: bytes) -> Iterator[SheetRow]:
        """The rows of some bytes, each of which ends where the next one begins."""
        is_plain = _NOT_PLAIN.search(whole) is None
        for piece in whole.split(_ROW_END):
            if is_plain:
                try:
                    row = self._plain_row(self._without_empty(piece))
                except (_NotPlain, UnicodeDecodeError, LookupError, ValueError, OverflowError):
                    pass
                else:
                    if row is not None:
                        yield row
                    continue
            self._parser.feed(piece + _ROW_END)
            yield from self._listener.take()

    def _without_empty(self, data: bytes) -> bytes:
        found = _EMPTY_ROWS.match(data)
        return data if found is None else data[found.end() :]

    def _plain_row(self, piece: bytes) -> SheetRow | None:
        """The row; None where it holds nothing. Raises what `_cut` catches."""
        opening = _ROW.match(piece)
        if opening is None:
            raise _NotPlain
        number = int(opening[1])
        content = piece[opening.end() :]
        found = _CELL.findall(content)
        inline, closed = content.count(b"<is>"), content.count(b"/>")
        # A cell has 4 signs of this kind, 6 with a text of its own, 1 without a value: where there
        # are more, something else stands in the row.
        if content.count(b"<") != 4 * len(found) + 2 * inline - 3 * closed:
            raise _NotPlain
        cells = self._cells(found, has_entities=b"&" in content)
        self._listener.begin_row(number)
        if not cells:
            return None
        attributes = opening[2]
        is_hidden = b' hidden="1"' in attributes or b' hidden="true"' in attributes
        return SheetRow(number, cells, is_hidden)

    def _cells(
        self, found: list[tuple[bytes, bytes, bytes, bytes, bytes]], *, has_entities: bool
    ) -> list[str]:
        cells: list[str] = []
        columns, strings, plain = self._columns, self._values.strings, self._plain
        for letters, style, kind, value, inline in found:
            if value:
                if kind == b"s":
                    text = strings[int(value)]
                elif value.isdigit() and kind in (b"", b"n") and (not style or plain[int(style)]):
                    text = value.decode()
                else:
                    raw = value.decode()
                    if has_entities:
                        raw = _without_entities(raw)
                    name = kind.decode() or "n"
                    text = self._values.text(name, int(style) if style else 0, raw)
            elif inline:
                if kind != b"inlineStr":
                    raise _NotPlain
                raw = inline.decode()
                text = unescaped(_without_entities(raw) if has_entities else raw)
            else:
                continue
            if not text:
                continue
            column = columns.get(letters)
            if column is None:
                column = columns[letters] = column_index(letters.decode())
            missing = column - len(cells)
            if missing:
                if missing < 0 or column >= COLUMNS_MAX:
                    raise _NotPlain
                cells += [""] * missing
            cells.append(text)
        return cells


def _without_entities(text: str) -> str:
    """The text with its entities replaced; raises _NotPlain where there is another one."""
    if "&" not in text:
        return text
    if text.count("&") != len(_ENTITY.findall(text)):
        raise _NotPlain
    return _ENTITY.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    if (number < 32 and number not in (9, 10, 13)) or 0xD800 <= number < 0xE000:
        raise _NotPlain  # XML has no such character
    if number in (0xFFFE, 0xFFFF):
        raise _NotPlain
    return chr(number)


class _SheetListener:
    """Hears the XML of a sheet, and gathers its rows."""

    def __init__(self, values: CellValues, where: str) -> None:
        self.where = where
        self.is_in_data = False
        self._values = values
        self._rows: list[SheetRow] = []
        self._row = 0
        self._is_hidden = False
        self._cells: list[str] = []
        self._column = -1
        self._kind = "n"
        self._style = 0
        self._has_formula = False
        self._is_phonetic = False  # inside of a reading that is told beside a text
        self._is_text = False  # inside of a value, or of a piece of a text
        self._pieces: list[str] = []

    def take(self) -> list[SheetRow]:
        """The rows that were heard since this was asked."""
        rows, self._rows = self._rows, []
        return rows

    def begin_row(self, number: int) -> None:
        """A row begins, which may hold nothing; raises WorkbookRefused."""
        if not self._row < number <= ROWS_MAX:
            raise WorkbookRefused(
                f"{self.where} has a row {number} behind row {self._row}",
                hint="save it again in a spreadsheet program",
            )
        self._row = number

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheetData":
            self.is_in_data = True
        elif not self.is_in_data:
            return
        elif tag == "c":
            reference = attributes.get("r")
            self._column = self._column + 1 if reference is None else column_index(reference)
            self._kind = attributes.get("t", "n")
            style = attributes.get("s", "0")
            self._style = int(style) if style.isdecimal() and len(style) < 10 else 0
            self._has_formula = False
            self._pieces.clear()
        elif tag == "v" or tag == "t":
            self._is_text = not self._is_phonetic
        elif tag == "f":
            self._has_formula = True
        elif tag == "rPh":
            self._is_phonetic = True
        elif tag == "row":
            number = attributes.get("r")
            self.begin_row(self._row + 1 if number is None else _row_number(number))
            self._is_hidden = attributes.get("hidden") in ("1", "true")
            self._cells = []
            self._column = -1

    def text(self, piece: str) -> None:
        if self._is_text:
            self._pieces.append(piece)

    def end(self, tag: str) -> None:
        if not self.is_in_data:
            return
        if tag == "v" or tag == "t":
            self._is_text = False
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            if self._cells:
                self._rows.append(SheetRow(self._row, self._cells, self._is_hidden))
        elif tag == "rPh":
            self._is_phonetic = False
        elif tag == "sheetData":
            self.is_in_data = False

    def _end_cell(self) -> None:
        raw = "".join(self._pieces)
        try:
            text = self._values.text(self._kind, self._style, raw, has_formula=self._has_formula)
        except (ValueError, LookupError) as error:
            raise WorkbookRefused(
                f"{self.where} names a text in row {self._row} that the workbook does not have",
                hint="save it again in a spreadsheet program",
            ) from error
        if not text:
            return
        missing = self._column - len(self._cells)
        if missing < 0 or self._column >= COLUMNS_MAX:
            raise WorkbookRefused(
                f"{self.where} has a cell in row {self._row} that is out of its order",
                hint="save it again in a spreadsheet program",
            )
        self._cells += [""] * missing
        self._cells.append(text)


def _row_number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
