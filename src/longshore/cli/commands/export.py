"""`longshore export`: records as a file that an import takes back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from longshore.cli.commands.options import spreadsheet_safe_option
from longshore.cli.documents import write_bytes
from longshore.cli.files import check_can_write, spreadsheet_safe_name, written_whole
from longshore.cli.messages import counted, is_terminal, printable, say
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.progress import show_progress
from longshore.cli.workbooks import check_output, written_workbook

if TYPE_CHECKING:
    from longshore.access import Environment
    from longshore.assembly import Longshore

__all__ = ["export"]

_XLSX = "xlsx"


@click.command("export", short_help="Write the records of a type to a file.")
@click.argument("resource_type", metavar="[TYPE]", required=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "ndjson", "xlsx"]),
    default="csv",
    show_default=True,
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to; the file appears whole or not at all.  [default: standard output]",
)
@click.option(
    "--as",
    "dialect",
    metavar="DIALECT",
    help="Write what can be bought as a file of another system, such as shopify: SKUs with the "
    "prices of one list, and what is in stock at one location.",
)
@click.option(
    "--price-list", metavar="CODE", help="With --as, whose prices.  [default: the only one]"
)
@click.option(
    "--stock-location", metavar="CODE", help="With --as, whose stock.  [default: the only one]"
)
@spreadsheet_safe_option(
    "Write an apostrophe before cells that begin with = + - @ or a tab, which a spreadsheet could "
    "take for a formula; the name of FILE says so. An import takes it off with the same option."
)
@takes_place
def export(
    place: Place,
    resource_type: str | None,
    format_: str,
    output: Path | None,
    dialect: str | None,
    price_list: str | None,
    stock_location: str | None,
    is_guarded: bool,
) -> None:
    """Write all records of a type, in the order in which they were created.

    Importing the file again changes nothing, and importing it after a change changes just that. A
    workbook (xlsx) holds 1,048,575 records, and more are refused.
    """
    if dialect is not None:
        if format_ != "csv" or is_guarded:
            raise click.UsageError("--as is a format of its own: leave --format and others out")
        _export_as(place, resource_type, dialect, output, price_list, stock_location)
        return
    if price_list is not None or stock_location is not None:
        raise click.UsageError("--price-list and --stock-location are for --as DIALECT")
    if resource_type is None:
        raise click.UsageError("name the TYPE to export, such as skus, or give --as DIALECT")
    from longshore.catalogue import load_catalogue, recorded_type

    declared = recorded_type(load_catalogue(), resource_type)
    if is_guarded and format_ == _XLSX:
        raise click.UsageError("no cell of a workbook is computed: leave --spreadsheet-safe out")
    if is_guarded and format_ != "csv":
        raise click.UsageError("--spreadsheet-safe is about tables: leave --format out")
    check_output(output, is_workbook=format_ == _XLSX)
    if output is not None:
        output = spreadsheet_safe_name(output) if is_guarded else output
        check_can_write(output)
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        if format_ == _XLSX:
            total = _export_workbook(longshore, environment, declared.name, output)
        else:
            total = _export_text(
                longshore, environment, declared.name, format_, output, is_guarded=is_guarded
            )
    if output is not None:
        say(f"{counted(total, 'record')} written to {printable(str(output))}")


def _export_as(
    place: Place,
    resource_type: str | None,
    dialect: str,
    output: Path | None,
    price_list: str | None,
    stock_location: str | None,
) -> None:
    from longshore.dialects import EXPORTED_TYPE

    if resource_type not in (None, EXPORTED_TYPE):
        raise click.UsageError(f"a file of {dialect} has {EXPORTED_TYPE}: leave TYPE out")
    if output is not None:
        check_can_write(output)
    with (
        open_place(place, makes=False) as longshore,
        longshore.records.export_as(
            place.environment(longshore),
            dialect,
            price_list=price_list,
            stock_location=stock_location,
        ) as exported,
        _writing(output) as write,
        _counted(EXPORTED_TYPE, exported.count, output) as count,
    ):
        for number, line in enumerate(exported.lines):
            write(line)
            count(number)
    if output is not None:
        say(f"{counted(exported.count, 'SKU')} written to {printable(str(output))}")


def _export_text(
    longshore: Longshore,
    environment: Environment,
    resource_type: str,
    format_: str,
    output: Path | None,
    *,
    is_guarded: bool,
) -> int:
    from longshore.records import ExportFormat

    with (
        longshore.records.export(
            environment, resource_type, ExportFormat(format_), is_guarded=is_guarded
        ) as exported,
        _writing(output) as write,
        _counted(resource_type, exported.count, output) as count,
    ):
        for number, line in enumerate(exported.lines):
            write(line)
            count(number)
    return exported.count


def _export_workbook(
    longshore: Longshore, environment: Environment, resource_type: str, output: Path | None
) -> int:
    with (
        longshore.records.export_sheet(environment, resource_type) as exported,
        written_workbook(output) as workbook,
        _counted(resource_type, exported.count, output) as count,
    ):
        exported.write(workbook, on_row=count)
    return exported.count


@contextlib.contextmanager
def _counted(
    resource_type: str, total: int, output: Path | None
) -> Iterator[Callable[[int], object]]:
    """Shows how many of the records are written."""
    # A bar beside lines on the same terminal would only be in their way.
    shows = output is not None or not is_terminal(error=False)
    with show_progress(quiet=True) as progress:
        progress.begin(f"exporting {resource_type}")

        def count(number: int) -> None:
            if shows and number % 256 == 0:
                progress.count(number, total, "records")

        yield count


@contextlib.contextmanager
def _writing(output: Path | None) -> Iterator[Callable[[str], object]]:
    if output is None:
        yield lambda line: write_bytes(line.encode())
        return
    with written_whole(output) as file:
        yield lambda line: file.write(line.encode())
