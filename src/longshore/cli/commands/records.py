"""`longshore records`: what is stored."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from longshore.cli.commands.options import (
    json_option,
    limit_option,
    spreadsheet_safe_option,
    type_argument,
)
from longshore.cli.documents import write_bytes, write_list
from longshore.cli.messages import counted, say
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.record_fields import chosen_fields
from longshore.cli.resources import record_resources
from longshore.cli.tables import TableColumn, write_table
from longshore.spreadsheet_cells import guarded

if TYPE_CHECKING:
    from longshore.operations import RecordField
    from longshore.records import RecordView

__all__ = ["records"]

_SHOWN = 25


@click.command("records", short_help="List the records of a type.")
@type_argument
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="KEY=VALUE",
    help="Only those that match, such as code_start=AB or quantity_gt=0; may be given again.",
)
@click.option(
    "--fields",
    "names",
    multiple=True,
    metavar="NAMES",
    help="Only these fields, with commas between them, such as code,name,updated_at; may be given "
    "again.  [default: the main ones, all with --json]",
)
@limit_option(f"At most so many.  [default: {_SHOWN}, all with --json and --csv]")
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="A CSV table on standard output.")
@spreadsheet_safe_option(
    "With --csv: write an apostrophe before cells that begin with = + - @ or a tab, which a "
    "spreadsheet could take for a formula."
)
@takes_place
def records(
    place: Place,
    resource_type: str,
    filters: tuple[str, ...],
    names: tuple[str, ...],
    limit: int | None,
    as_json: bool,
    as_csv: bool,
    is_guarded: bool,
) -> None:
    """List the records of a resource type, in the order in which they were created.

    A filter is a field and a matcher, as in the query of the API: code_eq, name_cont,
    sku_code_in=A,B, updated_at_gt=2024-01-31, shipping_category_name_start. A field alone means
    that it is equal.

    --csv writes the fields that are shown, computed ones too. What an import takes back is
    written by longshore export.
    """
    from longshore.catalogue import load_catalogue, recorded_type
    from longshore.operations import main_fields

    if as_json and as_csv:
        raise click.UsageError("--json and --csv both want standard output: give one of them")
    if is_guarded and not as_csv:
        raise click.UsageError("--spreadsheet-safe needs --csv")
    catalogue = load_catalogue()
    declared = recorded_type(catalogue, resource_type)
    conditions = [_condition(each) for each in filters]
    chosen = chosen_fields(catalogue, declared, _names(names))
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        fields = chosen or (None if as_json else main_fields(catalogue, declared))
        with longshore.records.found(
            environment,
            declared.name,
            filters=conditions,
            limit=limit if as_json or as_csv else limit or _SHOWN,
            fields=None if fields is None else [each.name for each in fields if each.name],
        ) as found:
            if fields is None or as_json:
                write_list(record_resources(longshore, environment, found.views, fields))
                return
            if as_csv:
                _write_csv(fields, found.views, guarded if is_guarded else str)
                return
            count = found.count()
            write_table(*_table(fields, found.views))
    shown = min(count, limit or _SHOWN)
    if shown < count:
        say(f"and {counted(count - shown, 'more record')}: --limit N shows more")
    elif conditions and not count:
        say(f"no {declared.name} match")
    elif not count:
        can_be_imported = declared.name in catalogue.creatable
        hint = f"longshore import {declared.name} FILE" if can_be_imported else None
        say(f"no {declared.name} yet", hint=hint)


def _condition(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise click.BadParameter(f"expected KEY=VALUE, found {text!r}", param_hint="'--filter'")
    return key, value


def _names(options: Iterable[str]) -> list[str]:
    """The names of fields in `--fields` options."""
    names = [name.strip() for option in options for name in option.split(",")]
    if not all(names):
        raise click.BadParameter("expected names with commas between them", param_hint="'--fields'")
    return names


def _table(
    fields: Sequence[RecordField], views: Iterator[RecordView]
) -> tuple[list[TableColumn], Iterable[Sequence[object]]]:
    columns = [
        TableColumn(title=each.title, right=each.is_number, shortens=each.is_text)
        for each in fields
    ]

    def cells(view: RecordView) -> list[object]:
        row: list[object] = []
        for field in fields:
            value = field.value(view)
            if field.is_datetime and isinstance(value, str):
                value = value[:16].replace("T", " ")  # to the minute
            elif type(value) is not bool and value is not None:
                # Numbers as they are stored, to be copied into a filter or a file.
                value = _cell(value)
            row.append(value)
        return row

    return columns, map(cells, views)


def _write_csv(
    fields: Sequence[RecordField], views: Iterator[RecordView], written: Callable[[str], str]
) -> None:
    line = io.StringIO(newline="")
    # With this line end the writer quotes cells in which either of its characters stands alone.
    writer = csv.writer(line, lineterminator="\r\n")

    def write(row: Iterable[str]) -> None:
        writer.writerow(map(written, row))
        write_bytes((line.getvalue().removesuffix("\r\n") + "\n").encode("utf-8"))
        line.seek(0)
        line.truncate()

    write(field.title for field in fields)
    for view in views:
        write(_cell(field.value(view)) for field in fields)


def _cell(value: object) -> str:
    """A value as an export writes it."""
    match value:
        case None:
            return ""
        case str():
            return value
        case float():
            return repr(value)
        case _:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
