"""The files that the records of a dialect are written into, a CSV for each type."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeAlias

from longshore.dialects.cell_failure import CellFailure
from longshore.dialects.header import SourceRow
from longshore.dialects.working_store import WorkingStore
from longshore.json_text import encode_json
from longshore.readers import CELLS_COLUMN, SOURCE_COLUMN, CsvOptions

# What a cell says that clears a value; the members in which there is any are read with it as null.
NULL_TOKEN = "\N{SYMBOL FOR NULL}longshore"
# How the files are read, which nobody has to guess.
MEMBER_CSV = CsvOptions(
    delimiter=",", quote='"', escape="", header_row=1, header_rows=1, is_one_table=True
)
# In which a record names its SKU, or its customer; of a type the first of them.
_CODE_FIELDS = ("sku_code", "sku.code", "code", "email", "customer_email")
# A file that says nothing of a key of metadata leaves it, as a blank cell leaves any field.
_COLUMNS = {"metadata": "metadata.*"}
_ROWS_AT_ONCE = 500
Spool: TypeAlias = Callable[[], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFile:
    """The records of one type, as a CSV that is at its beginning."""

    resource_type: str
    file: BinaryIO
    bytes_count: int
    rows_count: int
    has_nulls: bool


class _Sheet:
    """One CSV on the way; rows are written some hundreds at a time."""

    def __init__(self, fields: Sequence[str], file: BinaryIO) -> None:
        self.fields = tuple(fields)
        self.file = file
        self.rows_count = 0
        self.has_nulls = False
        columns = [_COLUMNS.get(name, name) for name in self.fields]
        self._rows: list[Sequence[str]] = [[*columns, SOURCE_COLUMN, CELLS_COLUMN]]

    def add(self, row: Sequence[str]) -> None:
        self._rows.append(row)
        self.rows_count += 1
        if len(self._rows) >= _ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(self._rows)
        self.file.write(text.getvalue().encode("utf-8", "replace"))
        self._rows = []


class MemberFiles:
    """Writes records; the files are there within its block."""

    def __init__(
        self,
        fields: Mapping[str, Sequence[str]],
        work: WorkingStore,
        spool: Spool = tempfile.TemporaryFile,
    ) -> None:
        """`fields` are those of each type, `spool` opens a file that is gone when it is closed."""
        self._fields = fields
        self._work = work
        self._spool = spool
        self._open = ExitStack()
        self._sheets: dict[str, _Sheet] = {}

    def __enter__(self) -> "MemberFiles":
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def write(
        self,
        resource_type: str,
        fields: Mapping[str, Any],
        row: SourceRow,
        cells: Mapping[str, tuple[str, str]] | None,
        failures: Sequence[CellFailure],
    ) -> None:
        """Append a record."""
        sheet = self._sheets.get(resource_type)
        if sheet is None:
            sheet = self._sheets[resource_type] = _Sheet(
                self._fields[resource_type], self._open.enter_context(self._spool())
            )
        get = fields.get
        values = [get(name, "") for name in sheet.fields]
        for index, value in enumerate(values):
            if type(value) is not str:
                values[index] = _text(sheet, value)
        place = row.place if row.number else ""
        values.append(place)
        values.append(_told(cells, failures) if cells or failures else "")
        sheet.add(values)

    def finished(self, order: Sequence[str]) -> Iterator[MemberFile]:
        """The files of the types of which there is any record, in that order."""
        for name in order:
            sheet = self._sheets.get(name)
            if sheet is None:
                continue
            sheet.flush()
            if self._work.superseded_count:
                sheet = self._of_last_rows(sheet)
            length = sheet.file.tell()
            sheet.file.seek(0)
            if sheet.rows_count:
                yield MemberFile(
                    resource_type=name,
                    file=sheet.file,
                    bytes_count=length,
                    rows_count=sheet.rows_count,
                    has_nulls=sheet.has_nulls,
                )

    def _of_last_rows(self, sheet: _Sheet) -> _Sheet:
        """The same without the records whose code a later row has taken."""
        field = next((each for each in _CODE_FIELDS if each in sheet.fields), None)
        if field is None:
            return sheet
        at, place_at = sheet.fields.index(field), len(sheet.fields)
        left = _Sheet(sheet.fields, self._open.enter_context(self._spool()))
        left.has_nulls = sheet.has_nulls
        sheet.file.seek(0)
        rows = csv.reader(_text_of(sheet.file))
        next(rows)
        for row in rows:
            number = int(row[place_at].partition(":")[0] or 0)
            if not self._work.is_superseded(row[at], number):
                left.add(row)
        left.flush()
        return left


def _text(sheet: _Sheet, value: Any) -> str:
    if value is None:
        sheet.has_nulls = True
        return NULL_TOKEN
    if isinstance(value, Mapping):
        return encode_json(value).decode() if value else ""
    return str(value)


def _told(cells: Mapping[str, tuple[str, str]] | None, failures: Sequence[CellFailure]) -> str:
    told: dict[str, list[Any]] = {
        field: [column, cell] for field, (column, cell) in (cells or {}).items()
    }
    for each in failures:
        told[each.field] = [each.column, each.cell, str(each.code), list(each.arguments)]
    return encode_json(told).decode()


class _Open(io.TextIOWrapper):
    """Text over a file that stays open when the text is forgotten."""

    def __del__(self) -> None:
        if not self.buffer.closed:
            self.detach()


def _text_of(file: BinaryIO) -> io.TextIOWrapper:
    return _Open(file, encoding="utf-8", errors="replace", newline="")
