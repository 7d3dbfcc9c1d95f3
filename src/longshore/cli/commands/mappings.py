"""`longshore mappings`: how columns become fields, suggested for a file and saved under names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.commands.mapping_options import read_mapping_file
from longshore.cli.commands.options import json_option
from longshore.cli.commands.source_options import STANDARD_INPUT, source_of, source_options
from longshore.cli.documents import write_bytes, write_document, write_list
from longshore.cli.findings import warn_of
from longshore.cli.messages import say, say_hint, warn
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.stops import watch_for_stops
from longshore.cli.tables import TableColumn, minute, write_table
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from longshore.assembly import Longshore
    from longshore.mapping import MappingDocument, SourceShape
    from longshore.operations import Asker, Inspection
    from longshore.saved_mappings import MappingSummary, SavedMapping

__all__ = ["mappings"]

_COLUMNS = (
    TableColumn(title="mapping"),
    TableColumn(title="version", right=True),
    TableColumn(title="type"),
    TableColumn(title="fields", right=True),
    TableColumn(title="saved (UTC)"),
)


@click.group(
    "mappings",
    short_help="Suggest mappings, save, list, show and delete them.",
    invoke_without_command=True,
)
@click.pass_context
def mappings(context: click.Context) -> None:
    """Say how columns of a file become fields: have it suggested, save it under a name, look at
    what is saved, delete it.

    \b
    longshore mappings suggest prices.csv > prices.toml
    longshore import prices prices.csv --mapping prices.toml
    longshore mappings save supplier prices.toml --for prices.csv
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@mappings.command("suggest", short_help="Suggest a mapping for a file.")
@click.argument("file", metavar="FILE")
@click.option(
    "--type",
    "resource_type",
    metavar="TYPE",
    help="Of which type the rows are.  [default: the one of which most columns are fields]",
)
@source_options
@json_option
def suggest(
    file: str,
    resource_type: str | None,
    format_: str | None,
    encoding: str | None,
    delimiter: str | None,
    quote: str | None,
    escape: str | None,
    header_row: str | None,
    sheet: str | None,
    as_json: bool,
) -> None:
    """Read FILE and write a mapping of it, in TOML with comments: for each column what it holds,
    the field that it is and why. What is not sure enough stands in comments only.

    Nothing is imported or saved, and no data folder is needed.
    """
    from longshore.catalogue import load_catalogue
    from longshore.operations import field_to_give, suggested_mapping, suggested_toml
    from longshore.readers import CsvOptions

    csv = CsvOptions.parse(delimiter=delimiter, quote=quote, escape=escape, header_row=header_row)
    found = _inspect(file, resource_type, format_=format_, encoding=encoding, csv=csv, sheet=sheet)
    if found.resource_type is None:
        raise RequestRefused(
            "no type has these columns",
            hint="--type TYPE says which one it is; longshore types lists them",
        )
    catalogue = load_catalogue()
    if as_json:
        write_document({"data": suggested_mapping(catalogue, found).to_dict()})
    else:
        write_bytes(suggested_toml(catalogue, found, name=Path(file).name).encode())
    warn_of(found.stored.notices)
    if not found.fields:
        warn(
            f"none of the columns is surely a field of {found.resource_type}",
            hint=f"name them in the mapping; longshore template {found.resource_type}",
        )
    for name in found.missing:
        warn(
            f"no column is the {name} that {found.resource_type} need",
            hint=f"name a column or a constant for {field_to_give(catalogue, found, name)} in the "
            "mapping",
        )


@mappings.command("save", short_help="Save a mapping under a name.")
@click.argument("name", metavar="NAME")
@click.argument("file", metavar="FILE")
@click.option(
    "--for",
    "made_for",
    metavar="SOURCE",
    help="The file that the mapping is made for, or one like it: what it looks like is kept, and "
    "imports with the mapping tell what has changed.",
)
@json_option
@takes_place
def save(place: Place, name: str, file: str, made_for: str | None, as_json: bool) -> None:
    """Save the mapping in FILE, which is TOML or JSON (- reads standard input), under NAME: as its
    next version, where there is one. In its organization and mode alone it can be named."""
    document = _read(file)
    shape = None if made_for is None else _shape_of(made_for, document)
    with open_place(place) as longshore:
        saved, is_new = longshore.saved_mappings.save(
            _asker(place, longshore), name, document, shape
        )
    if as_json:
        write_document({"data": _document(saved)})
    if is_new:
        say(f"saved {name}, version {saved.version}")
    else:
        say(f"version {saved.version} of {name} says the same; nothing was saved")
    if saved.shape is None:
        say_hint("--for SOURCE keeps what the file looks like, so that changes of it are told")


