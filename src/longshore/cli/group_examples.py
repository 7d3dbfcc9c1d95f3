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
    fields = list(dict.fromkeys(name for each in records for name in each["fields"]))
    is_of_file = any(columns.get(name) for name in fields)
    titles = [
        *([TableColumn(title="column", shortens=True)] if is_of_file else []),
        TableColumn(title="field"),
        *(TableColumn(title=_title(each), shortens=True) for each in records),
    ]
    write_table(
        titles,
        (
            (
                *((columns.get(name),) if is_of_file else ()),
                name,
                *(_cell(each, name, columns.get(name)) for each in records),
            )
            for name in fields
        ),
    )


def _title(record: Mapping[str, Any]) -> str:
    return "made on the way" if record["row"] is None else f"row {record['row']:,}"


def _cell(record: Mapping[str, Any], field: str, column: str | None) -> str:
    value = _text(record["fields"].get(field, _BLANK))
    before = str(record["source"].get(column, _BLANK)) if column else _BLANK
    return value if before in (value, _BLANK) else f"{before} -> {value}"


def _text(value: object) -> str:
    if value is None:
        return "(cleared)"
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
