"""What a plan of several types says, for people and as JSON, and what can be done with it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import click

from longshore.cli.documents import write_document, write_document_and_many
from longshore.cli.group_examples import write_examples
from longshore.cli.group_report import is_at_work, write_errors_of_group, write_group
from longshore.cli.messages import counted, say, say_hint, warn
from longshore.cli.plan_rows import write_plan_rows
from longshore.cli.report import SHOWN_MAX, Effort
from longshore.cli.resources import group_documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from longshore.access import Environment
    from longshore.assembly import Longshore
    from longshore.imports import Import, ImportGroup

__all__ = [
    "describe_group_plan",
    "report_group_plan",
    "say_next_step_of_group_plan",
    "write_group_plan",
]


def report_group_plan(
    longshore: Longshore,
    group: ImportGroup,
    effort: Effort | None = None,
    *,
    wants_rows: bool = False,
) -> None:
    """Write what would become of the rows of each type, its first records before and after
    conversion, what would change and what would fail, to standard output."""
    write_group(longshore, group, effort)
    write_examples(
        group.examples,
        {each.resource_type: each.inputs_size for each in group.members},
        {each.resource_type: each.source_columns or {} for each in group.members},
    )
    for each in group.members:
        if not longshore.import_plans.is_expired(each):
            _write_rows(longshore, each, wants_rows=wants_rows)
    write_errors_of_group(longshore, group)


def describe_group_plan(longshore: Longshore, group: ImportGroup) -> None:
    """The same of a plan that was made before, with what can be done with it."""
    report_group_plan(longshore, group)
    say_next_step_of_group_plan(longshore, group)


def write_group_plan(
    longshore: Longshore, environment: Environment, group: ImportGroup, *, wants_rows: bool
) -> None:
    """Write a plan as JSON, with what becomes of all rows where that is wanted."""
    document = group_documents(longshore, environment, group)
    if wants_rows:
        write_document_and_many(document, "rows", _all_rows(longshore, group))
    else:
        write_document(document)


def say_next_step_of_group_plan(
    longshore: Longshore, group: ImportGroup, *, was_run_here: bool = False
) -> None:
    """Say what can be done with a plan."""
    from longshore.imports import Status

    public_id = longshore.public_ids.encode(group.id)
    if not group.is_finished:
        if not was_run_here and is_at_work(longshore, group):
            say("a process is at it")
        else:
            warn("the plan was left open", hint="longshore resume finishes it")
    elif group.status is Status.COMPLETED:
        refusal = longshore.group_applier.refusal(group)
        if refusal is None:
            say_hint(f"longshore apply {public_id} does exactly this, or nothing")
        else:
            say(refusal.message, hint=refusal.hint)


def _write_rows(longshore: Longshore, plan: Import, *, wants_rows: bool) -> None:
    """What would become of the rows of one type: of the first that change a record, or of all."""
    from longshore.imports import RowOutcome

    changed = {RowOutcome.CREATED, RowOutcome.UPDATED, RowOutcome.FAILED}
    outcomes = changed if wants_rows else {RowOutcome.UPDATED}
    has_any = plan.updated_count or (wants_rows and (plan.created_count or plan.errors_count))
    if not has_any:
        return
    click.echo()
    click.echo(plan.resource_type)
    with longshore.import_plans.rows(plan, outcomes=outcomes) as rows:
        shown = rows if wants_rows else islice(rows, SHOWN_MAX)
        write_plan_rows(shown, may_fail=wants_rows)
    if not wants_rows and plan.updated_count > SHOWN_MAX:
        more = counted(plan.updated_count - SHOWN_MAX, "more row")
        public_id = longshore.public_ids.encode(plan.id)
        say(f"... and {more}: longshore rows {public_id} --outcome updated")


def _all_rows(longshore: Longshore, group: ImportGroup) -> Iterator[Mapping[str, Any]]:
    from longshore.imports import ALL_OUTCOMES

    for each in group.members:
        with longshore.import_plans.rows(each, outcomes=ALL_OUTCOMES) as rows:
            for row in rows:
                yield {"resource_type": each.resource_type, **row}
