"""Rows that were made of the rows of another file, such as a shop's export: where they are from.

Two columns behind the fields of such a row say it (`readers.SOURCE_COLUMN`, `CELLS_COLUMN`). Who
reads the file has a table of one type in mind, and its errors must be told in the words of the
file: its row and line, its column, and what stands in the cell there.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from longshore.engine.chunk.candidates import Candidates, RowConverter, failure_finding
from longshore.engine.plan.nodes import Node
from longshore.engine.values.candidate import Finding
from longshore.error_codes import ErrorCode, message
from longshore.json_text import encode_json
from longshore.mapping import MappingFailure
from longshore.readers import CELLS_COLUMN, SOURCE_COLUMN

# Decodes {field: [column, cell, code, [parts]]}; the last two where no value could be made.
_decode = msgspec.json.Decoder(dict[str, list[Any]]).decode

_PARTS = "]]"  # the list of parts ends that of its cell; both are written without blanks


class SourceCell(NamedTuple):
    """A cell of the file, of which a field was made, or could not be."""

    column: str
    text: str | None  # None: it is the value of the field
    code: ErrorCode | None = None  # why no value could be made of it; None: one was
    parts: Sequence[object] = ()  # of the message of the code


class MadeRows:
    """Reads where rows of one source were made of."""

    def __init__(self, columns: Sequence[str], source_columns: Mapping[str, str]) -> None:
        """`columns` are those of the header, `source_columns` say of fields which column of the
        file they are made of, unless a row says otherwise."""
        self.source_columns = source_columns
        self._source = _position(columns, SOURCE_COLUMN)
        self._cells = _position(columns, CELLS_COLUMN)

    def place(self, row: Any) -> tuple[int, int] | None:
        """The number of the row of the file, and its line; None: the row does not say it."""
        number, colon, line = _cell(row, self._source).partition(":")
        if not (colon and number.isdecimal() and line.isdecimal()):
            return None
        return int(number), int(line)

    def cells(self, row: Any) -> Mapping[str, SourceCell]:
        """The cells of the fields that are not what stands there."""
        text = _cell(row, self._cells)
        if not text:
            return {}
        try:
            return {name: _source_cell(*each) for name, each in _decode(text).items()}
        # Somebody has edited a file of failed rows; where its cells were is all that is lost.
        except (msgspec.DecodeError, ValueError, TypeError):
            return {}

    def with_unmade(self, rows: Sequence[Any]) -> list[int]:
        """The indexes of the rows that may tell of cells of which no value could be made. Most rows
        only tell of cells that are spelled otherwise, and need not be decoded for that."""
        at = self._cells
        if at is None:
            return []
        return [index for index, row in enumerate(rows) if len(row) > at and _PARTS in row[at]]


class UnmadeValues:
    """Converts rows, and finds fault with fields of which the file has no value that would do.

    A field that has a value nevertheless has got it since, from somebody who has mended the row.
    """

    def __init__(
        self, convert: RowConverter, made_rows: MadeRows, root: Node, fields: Sequence[str]
    ) -> None:
        """`fields` says by position what a column means."""
        self._convert = convert
        self._made_rows = made_rows
        self._root = root
        self._positions = {field: position for position, field in enumerate(fields) if field}

    def __call__(self, rows: Sequence[Any]) -> Candidates:
        """The candidates of the rows."""
        candidates = self._convert(rows)
        found = {
            index: each
            for index in self._made_rows.with_unmade(rows)
            if (each := self._findings(rows[index]))
        }
        if not found:
            return candidates
        slots = self._root.slots
        invalid = [
            (slots[name], index)
            for index, findings in found.items()
            for name, _, _ in findings
            if name in slots and slots[name] not in self._root.nested
        ]
        return candidates.with_findings_of_fields(found).with_invalid(invalid)

    def _findings(self, row: Sequence[str]) -> tuple[Finding, ...]:
        return tuple(
            failure_finding(
                self._root, MappingFailure(0, name, message(cell.code, *cell.parts), cell.text)
            )
            for name, cell in self._made_rows.cells(row).items()
            if cell.code is not None and not _cell(row, self._positions.get(name)).strip()
        )


def cells_with_edits(text: str, fields: Sequence[str]) -> str:
    """What the cell of `CELLS_COLUMN` says of a row once somebody has given these fields other
    values: these are what stands in the row itself, and in no cell of the file."""
    try:
        told = _decode(text) if text else {}
    except (msgspec.DecodeError, ValueError):
        told = {}
    for field in fields:
        told.pop(field.partition(".")[0], None)  # of a target that is named by its key
        told[field] = [field]
    return encode_json(told).decode()


def _position(columns: Sequence[str], name: str) -> int | None:
    return columns.index(name) if name in columns else None


def _cell(row: Any, position: int | None) -> str:
    """A cell of a row; "" where it has none, or its cells cannot be told apart."""
    if position is None or not isinstance(row, list) or position >= len(row):
        return ""
    return str(row[position])


def _source_cell(
    column: str, text: str | None = None, code: str | None = None, parts: Sequence[object] = ()
) -> SourceCell:
    return SourceCell(column, text, None if code is None else ErrorCode(code), tuple(parts))
