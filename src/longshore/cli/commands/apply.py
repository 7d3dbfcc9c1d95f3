"""`longshore apply`: do what a plan has found, or nothing."""

from __future__ import annotations

import click

from longshore.cli.commands.options import json_option, verbose_option
from longshore.cli.endings import Exit
from longshore.cli.group_imports import run_group_to_end
from longshore.cli.import_end import run_to_end
from longshore.cli.import_work import Work
from longshore.cli.named_groups import group_called
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.stops import watch_for_stops

__all__ = ["apply"]


@click.command("apply", short_help="Do exactly what a plan has found, or nothing.")
@click.argument("public_id", metavar="PLAN")
@json_option
@verbose_option
@takes_place
def apply(place: Place, public_id: str, as_json: bool, verbose: bool) -> Exit:
    """Import the rows of a plan: each does exactly what PLAN says of it.

    Where records that the rows name, or refer to, were changed since the plan was made, nothing is
    written, and the rows are named on standard error. Where one is changed while the rows are being
    written, the import stops before the 1,000 rows that it belongs to; `longshore undo` takes back
    what was written before them.

    A plan is applied once. One that was stopped before it has changed anything can be tried again.

    Ctrl-C interrupts the import after the rows in hand. SIGTERM and SIGHUP stop the process
    likewise, but leave the import open for `longshore resume`.

    Exit status: 0 all rows are in; 1 rows failed as planned, or the import was interrupted; 2
    nothing was done, because the plan cannot be applied.
    """
    with open_place(place, verbose=verbose, makes=False) as longshore, watch_for_stops() as stops:
        work = Work(longshore, place.environment(longshore), stops, verbose)
        if (group := group_called(longshore, work.environment, public_id)) is not None:
            made = longshore.group_applier.apply(work.environment, group, to_run=True)
            return run_group_to_end(work, made, None, as_json=as_json)
        plan = longshore.import_plans.find(work.environment, public_id)
        return run_to_end(work, work.apply(plan), None, as_json=as_json)
