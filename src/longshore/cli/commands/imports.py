"""`longshore imports`: what was imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from longshore.cli.commands.options import json_option, limit_option
from longshore.cli.documents import write_list
from longshore.cli.messages import counted, say, warn
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.resources import import_resource, unreadable_import
from longshore.cli.tables import TableColumn, minute, write_table

if TYPE_CHECKING:
    from longshore.imports import Import

__all__ = ["imports"]

_SHOWN = 25
_COLUMNS = (
    TableColumn(title="import"),
    TableColumn(title="type", shortens=True),
    TableColumn(title="status"),
    TableColumn(title="rows", right=True),
    TableColumn(title="failed", right=True),
    TableColumn(title="created (UTC)"),
    TableColumn(title="source", shortens=True),
)


def _status(import_: Import) -> str:
    """The status, with the rule that interrupted it."""
    stopped_by = import_.stopped_by
    return str(import_.status) if stopped_by is None else f"{import_.status} ({stopped_by.rule})"


@click.command("imports", short_help="List the imports, newest first.")
@limit_option(f"At most so many.  [default: {_SHOWN}, all with --json]")
@json_option
@takes_place
def imports(place: Place, limit: int | None, as_json: bool) -> None:
    """List the imports of an organization in one mode, newest first."""
    from longshore.imports import ImportUnreadable

    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        found = longshore.imports.list(environment, limit=limit)
        if as_json:
            write_list(
                unreadable_import(each)
                if isinstance(each, ImportUnreadable)
                else import_resource(longshore, environment, each, listed=True)
                for each in found
            )
            return
        if not found:
            say(
                "no imports yet", hint="longshore import TYPE FILE; longshore types lists the types"
            )
            return
        shown = found if limit else found[:_SHOWN]
        encode = longshore.public_ids.encode
        write_table(
            _COLUMNS,
            (
                (each.public_id, "", "unreadable", "", "", "", "")
                if isinstance(each, ImportUnreadable)
                else (
                    encode(each.id),
                    each.resource_type,
                    _status(each),
                    each.inputs_size,
                    each.errors_count,
                    minute(each.created_at),
                    each.source_name,
                )
                for each in shown
            ),
        )
        for each in shown:
            if isinstance(each, ImportUnreadable):
                warn(each.message, hint=each.hint)
        if len(found) > len(shown):
            say(f"and {counted(len(found) - len(shown), 'older import')}: --limit N shows more")
