"""`longshore delete`: hide an import."""

from __future__ import annotations

import click

from longshore.cli.commands.options import import_argument
from longshore.cli.messages import say
from longshore.cli.named_groups import group_called
from longshore.cli.places import Place, open_place, takes_place

__all__ = ["delete"]


@click.command("delete", short_help="Remove an import, group or plan from the list; records stay.")
@import_argument
@takes_place
def delete(place: Place, public_id: str) -> None:
    """Remove an import from the list, and stop it first where it still waits or runs.

    The records that it created and updated stay as they are, with their history. A plan goes with
    all that it has found, an import group with all its imports.
    """
    from longshore.operations import Asker

    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        asker = Asker(environment=environment)
        if (group := group_called(longshore, environment, public_id)) is not None:
            longshore.import_groups.delete(asker, group.id)
            if not group.is_finished:
                say(f"the {group.noun} was stopped first")
            stays = "what was applied of it" if group.is_plan else "the records that it made"
            say(f"{group.noun} {public_id} is deleted; {stays} stay{'s' * group.is_plan}")
            return
        import_ = longshore.imports.find(environment, public_id, may_be_plan=True)
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
