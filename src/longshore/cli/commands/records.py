"""`longshore records`: what is stored."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from longshore.cli.commands.options import json_option, limit_option, type_argument
from longshore.cli.documents import write_list
from longshore.cli.messages import counted, say
from longshore.cli.names import recorded_type
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.resources import record_reader, record_resources
from longshore.cli.tables import Column, write_table

if TYPE_CHECKING:
    from longshore.catalogue import ResourceType
    from longshore.records import RecordView

__all__ = ["records"]

_SHOWN = 25
_COLUMNS_MIN = 3
_COLUMNS_MAX = 6


@click.command("records", short_help="List the records of a type.")
@type_argument
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="KEY=VALUE",
    help="Only those that match, such as code_start=AB or quantity_gt=0; may be given again.",
)
@limit_option(f"At most so many.  [default: {_SHOWN}, all with --json]")
@json_option
@takes_place
def records(
    place: Place, resource_type: str, filters: tuple[str, ...], limit: int | None, as_json: bool
) -> None:
    """List the records of a resource type, in the order in which they were created.

    A filter is a field and a matcher, as in the query of the API: code_eq, name_cont,
    sku_code_in=A,B, updated_at_gt=2024-01-31, shipping_category_name_start. A field alone means
    that it is equal.
    """
    from longshore.catalogue import load_catalogue

    declared = recorded_type(load_catalogue(), resource_type)
    conditions = [_condition(each) for each in filters]
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        reader = record_reader(longshore, environment)
        with longshore.database.read() as tx:
            if as_json:
                views = reader.find(tx, declared.name, filters=conditions, limit=limit)
                write_list(record_resources(longshore, environment, views))
                return
            count = reader.count(tx, declared.name, filters=conditions)
            names = _main_fields(declared)
            views = reader.find(
                tx, declared.name, filters=conditions, limit=limit or _SHOWN, fields=names
            )
            write_table(*_table(declared, names, views))
    shown = min(count, limit or _SHOWN)
    if shown < count:
        say(f"and {counted(count - shown, 'more record')}: --limit N shows more")
    elif conditions and not count:
        say(f"no {declared.name} match")
    elif not count:
        can_be_imported = declared.name in load_catalogue().creatable
        hint = f"longshore import {declared.name} FILE" if can_be_imported else None
        say(f"no {declared.name} yet", hint=hint)


def _condition(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise click.BadParameter(f"expected KEY=VALUE, found {text!r}", param_hint="'--filter'")
    return key, value


def _main_fields(declared: ResourceType) -> list[str]:
    """What tells most about a record: its natural key, what it must have, then what comes first."""
    from longshore.catalogue import ValueType

    shown = {
        each.name: each
        for each in declared.attributes
        if each.fetchable
        and not each.only_on
        and each.name not in ("type", "created_at", "updated_at")
        and each.type not in (ValueType.OBJECT, ValueType.ARRAY)
    }
    # A key names its target by id; people know the code that stands for it.
    spelled = {
        each.names.relationship: each.name
        for each in shown.values()
        if each.names is not None and each.names.relationship
    }
    targets = {each.name for each in declared.relationships if each.has_column}
    parts = [part for key in declared.keys if key.matches for part in key.parts]
    ranked = [spelled.get(part, part) for part in parts]
    ranked += [name for name, each in shown.items() if each.required is not None]
    ranked += [name for name in ("name", "status") if name in shown]
    known = [name for name in dict.fromkeys(ranked) if name in shown or name in targets]
    more = (name for name, each in shown.items() if each.sortable and name not in known)
    known += itertools.islice(more, max(_COLUMNS_MIN - len(known), 0))
    return [*known[:_COLUMNS_MAX], "updated_at"]


def _table(
    declared: ResourceType, names: list[str], views: Iterator[RecordView]
) -> tuple[list[Column], Iterable[Sequence[object]]]:
    from longshore.catalogue import ValueType

    types = {each.name: each.type for each in declared.attributes}
    numbers = (ValueType.INTEGER, ValueType.FLOAT)
    columns = [Column(title="id")]
    if declared.is_abstract:
        columns.append(Column(title="type"))
    columns += [
        Column(
            title=name if name in types else f"{name}_id",
            right=types.get(name) in numbers,
            folds=name != "updated_at",
        )
        for name in names
    ]

    def cells(view: RecordView) -> list[object]:
        row: list[object] = [view.id, view.type] if declared.is_abstract else [view.id]
        for name in names:
            value = view.attributes.get(name, view.to_one.get(name))
            if types.get(name) is ValueType.DATETIME and isinstance(value, str):
                value = value[:16].replace("T", " ")  # to the minute
            # Numbers as they are stored, to be copied into a filter or a file.
            row.append(f"{value}" if type(value) in (int, float) else value)
        return row

    return columns, map(cells, views)
