"""`longshore interrupt`: stop an import."""

from __future__ import annotations

import click

from longshore.cli.commands.options import import_argument, json_option
from longshore.cli.documents import write_document
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.report import describe_import
from longshore.cli.resources import import_resource

__all__ = ["interrupt"]


@click.command("interrupt", short_help="Stop an import that waits or runs.")
@import_argument
@json_option
@takes_place
def interrupt(place: Place, public_id: str, as_json: bool) -> None:
    """Stop an import at its last committed chunk, whichever process runs it.

    What it committed stays. An interrupted import cannot go on; the same file can be imported
    again, and finds unchanged what is there already.
    """
    from longshore.operations import Asker

    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        import_ = longshore.imports.find(environment, public_id)
        stopped = longshore.imports.interrupt(Asker(environment=environment), import_.id)
        if as_json:
            write_document({"data": import_resource(longshore, environment, stopped)})
        else:
            describe_import(longshore, stopped)
