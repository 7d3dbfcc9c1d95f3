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
from longshore.workbooks.plain_xml import NotPlain, head_of, is_plain, is_utf_8, without_entities
from longshore.workbooks.row_shapes import Convert, FoundCell, RowShapes
from longshore.workbooks.shared_strings import SharedStrings
from longshore.workbooks.sheet_rows import (
    CELL_CHARACTERS_MAX,
    COLUMNS_MAX,
    LONG_CHARACTERS,
    ROW_CHARACTERS_MAX,
    ROWS_MAX,
    SheetRow,
    column_index,
    refuse_long_text,
)

_PLAIN_ROW_BYTES_MAX = 1 << 20


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
    head, data, rest = head_of(blocks, _DATA)
    parser.feed(head + data)
    if data and is_utf_8(head) and listener.is_in_data:
        yield from _Cutter(parser, listener, values).rows(chain((rest,), blocks))
    else:
        for block in chain((rest,), blocks):
            parser.feed(block)
            yield from listener.take()
    parser.close()
    yield from listener.take()


_DATA = b"<sheetData>"


_ROW_END = b"</row>"
_ROWS_END = b"</sheetData>"
_EMPTY_ROWS = re.compile(rb'(?:\s*<row r="\d+"[^>]*/>)+')
_ROW = re.compile(rb'\s*<row r="(\d{1,7})"([^<>]*)>')
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})\d+"(?: s="(\d{1,9})")?(?: t="(\w+)")?'
    rb"(?:/>|>(?:<v>([^<]*)</v>|<is><t(?: xml:space=\"preserve\")?>([^<]*)</t></is>)</c>)"
)


class _Cutter:
    """Cuts plain rows; `parser` is inside the rows, and has `listener` hear the others."""

    def __init__(self, parser: XmlParser, listener: "_SheetListener", values: CellValues) -> None:
        self._parser = parser
        self._listener = listener
        self._values = values
        self._plain = [format is PLAIN for format in values.formats]
        self._columns: dict[bytes, int] = {}
        self._shapes = RowShapes()

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
                if len(rest) > _PLAIN_ROW_BYTES_MAX:
                    # The rest of it is heard as well, because it does not begin like a row.
                    self._parser.feed(rest)
                    rest = b""
        self._parser.feed(rest)

    def _cut(self, whole: bytes) -> Iterator[SheetRow]:
        """The rows of some bytes, each of which ends where the next one begins."""
        may_be_plain = is_plain(whole)
        for piece in whole.split(_ROW_END):
            if may_be_plain:
                try:
                    row = self._plain_row(self._without_empty(piece))
                except (NotPlain, UnicodeDecodeError, LookupError, ValueError, OverflowError):
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
            raise NotPlain
        number = int(opening[1])
        content = piece[opening.end() :]
        attributes = opening[2]
        is_hidden = b' hidden="1"' in attributes or b' hidden="true"' in attributes
        alike = self._shapes.cells(content)
        if alike is not None:
            self._listener.begin_row(number)
            return SheetRow(number, alike, is_hidden) if alike else None
        found = _CELL.findall(content)
        inline, closed = content.count(b"<is>"), content.count(b"/>")
        # A cell has 4 signs of this kind, 6 with a text of its own, 1 without a value: where there
        # are more, something else stands in the row.
        if content.count(b"<") != 4 * len(found) + 2 * inline - 3 * closed:
            raise NotPlain
        cells = self._cells(found, has_entities=b"&" in content)
        self._listener.begin_row(number)
        if not self._values.strings.has_long and b"&" not in content:
            self._learn(found)
        return SheetRow(number, cells, is_hidden) if cells else None

    def _learn(self, found: list[FoundCell]) -> None:
        filled = [cell for cell in found if cell[3] or cell[4]]
        columns = [self._columns[cell[0]] for cell in filled if cell[0] in self._columns]
        if len(columns) == len(filled):
            self._shapes.learn(found, columns, list(map(self._converter, filled)))

    def _converter(self, cell: FoundCell) -> Convert:
        """What makes the text of such a cell."""
        _letters, style, kind, value, _text = cell
        if not value:
            return _own_text
        if kind == b"s":
            return self._values.strings.text
        if kind == b"b":
            return _BOOLEANS.__getitem__  # of any other value the row is heard
        index = int(style) if style else 0
        name = kind.decode() or "n"
        is_number = name == "n" and (not style or self._plain[index])

        def convert(raw: bytes) -> str:
            if is_number and raw.isdigit():
                return raw.decode()
            return self._values.text(name, index, raw.decode())

        return convert

    def _cells(self, found: list[FoundCell], *, has_entities: bool) -> list[str]:
        cells: list[str] = []
        columns, strings, plain = self._columns, self._values.strings, self._plain
        room = ROW_CHARACTERS_MAX
        for letters, style, kind, value, inline in found:
            if value:
                if kind == b"s":
                    text = strings[int(value)]
                elif value.isdigit() and kind in (b"", b"n") and (not style or plain[int(style)]):
                    text = value.decode()
                else:
                    raw = value.decode()
                    if has_entities:
                        raw = without_entities(raw)
                    name = kind.decode() or "n"
                    text = self._values.text(name, int(style) if style else 0, raw)
            elif inline:
                if kind != b"inlineStr":
                    raise NotPlain
                raw = inline.decode()
                text = unescaped(without_entities(raw) if has_entities else raw)
            else:
                continue
            if not text:
                continue
            if len(text) > LONG_CHARACTERS:
                room -= len(text)
                if room < 0:
                    raise refuse_long_text(self._listener.where)
            column = columns.get(letters)
            if column is None:
                column = columns[letters] = column_index(letters.decode())
            missing = column - len(cells)
            if missing:
                if missing < 0 or column >= COLUMNS_MAX:
                    raise NotPlain
                cells += [""] * missing
            cells.append(text)
        return cells


_BOOLEANS = {b"0": "false", b"1": "true"}


def _own_text(raw: bytes) -> str:
    return unescaped(raw.decode())


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
        self._room = CELL_CHARACTERS_MAX  # characters that the cell may still have
        self._row_room = ROW_CHARACTERS_MAX

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
            self._room = CELL_CHARACTERS_MAX
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
            self._row_room = ROW_CHARACTERS_MAX

    def text(self, piece: str) -> None:
        if self._is_text:
            self._pieces.append(piece)
            self._room -= len(piece)
            if self._room < 0:
                raise refuse_long_text(self.where)

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
        if len(text) > LONG_CHARACTERS:
            self._row_room -= len(text)
            if self._row_room < 0:
                raise refuse_long_text(self.where)
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
