"""A source cut into parts that a server takes: as the official command line client cuts it.

Rows are read with the readers that a server has too and written anew, so a line break in quotes
cuts nothing, and whatever delimiter and encoding a file has, a part has commas and UTF-8.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from longshore.mapping import MappingDocument
    from longshore.readers import Position, Rows
    from longshore.sources import AttachmentStore, StoredAttachment

__all__ = ["Part", "StoredSource", "group_id"]

PART_ROWS_MAX = 10_000
# Written as JSON a part may grow to thrice its size, and a server takes 100 MiB.
PART_BYTES_MAX = 32 * 1024 * 1024

_IGNORED = ""  # as `engine.IGNORED`: the key is left out
_GROUP_CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_GROUP_LENGTH = 6


def group_id() -> str:
    """A name for the parts of one source: six characters of base 36."""
    return "".join(secrets.choice(_GROUP_CHARACTERS) for _ in range(_GROUP_LENGTH))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Consecutive rows of a source."""

    number: int  # among the parts, from 1
    first: int  # number of its first row in the source
    rows_count: int
    start: Position  # of its first row

    @property
    def last(self) -> int:
        """The number of its last row in the source."""
        return self.first + self.rows_count - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSource:
    """A source that was read to its end and is kept as long as the command runs."""

    resource_type: str  # of its rows
    name: str  # as people know it
    attachments: AttachmentStore
    stored: StoredAttachment
    columns: Sequence[str | None]  # of a table, renamed; None: not to be sent
    column_map: Mapping[str, str]  # of keys of JSON: what they are to be called, if anything
    mapping: MappingDocument | None = None  # goes to the server, with the columns as they are

    @property
    def is_tabular(self) -> bool:
        from longshore.readers import Format

        return self.stored.layout.format is Format.CSV

    @property
    def rows_count(self) -> int:
        return self.stored.rows_count

    def digest(self) -> str:
        """What tells the source, as it is read and mapped, from others."""
        from longshore.imports import source_digest

        return source_digest(
            self.stored.content_digest,
            self.stored.layout,
            resource_type=self.resource_type,
            column_map=self.column_map,
            mapping=self.mapping,
        )

    def rows(self, start: Position | None = None) -> Iterator[Rows]:
        """The rows of the source, all of them or from a position on."""
        return self.attachments.open(self.stored.name, self.stored.layout, start)

    def parts(self) -> list[Part]:
        """The parts, of 10,000 rows or fewer, in their order."""
        return _cut(self.rows())

    def whole(self) -> Part:
        """All rows as one part, for a server that has the file."""
        start = self.stored.layout.first
        return Part(number=1, first=start.row, rows_count=self.rows_count, start=start)

    def inputs(self, part: Part) -> str | list[Any]:
        """The rows of a part as an import takes them: CSV with a header in one string, else the
        values."""
        values = self._values(part)
        if self.is_tabular:
            return _table(self.columns, values)
        return [_renamed(value, self.column_map) for value in values]

    def _values(self, part: Part) -> Iterator[Any]:
        for rows in self.rows(part.start):
            yield from rows.values[: max(part.last + 1 - rows.first, 0)]
            if rows.first + len(rows) > part.last:
                return


def _cut(batches: Iterator[Rows]) -> list[Part]:
    parts: list[Part] = []
    start: Position | None = None
    for rows in batches:
        for index, offset in enumerate(rows.offsets):
            number = rows.first + index
            if start is None:
                start = rows.position(index)
            elif number - start.row == PART_ROWS_MAX or offset - start.offset > PART_BYTES_MAX:
                parts.append(_part(len(parts) + 1, start, number))
                start = rows.position(index)
        end = rows.first + len(rows)
    assert start is not None, "a source without rows was refused"
    return [*parts, _part(len(parts) + 1, start, end)]


def _part(number: int, start: Position, end: int) -> Part:
    return Part(number=number, first=start.row, rows_count=end - start.row, start=start)


def _table(columns: Sequence[str | None], rows: Iterator[Any]) -> str:
    from longshore.readers import Unreadable

    text = io.StringIO(newline="")
    # With this line end the writer quotes cells in which either of its characters stands alone.
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column for column in columns if column is not None])
    dropped = {index for index, column in enumerate(columns) if column is None}
    if dropped:
        rows = (
            row
            if isinstance(row, Unreadable)
            else [cell for index, cell in enumerate(row) if index not in dropped]
            for row in rows
        )
    for row in rows:
        if isinstance(row, Unreadable):
            text.write(_unreadable(row.text))
        else:
            writer.writerow(row)
    return text.getvalue()


def _unreadable(lines: str) -> str:
    """Lines whose quoting is broken as a row of which that is seen again, however it is read."""
    return '"' + lines.replace('"', '""') + '" is unreadable\r\n'


def _renamed(value: Any, column_map: Mapping[str, str]) -> Any:
    if not column_map or not isinstance(value, dict):
        return value
    row = {column_map.get(name, name): each for name, each in value.items()}
    row.pop(_IGNORED, None)
    for name, field in column_map.items():
        if field == _IGNORED and "." in name:
            row = _without(row, name.split("."))
    return row


def _without(value: Any, path: Sequence[str]) -> Any:
    """A value without the key that a path leads to, through arrays as well."""
    if isinstance(value, list):
        return [_without(each, path) for each in value]
    if not isinstance(value, dict):
        return value
    first, *rest = path
    if not rest:
        return {name: each for name, each in value.items() if name != first}
    return {name: _without(each, rest) if name == first else each for name, each in value.items()}
