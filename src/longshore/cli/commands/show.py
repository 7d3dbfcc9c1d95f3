"""`longshore show`: everything about one import, plan or undo."""

from __future__ import annotations

import click

from longshore.cli.commands.options import import_argument, json_option
from longshore.cli.documents import write_document
from longshore.cli.findings import warn_of
from longshore.cli.group_plan_report import describe_group_plan
from longshore.cli.group_report import describe_group
from longshore.cli.named_groups import group_called
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.plan_report import describe_plan
from longshore.cli.report import describe_import, say_next_step
from longshore.cli.resources import group_documents, import_resource, undo_resource
from longshore.cli.undo_report import describe_undo, say_after_undo, write_kept

__all__ = ["show"]


@click.command("show", short_help="Show one import, group, plan or undo.")
@import_argument
@json_option
@takes_place
def show(place: Place, public_id: str, as_json: bool) -> None:
    """Show an import, or a plan: what it is, how far it is and what became of its rows; or an undo:
    what it has restored and removed, and what it keeps; or an import group, with a line for each
    of its types."""
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        if (undo := longshore.undos.find(environment, public_id)) is not None:
            shown = longshore.undos.shown(undo)
            if as_json:
                write_document({"data": undo_resource(environment, shown)})
                return
            describe_undo(longshore, undo)
            write_kept(shown)
            say_after_undo(longshore, undo, shown)
            return
        if (group := group_called(longshore, environment, public_id)) is not None:
            if as_json:
                write_document(group_documents(longshore, environment, group))
            elif group.is_plan:
                describe_group_plan(longshore, group)
            else:
                describe_group(longshore, group)
            return
        import_ = longshore.imports.find(environment, public_id, may_be_plan=True)
        if import_.is_plan:
            describe_plan(longshore, import_, as_json=as_json)
            return
        if as_json:
            write_document({"data": import_resource(longshore, environment, import_)})
            return
        describe_import(longshore, import_)
        warn_of(import_.notices)
        say_next_step(longshore, import_)
