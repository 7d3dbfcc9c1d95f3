"""`longshore plan`: what an import would do, kept so that it can be applied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from longshore.cli.commands.group_options import CommandWithDialects
from longshore.cli.commands.import_checks import check_can_be_group
from longshore.cli.commands.import_options import ImportOptions, import_options
from longshore.cli.commands.options import (
    json_option,
    limit_option,
    spreadsheet_safe_option,
    verbose_option,
)
from longshore.cli.commands.recognition import OneType, recognised
from longshore.cli.commands.source_options import path_of, warn_of_guarded
from longshore.cli.documents import write_list
from longshore.cli.endings import Exit
from longshore.cli.findings import warn_of, warn_of_source
from longshore.cli.group_imports import plan_group_to_end, submit_group
from longshore.cli.group_plan_report import describe_group_plan, write_group_plan
from longshore.cli.import_work import Work
from longshore.cli.messages import counted, fail, say
from longshore.cli.named_groups import group_called
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.plan_report import (
    describe_plan,
    exit_of_plan,
    report_plan,
    say_next_step_of_plan,
    write_plan,
)
from longshore.cli.plan_rows import PlanRowsFile
from longshore.cli.report import warn_of_rows
from longshore.cli.stops import StopRequested, watch_for_stops
from longshore.cli.tables import TableColumn, write_table

__all__ = ["plan"]

_SHOWN = 25
_LISTED_MAX = 1_000_000_000  # all: plans expire after seven days
_COLUMNS = (
    TableColumn(title="plan"),
    TableColumn(title="type", shortens=True),
    TableColumn(title="status"),
    TableColumn(title="created", right=True),
    TableColumn(title="updated", right=True),
    TableColumn(title="failed", right=True),
    TableColumn(title="made (UTC)"),
    TableColumn(title="applied by"),
    TableColumn(title="source", shortens=True),
)


class PlanCommand(CommandWithDialects):
    """A command with others behind its name, where these stand first."""

    further: dict[str, click.Command]

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """The context of the command that the arguments name."""
        if args and args[0] in self.further:
            name, *rest = args
            return self.further[name].make_context(f"{info_name} {name}", rest, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command("plan", cls=PlanCommand, short_help="Tell what an import would do, and keep it.")
@import_options
@click.option(
    "--rows",
    "wants_rows",
    is_flag=True,
    help="List every row that creates, changes or fails, in place of the first ones.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write what becomes of every row to a CSV, for somebody who is to agree; the file appears "
    "whole or not at all.",
)
@spreadsheet_safe_option(
    "Take the apostrophe off cells of a CSV that an export with this option wrote before = + - @, "
    "and write it into the cells of --output, which then has .spreadsheet-safe in its name."
)
@json_option
@verbose_option
@takes_place
def plan(
    place: Place,
    options: ImportOptions,
    wants_rows: bool,
    output: Path | None,
    is_guarded: bool,
    as_json: bool,
    verbose: bool,
) -> Exit:
    """Tell what an import of FILE would do, field by field, and write no record. The plan is kept
    for seven days.

    The arguments and options say the same as those of `longshore import`. What would be created,
    updated, left unchanged and what would fail is counted, the first changes and errors are listed;
    `longshore rows ID` and `longshore errors ID` list all, `longshore plan show ID` shows the plan
    again, and `longshore plan list` lists the plans. `longshore apply ID` does exactly what the
    plan says, or nothing.

    Exit status: 0 all rows would be in; 1 rows would fail, or the import would be interrupted; 2
    nothing was planned, because the command or the file cannot be understood.
    """
    wanted = options.to_import(place)
    file = None
    if output is not None:
        file = PlanRowsFile.of_option(
            output, is_spreadsheet_safe=is_guarded, source=path_of(wanted.file)
        )
    if not is_guarded:
        warn_of_guarded(wanted.file)
    with open_place(place, verbose=verbose) as longshore, watch_for_stops() as stops:
        work = Work(longshore, place.environment(longshore), stops, verbose)
        try:
            with recognised(work, wanted, longshore.attachments, is_guarded=is_guarded) as found:
                if not isinstance(found, OneType):
                    check_can_be_group(wanted)
                    if file is not None:
                        raise click.UsageError(
                            "--output is for rows of one type, and the file has several: --json "
                            "--rows tells what becomes of every row"
                        )
                    group = submit_group(work, found, wanted.group_request(), is_plan=True)
                else:
                    group = None
                    made = work.submit_plan(found.source, found.request)
        except StopRequested:
            fail("stopped while the source was read; nothing was planned")
            return Exit.HAD_ERRORS
        if group is not None:
            return plan_group_to_end(work, group, wants_rows=wants_rows, as_json=as_json)
        assert isinstance(found, OneType)
        warn_of_source(longshore, found.request, made, verbose=verbose)
        told = made.notices
        made, effort = work.run(made)
        warn_of(notice for notice in made.notices if notice not in told)
        warn_of_rows(longshore, made)
        if file is not None:
            file.write(longshore, made)
        if as_json:
            write_plan(longshore, made, wants_rows=wants_rows)
        else:
            report_plan(longshore, made, effort, wants_rows=wants_rows)
        say_next_step_of_plan(longshore, made)
        return exit_of_plan(made)


@click.command("show", short_help="Show a plan.")
@click.argument("public_id", metavar="ID")
@json_option
@takes_place
def show_plan(place: Place, public_id: str, as_json: bool) -> None:
    """Show a plan: what it is of, how far it is, and what an import would do."""
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        group = group_called(longshore, environment, public_id)
        if group is not None and group.is_plan:
            if as_json:
                write_group_plan(longshore, environment, group, wants_rows=False)
            else:
                describe_group_plan(longshore, group)
            return
        found = longshore.import_plans.find(environment, public_id)
        describe_plan(longshore, found, as_json=as_json)


@click.command("list", short_help="List the plans, newest first.")
@limit_option(f"At most so many.  [default: {_SHOWN}, all with --json]")
@json_option
@takes_place
def list_plans(place: Place, limit: int | None, as_json: bool) -> None:
    """List the plans of an organization in one mode, newest first."""
    from longshore.api import plan_document
    from longshore.operations import Asker

    with open_place(place, makes=False) as longshore:
        asker = Asker(environment=place.environment(longshore))
        wanted = limit or (_LISTED_MAX if as_json else _SHOWN)
        page = longshore.import_plans.list(asker, offset=0, limit=wanted)
        documents = [plan_document(each) for each in page.plans]
        if as_json:
            write_list(documents)
        elif not documents:
            say("no plans yet", hint="longshore plan TYPE FILE tells what a file would do")
        else:
            write_table(_COLUMNS, map(_cells, documents))
            if page.count > len(documents):
                more = counted(page.count - len(documents), "older plan")
                say(f"and {more}: --limit N shows more")


def _cells(document: dict[str, Any]) -> tuple[object, ...]:
    attributes = document["attributes"]
    if "status" not in attributes:
        return (document["id"], "", "unreadable", *[""] * (len(_COLUMNS) - 3))
    return (
        document["id"],
        attributes["resource_type"],
        "expired" if attributes["is_expired"] else attributes["status"],
        attributes["created_count"],
        attributes["updated_count"],
        attributes["errors_count"],
        attributes["created_at"][:16].replace("T", " "),
        attributes["import_id"],
        attributes["source_name"],
    )


plan.further = {"show": show_plan, "list": list_plans}
