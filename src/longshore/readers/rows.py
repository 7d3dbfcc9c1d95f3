"""Rows with their positions: what every reader yields, whatever the format."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from longshore.error_codes import Message


@dataclass(frozen=True, slots=True)
class Position:
    """Where a row starts in its raw source; a reader can restart there."""

    row: int = 1  # number of the row that starts here, from 1
    line: int = 1  # physical line, from 1
    offset: int = 0  # bytes from the start of the raw source, after decompression


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """What stands in place of the cells of a row of CSV whose quoting is broken."""

    text: str  # its lines as they stand, without the last line end
    message: Message  # what is wrong, with both places, and what to do
    lines_count: int
    line: int  # where the quote stands that opens the broken cell
    column: int

    def __len__(self) -> int:
        """How many cells could be read: none."""
        return 0

    def __bool__(self) -> bool:
        return True  # it is a row, though it has no cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Consecutive rows as a structure of arrays, so that the loop over rows pays for nothing else.

    `values` holds one list of cells per row for CSV, exactly as read, neither padded nor cut to
    the header, or an Unreadable; for JSON one decoded element per row, usually a dictionary.
    """

    first: int  # number of the first row
    lines: Sequence[int]  # physical line on which each row starts
    offsets: Sequence[int]  # raw byte offset at which each row starts
    values: list[Any]
    end_line: int  # where a row after the last one would start
    end_offset: int

    @classmethod
    def joined(cls, parts: Sequence["Rows"]) -> "Rows":
        """Rows that follow each other without a gap, in one; at least one part of them."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            first=parts[0].first,
            lines=[line for part in parts for line in part.lines],
            offsets=[offset for part in parts for offset in part.offsets],
            values=[row for part in parts for row in part.values],
            end_line=parts[-1].end_line,
            end_offset=parts[-1].end_offset,
        )

    @property
    def numbers(self) -> range:
        """The number of each row; rows of a source are numbered without gaps."""
        return range(self.first, self.first + len(self.values))

    def __len__(self) -> int:
        return len(self.values)

    def position(self, index: int) -> Position:
        """Where row `index` of this batch starts; `len(self)` is the place after the last one."""
        if index == len(self.values):
            return Position(self.first + index, self.end_line, self.end_offset)
        return Position(self.first + index, self.lines[index], self.offsets[index])

    def slice(self, start: int, stop: int) -> "Rows":
        """The rows from index `start` up to but not including `stop`."""
        stop = min(stop, len(self.values))
        end = self.position(stop)
        return Rows(
            first=self.first + start,
            lines=self.lines[start:stop],
            offsets=self.offsets[start:stop],
            values=self.values[start:stop],
            end_line=end.line,
            end_offset=end.offset,
        )
