"""`longshore delete`: hide an import."""

from __future__ import annotations

import click

from longshore.cli.commands.options import import_argument
from longshore.cli.messages import say
from longshore.cli.places import Place, open_place, takes_place

__all__ = ["delete"]


@click.command("delete", short_help="Remove an import or plan from the list; records stay.")
@import_argument
@takes_place
def delete(place: Place, public_id: str) -> None:
    """Remove an import from the list, and stop it first where it still waits or runs.

    The records that it created and updated stay as they are, with their history. A plan goes with
    all that it has found.
    """
    from longshore.operations import Asker

    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        import_ = longshore.imports.find(environment, public_id, may_be_plan=True)
        asker = Asker(environment=environment)
        if import_.is_plan:
            longshore.import_plans.delete(asker, import_.id)
        else:
            longshore.imports.delete(asker, import_.id)
    if not import_.is_finished:
        say(f"the {import_.noun} was stopped first")
    if import_.is_plan:
        say(f"plan {public_id} is deleted; what was applied of it stays")
        return
    say(f"import {public_id} is deleted; the records that it created and updated stay")
