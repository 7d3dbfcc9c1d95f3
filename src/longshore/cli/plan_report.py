"""What a plan says, for people: counts, what would change, what would fail, and the next step."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import click

from longshore.cli.digest import CAUSES_SHOWN_MAX, LISTED_MAX, write_digest
from longshore.cli.documents import write_document, write_document_and_many
from longshore.cli.endings import Exit
from longshore.cli.messages import counted, say, say_hint, warn
from longshore.cli.plan_rows import write_plan_rows
from longshore.cli.report import (
    SHOWN_MAX,
    Effort,
    amounts_shown,
    interruption_reason,
    same_content_shown,
    skipped_shown,
    write_first_errors,
)
from longshore.cli.resources import plan_resource
from longshore.cli.tables import second, write_facts

if TYPE_CHECKING:
    from longshore.assembly import Longshore
    from longshore.imports import Import

__all__ = ["describe_plan", "exit_of_plan", "report_plan", "say_next_step_of_plan", "write_plan"]


def exit_of_plan(plan: Import) -> Exit:
    """The exit code that says what an import would come to."""
    from longshore.imports import Status

    is_clean = plan.status is Status.COMPLETED and not plan.errors_count
    return Exit.DONE if is_clean else Exit.HAD_ERRORS


def report_plan(
    longshore: Longshore, plan: Import, effort: Effort, *, wants_rows: bool = False
) -> None:
    """Write counts, what would change and what would fail to standard output."""
    _write_facts(longshore, plan, effort)
    _write_findings(longshore, plan, wants_rows=wants_rows)


def describe_plan(longshore: Longshore, plan: Import, *, as_json: bool) -> None:
    """The same of a plan that was made before."""
    if as_json:
        write_plan(longshore, plan)
        return
    _write_facts(longshore, plan, None)
    _write_findings(longshore, plan, wants_rows=False)
    say_next_step_of_plan(longshore, plan)


def write_plan(longshore: Longshore, plan: Import, *, wants_rows: bool = False) -> None:
    """Write a plan as JSON, with what becomes of its rows where that is wanted."""
    from longshore.imports import ALL_OUTCOMES

    document = {"data": plan_resource(longshore, plan)}
    if not wants_rows:
        write_document(document)
        return
    with longshore.import_plans.rows(plan, outcomes=ALL_OUTCOMES) as rows:
        write_document_and_many(document, "rows", rows)


def say_next_step_of_plan(longshore: Longshore, plan: Import) -> None:
    """Say what can be done with a plan."""
    from longshore.imports import Status

    public_id = longshore.public_ids.encode(plan.id)
    if not plan.is_finished:
        if longshore.import_runs.is_running(plan):
            say("a process is at it")
        else:
            warn("the plan was left open", hint="longshore resume finishes it")
    elif longshore.import_plans.is_expired(plan):
        say("the plan is not kept any more, but for its counts", hint="plan the file again")
    elif plan.status is Status.COMPLETED:
        refusal = longshore.plan_applier.refusal(plan)
        if refusal is None:
            say_hint(f"longshore apply {public_id} does exactly this, or nothing")
        else:
            say(refusal.message, hint=refusal.hint)


def _write_facts(longshore: Longshore, plan: Import, effort: Effort | None) -> None:
    encode = longshore.public_ids.encode
    same = longshore.imports.same_content_as(plan)
    facts: list[tuple[str, object]] = [
        ("plan", encode(plan.id)),
        ("type", plan.resource_type),
        ("source", plan.source_name),
        ("same content as", same and same_content_shown(same)),
        ("status", str(plan.status)),
        ("rows", plan.inputs_size),
        ("created", plan.created_count),
        ("updated", plan.updated_count),
        ("unchanged", plan.unchanged_count),
        ("skipped", skipped_shown(plan.skipped_count, plan.only)),
        ("failed", plan.errors_count),
        ("not reached", plan.inputs_size - plan.consumed_count or None),
        ("warnings", plan.warnings_count or None),
        ("amounts", amounts_shown(plan.first_amounts)),
    ]
    if effort is not None:
        facts.append(("time", effort))
    else:
        from longshore.operations import mapping_shown, rules_shown

        facts += [
            ("parent", plan.parent_id and encode(plan.parent_id)),
            ("reference", plan.reference),
            ("stop rules", rules_shown(plan.stop_rules)),
            ("mapping", mapping_shown(plan.mapping)),
            ("saved mapping", plan.mapping_reference),
            ("ignored columns", ", ".join(plan.ignored_columns) or None),
            ("created at", second(plan.created_at)),
            ("completed at", second(plan.completed_at)),
            ("interrupted at", second(plan.interrupted_at)),
        ]
    facts += [
        ("applied by", longshore.import_plans.applied_by(plan)),
        ("expires at", second(plan.expires_at)),
        ("interrupted because", interruption_reason(plan)),
    ]
    write_facts(facts)


def _write_findings(longshore: Longshore, plan: Import, *, wants_rows: bool) -> None:
    """What would change and fail: of all rows, or of the first ones."""
    from longshore.imports import RowOutcome

    if longshore.import_plans.is_expired(plan):
        return
    public_id = longshore.public_ids.encode(plan.id)
    if wants_rows:
        outcomes = {RowOutcome.CREATED, RowOutcome.UPDATED, RowOutcome.FAILED}
        if plan.created_count or plan.updated_count or plan.errors_count:
            click.echo()
            with longshore.import_plans.rows(plan, outcomes=outcomes) as rows:
                write_plan_rows(rows)
        return
    if plan.updated_count:
        click.echo()
        with longshore.import_plans.rows(plan, outcomes={RowOutcome.UPDATED}) as rows:
            write_plan_rows(islice(rows, SHOWN_MAX), may_fail=False)
        if plan.updated_count > SHOWN_MAX:
            more = counted(plan.updated_count - SHOWN_MAX, "more row")
            say(f"... and {more}: longshore rows {public_id} --outcome updated")
    all_in = f"longshore errors {public_id}"
    if plan.errors_count > LISTED_MAX:
        click.echo()
        digest = longshore.imports.digest(plan)
        write_digest(digest, limit=CAUSES_SHOWN_MAX, all_in=f"{all_in} --all")
    elif plan.errors_count:
        shown = list(longshore.imports.errors(plan, limit=SHOWN_MAX + 1))
        write_first_errors(
            shown, plan.errors_count, all_in=all_in, of_file=plan.source_columns is not None
        )
