"""`longshore errors`: every error of an import."""

from __future__ import annotations

import click

from longshore.cli.commands.options import import_argument, json_option, limit_option
from longshore.cli.documents import write_list
from longshore.cli.findings import write_errors
from longshore.cli.messages import say
from longshore.cli.places import Place, open_place, takes_place

__all__ = ["errors"]


@click.command("errors", short_help="List the errors of an import.")
@import_argument
@limit_option("At most so many.  [default: all]")
@json_option
@takes_place
def errors(place: Place, public_id: str, limit: int | None, as_json: bool) -> None:
    """List every error of an import, by row: rows count from 1 without the header, lines are
    those of the file."""
    from longshore.operations import error_attributes

    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        import_ = longshore.imports.find(environment, public_id)
        found = longshore.imports.errors(import_, limit=limit)
        if as_json:
            write_list(map(error_attributes, found))
        elif import_.errors_count:
            write_errors(found)
        else:
            say(f"no row of import {public_id} failed")
        if import_.interruption_reason and not as_json:
            say(f"it was interrupted: {import_.interruption_reason}")
        if import_.stopped_by is not None and not as_json:
            say(f"it was interrupted: {import_.stopped_by.reason}")
