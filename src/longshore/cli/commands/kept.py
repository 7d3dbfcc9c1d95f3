"""`longshore kept`: what an undo leaves as it is, or an import that has gone back."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import click

from longshore.cli.commands.options import import_argument, json_option, limit_option
from longshore.cli.documents import write_list
from longshore.cli.messages import say
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.tables import TableColumn, write_table
from longshore.cli.undo_report import KEPT_COLUMNS, kept_cells
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from longshore.access import Environment
    from longshore.assembly import Longshore
    from longshore.imports import Import

__all__ = ["kept"]

_COLUMNS = (TableColumn(title="reason"), *KEPT_COLUMNS)


@click.command("kept", short_help="List what an undo keeps, with the reasons.")
@import_argument
@limit_option("At most so many.  [default: all]")
@json_option
@takes_place
def kept(place: Place, public_id: str, limit: int | None, as_json: bool) -> None:
    """List what an undo leaves as it is, by record: fields of it, or the whole record, with the
    reason, the row of the import that has changed it, and what stands behind the reason. Likewise
    of an import that is all or nothing and has taken back what it had written."""
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        undo = longshore.undos.find(environment, public_id)
        by = undo or _gone_back(longshore, environment, public_id)
        parts = longshore.undos.kept(by, limit=limit)
        if as_json:
            write_list(parts)
        elif (first := next(parts, None)) is None:
            say(f"{'import' if undo is None else 'undo'} {public_id} keeps nothing")
        else:
            told = chain((first,), parts)
            write_table(_COLUMNS, ((part["reason"], *kept_cells(part)) for part in told))


def _gone_back(longshore: Longshore, environment: Environment, public_id: str) -> Import:
    """The import that has gone back, or goes back; raises RequestRefused when there is none."""
    from longshore.imports import Stage

    try:
        import_ = longshore.imports.find(environment, public_id)
    except RequestRefused:
        import_ = None
    if import_ is None or import_.stage is not Stage.GOING_BACK:
        raise RequestRefused(f"there is no undo {public_id!r}", hint="`longshore undos` lists them")
    return import_
