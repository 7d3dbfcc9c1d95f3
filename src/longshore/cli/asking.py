"""A plan shown to somebody at a terminal, who says whether it is to be applied."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from longshore.cli.endings import Exit
from longshore.cli.failed_rows import FailedRowsFile
from longshore.cli.findings import warn_of, warn_of_source
from longshore.cli.import_end import run_to_end
from longshore.cli.import_work import Work
from longshore.cli.messages import counted, fail, say
from longshore.cli.plan_report import exit_of_plan, report_plan, say_next_step_of_plan
from longshore.cli.report import warn_of_rows
from longshore.cli.stops import StopRequested
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from longshore.imports import Import, ImportRequest
    from longshore.sources import Source

__all__ = ["agrees", "check_can_ask", "import_when_agreed"]


def check_can_ask() -> None:
    """Refuse to ask where nobody can answer."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise RequestRefused(
            "--ask asks a question on a terminal, and there is none",
            hint="longshore plan TYPE FILE shows what an import would do, and longshore apply PLAN "
            "does it",
        )


def import_when_agreed(
    work: Work, source: Source, request: ImportRequest, failed_rows: FailedRowsFile | None
) -> Exit:
    """Plan the import, show what it would do, and apply the plan if the answer is yes."""
    longshore = work.longshore
    try:
        plan = work.submit_plan(source, request)
    except StopRequested:
        fail("stopped while the source was read; nothing was planned")
        return Exit.HAD_ERRORS
    warn_of_source(longshore, request, plan, verbose=work.verbose)
    told = plan.notices
    plan, effort = work.run(plan)
    warn_of(notice for notice in plan.notices if notice not in told)
    warn_of_rows(longshore, plan)
    report_plan(longshore, plan, effort)
    if not _can_change(plan) or work.stops.is_asked:
        say("nothing is imported")
        say_next_step_of_plan(longshore, plan)
        return exit_of_plan(plan)
    if not agrees(
        created=plan.created_count,
        updated=plan.updated_count,
        failing=plan.errors_count,
        rows=plan.inputs_size,
    ):
        say("nothing was imported, and the plan is kept")
        say_next_step_of_plan(longshore, plan)
        return Exit.HAD_ERRORS
    return run_to_end(work, work.apply(plan), failed_rows, as_json=False)


def _can_change(plan: Import) -> bool:
    """Whether the plan has come to its end, and would change anything."""
    from longshore.imports import Status

    return plan.status is Status.COMPLETED and bool(plan.created_count or plan.updated_count)


def agrees(*, created: int, updated: int, failing: int, rows: int) -> bool:
    """Whether somebody at the terminal agrees to what was shown."""
    sys.stdout.flush()  # what the question is about stands before it
    parts = [f"create {created:,}", f"update {updated:,}"]
    told = f", while {counted(failing, 'row')} would fail" if failing else ""
    question = f"{' and '.join(parts)} of {counted(rows, 'row')}{told}?"
    try:
        return click.confirm(question.capitalize(), default=False, err=True)
    except click.Abort:
        return False
