"""`longshore undo`: what an import has done taken back."""

from __future__ import annotations

import sys

import click

from longshore.cli.commands.options import import_argument, json_option, verbose_option
from longshore.cli.documents import write_document
from longshore.cli.endings import Exit, silence_output
from longshore.cli.group_undo import try_group_undo, undo_group
from longshore.cli.import_work import Work
from longshore.cli.messages import fail
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.resources import undo_resource
from longshore.cli.stops import StopRequested, watch_for_stops
from longshore.cli.undo_report import (
    describe_undo,
    describe_undo_trial,
    exit_of_undo,
    exit_of_undo_trial,
    say_after_undo,
    write_kept,
)

__all__ = ["undo"]


@click.command("undo", short_help="Take back what an import, a group or an undo has done.")
@import_argument
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show what would be restored, removed and kept, and write nothing.",
)
@json_option
@verbose_option
@takes_place
def undo(place: Place, public_id: str, dry_run: bool, as_json: bool, verbose: bool) -> Exit:
    """Take back what an import has done: fields that it has changed are given back, records that
    it has created are removed. With the ID of an undo, take that back: then all is as it was before
    the undo. With the ID of an import group, take all of it back, the last of its imports first.

    What somebody else has changed since stays as it is, and so does what cannot be given back
    without breaking something else; the report names each such record with the reason. longshore
    kept lists all of them.

    Only what has ended can be taken back. An undo waits for older imports that write the same
    tables, as `longshore import` does.

    Ctrl-C interrupts the undo after the changes in hand; another undo goes on with the rest.
    SIGTERM and SIGHUP leave it open for `longshore resume`.

    Exit status: 0 all is taken back; 1 something is kept, or the undo was interrupted; 2 nothing
    was done.
    """
    from longshore.operations import Asker

    with (
        open_place(place, verbose=verbose, makes=False) as longshore,
        watch_for_stops() as stops,
    ):
        environment = place.environment(longshore)
        undos = longshore.undos
        work = Work(longshore, environment, stops, verbose)
        group = undos.undoable_group(environment, public_id)
        if group is not None and dry_run:
            return try_group_undo(work, group, as_json=as_json)
        if group is not None:
            return undo_group(work, group, as_json=as_json)
        of = undos.undoable(environment, public_id)
        if dry_run:
            try:
                trial, shown = work.try_undo(of)
            except StopRequested:
                fail("stopped before the end of the dry run; nothing was written")
                return Exit.HAD_ERRORS
            if as_json:
                write_document({"data": undo_resource(environment, shown)})
            else:
                describe_undo_trial(longshore, of, shown)
                write_kept(shown)
            return exit_of_undo_trial(trial)
        begun = undos.start(Asker(environment=environment), of, to_run=True)
        ended, effort = work.run_undo(begun)
        shown = undos.shown(ended)
        try:
            if as_json:
                write_document({"data": undo_resource(environment, shown)})
            else:
                describe_undo(longshore, ended, effort)
                write_kept(shown)
            say_after_undo(longshore, ended, shown)
            sys.stdout.flush()
        except BrokenPipeError:
            silence_output()  # nobody reads the report, and the undo ended as it did
        return exit_of_undo(ended)
