"""`longshore interrupt`: stop an import or an undo."""

from __future__ import annotations

import click

from longshore.cli.commands.options import import_argument, json_option
from longshore.cli.documents import write_document
from longshore.cli.group_report import report_group
from longshore.cli.messages import say
from longshore.cli.named_groups import group_called
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.plan_report import describe_plan
from longshore.cli.report import describe_import, say_next_step
from longshore.cli.resources import group_documents, import_resource, undo_resource
from longshore.cli.undo_report import describe_undo

__all__ = ["interrupt"]


@click.command("interrupt", short_help="Stop an import, group, plan or undo that waits or runs.")
@import_argument
@json_option
@takes_place
def interrupt(place: Place, public_id: str, as_json: bool) -> None:
    """Stop an import at its last committed chunk, or an undo at its last committed step,
    whichever process runs it.

    What it committed stays, unless the import is all or nothing: then that is taken back first, and
    this command does not wait for it. An interrupted import cannot go on; the same file can be
    imported again, and finds unchanged what is there already. What an interrupted undo has left can
    be taken back by another undo. A plan is stopped as an import is; of an import group the types
    that are not done are.
    """
    from longshore.operations import Asker

    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        asker = Asker(environment=environment)
        if (undo := longshore.undos.find(environment, public_id)) is not None:
            shown = longshore.undos.interrupt(asker, undo.id)
            if as_json:
                write_document({"data": undo_resource(environment, shown)})
            else:
                describe_undo(longshore, longshore.undos.read(undo.id))
            return
        if (group := group_called(longshore, environment, public_id)) is not None:
            stopped_group = longshore.import_groups.interrupt(asker, group.id)
            if as_json:
                write_document(group_documents(longshore, environment, stopped_group))
            else:
                report_group(longshore, stopped_group)
            return
        import_ = longshore.imports.find(environment, public_id, may_be_plan=True)
        if import_.is_plan:
            longshore.import_plans.interrupt(asker, import_.id)
            describe_plan(longshore, longshore.imports.read(import_.id), as_json=as_json)
            return
        stopped = longshore.imports.interrupt(asker, import_.id)
        if as_json:
            write_document({"data": import_resource(longshore, environment, stopped)})
        else:
            describe_import(longshore, stopped)
        if not stopped.is_finished:
            say("what the import has written is taken back before it ends")
            say_next_step(longshore, stopped)
