"""`longshore inspect`: what a file is, and how it would be imported."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.commands.options import json_option
from longshore.cli.commands.source_options import STANDARD_INPUT, source_of, source_options
from longshore.cli.documents import write_document
from longshore.cli.findings import warn_of
from longshore.cli.messages import printable, say_hint, warn
from longshore.cli.stops import watch_for_stops
from longshore.cli.tables import TableColumn, write_facts, write_table

if TYPE_CHECKING:
    from longshore.mapping import ColumnLook
    from longshore.operations import Inspection
    from longshore.readers import Layout
    from longshore.sources import StoredAttachment

__all__ = ["inspect"]

_COLUMNS = (
    TableColumn(title="column", folds=True),
    TableColumn(title="values", folds=True),
    TableColumn(title="blank", right=True),
    TableColumn(title="samples", shortens=True),
)
_FIELDS = (
    TableColumn(title="column", folds=True),
    TableColumn(title="field"),
    TableColumn(title="confidence"),
    TableColumn(title="reason", folds=True),
)
_LEFT_OUT = (
    TableColumn(title="left out", folds=True),
    TableColumn(title="reason", folds=True),
)
_ROWS_MAX = 200  # of a table for people; --json has all
_SHOWN = {"\t": "tab", " ": "blank", "": "none"}
_WORDS = {"decimal_point": "decimal (point)", "decimal_comma": "decimal (comma)"}


@click.command("inspect", short_help="Say what a file is and how to import it.")
@click.argument("file", metavar="FILE")
@click.option(
    "--type",
    "resource_type",
    metavar="TYPE",
    help="Of which type the rows are.  [default: the one of which most columns are fields]",
)
@source_options
@json_option
def inspect(
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
    """Read FILE to its end and say what it is: how it is read, what its columns hold, of which type
    its rows are, which field each column is and why, and the command that imports it.

    FILE is whatever `longshore import` takes; an address (https://...) is fetched, and - reads
    standard input. Nothing is imported, and no data folder is needed. What is suggested is not
    certain: --dry-run tells what an import would do.
    """
    from longshore.catalogue import load_catalogue
    from longshore.operations import Inspections
    from longshore.readers import CsvOptions
    from longshore.settings import Settings

    csv = CsvOptions.parse(delimiter=delimiter, quote=quote, escape=escape, header_row=header_row)
    with watch_for_stops() as stops:
        source = source_of(
            file, format_=format_, encoding=encoding, csv=csv, sheet=sheet, stops=stops
        )
        found = Inspections(load_catalogue(), Settings()).inspect(source, resource_type)
    asked = {
        "--format": format_,
        "--encoding": encoding,
        "--delimiter": delimiter,
        "--quote": quote,
        "--escape": escape,
        "--header-row": header_row,
        "--sheet": sheet,
    }
    command = _command(file, found, asked)
    if as_json:
        write_document({"data": _document(found, command)})
        return
    _report(found, command)


def _is_foreign(found: Inspection) -> bool:
    """Whether another system has written the file: then its columns are no fields."""
    return any(each.dialect.is_of_platform for each in found.dialects)


def _command(file: str, found: Inspection, asked: Mapping[str, object]) -> str | None:
    """The command that imports the source as it was read here, as it is typed in a shell."""
    is_foreign = _is_foreign(found)
    if not is_foreign and (found.resource_type is None or not found.fields):
        return None
    options = {name: str(value) for name, value in asked.items() if value is not None}
    layout = found.stored.layout
    if layout.format == "csv":
        # Fields of other types may have decided it here.
        if layout.header_line != 1 or layout.header_rows != 1:
            options.setdefault("--header-row", _header_lines(layout))
        if layout.delimiter != "," and not layout.has_lines_of_rows:
            options.setdefault("--delimiter", _shown(layout.delimiter))
    if len(found.stored.sheets) > 1:
        options.setdefault("--sheet", layout.sheet)
    words = ["longshore", "import"]
    if not is_foreign and found.resource_type is not None:
        words.append(found.resource_type)
    words.append(f"./{file}" if file.startswith("-") and file != STANDARD_INPUT else file)
    for name, value in options.items():
        words += [name, value] if not value.startswith("-") else [f"{name}={value}"]
    for column, field in () if is_foreign else found.column_map.items():
        words += ["--map", f"{column}={field}"] if field else ["--ignore", column]
    return shlex.join(words)


def _report(found: Inspection, command: str | None) -> None:
    stored, layout = found.stored, found.stored.layout
    is_csv = layout.format == "csv" and not layout.has_lines_of_rows
    write_facts(
        [
            ("format", _format(stored)),
            ("sheet", layout.sheet or None),
            ("other sheets", _others(found)),
            ("encoding", layout.encoding if is_csv else None),
            ("delimiter", _told(layout.delimiter) if is_csv else None),
            ("quote", _shown(layout.quote) if is_csv else None),
            ("escape", _shown(layout.escape) if is_csv and layout.escape else None),
            ("header row", _header_lines(layout) if layout.format == "csv" else None),
            ("rows", stored.rows_count),
            ("unreadable rows", found.unreadable_count or None),
            ("columns", len(found.columns)),
            ("file of", " or ".join(each.why for each in found.dialects) or None),
            *([] if _is_foreign(found) else _types(found)),
        ]
    )
    click.echo()
    write_table(
        _COLUMNS,
        (
            (_name(each), _kind(each), each.blanks_count, " | ".join(each.samples))
            for each in found.columns[:_ROWS_MAX]
        ),
    )
    _say_more(len(found.columns))
    names = {each.number: _name(each) for each in found.columns}
    if found.fields and not _is_foreign(found):
        click.echo()
        write_table(
            _FIELDS,
            (
                (
                    names[each.column],
                    _field(found, each.column, each.field),
                    each.confidence,
                    each.reason,
                )
                for each in found.fields[:_ROWS_MAX]
            ),
        )
        _say_more(len(found.fields))
    if found.left_out and not _is_foreign(found):
        click.echo()
        write_table(
            _LEFT_OUT,
            ((names[each.column], each.reason) for each in found.left_out[:_ROWS_MAX]),
        )
        _say_more(len(found.left_out))
    if command is not None:
        click.echo()
        click.echo(printable(command))
    warn_of(stored.notices)
    if _is_foreign(found):
        return
    _say_what_is_open(found, command)
    if found.dialects:
        say_hint("longshore import FILE, without a type, makes SKUs, prices and stock of it")


def _say_what_is_open(found: Inspection, command: str | None) -> None:
    """What somebody has to decide before the command does what is wanted."""
    from longshore.catalogue import load_catalogue
    from longshore.operations import field_to_give

    if found.resource_type is None:
        warn("no type has these columns", hint="--type TYPE says which one it is; longshore types")
        return
    if command is None:
        warn(
            f"none of the columns is a field of {found.resource_type}",
            hint=f"longshore template {found.resource_type}",
        )
    if found.refusal is not None:
        warn(f"an import would refuse this: {found.refusal.message}", hint=found.refusal.hint)
    columns = {each.number: each.name for each in found.columns}
    for out in found.left_out:
        if out.choices:
            decimal, cents = (shlex.quote(f"{columns[out.column]}={each}") for each in out.choices)
            warn(
                f"nothing says whether the values of {columns[out.column]!r} are cents",
                hint=f"add --map {decimal} or --map {cents}",
            )
    open_ = {each.partition(":")[0] for out in found.left_out for each in out.choices}
    for name in found.missing:
        if name in open_:
            continue
        if name == found.parent:
            warn(
                f"no column names the {name} of the {found.resource_type}",
                hint="--parent ID names one for all rows, by its id or key; --map COLUMN="
                f"{field_to_give(load_catalogue(), found, name)} takes it from a column",
            )
        else:
            warn(f"no column is the {name} that {found.resource_type} need")


def _document(found: Inspection, command: str | None) -> dict[str, Any]:
    stored, layout = found.stored, found.stored.layout
    is_csv = layout.format == "csv"
    names = {each.number: each.name for each in found.columns}
    return {
        "format": _format(stored),
        "encoding": layout.encoding,
        "delimiter": layout.delimiter if is_csv and not layout.has_lines_of_rows else None,
        "quote": layout.quote if is_csv and not layout.has_lines_of_rows else None,
        "escape": layout.escape if is_csv and not layout.has_lines_of_rows else None,
        "header_row": layout.header_line if is_csv else None,
        "header_rows": layout.header_rows if is_csv else None,
        "sheet": layout.sheet or None,
        "sheets": list(stored.sheets),
        "reasons": list(stored.reasons),
        "warnings": [each.to_dict() for each in stored.notices],
        "rows_count": stored.rows_count,
        "unreadable_rows_count": found.unreadable_count,
        "columns": [
            {
                "number": each.number,
                "name": each.name,
                "kind": each.kind,
                "kinds": each.kinds,
                "blanks_count": each.blanks_count,
                "samples": list(each.samples),
            }
            for each in found.columns
        ],
        "dialects": [
            {"name": each.dialect.name, "title": each.dialect.title, "reason": each.why}
            for each in found.dialects
        ],
        "resource_type": found.resource_type,
        "resource_types": [
            asdict(each) | {"score": round(each.score, 2), "reason": each.reason}
            for each in found.types
        ],
        "fields": [
            {
                "number": each.column,
                "column": names[each.column],
                "field": each.field,
                "unit": "decimal" if each.is_decimal else None,
                "ground": each.ground,
                "confidence": each.confidence,
                "reason": each.reason,
            }
            for each in found.fields
        ],
        "left_out": [
            {
                "number": each.column,
                "column": names[each.column],
                "reason": each.reason,
                "choices": list(each.choices),
            }
            for each in found.left_out
        ],
        "missing": list(found.missing),
        "parent": found.parent,
        "column_map": dict(found.column_map),
        "refusal": found.refusal and found.refusal.message,
        "command": command,
    }


def _format(stored: StoredAttachment) -> str:
    if stored.layout.sheet:
        return "workbook"
    return "parquet" if stored.layout.row_groups else stored.source_format.value


def _header_lines(layout: Layout) -> str:
    first = layout.header_line
    return f"{first}" if layout.header_rows == 1 else f"{first}-{first + layout.header_rows - 1}"


def _say_more(count: int) -> None:
    if count > _ROWS_MAX:
        say_hint(f"{count - _ROWS_MAX:,} more: --json has all")


def _name(column: ColumnLook) -> str:
    return column.name or f"(column {column.number})"


def _kind(column: ColumnLook) -> str:
    return _WORDS.get(column.kind, column.kind.replace("_", " "))


def _field(found: Inspection, column: int, field: str) -> str:
    meaning = found.column_map.get(found.columns[column - 1].name)
    return meaning or field


def _others(found: Inspection) -> str | None:
    others = [each for each in found.stored.sheets if each != found.stored.layout.sheet]
    return ", ".join(others) or None


def _types(found: Inspection) -> list[tuple[str, object]]:
    return [
        ("type", found.resource_type),
        ("reason", found.types[0].reason if found.types else None),
        ("also possible", _other_types(found)),
    ]


def _other_types(found: Inspection) -> str | None:
    others = (f"{each.name} ({each.fields_count} columns)" for each in found.types[1:])
    return ", ".join(others) or None


def _told(delimiter: str) -> str:
    """A delimiter as a person sees it, also where it ends with a blank."""
    return repr(delimiter) if len(delimiter) > 1 else _shown(delimiter)


def _shown(character: str) -> str:
    return _SHOWN.get(character, character)
