"""`longshore export`: records as a file that an import takes back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from longshore.cli.commands.options import spreadsheet_safe_option, type_argument
from longshore.cli.documents import write_bytes
from longshore.cli.files import check_can_write, spreadsheet_safe_name, written_whole
from longshore.cli.messages import counted, is_terminal, printable, say
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.progress import show_progress

__all__ = ["export"]


@click.command("export", short_help="Write the records of a type to a file.")
@type_argument
@click.option(
    "--format", "format_", type=click.Choice(["csv", "ndjson"]), default="csv", show_default=True
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to; the file appears whole or not at all.  [default: standard output]",
)
@spreadsheet_safe_option(
    "Write an apostrophe before cells that begin with = + - @ or a tab, which a spreadsheet could "
    "take for a formula; the name of FILE says so. An import takes it off with the same option."
)
@takes_place
def export(
    place: Place, resource_type: str, format_: str, output: Path | None, is_guarded: bool
) -> None:
    """Write all records of a type, in the order in which they were created.

    Importing the file again changes nothing, and importing it after a change changes just that.
    """
    from longshore.catalogue import load_catalogue, recorded_type
    from longshore.records import ExportFormat

    declared = recorded_type(load_catalogue(), resource_type)
    if is_guarded and format_ != ExportFormat.CSV:
        raise click.UsageError("--spreadsheet-safe is about tables: leave --format out")
    if output is not None:
        output = spreadsheet_safe_name(output) if is_guarded else output
        check_can_write(output)
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        with longshore.records.export(
            environment, declared.name, ExportFormat(format_), is_guarded=is_guarded
        ) as exported:
            total = exported.count
            # A bar beside lines on the same terminal would only be in their way.
            shows = output is not None or not is_terminal(error=False)
            with _writing(output) as write, show_progress(quiet=True) as progress:
                progress.begin(f"exporting {declared.name}")
                for number, line in enumerate(exported.lines):
                    write(line)
                    if shows and number % 256 == 0:
                        progress.count(number, total, "records")
    if output is not None:
        say(f"{counted(total, 'record')} written to {printable(str(output))}")


@contextlib.contextmanager
def _writing(output: Path | None) -> Iterator[Callable[[str], object]]:
    if output is None:
        yield lambda line: write_bytes(line.encode())
        return
    with written_whole(output) as file:
        yield lambda line: file.write(line.encode())
