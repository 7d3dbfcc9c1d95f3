"""`longshore blame`: who has given the fields of a record their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.authors import author_shown
from longshore.cli.commands.options import json_option, type_argument
from longshore.cli.documents import write_document
from longshore.cli.messages import say
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.tables import TableColumn, write_table

if TYPE_CHECKING:
    from longshore.operations import RecordBlame

__all__ = ["blame"]

_COLUMNS = (
    TableColumn(title="field"),
    TableColumn(title="value", shortens=True),
    TableColumn(title="before", shortens=True),
    TableColumn(title="since"),
    TableColumn(title="by", folds=True),
)


@click.command("blame", short_help="Tell who has given a record its values.")
@type_argument
@click.argument("key", metavar="ID|KEY")
@click.argument("field", required=False)
@json_option
@takes_place
def blame(place: Place, resource_type: str, key: str, field: str | None, as_json: bool) -> None:
    """Tell of each field of a record, or of one, who has given it its value: which row of which
    import, which undo, application or person, since when, and what was there before.

    The record is named by its id or by its natural key, such as the code of a SKU or the email of a
    customer; or by fields that only it has: sku_code=A1,price_list_code=EU.

    Fields that nobody has touched have what the record was created with; those that have never had
    a value are shown with --json only.
    """
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        found = longshore.blames.of_named(environment, resource_type, key, field)
    if as_json:
        write_document({"data": list(found.fields), "meta": found.meta})
        return
    shown = [each for each in found.fields if field is not None or _has_had_value(each)]
    write_table(_COLUMNS, [_cells(each, found) for each in shown])
    if found.returned is not None:
        by = author_shown(found.returned["who"])
        say(f"{found.type} {found.id} was gone and came back at {found.returned['at']}, by {by}")


def _has_had_value(told: Mapping[str, Any]) -> bool:
    return told["event"] != "create" or told["value"] not in (None, [], {})


def _cells(told: Mapping[str, Any], found: RecordBlame) -> tuple[str | None, ...]:
    before, value = found.amounts.get(told["field"], (None, None))
    return (
        told["field"],
        value or _value(told["value"]),
        None if told["event"] == "create" else before or _value(told["before"]),
        told["since"][:19].replace("T", " ") + " UTC",
        _author(told),
    )


def _author(told: Mapping[str, Any]) -> str:
    row = ""
    if told["source"] is not None:
        row += f" ({told['source']})"
    if told["row"] is not None:
        row += f", row {told['row']:,}"
        if told["line"] is not None:
            row += f" (line {told['line']:,})"
    if told["retry_of"] is not None:
        row += f", a retry of {told['retry_of']}"
    return author_shown(told["who"], row=row, of=told["takes_back"])


def _value(value: object) -> str | None:
    from longshore.json_text import encode_json

    match value:
        case None:
            return None
        case str():
            return value
        case _:
            return encode_json(value).decode()
