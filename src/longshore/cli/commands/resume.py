"""`longshore resume`: finish what was left open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from longshore.cli.commands.options import json_option, verbose_option
from longshore.cli.documents import write_list
from longshore.cli.endings import Exit
from longshore.cli.findings import warn_of
from longshore.cli.group_imports import resume_group
from longshore.cli.import_work import Work
from longshore.cli.messages import say, warn
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.plan_report import report_plan, say_next_step_of_plan
from longshore.cli.report import exit_of, report_import, warn_of_rows
from longshore.cli.resources import import_resource, plan_resource, undo_resource
from longshore.cli.stops import watch_for_stops
from longshore.cli.undo_report import describe_undo, exit_of_undo, write_kept
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from longshore.access import Environment

__all__ = ["resume"]


@click.command("resume", short_help="Finish what a stopped process left open.")
@json_option
@verbose_option
@takes_place
def resume(place: Place, as_json: bool, verbose: bool) -> Exit:
    """Finish imports, plans and undos that are pending or in progress and that no living process
    runs.

    They go on behind their last committed row or change, in all organizations and modes, each
    environment's imports in the order in which they were created, then the plans, which begin
    again, then its undos. What has to wait for something that another process runs waits for it.
    """
    from longshore.imports import ImportUnreadable

    documents: list[dict[str, Any]] = []
    code = Exit.DONE
    with open_place(place, verbose=verbose, makes=False) as longshore, watch_for_stops() as stops:
        longshore.cleanup.sweep_attachments()
        waiting = [*longshore.imports.open(), *longshore.import_plans.open()]
        unreadable = longshore.imports.unreadable()
        for each in unreadable:
            warn(each.message, hint=each.hint)
            code = Exit.HAD_ERRORS
        if not waiting and not unreadable and not longshore.undos.open():
            say("no import is open")

        def work(environment: Environment) -> Work:
            return Work(longshore, environment, stops, verbose)

        groups_done: set[int] = set()
        for import_ in waiting:
            if stops.is_asked:
                break
            if import_.group_id in groups_done:
                continue
            if longshore.import_runs.is_running(import_):
                public_id = longshore.public_ids.encode(import_.id)
                say(f"{import_.noun} {public_id} is run by another process, and left to it")
                continue
            environment = longshore.imports.environment_of(import_)
            try:
                if import_.group_id is not None:
                    groups_done.add(import_.group_id)
                    group = longshore.import_groups.read(import_.group_id)
                    ended_code, told = resume_group(work(environment), group, as_json=as_json)
                    code = max(code, ended_code)
                    documents += told
                    continue
                ended, effort = work(environment).run(import_)
            except ImportUnreadable:
                continue  # it waits for one of those that were told
            except RequestRefused as error:
                code = max(code, _left_open(error))
                continue
            warn_of(ended.notices)
            warn_of_rows(longshore, ended)
            code = max(code, exit_of(ended))
            if as_json and ended.is_plan:
                documents.append(plan_resource(longshore, ended))
            elif as_json:
                documents.append(import_resource(longshore, environment, ended, listed=True))
            elif ended.is_plan:
                report_plan(longshore, ended, effort)
                say_next_step_of_plan(longshore, ended)
            else:
                report_import(longshore, ended, effort)
        # Read only here: some may have been finished for imports that wait for them.
        for undo in longshore.undos.open():
            if stops.is_asked:
                break
            if longshore.undos.is_running(undo):
                public_id = longshore.public_ids.encode(undo.id)
                say(f"undo {public_id} is run by another process, and left to it")
                continue
            environment = longshore.undos.environment_of(undo)
            try:
                ended_undo, effort = work(environment).run_undo(undo)
            except ImportUnreadable:
                continue
            except RequestRefused as error:
                code = max(code, _left_open(error))
                continue
            code = max(code, exit_of_undo(ended_undo))
            shown = longshore.undos.shown(ended_undo, is_listed=as_json)
            if as_json:
                documents.append(undo_resource(environment, shown))
            else:
                describe_undo(longshore, ended_undo, effort)
                write_kept(shown)
        if as_json:
            write_list(documents)
    return code


def _left_open(error: RequestRefused) -> Exit:
    """Say why something is left open; raises what is no reason for that."""
    from longshore.jobs import RunTaken
    from longshore.runs import RunWaits

    if isinstance(error.__cause__, RunTaken):
        say(f"{error.message}, and is left to it")
        return Exit.DONE
    if isinstance(error.__cause__, RunWaits):
        warn(error.message, hint=error.hint)
        return Exit.HAD_ERRORS
    raise error
