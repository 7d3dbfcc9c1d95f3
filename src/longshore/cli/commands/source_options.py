"""How a file is read: the options of all commands that read one."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from longshore.cli.messages import printable, say, warn
from longshore.cli.stops import ReadableWhileStopping, Stops
from longshore.errors import RequestRefused
from longshore.spreadsheet_cells import SPREADSHEET_SAFE

if TYPE_CHECKING:
    from longshore.readers import CsvOptions, Format
    from longshore.sources import Source

__all__ = [
    "STANDARD_INPUT",
    "path_of",
    "shown_source",
    "source_of",
    "source_options",
    "warn_of_guarded",
]

STANDARD_INPUT = "-"

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

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
        metavar="CHARACTERS",
        help="What separates the cells of a CSV: one character or several, or tab, or blank.  "
        "[default: by its content]",
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
        metavar="LINE",
        help="On which line of a CSV or row of a sheet the header is, from 1; 3-4 where it has two "
        "lines.  [default: by its content]",
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


def path_of(file: str) -> Path | None:
    """The file of this machine that an argument names; None for what is none."""
    return None if file == STANDARD_INPUT or _ADDRESS.match(file) else Path(file)


def shown_source(file: str) -> str:
    """What a message calls the source: of an address nothing that is secret."""
    if _ADDRESS.match(file) is None:
        return file
    from longshore.outgoing import OutgoingUrl

    return OutgoingUrl.read(file).shown


def warn_of_guarded(file: str) -> None:
    """Say that a source is not read as its name says."""
    if SPREADSHEET_SAFE in Path(file).suffixes:
        warn(
            f"the name of {printable(shown_source(file))} says that cells have an apostrophe "
            "before = + - @",
            hint="--spreadsheet-safe takes it off",
        )


def source_of(
    file: str,
    *,
    format_: str | None,
    encoding: str | None,
    csv: CsvOptions,
    sheet: str | None,
    stops: Stops,
) -> Source:
    """A file, standard input, or what an address has; the latter two are read while signals are
    watched. Raises RequestRefused, and RetryableError for an address that cannot be reached."""
    from longshore.readers import Format, text_codec
    from longshore.sources import Source

    format = Format(format_) if format_ else None
    codec = text_codec(encoding) if encoding is not None else None
    path = path_of(file)
    if path is not None:
        source = Source.from_path(path, format=format, encoding=codec, csv=csv)
    elif file == STANDARD_INPUT:
        source = Source.from_stream(
            cast(BinaryIO, _standard_input(stops)), format=format, encoding=codec, csv=csv
        )
    else:
        source = _fetched(file, format=format, encoding=codec, csv=csv, stops=stops)
    return replace(source, sheet=sheet)


def _standard_input(stops: Stops) -> ReadableWhileStopping:
    if sys.stdin is None:
        raise RequestRefused("standard input is closed", hint="name a file")
    if sys.stdin.isatty():
        say("reading rows from the terminal; Ctrl-D ends them")
    return ReadableWhileStopping(sys.stdin.fileno(), stops)


def _fetched(
    address: str, *, format: Format | None, encoding: str | None, csv: CsvOptions, stops: Stops
) -> Source:
    """Open until the command ends, as its bytes are read while they come in."""
    from longshore.outgoing import DownloadLimits, OutgoingUrl, open_download
    from longshore.settings import Settings
    from longshore.sources import Source

    limits = DownloadLimits.of(Settings.from_environment(os.environ))
    opened = open_download(OutgoingUrl.read(address), limits, on_wait=stops.check)
    download = click.get_current_context().with_resource(opened)
    return Source.from_stream(
        cast(BinaryIO, download),
        name=download.name,
        format=format,
        encoding=encoding,
        csv=csv,
        stream_bytes=download.size,
    )
