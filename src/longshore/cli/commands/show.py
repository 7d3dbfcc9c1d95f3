"""`longshore show`: everything about one import."""

from __future__ import annotations

import click

from longshore.cli.commands.options import import_argument, json_option
from longshore.cli.documents import write_document
from longshore.cli.findings import warn_of
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.report import describe_import, say_next_step
from longshore.cli.resources import import_resource

__all__ = ["show"]


@click.command("show", short_help="Show one import.")
@import_argument
@json_option
@takes_place
def show(place: Place, public_id: str, as_json: bool) -> None:
    """Show an import: what it is, how far it is and what became of its rows."""
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        import_ = longshore.imports.find(environment, public_id)
        if as_json:
            write_document({"data": import_resource(longshore, environment, import_)})
            return
        describe_import(longshore, import_)
        warn_of(import_.notices)
        say_next_step(longshore, import_)
