"""`longshore undos`: what was taken back."""

from __future__ import annotations

import click

from longshore.cli.commands.options import json_option, limit_option
from longshore.cli.documents import write_list
from longshore.cli.messages import counted, say
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.resources import undo_resource
from longshore.cli.tables import TableColumn, minute, write_table

__all__ = ["undos"]

_SHOWN = 25
_COLUMNS = (
    TableColumn(title="undo"),
    TableColumn(title="of"),
    TableColumn(title="status"),
    TableColumn(title="restored", right=True),
    TableColumn(title="removed", right=True),
    TableColumn(title="kept", right=True),
    TableColumn(title="created (UTC)"),
)


@click.command("undos", short_help="List the undos, newest first.")
@limit_option(f"At most so many.  [default: {_SHOWN}, all with --json]")
@json_option
@takes_place
def undos(place: Place, limit: int | None, as_json: bool) -> None:
    """List the undos of imports, and of undos, of an organization in one mode, newest first."""
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        found = longshore.undos.list(environment, limit=limit)
        if as_json:
            write_list(
                undo_resource(environment, longshore.undos.shown(each, is_listed=True))
                for each in found
            )
            return
        if not found:
            say("nothing was taken back yet", hint="longshore undo ID takes an import back")
            return
        shown = found if limit else found[:_SHOWN]
        encode = longshore.public_ids.encode
        write_table(
            _COLUMNS,
            (
                (
                    encode(each.id),
                    f"import {encode(each.import_id)}"
                    if each.import_id is not None
                    else f"undo {encode(each.undo_id or 0)}",
                    str(each.status),
                    each.restored_count,
                    each.removed_count,
                    each.kept_count,
                    minute(each.created_at),
                )
                for each in shown
            ),
        )
        if len(found) > len(shown):
            say(f"and {counted(len(found) - len(shown), 'older undo')}: --limit N shows more")
