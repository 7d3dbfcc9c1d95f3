"""`longshore changes`: what was changed in a record, or by an import, plan or undo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import click

from longshore.cli.authors import author_shown
from longshore.cli.commands.options import json_option, limit_option
from longshore.cli.documents import write_list
from longshore.cli.messages import say
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.tables import TableColumn, write_table

__all__ = ["changes"]

_SHOWN = 25
_NUMBER = TableColumn(title="number", right=True)
_SINCE = TableColumn(title="at")
_ROW = (TableColumn(title="row", right=True), TableColumn(title="line", right=True))
_WHAT = (
    TableColumn(title="event"),
    TableColumn(title="record"),
    TableColumn(title="what", folds=True),
)
_BY = TableColumn(title="by", folds=True)


@click.command("changes", short_help="List what was changed in a record, or by an import or undo.")
@click.argument("public_id", metavar="ID")
@click.option(
    "--after",
    type=click.IntRange(min=0),
    metavar="NUMBER",
    help="Only what is behind the change with this number, or of an import or plan behind this "
    "row.  [default: all]",
)
@limit_option(
    f"At most so many changes, or of an import or plan rows.  [default: {_SHOWN}, all with --json]"
)
@json_option
@takes_place
def changes(
    place: Place, public_id: str, after: int | None, limit: int | None, as_json: bool
) -> None:
    """List what was changed, oldest first: in the record with this id, also where it is gone, with
    who did it; or by the import, plan or undo with this id, row by row and record by record.

    What an import has created is told without its fields. Of a plan it is what would be changed.
    """
    if not as_json:
        limit = limit or _SHOWN
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        with longshore.changes.found(environment, public_id, after=after) as found:
            numbers: list[int] = []

            def documents() -> Iterator[Mapping[str, Any]]:
                for change in islice(found.changes, limit):
                    numbers.append(change.number)
                    yield from change.documents

            if as_json:
                write_list(documents())
            else:
                columns = _columns(found.what)
                write_table(columns, (_cells(columns, each) for each in documents()))
            is_more = limit is not None and next(found.changes, None) is not None
    if is_more:
        say(f"there are more: --after {numbers[-1]} goes on")
    elif not numbers and not as_json:
        behind = "" if after is None else f" behind number {after}"
        say(f"{found.what} {public_id} tells of no change{behind}")


def _columns(what: str) -> tuple[TableColumn, ...]:
    match what:
        case "record":
            return (_NUMBER, _SINCE, *_WHAT[::2], _BY)
        case "undo":
            return (_NUMBER, _SINCE, *_WHAT)
        case _:
            return (*_ROW, *_WHAT)


def _cells(columns: tuple[TableColumn, ...], change: Mapping[str, Any]) -> list[str]:
    return [_cell(column.title, change) for column in columns]


def _cell(title: str, change: Mapping[str, Any]) -> str:
    match title:
        case "at":
            return str(change["at"])[:19].replace("T", " ") + " UTC"
        case "record":
            record = change["record"]
            return f"{record['type']} {record['id'] or '(new)'}" if record else "(new)"
        case "what":
            return "; ".join(_fields(change))
        case "by":
            return _author(change)
        case _:
            return f"{change[title]}"


def _fields(change: Mapping[str, Any]) -> Iterator[str]:
    from longshore.json_text import encode_json

    for field, pair in change["changes"].items():
        before, after = (encode_json(each).decode() for each in pair)
        if field in change["amounts"]:
            before, after = (each or "null" for each in change["amounts"][field])
        match change["event"]:
            case "create" | "restore":
                yield f"{field} {after}"
            case "destroy":
                yield f"{field} {before}"
            case _:
                yield f"{field} {before} -> {after}"


def _author(change: Mapping[str, Any]) -> str:
    row = "" if change["row"] is None else f", row {change['row']:,}"
    if change["line"] is not None:
        row += f" (line {change['line']:,})"
    return author_shown(change["who"], row=row)
