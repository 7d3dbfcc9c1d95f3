"""Where a table ends though its source goes on: another table below it, or notes.

How it works. A table is ended by blank lines alone, so only what follows them is looked at. There,
a line is the header of another table where it names several fields; or where it looks like a
header, and the line below it like its row, and both unlike the rows under the first header: a text
where those have numbers, half as wide as they are, or wider than the header. A line with a title
may stand above it; then narrower is enough. What goes on to the end with one cell in each line,
where every row has several, are notes.

Rules for whoever edits this: what is found must not depend on where windows end; so all that is
compared with is of the start of the source (`FirstRows`), which the decision has read.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from longshore.readers.cell_looks import has_digit, has_letter, is_value
from longshore.readers.csv_rules import is_blank, trimmed
from longshore.readers.rows import Position, Rows, Unreadable

_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_NAME_CHARACTERS_MAX = 60
_NAMES_SHOWN = 6
_NOTES_KEPT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRows:
    """What the first rows under the header have in common; they end at the first blank line."""

    least_filled: int = 0  # cells that each of them has at least; 0: there is no row
    value_columns: frozenset[int] = frozenset()  # that hold numbers and the like, and nothing else

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]]) -> "FirstRows":
        filled = [_filled(row) for row in rows]
        values: dict[int, bool] = {}
        for row, columns in zip(rows, filled, strict=True):
            for column in columns:
                values[column] = values.get(column, True) and is_value(row[column])
        return cls(
            least_filled=min(map(len, filled), default=0),
            value_columns=frozenset(column for column, holds in values.items() if holds),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBelow:
    """Another table of the source."""

    start: Position  # of the first line behind the blank ones
    header_line: int
    names: tuple[str, ...]

    @property
    def shown(self) -> str:
        """Its first names, for a message."""
        return shown_names(self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesBelow:
    """Lines behind the table that are no rows."""

    start: Position
    lines: Sequence[tuple[int, str]]  # the first of them, with what stands there
    count: int


@dataclass(slots=True)
class _Block:
    """What was seen behind blank lines, as long as nothing shows what it is."""

    start: Position
    lone: list[tuple[int, str]] = field(default_factory=list)  # the first lines with one cell
    lone_count: int = 0
    header: tuple[int, list[str]] | None = None  # a line that may be one


def shown_names(names: Sequence[str]) -> str:
    """The first names of a header, for a message."""
    named = [name for name in names if name]
    return ", ".join(named[:_NAMES_SHOWN]) + (", ..." if len(named) > _NAMES_SHOWN else "")


class TableBorders:
    """Looks at the rows of a source, in their order, until its table has ended."""

    def __init__(
        self,
        first: FirstRows,
        header: Sequence[str],
        is_field: Callable[[str], bool],
        *,
        lines_in_cells: int | None = None,
    ) -> None:
        """`header` is that of the first table; `lines_in_cells` are those before the rows, where
        lines are told without any: None where lines inside of cells count."""
        self._lines_in_cells = lines_in_cells
        self.below: TableBelow | None = None
        self._first = first
        self._header = header
        self._is_field = is_field
        self._is_after_blank = False
        self._block: _Block | None = None

    @property
    def is_looking(self) -> bool:
        """Whether the next row says something, whatever it is."""
        return self._is_after_blank or self._block is not None

    @property
    def doubtful_from(self) -> int | None:
        """The number of the first row that may be none, or is none; None: there is no such row."""
        start = self.below or self._block
        return None if start is None else start.start.row

    def note(self, rows: Rows, place: Position) -> None:
        """Look at the rows from `place` on."""
        if not self.is_looking and rows.end_line - place.line == len(rows):
            return  # each of them is one line
        line = place.line  # on which a row starts unless blank lines are before it
        for index, cells in enumerate(rows.values):
            start = rows.lines[index]
            is_after_blank = self._is_after_blank or start > line
            self._is_after_blank = False
            following = rows.lines[index + 1] if index + 1 < len(rows) else rows.end_line
            inner = inner_lines(cells) if following > start + 1 else 0
            line = start + 1 + inner
            if is_after_blank or self._block is not None:
                self._look(cells, rows.position(index), is_after_blank=is_after_blank)
                if self.below is not None:
                    return
            self.pass_over(inner)
        self._is_after_blank = self._is_after_blank or rows.end_line > line

    def pass_over(self, inner: int) -> None:
        """So many lines stand inside of cells of the rows that come next, and of those alone."""
        if self._lines_in_cells is not None:
            self._lines_in_cells += inner

    def notes(self) -> NotesBelow | None:
        """The notes that end the source, once all of it was looked at."""
        block = self._block
        if block is None or not block.lone_count or block.header or self._first.least_filled < 2:
            return None
        return NotesBelow(
            start=block.start,
            lines=block.lone,
            count=block.lone_count,
        )

    def _look(self, cells: Any, place: Position, *, is_after_blank: bool) -> None:
        if place.row == 1 or isinstance(cells, Unreadable):
            self._block = None
            return
        block = self._block
        if block is not None and block.header is not None:
            line, names = block.header
            has_title = block.lone_count > 0
            if not is_after_blank and self._is_unlike(names, cells, has_title=has_title):
                self._found(block.start, line, names)
                return
            block = None
        if block is None:
            if not is_after_blank:
                self._block = None
                return
            block = _Block(start=place)
        self._block = block
        filled = _filled(cells)
        if len(filled) == 1:
            block.lone_count += 1
            if len(block.lone) < _NOTES_KEPT:
                block.lone.append((self._told(place.line), trimmed(cells[filled[0]])))
        elif self._names_fields(cells):
            self._found(block.start, self._told(place.line), cells)
        elif _may_be_header(cells):
            block.header = (self._told(place.line), cells)
        else:
            self._block = None

    def _told(self, line: int) -> int:
        return line - (self._lines_in_cells or 0)

    def _found(self, start: Position, line: int, cells: Sequence[str]) -> None:
        names = tuple(map(trimmed, cells))
        self.below = TableBelow(start=start, header_line=line, names=names)
        self._block = None

    def _names_fields(self, cells: Sequence[str]) -> bool:
        names = [name for name in map(trimmed, cells) if name]
        fields_count = sum(map(self._is_field, names))
        return fields_count >= 2 and fields_count * 2 >= len(names) == len(set(names))

    def _is_unlike(self, names: Sequence[str], cells: Sequence[str], *, has_title: bool) -> bool:
        """Whether a line like a header and the one below it are of another table than the rows."""
        if isinstance(cells, Unreadable) or not self._first.least_filled:
            return False
        named, filled = set(_filled(names)), set(_filled(cells))
        if len(filled) < 2 or not filled <= named:
            return False
        if named & self._first.value_columns and any(has_digit(cells[each]) for each in filled):
            return True
        is_narrow = len(named) * (1 if has_title else 2) <= self._first.least_filled - has_title
        return is_narrow or max(named) >= len(self._header)


def _filled(cells: Sequence[str]) -> list[int]:
    return [index for index, cell in enumerate(cells) if not is_blank(cell)]


def inner_lines(cells: Any) -> int:
    """How many line ends stand inside of the cells of a row."""
    if isinstance(cells, Unreadable):
        return cells.lines_count - 1
    return sum(len(_LINE_ENDS.findall(cell)) for cell in cells if not cell.isprintable())


def _may_be_header(cells: Sequence[str]) -> bool:
    """Whether a line looks like the header of something."""
    names = [name for name in map(trimmed, cells) if name]
    folded = set(map(str.casefold, names))
    return len(folded) == len(names) and not any(
        not has_letter(name)
        or is_value(name)
        or has_digit(name)
        or len(name) > _NAME_CHARACTERS_MAX
        for name in names
    )
