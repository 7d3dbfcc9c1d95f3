"""An import of several types, submitted, tried, run to its end and told of."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from longshore.cli.asking import agrees
from longshore.cli.documents import write_document
from longshore.cli.endings import Exit, silence_output
from longshore.cli.failed_rows import FailedRowsFile
from longshore.cli.findings import name_columns_ignored_of_members, warn_of
from longshore.cli.forerunners import ended_by_newer
from longshore.cli.group_errors import write_group_failed_rows
from longshore.cli.group_plan_report import (
    report_group_plan,
    say_next_step_of_group_plan,
    write_group_plan,
)
from longshore.cli.group_report import exit_of_group, report_group, say_next_step_of_group
from longshore.cli.group_trial_report import (
    exit_of_group_trial,
    report_group_trial,
    write_group_trial,
)
from longshore.cli.group_work import run_group
from longshore.cli.import_work import Work
from longshore.cli.messages import fail, say
from longshore.cli.progress import show_progress
from longshore.cli.report import Effort, warn_of_rows
from longshore.cli.resources import group_documents, group_resource
from longshore.errors import PermanentError, RequestRefused

if TYPE_CHECKING:
    from longshore.engine import DryRun
    from longshore.imports import Import, ImportGroup
    from longshore.operations import GroupRequest, GroupSource

__all__ = [
    "check_failed_rows",
    "import_group_when_agreed",
    "plan_group_to_end",
    "run_group_to_end",
    "submit_group",
    "try_group",
]


def submit_group(
    work: Work,
    source: GroupSource,
    request: GroupRequest,
    *,
    supersedes: bool = False,
    is_plan: bool = False,
) -> ImportGroup:
    """Create the group, whose members, imports or plans, this process is going to run, and name
    the columns of theirs that have no effect.

    With `supersedes` the older imports that they would wait for are interrupted. Raises
    StopRequested when a signal came before; then nothing is stored.
    """
    encode = work.longshore.public_ids.encode

    def on_superseded(older: Import) -> None:
        say(ended_by_newer(encode(older.id), older))

    with show_progress(hidden=work.verbose) as progress:
        progress.begin("storing")
        group = work.longshore.group_submissions.submit(
            work.environment,
            source,
            request,
            is_plan=is_plan,
            to_run=True,
            on_read=work.heeding(progress),
            on_superseded=on_superseded if supersedes else None,
        )
    name_columns_ignored_of_members(
        work.longshore, group.ignored_columns().items(), verbose=work.verbose
    )
    return group


def run_group_to_end(
    work: Work, group: ImportGroup, failed_rows: FailedRowsFile | None, *, as_json: bool
) -> Exit:
    """Run the members of a group, write their failed rows where they are wanted, and report it."""
    longshore = work.longshore
    told = [notice for each in group.members for notice in each.notices]
    warn_of(told)
    group, effort = run_group(work, group)
    warn_of(notice for each in group.members for notice in each.notices if notice not in told)
    code = exit_of_group(group)
    if failed_rows is not None:
        try:
            write_group_failed_rows(longshore, group, failed_rows)
        except PermanentError as error:
            # The group ended as it did, and that is to be told as well.
            public_id = longshore.public_ids.encode(group.id)
            fail(error.message, hint=f"longshore errors {public_id} lists what failed")
            code = Exit.HAD_ERRORS
    for each in group.members:
        warn_of_rows(longshore, each)
    try:
        if as_json:
            write_document(group_documents(longshore, work.environment, group))
        else:
            report_group(longshore, group, effort)
        say_next_step_of_group(longshore, group, was_run_here=True)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_output()  # nobody reads the report, and the group ended as it did
    return code


def resume_group(
    work: Work, group: ImportGroup, *, as_json: bool
) -> tuple[Exit, list[dict[str, Any]]]:
    """Finish a group that was left open, and report it; or with `as_json` its document."""
    group, effort = run_group(work, group)
    warn_of(notice for each in group.members for notice in each.notices)
    for each in group.members:
        warn_of_rows(work.longshore, each)
    if as_json:
        return exit_of_group(group), [group_resource(work.longshore, work.environment, group)]
    if group.is_plan:
        report_group_plan(work.longshore, group, effort)
        say_next_step_of_group_plan(work.longshore, group, was_run_here=True)
    else:
        report_group(work.longshore, group, effort)
        say_next_step_of_group(work.longshore, group, was_run_here=True)
    return exit_of_group(group), []


def plan_group_to_end(work: Work, group: ImportGroup, *, wants_rows: bool, as_json: bool) -> Exit:
    """Run the plans of a group, and report what an import would do."""
    group, effort = _planned(work, group)
    if as_json:
        write_group_plan(work.longshore, work.environment, group, wants_rows=wants_rows)
    else:
        report_group_plan(work.longshore, group, effort, wants_rows=wants_rows)
    say_next_step_of_group_plan(work.longshore, group, was_run_here=True)
    return exit_of_group(group)


def import_group_when_agreed(
    work: Work, source: GroupSource, request: GroupRequest, failed_rows: FailedRowsFile | None
) -> Callable[[], Exit]:
    """Plan the group; what is returned shows the plan, asks, and imports it if that is agreed."""
    group = submit_group(work, source, request, is_plan=True)

    def ask() -> Exit:
        longshore = work.longshore
        plan, effort = _planned(work, group)
        report_group_plan(longshore, plan, effort)
        can_change = plan.status.is_finished and plan.total("created_count") + plan.total(
            "updated_count"
        )
        if longshore.group_applier.refusal(plan) is not None or not can_change:
            say("nothing is imported")
        elif not work.stops.is_asked and _agrees(plan):
            made = longshore.group_applier.apply(work.environment, plan, to_run=True)
            return run_group_to_end(work, made, failed_rows, as_json=False)
        else:
            say("nothing was imported, and the plan is kept")
        say_next_step_of_group_plan(longshore, plan, was_run_here=True)
        return Exit.HAD_ERRORS if can_change else exit_of_group(plan)

    return ask


def _agrees(plan: ImportGroup) -> bool:
    return agrees(
        created=plan.total("created_count"),
        updated=plan.total("updated_count"),
        failing=plan.total("errors_count"),
        rows=plan.total("inputs_size"),
    )


def _planned(work: Work, group: ImportGroup) -> tuple[ImportGroup, Effort]:
    told = [notice for each in group.members for notice in each.notices]
    warn_of(told)
    group, effort = run_group(work, group)
    warn_of(notice for each in group.members for notice in each.notices if notice not in told)
    for each in group.members:
        warn_of_rows(work.longshore, each)
    return group, effort


def try_group(
    work: Work,
    source: GroupSource,
    request: GroupRequest,
    failed_rows: FailedRowsFile | None,
    *,
    as_json: bool,
) -> Exit:
    """Tell what an import of the group would do; raises StopRequested."""
    from longshore.operations import SourceForm

    with ExitStack() as block:
        with show_progress(hidden=work.verbose) as progress:
            progress.begin("reading")

            def on_progress(results: Sequence[DryRun]) -> None:
                work.stops.check()
                done = sum(each.consumed for each in results)
                progress.count(done, sum(each.inputs_size for each in results), "rows")

            tried = block.enter_context(
                work.longshore.group_trials.trial(
                    work.environment,
                    source,
                    request,
                    on_read=work.heeding(progress),
                    on_progress=on_progress,
                )
            )
        if not source.examples:
            examples = {each.resource_type: each.first_records() for each in tried}
            source = replace(source, examples=examples)
        name_columns_ignored_of_members(
            work.longshore,
            ((each.resource_type, each.result.ignored_columns) for each in tried),
            verbose=work.verbose,
        )
        for each in tried:
            warn_of(each.result.notices)
            if failed_rows is not None and each.result.failed:
                form = SourceForm(each.layout, each.text_form())
                failed_rows.of_type(each.resource_type).write(each.failed_rows(), form)
        if as_json:
            write_group_trial(work, source, tried)
        else:
            report_group_trial(source, tried)
        return exit_of_group_trial(tried)


def check_failed_rows(failed_rows: FailedRowsFile | None, types: Sequence[str]) -> None:
    """Refuse a file that cannot be one for each of the types."""
    if failed_rows is None:
        return
    if failed_rows.is_standard_output:
        raise RequestRefused(
            "the file has several types, and the failed rows of each are a file of their own",
            hint="name a file: --errors failed.csv writes failed.skus.csv and so on",
        )
    for name in types:
        failed_rows.of_type(name).check()
