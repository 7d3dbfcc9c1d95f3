"""Tables for people: aligned on a terminal that is wide enough, one line per value on a narrow
one, and one line per row, never cut or folded, where no terminal is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.messages import is_terminal, printable

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Column", "minute", "second", "write_facts", "write_table"]

# Rows whose cells decide how wide the columns are; the rows after them flow past.
_MEASURED_ROWS = 500
# What a column that may fold needs at least before the table turns into lines.
_FOLDED_WIDTH = 8
_GAP = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table."""

    title: str
    right: bool = False  # aligned right, as numbers are
    folds: bool = False  # long cells may go on in the next line


def write_table(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> None:
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
    if _needed(columns, widths) > console.width:
        _write_blocks(console, columns, itertools.chain(measured, texts))
        return
    head = True
    batch = measured
    while batch:
        console.print(_table(columns, widths, batch, head=head))
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
    columns: Sequence[Column],
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
            Text(column.title),
            justify="right" if column.right else "left",
            no_wrap=not column.folds,
            overflow="fold",
            min_width=min(width, _FOLDED_WIDTH) if column.folds else width,
        )
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _write_lines(
    columns: Sequence[Column], widths: Sequence[int], rows: Iterable[Sequence[str]]
) -> None:
    from rich.cells import cell_len

    for row in itertools.chain([[column.title for column in columns]], rows):
        cells = []
        for column, width, cell in zip(columns, widths, row, strict=True):
            room = " " * (width - cell_len(cell))
            cells.append(room + cell if column.right else cell + room)
        click.echo((" " * _GAP).join(cells).rstrip())


def _write_blocks(
    console: Console, columns: Sequence[Column], rows: Iterator[Sequence[str]]
) -> None:
    from rich.text import Text

    for number, row in enumerate(rows):
        if number:
            console.print()
        for column, cell in zip(columns, row, strict=True):
            if cell:
                console.print(Text(f"{column.title}: {cell}"), overflow="fold")


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    from rich.cells import cell_len

    return [
        max(cell_len(column.title), *(cell_len(row[index]) for row in rows))
        for index, column in enumerate(columns)
    ]


def _needed(columns: Sequence[Column], widths: Sequence[int]) -> int:
    """The narrowest terminal on which the table stays a table."""
    return sum(
        min(width, _FOLDED_WIDTH) if column.folds else width
        for column, width in zip(columns, widths, strict=True)
    ) + _GAP * (len(columns) - 1)


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