@mappings.command("list", short_help="List saved mappings.")
@json_option
@takes_place
def list_(place: Place, as_json: bool) -> None:
    """List the mappings that are saved, the newest version of each."""
    with open_place(place, makes=False) as longshore:
        found = longshore.saved_mappings.list(_asker(place, longshore))
    _list(found, as_json)


@mappings.command("show", short_help="Show a saved mapping.")
@click.argument("name", metavar="NAME")
@click.option(
    "--version",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="Which version.  [default: the newest]",
)
@click.option("--versions", "lists", is_flag=True, help="List the versions that are kept.")
@json_option
@takes_place
def show(place: Place, name: str, version: int | None, lists: bool, as_json: bool) -> None:
    """Write a saved mapping as TOML, to be changed and saved again."""
    if lists and version is not None:
        raise click.UsageError("--versions lists all of them: it goes without --version")
    with open_place(place, makes=False) as longshore:
        asker = _asker(place, longshore)
        if lists:
            _list(longshore.saved_mappings.versions(asker, name), as_json)
            return
        saved = longshore.saved_mappings.find(asker, name, version)
    if as_json:
        write_document({"data": _document(saved)})
        return
    from longshore.mapping import mapping_toml

    said = f"{saved.name}, version {saved.version}, saved {minute(saved.created_at)} UTC"
    write_bytes(mapping_toml(saved.document, before=[said]).encode())


@mappings.command("delete", short_help="Delete a saved mapping.")
@click.argument("name", metavar="NAME")
@json_option
@takes_place
def delete(place: Place, name: str, as_json: bool) -> None:
    """Delete all versions of a saved mapping. Imports keep what they have of it."""
    with open_place(place, makes=False) as longshore:
        longshore.saved_mappings.delete(_asker(place, longshore), name)
    if as_json:
        write_document({"data": {"name": name}})
    say(f"deleted {name}")


def _asker(place: Place, longshore: Longshore) -> Asker:
    from longshore.operations import Asker

    return Asker(environment=place.environment(longshore))


def _inspect(file: str, resource_type: str | None, **options: Any) -> Inspection:
    from longshore.catalogue import load_catalogue
    from longshore.operations import Inspections
    from longshore.settings import Settings

    with watch_for_stops() as stops:
        source = source_of(file, stops=stops, **options)
        return Inspections(load_catalogue(), Settings()).inspect(source, resource_type)


def _read(file: str) -> MappingDocument:
    from longshore.mapping import MAPPING_BYTES_MAX, parse_mapping

    if file == STANDARD_INPUT:
        return parse_mapping(sys.stdin.buffer.read(MAPPING_BYTES_MAX + 1), name="standard input")
    return read_mapping_file(Path(file))


def _shape_of(file: str, document: MappingDocument) -> SourceShape:
    from longshore.mapping import drift_of, shape_of
    from longshore.readers import CsvOptions

    csv = CsvOptions(header_row=document.header_row)
    found = _inspect(
        file,
        document.resource_type,
        format_=None,
        encoding=None,
        csv=csv,
        sheet=document.sheet,
    )
    drift = drift_of(document, None, [each.name for each in found.columns])
    if drift.refusal is not None:
        raise RequestRefused(f"the mapping does not fit {file}: {drift.refusal}", hint=drift.hint)
    return shape_of(found.columns)


def _list(found: list[MappingSummary] | Any, as_json: bool) -> None:
    if as_json:
        write_list(
            {
                "name": each.name,
                "version": each.version,
                "resource_type": each.resource_type,
                "fields_count": each.fields_count,
                "created_at": _time(each.created_at),
            }
            for each in found
        )
        return
    if not found:
        say("no mappings are saved")
        say_hint("longshore mappings suggest FILE > map.toml makes one")
        return
    write_table(
        _COLUMNS,
        (
            (
                each.name,
                each.version,
                each.resource_type or "any",
                each.fields_count,
                minute(each.created_at),
            )
            for each in found
        ),
    )


def _document(saved: SavedMapping) -> dict[str, Any]:
    return {
        "name": saved.name,
        "version": saved.version,
        "created_at": _time(saved.created_at),
        "document": saved.document.to_dict(),
        "source": None if saved.shape is None else saved.shape.to_dict(),
    }


def _time(milliseconds: int) -> str:
    from longshore.clock import format_datetime

    return format_datetime(milliseconds)
