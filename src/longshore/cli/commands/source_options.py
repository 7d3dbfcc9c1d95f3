"""How a file is read: the options of all commands that read one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from longshore.cli.messages import say
from longshore.cli.stops import ReadableWhileStopping, Stops
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from longshore.readers import CsvOptions
    from longshore.sources import Source

__all__ = ["STANDARD_INPUT", "source_of", "source_options"]

STANDARD_INPUT = "-"

_OPTIONS = (
    click.option(
        "--format",
        "format_",
        type=click.Choice(["csv", "json", "ndjson"]),
        help="What the file holds.  [default: by its name and content]",
    ),
    click.option(
        "--encoding",
        metavar="NAME",
        help="The encoding of a CSV, such as cp1252.  [default: by its content]",
    ),
    click.option(
        "--delimiter",
        metavar="CHARACTER",
        help="What separates the cells of a CSV: one character, or tab.  [default: by its content]",
    ),
    click.option(
        "--quote",
        metavar="CHARACTER",
        help="What stands around quoted cells of a CSV, or none.  [default: a double quote]",
    ),
    click.option(
        "--escape",
        metavar="CHARACTER",
        help="What stands before a quote inside of a quoted cell, or none: quotes are doubled.  "
        "[default: by the content of the CSV]",
    ),
    click.option(
        "--header-row",
        type=click.IntRange(min=1),
        metavar="LINE",
        help="On which line of a CSV the header is, from 1.  [default: by its content]",
    ),
    click.option(
        "--sheet",
        metavar="NAME",
        help="The sheet of a workbook to read.  [default: the one that names most fields]",
    ),
)


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options from `--format` to `--sheet`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def source_of(
    file: str,
    *,
    format_: str | None,
    encoding: str | None,
    csv: CsvOptions,
    sheet: str | None,
    stops: Stops,
) -> Source:
    """A file, or standard input, which is read while signals are watched."""
    from longshore.readers import Format, text_codec
    from longshore.sources import Source

    format = Format(format_) if format_ else None
    codec = text_codec(encoding) if encoding is not None else None
    if file != STANDARD_INPUT:
        source = Source.from_path(Path(file), format=format, encoding=codec, csv=csv)
        return replace(source, sheet=sheet)
    if sys.stdin is None:
        raise RequestRefused("standard input is closed", hint="name a file")
    if sys.stdin.isatty():
        say("reading rows from the terminal; Ctrl-D ends them")
    stream = ReadableWhileStopping(sys.stdin.fileno(), stops)
    source = Source.from_stream(cast(BinaryIO, stream), format=format, encoding=codec, csv=csv)
    return replace(source, sheet=sheet)
