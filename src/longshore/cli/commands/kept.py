"""`longshore kept`: what an undo leaves as it is."""

from __future__ import annotations

import click

from longshore.cli.commands.options import import_argument, json_option, limit_option
from longshore.cli.documents import write_list
from longshore.cli.messages import say
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.tables import Column, write_table
from longshore.cli.undo_report import KEPT_COLUMNS, kept_cells
from longshore.errors import RequestRefused

__all__ = ["kept"]

_COLUMNS = (Column(title="reason"), *KEPT_COLUMNS)


@click.command("kept", short_help="List what an undo keeps, with the reasons.")
@import_argument
@limit_option("At most so many.  [default: all]")
@json_option
@takes_place
def kept(place: Place, public_id: str, limit: int | None, as_json: bool) -> None:
    """List what an undo leaves as it is, by record: fields of it, or the whole record, with the
    reason, the row of the import that has changed it, and what stands behind the reason."""
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        undo = longshore.undos.find(environment, public_id)
        if undo is None:
            raise RequestRefused(
                f"there is no undo {public_id!r}", hint="`longshore undos` lists them"
            )
        parts = longshore.undos.kept(undo, limit=limit)
        if as_json:
            write_list(parts)
        elif not undo.kept_count:
            say(f"undo {public_id} keeps nothing")
        else:
            write_table(_COLUMNS, ((part["reason"], *kept_cells(part)) for part in parts))
