"""What became of an import, for people: counts, what went wrong, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.digest import CAUSES_SHOWN_MAX, LISTED_MAX, write_digest
from longshore.cli.endings import Exit
from longshore.cli.findings import write_errors
from longshore.cli.forerunners import freeing, waiting_for
from longshore.cli.messages import counted, printable, say, say_hint, warn
from longshore.cli.moved import say_next_step_of_moved
from longshore.cli.progress import duration
from longshore.cli.retry_hints import say_how_to_retry
from longshore.cli.stages import say_how_to_mend
from longshore.cli.tables import second, write_facts

if TYPE_CHECKING:
    from longshore.assembly import Longshore
    from longshore.engine import DryRun
    from longshore.imports import (
        Import,
        ImportRequest,
        LoggedError,
        Only,
        SameContent,
    )
    from longshore.operations import Trial

__all__ = [
    "SHOWN_MAX",
    "THRESHOLD",
    "Effort",
    "amounts_shown",
    "describe_import",
    "exit_of",
    "exit_of_dry_run",
    "interruption_reason",
    "report_dry_run",
    "report_import",
    "same_content_shown",
    "say_next_step",
    "skipped_shown",
    "warn_of_first",
    "warn_of_rows",
    "write_first_errors",
]

# Errors and warnings shown after an import; all of them are a command away.
SHOWN_MAX = 20


def exit_of(import_: Import) -> Exit:
    """The exit code that says how an import ended."""
    from longshore.imports import Status

    is_clean = import_.status is Status.COMPLETED and not import_.errors_count
    return Exit.DONE if is_clean else Exit.HAD_ERRORS


def exit_of_dry_run(result: DryRun) -> Exit:
    """The exit code of the import that was only tried."""
    return Exit.HAD_ERRORS if result.failed or result.interrupted else Exit.DONE


@dataclass(frozen=True, slots=True)
class Effort:
    """What it took to run an import or an undo, or the rest of one."""

    rows: int
    seconds: float
    unit: str = "rows"

    def __str__(self) -> str:
        # The rate of a moment says nothing.
        rate = f", {int(self.rows / self.seconds):,} {self.unit}/s" if self.seconds > 1 else ""
        return duration(self.seconds) + rate


def describe_import(longshore: Longshore, import_: Import, effort: Effort | None = None) -> None:
    """Write what an import is and what became of its rows to standard output."""
    from longshore.operations import mapping_shown, rules_shown, stage_shown

    encode = longshore.public_ids.encode
    same = longshore.imports.same_content_as(import_)
    undo = longshore.undos.last_of(import_)
    facts: list[tuple[str, object]] = [
        ("import", encode(import_.id)),
        ("type", import_.resource_type),
        ("source", import_.source_name),
        ("group", import_.group_id and encode(import_.group_id)),
        ("retry of", import_.retry_of and encode(import_.retry_of)),
        ("same content as", same and same_content_shown(same)),
        ("undo", undo and f"{undo[0]} ({undo[1]})"),
        ("status", str(import_.status)),
        ("all or nothing", stage_shown(import_)),
        ("rows", import_.inputs_size),
        ("created", import_.created_count),
        ("updated", import_.updated_count),
        ("unchanged", import_.unchanged_count),
        ("skipped", skipped_shown(import_.skipped_count, import_.only)),
        ("failed", import_.errors_count),
        ("not reached", import_.inputs_size - import_.consumed_count or None),
        ("warnings", import_.warnings_count or None),
        ("amounts", amounts_shown(import_.first_amounts)),
    ]
    if effort is not None:
        facts.append(("time", effort))
    else:
        facts += [
            ("parent", import_.parent_id and encode(import_.parent_id)),
            ("reference", import_.reference),
            ("stop rules", rules_shown(import_.stop_rules)),
            ("mapping", mapping_shown(import_.mapping)),
            ("saved mapping", import_.mapping_reference),
            ("ignored columns", ", ".join(import_.ignored_columns) or None),
            ("created at", second(import_.created_at)),
            ("started at", second(import_.started_at)),
            ("completed at", second(import_.completed_at)),
            ("interrupted at", second(import_.interrupted_at)),
            ("attachment removed at", second(import_.attachment_expired_at)),
        ]
    facts.append(("interrupted because", interruption_reason(import_)))
    write_facts(facts)


def report_import(
    longshore: Longshore, import_: Import, effort: Effort, *, written: str | None = None
) -> None:
    """Write counts and the first errors to standard output, and say what to do next.

    `written` is the file that has the failed rows.
    """
    describe_import(longshore, import_, effort)
    public_id = longshore.public_ids.encode(import_.id)
    if import_.errors_count > LISTED_MAX:
        click.echo()
        write_digest(
            longshore.imports.digest(import_),
            limit=CAUSES_SHOWN_MAX,
            all_in=f"longshore errors {public_id} --all",
            public_id=None if import_.all_or_nothing else public_id,
            is_tabular=import_.layout.is_tabular,
            written=written,
        )
    elif import_.errors_count:
        shown = list(longshore.imports.errors(import_, limit=SHOWN_MAX + 1))
        write_first_errors(
            shown,
            import_.errors_count,
            all_in=f"longshore errors {public_id}",
            of_file=import_.source_columns is not None,
        )
        if import_.is_finished and not import_.all_or_nothing:
            say_how_to_retry(
                shown, public_id, is_tabular=import_.layout.is_tabular, written=written
            )
    if import_.all_or_nothing and import_.errors_count:
        say_how_to_mend(public_id)
    _say_what_stays(longshore, import_)
    if not import_.is_finished or import_.stopped_by is not None:
        say_next_step(longshore, import_)
    else:
        say_next_step_of_moved(longshore, import_)


def amounts_shown(amounts: Sequence[Mapping[str, Any]]) -> str | None:
    """The first amounts as money: `Price 50.00 -> 50.00 USD (5000 cents), ...`."""
    shown = [
        f"{printable(str(each['column']))} {printable(str(each['value']))} -> {each['amount']}"
        f" ({each['cents']} cents)"
        for each in amounts
    ]
    return ", ".join(shown) or None


def same_content_shown(same: SameContent) -> str:
    """The import that has done the same before: `gWbXnZyQAq, 2026-01-31 12:00:00 (completed)`."""
    return f"{same.public_id}, {second(same.created_at)} ({same.status})"


def skipped_shown(count: int, only: Only | None) -> str | None:
    """How many rows were skipped, and why; None: none is to be."""
    if only is None:
        # Of an import that is all or nothing: nothing has happened to them.
        return f"{count:,}" if count else None
    return f"{count:,} (only {only})"


def _reason_of_dry_run(result: DryRun, request: ImportRequest) -> str | None:
    if request.all_or_nothing and result.failed:
        return f"nothing would be written: {counted(result.failed, 'row')} failed"
    if not result.interrupted:
        return None
    return THRESHOLD if result.stopped_by is None else result.stopped_by.reason


def report_dry_run(trial: Trial, request: ImportRequest) -> None:
    """Write what an import would do, and the first errors, to standard output."""
    result = trial.result
    same = result.same_content_as
    write_facts(
        [
            ("dry run", "nothing was written"),
            ("same content as", same and same_content_shown(same)),
            ("rows", result.inputs_size),
            ("created", result.created),
            ("updated", result.updated),
            ("unchanged", result.unchanged),
            ("skipped", skipped_shown(result.skipped, request.only)),
            ("failed", result.failed),
            ("not reached", result.inputs_size - result.consumed or None),
            ("interrupted because", _reason_of_dry_run(result, request)),
            ("amounts", amounts_shown(result.first_amounts)),
        ]
    )
    all_in = "--errors FILE, or --json"
    if result.failed > LISTED_MAX:
        click.echo()
        write_digest(trial.digest(), limit=CAUSES_SHOWN_MAX, all_in=all_in)
    else:
        shown = list(islice(trial.errors(), SHOWN_MAX + 1))
        write_first_errors(shown, result.failed, all_in=all_in)


def say_next_step(longshore: Longshore, import_: Import) -> None:
    """Say what there is to be done about an import that did not end well."""
    from longshore.imports import Status

    public_id = longshore.public_ids.encode(import_.id)
    _say_what_stays(longshore, import_)
    older = longshore.imports.waits_for(import_)
    if import_.is_finished:
        if import_.errors_count:
            say_hint(f"longshore errors {public_id} lists them")
        if import_.stopped_by is not None and not import_.all_or_nothing:
            say_hint(
                f"nothing behind row {import_.stopped_by.row:,} had an effect: mend the rows and "
                "import the file again, what is in is then unchanged"
            )
        say_next_step_of_moved(longshore, import_)
    elif older is not None:
        say(f"the import waits for {waiting_for(older)}", hint=freeing(older))
    elif longshore.import_runs.is_running(import_):
        say("a process is at it")
    else:
        waits = "has not begun" if import_.status is Status.PENDING else "was left open"
        say(f"the import {waits} and no process is at it", hint="longshore resume finishes it")


def _say_what_stays(longshore: Longshore, import_: Import) -> None:
    """Say where to look when an import that has gone back has left something."""
    from longshore.imports import Stage

    if not import_.is_finished or import_.stage is not Stage.GOING_BACK:
        return
    if next(longshore.undos.kept(import_, limit=1), None) is not None:
        public_id = longshore.public_ids.encode(import_.id)
        say_hint(f"longshore kept {public_id} lists what stays, with the reasons")


def warn_of_rows(longshore: Longshore, import_: Import) -> None:
    """Say the first warnings about rows."""
    if not import_.warnings_count:
        return
    found = longshore.imports.warnings(import_, identifiers_max=SHOWN_MAX + 1)
    public_id = longshore.public_ids.encode(import_.id)
    all_in = f"longshore show {public_id} --json"
    warn_of_first(found, import_.warnings_count, all_in=all_in)


def warn_of_first(found: Sequence[tuple[str, str]], count: int, *, all_in: str) -> None:
    """Say the first of so many warnings, row identifiers and messages, and where all are."""
    for name, message in found[:SHOWN_MAX]:
        warn(f"{printable(name)}: {printable(message)}")
    if len(found) > SHOWN_MAX:
        say(f"{counted(count, 'warning')} in all: {all_in}")


THRESHOLD = "more than 10 % of the rows failed; --skip-errors goes on regardless"


def interruption_reason(import_: Import) -> str | None:
    """Why an import or a plan was interrupted; None: it was not."""
    from longshore.operations import interruption_reason as told

    return told(import_, over_threshold=THRESHOLD)


def write_first_errors(
    errors: Sequence[LoggedError], failed: int, *, all_in: str, of_file: bool = False
) -> None:
    """Write the first errors of so many failed rows, and say where all of them are; `of_file` also
    where they stand in the file of which the rows were made."""
    shown = errors[:SHOWN_MAX]
    if not shown:
        return
    click.echo()
    write_errors(shown, of_file=of_file)
    if len(errors) > SHOWN_MAX:
        rows = failed - len({error.row for error in shown})
        more = f"{counted(rows, 'more failed row')}" if rows else "more"
        say(f"... and {more}: {all_in}")
