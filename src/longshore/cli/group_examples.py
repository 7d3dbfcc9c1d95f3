"""The first records of each type of a group, before and after conversion, for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

from longshore.cli.messages import counted
from longshore.cli.tables import TableColumn, write_table

__all__ = ["write_examples"]

_BLANK = ""
_ROW = "base"  # under which a row fails as a whole


def write_examples(
    examples: Mapping[str, Sequence[Mapping[str, Any]]],
    rows: Mapping[str, int],
    source_columns: Mapping[str, Mapping[str, str]],
) -> None:
    """Write a table for each type: fields as lines, records as columns, and in each cell what the
    file has, with what it becomes behind an arrow where that is something else.

    `rows` is how many rows there are of each type, `source_columns` from which column of the file
    each of its fields is.
    """
    for resource_type, records in examples.items():
        if not records:
            continue
        click.echo()
        count = rows.get(resource_type, len(records))
        of = f"the first {len(records)} of " if count > len(records) else ""
        click.echo(f"{resource_type}: {of}{counted(count, 'record')}")
        _write_type(records, source_columns.get(resource_type, {}))


def _write_type(records: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    fields = list(
        dict.fromkeys(
            name
            for each in records
            for name in (
                *each["fields"],
                *(name for name in each.get("failed", ()) if name != _ROW),
            )
        )
    )
    origins = {name: [_origin(each, name, columns) for each in records] for name in fields}
    named = {name: _columns_of(of_records) for name, of_records in origins.items()}
    is_of_file = any(named.values())
    titles = [
        *([TableColumn(title="column", shortens=True)] if is_of_file else []),
        TableColumn(title="field"),
        *(TableColumn(title=_title(each), shortens=True) for each in records),
    ]
    write_table(
        titles,
        (
            (
                *((named[name][0] if len(named[name]) == 1 else None,) if is_of_file else ()),
                name,
                *(
                    _cell(each, name, origin, names_column=len(named[name]) > 1)
                    for each, origin in zip(records, origins[name], strict=True)
                ),
            )
            for name in fields
        ),
    )


def _title(record: Mapping[str, Any]) -> str:
    return "made on the way" if record["row"] is None else f"row {record['row']:,}"


def _origin(
    record: Mapping[str, Any], field: str, columns: Mapping[str, str]
) -> tuple[str | None, str]:
    """The column that a field of a record is of, and its cell; `columns` are those of a record that
    does not say it itself, as plans of earlier releases."""
    if (cells := record.get("cells")) is not None:
        column, cell = cells.get(field, (None, _BLANK))
        return column, str(cell)
    own = columns.get(field)
    return own, str(record["source"].get(own, _BLANK))


def _columns_of(origins: Sequence[tuple[str | None, str]]) -> list[str]:
    """The columns that records have a field from, each once."""
    return list(dict.fromkeys(column for column, _ in origins if column))


def _cell(
    record: Mapping[str, Any], field: str, origin: tuple[str | None, str], *, names_column: bool
) -> str:
    column, before = origin
    value = (
        "(fails)"
        if field in record.get("failed", ())
        else _text(record["fields"].get(field, _BLANK))
    )
    if names_column and column:
        return f"{column}: {value if before == value else f'{before} -> {value}'}"
    return value if before in (value, _BLANK) else f"{before} -> {value}"


def _text(value: object) -> str:
    if value is None:
        return "(cleared)"
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
