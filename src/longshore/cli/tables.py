"""Tables for people: aligned on a terminal that is wide enough, one line per value on a narrow
one, and one line per row, never cut, where no terminal is.

Codes, ids and whatever else people copy stand whole, on one line. Where there is no room for the
whole of everything, names and other texts are cut, with a mark, and messages go on in the next
line.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.messages import is_terminal, printable

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["TableColumn", "minute", "second", "write_facts", "write_table"]

# Rows whose cells decide how wide the columns are; the rows after them flow past.
_MEASURED_ROWS = 500
# What a column that yields needs at least before the table turns into lines; one that folds has
# room for its longest word, a name for example, up to a bound.
_YIELDED_WIDTH = 8
_WORD_WIDTH_MAX = 30
_GAP = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """One column of a table; whole, unless it says how it yields where room is short."""

    title: str
    right: bool = False  # aligned right, as numbers are
    shortens: bool = False  # long cells are cut
    folds: bool = False  # long cells go on in the next line

    @property
    def yields(self) -> bool:
        return self.shortens or self.folds


def write_table(columns: Sequence[TableColumn], rows: Iterable[Sequence[object]]) -> None:
    """Write rows to standard output under the titles of their columns; None shows as nothing."""
    texts = (tuple(_text(cell) for cell in row) for row in rows)
    measured = list(itertools.islice(texts, _MEASURED_ROWS))
    if not measured:
        return
    widths = _widths(columns, measured)
    if not is_terminal(error=False):
        _write_lines(columns, widths, itertools.chain(measured, texts))
        return
    console = _console()
    head = True
    batch = measured
    while batch:
        # What comes late may be longer than all before it.
        widths = list(map(max, widths, _widths(columns, batch)))
        least = list(map(_least, columns, widths, _longest_words(columns, batch)))
        if sum(least) + _GAP * (len(columns) - 1) > console.width:
            _write_blocks(console, columns, itertools.chain(batch, texts), is_first=head)
            return
        fitted = _fitted(widths, least, console.width)
        console.print(_table(columns, fitted, batch, head=head))
        head = False
        batch = list(itertools.islice(texts, _MEASURED_ROWS))


def write_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Write names and values to standard output, one pair per line; None is left out."""
    known = [(name, _text(value)) for name, value in facts if value is not None]
    width = max(len(name) for name, _ in known)
    for name, value in known:
        click.echo(f"{name:{width}}{' ' * _GAP}{value}".rstrip())


def minute(milliseconds: int | None) -> str | None:
    """A time in UTC, as much of it as people look for in a table."""
    shown = second(milliseconds)
    return shown and shown[:16]


def second(milliseconds: int | None) -> str | None:
    """A time in UTC."""
    from longshore.clock import format_datetime

    if milliseconds is None:
        return None
    return format_datetime(milliseconds)[:19].replace("T", " ") + " UTC"


def _table(
    columns: Sequence[TableColumn],
    widths: Sequence[int],
    rows: Sequence[Sequence[str]],
    *,
    head: bool,
) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=None,
        show_header=head,
        header_style="bold",
        pad_edge=False,
        padding=(0, _GAP, 0, 0),
    )
    for column, width in zip(columns, widths, strict=True):
        table.add_column(
            Text(_shortened(column.title, width)),
            justify="right" if column.right else "left",
            no_wrap=not column.folds,
            overflow="fold",
            width=width,
        )
    for row in rows:
        cells = (
            _shortened(cell, width) if column.shortens else cell
            for column, width, cell in zip(columns, widths, row, strict=True)
        )
        table.add_row(*map(Text, cells))
    return table


def _write_lines(
    columns: Sequence[TableColumn], widths: Sequence[int], rows: Iterable[Sequence[str]]
) -> None:
    from rich.cells import cell_len

    for row in itertools.chain([[column.title for column in columns]], rows):
        cells = []
        for column, width, cell in zip(columns, widths, row, strict=True):
            room = " " * (width - cell_len(cell))
            cells.append(room + cell if column.right else cell + room)
        click.echo((" " * _GAP).join(cells).rstrip())


def _write_blocks(
    console: Console,
    columns: Sequence[TableColumn],
    rows: Iterable[Sequence[str]],
    *,
    is_first: bool,
) -> None:
    from rich.text import Text

    for number, row in enumerate(rows):
        if number or not is_first:
            console.print()
        for column, cell in zip(columns, row, strict=True):
            if cell:
                # A terminal that folds what is whole itself keeps it one line, to be copied.
                console.print(Text(f"{column.title}: {cell}"), soft_wrap=not column.folds)


def _widths(columns: Sequence[TableColumn], rows: Sequence[Sequence[str]]) -> list[int]:
    from rich.cells import cell_len

    return [
        max(cell_len(column.title), *(cell_len(row[index]) for row in rows))
        for index, column in enumerate(columns)
    ]


def _longest_words(columns: Sequence[TableColumn], rows: Sequence[Sequence[str]]) -> list[int]:
    from rich.cells import cell_len

    return [
        max((cell_len(word) for row in rows for word in row[index].split()), default=0)
        if column.folds
        else 0
        for index, column in enumerate(columns)
    ]


def _least(column: TableColumn, width: int, longest_word: int) -> int:
    """The room that a column needs at least for the table to stay a table."""
    if not column.yields:
        return width
    return min(width, max(_YIELDED_WIDTH, min(longest_word, _WORD_WIDTH_MAX)))


def _fitted(widths: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """The widths, of which those that yield have given up so much that all have room; the
    widest gives first."""
    fitted = list(widths)
    excess = sum(widths) + _GAP * (len(widths) - 1) - room
    for _ in range(excess):
        spare = [
            width if width > lowest else 0 for width, lowest in zip(fitted, least, strict=True)
        ]
        fitted[spare.index(max(spare))] -= 1
    return fitted


def _shortened(text: str, width: int) -> str:
    """The text, cut to a width with a mark where it is wider."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) <= width:
        return text
    mark = "…" if _can_write("…") else "~"
    return set_cell_size(text, width - 1).rstrip() + mark


def _can_write(character: str) -> bool:
    try:
        character.encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:,}"
    return printable(str(value))


def _console() -> Console:
    from rich.console import Console

    class Output(Console):
        def on_broken_pipe(self) -> None:
            # The edge of the program knows what to do; see `endings`.
            raise BrokenPipeError

    return Output(highlight=False, markup=False, emoji=False)
