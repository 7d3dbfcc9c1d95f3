"""`longshore resume`: finish what was left open."""

from __future__ import annotations

from typing import Any

import click

from longshore.cli.commands.options import json_option, verbose_option
from longshore.cli.documents import write_list
from longshore.cli.endings import Exit
from longshore.cli.findings import warn_of
from longshore.cli.import_work import Work
from longshore.cli.messages import say, warn
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.report import exit_of, report_import, warn_of_rows
from longshore.cli.resources import import_resource
from longshore.cli.stops import watch_for_stops
from longshore.errors import RequestRefused

__all__ = ["resume"]


@click.command("resume", short_help="Finish the imports that a stopped process left open.")
@json_option
@verbose_option
@takes_place
def resume(place: Place, as_json: bool, verbose: bool) -> Exit:
    """Finish imports that are pending or in progress and that no living process runs.

    They go on behind their last committed row, in all organizations and modes, each environment's
    in the order in which they were created. What has to wait for an import that another process
    runs waits for it.
    """
    from longshore.imports import ImportUnreadable
    from longshore.jobs import RunTaken
    from longshore.runs import RunWaits

    documents: list[dict[str, Any]] = []
    code = Exit.DONE
    with open_place(place, verbose=verbose, makes=False) as longshore, watch_for_stops() as stops:
        longshore.cleanup.sweep_attachments()
        waiting = longshore.imports.open()
        unreadable = longshore.imports.unreadable()
        for each in unreadable:
            warn(each.message, hint=each.hint)
            code = Exit.HAD_ERRORS
        if not waiting and not unreadable:
            say("no import is open")
        for import_ in waiting:
            if stops.is_asked:
                break
            if longshore.import_runs.is_running(import_):
                public_id = longshore.public_ids.encode(import_.id)
                say(f"import {public_id} is run by another process, and left to it")
                continue
            environment = longshore.imports.environment_of(import_)
            try:
                ended, effort = Work(longshore, environment, stops, verbose).run(import_)
            except ImportUnreadable:
                continue  # it waits for one of those that were told
            except RequestRefused as error:
                if isinstance(error.__cause__, RunTaken):
                    say(f"{error.message}, and is left to it")
                elif isinstance(error.__cause__, RunWaits):
                    warn(error.message, hint=error.hint)
                    code = Exit.HAD_ERRORS
                else:
                    raise
                continue
            warn_of(ended.notices)
            warn_of_rows(longshore, ended)
            code = max(code, exit_of(ended))
            if as_json:
                documents.append(import_resource(longshore, environment, ended, listed=True))
            else:
                report_import(longshore, ended, effort)
        if as_json:
            write_list(documents)
    return code
