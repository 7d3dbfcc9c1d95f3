"""The rows that a retry takes, as the bytes of a source: edited, and written as theirs is."""

import heapq
import json
import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, BinaryIO, cast

from longshore.database import Transaction
from longshore.edits import EditLayer
from longshore.engine import cells_with_edits
from longshore.imports import Family, Import, StillFailing, origins_of
from longshore.operations.mended_rows import MendedRows
from longshore.readers import (
    CELLS_COLUMN,
    CsvOptions,
    Format,
    Layout,
    LineWriter,
    Rows,
    TextForm,
    Unreadable,
)
from longshore.sources import AttachmentStore, Source

_UTF_8 = "utf-8"
_MARK = "\ufeff"
_HUGE = 10**400  # beyond all floating-point numbers, as what was read as infinite is


@dataclass(frozen=True, slots=True)
class FailingRow:
    """A row that still fails, as it stands in the source that was made of it last."""

    number: int  # in the first import
    line: int  # likewise
    values: Any


class FailingRows:
    """The rows of a family that still fail, in their order; memory does not grow with them."""

    def __init__(
        self,
        tx: Transaction,
        attachments: AttachmentStore,
        family: Family,
        failing: StillFailing,
    ) -> None:
        self._attachments = attachments
        self._failing = failing
        self._read_from = [
            (index, member, origins_of(tx, member))
            for index, member in enumerate(family.members)
            if failing.of_member(index)
        ]
        self._width = len(family.latest.layout.columns)

    @property
    def members(self) -> Sequence[Import]:
        """The imports whose sources are read."""
        return [member for _, member, _ in self._read_from]

    def __iter__(self) -> Iterator[FailingRow]:
        parts = [self._of_member(*each) for each in self._read_from]
        return heapq.merge(*parts, key=lambda row: row.number)

    def _of_member(self, index: int, member: Import, origins: Any) -> Iterator[FailingRow]:
        missing = self._width - len(member.layout.columns)
        is_tabular = member.layout.format is Format.CSV
        for rows in self._attachments.open(member.attachment_name, member.layout):
            for row in self._of_rows(index, rows, origins):
                if is_tabular and missing and isinstance(row.values, list):
                    # A later retry has added columns, behind which stands what is too much.
                    width = len(member.layout.columns)
                    cells = [*row.values[:width], *[""] * (width - len(row.values))]
                    cells += [*[""] * missing, *row.values[width:]]
                    row = FailingRow(row.number, row.line, cells)
                yield row

    def _of_rows(self, index: int, rows: Rows, origins: Any) -> Iterator[FailingRow]:
        for at, values in enumerate(rows.values):
            number, line = origins.place(rows.first + at, rows.lines[at])
            if self._failing.member_of(number) == index:
                yield FailingRow(number, line, values)


class RetriedRows:
    """The bytes of the source of a retry, made while they are read, and what their rows are."""

    def __init__(
        self,
        rows: FailingRows,
        layer: EditLayer,
        layout: Layout,
        form: TextForm,
        encoding: str,
        mended: MendedRows | None,
    ) -> None:
        """`layout` and `form` are those of the source that the rows are from; rows that are not
        among the `mended` ones are left out."""
        self._mended = mended
        self._rows = rows
        self._layer = layer
        self._layout = layout
        self._form = form
        self._encoding = encoding
        self._is_tabular = layout.format is Format.CSV
        self._cells_at = (
            layout.columns.index(CELLS_COLUMN) if CELLS_COLUMN in layout.columns else None
        )
        self.numbers = array("q")  # of the rows in the first import
        self.lines = array("q")
        self.unreadable_count = 0  # rows that cannot be cut into cells, and are left out
        self.left_out_count = 0  # others that are not among the mended ones

    def source(self, name: str) -> Source:
        """What an attachment is written from; it can be read once."""
        stream = cast(BinaryIO, _Stream(self._pieces()))
        if not self._is_tabular:
            return Source.from_stream(stream, name=name, format=Format.NDJSON)
        layout = self._layout
        return Source.from_stream(
            stream,
            name=name,
            format=Format.CSV,
            encoding=self._encoding,
            csv=CsvOptions(
                delimiter=layout.delimiter,
                quote=layout.quote,
                escape=layout.escape,
                header_row=1,
                is_one_table=True,
            ),
        )

    def _pieces(self) -> Iterator[bytes]:
        if not self._is_tabular:
            for row in self._edited():
                yield as_json(row) + b"\n"
            return
        line = LineWriter(self._layout.rules, self._form)
        header = line.of([*self._layout.columns, *self._layer.added])
        yield ((_MARK if self._form.has_mark else "") + header).encode(self._encoding)
        for row in self._edited():
            yield line.of(row).encode(self._encoding)

    def _edited(self) -> Iterator[Any]:
        for row in self._rows:
            if isinstance(row.values, Unreadable):
                self.unreadable_count += 1
                continue
            mended = None if self._mended is None else self._mended.take(row.number)
            if self._mended is not None and mended is None:
                self.left_out_count += 1
                continue
            self.numbers.append(row.number)
            self.lines.append(row.line)
            if mended is None:
                edited = self._layer.apply(row.number, row.values)
            else:
                edited = self._layer.take_over(row.values, mended.values, mended.beyond)
            yield edited if self._cells_at is None else self._placed(row.values, edited)

    def _placed(self, before: Sequence[str], edited: Sequence[str]) -> Sequence[str]:
        """A row that was made of one of another file, which no more says of edited fields in which
        cell of that file their values stand."""
        at = self._cells_at
        assert at is not None, "the row says where it is from"
        columns = self._layout.columns
        names = [*columns, *self._layer.added]
        given = zip_longest(before[: len(columns)], edited[: len(names)], fillvalue="")
        changed = [name for name, (old, new) in zip(names, given, strict=False) if old != new]
        if not changed or CELLS_COLUMN in changed:
            return edited
        row = [*edited, *[""] * (at + 1 - len(edited))]
        row[at] = cells_with_edits(row[at], changed)
        return row


def encoding_for(layout: Layout, texts: Iterator[str], *, is_encodable: bool) -> str:
    """The encoding of the source, or UTF-8 where that cannot hold these texts, or others."""
    if layout.format is not Format.CSV or not is_encodable:
        return _UTF_8
    try:
        for text in texts:
            text.encode(layout.encoding)
    except UnicodeEncodeError:
        return _UTF_8
    return layout.encoding


class _Stream:
    """A file of pieces that are made when they are read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = bytearray()

    def read(self, size: int) -> bytes:
        while len(self._held) < size and (piece := next(self._pieces, None)) is not None:
            self._held += piece
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken


def as_json(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()  # half a character is spelled by its escape
    except ValueError:
        return as_json(_finite(value))


def _finite(value: Any) -> Any:
    """A value with numbers that are read as infinite again, since JSON has no word for that."""
    if isinstance(value, float) and math.isinf(value):
        return _HUGE if value > 0 else -_HUGE
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    return [_finite(each) for each in value] if isinstance(value, list) else value
