"""What an import of several types would do, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.digest import LISTED_MAX
from longshore.cli.documents import write_document_and_many
from longshore.cli.endings import Exit
from longshore.cli.findings import dry_run_meta
from longshore.cli.group_examples import write_examples
from longshore.cli.group_report import MemberCounts, MemberErrors, write_counts, write_group_errors
from longshore.cli.import_work import Work
from longshore.cli.messages import counted
from longshore.cli.report import SHOWN_MAX, THRESHOLD
from longshore.cli.resources import tried_group_resource
from longshore.cli.tables import write_facts

if TYPE_CHECKING:
    from longshore.operations import GroupSource, Trial

__all__ = ["exit_of_group_trial", "report_group_trial", "write_group_trial"]


def exit_of_group_trial(tried: Sequence[Trial]) -> Exit:
    """The exit code of the import that was only tried."""
    results = [each.result for each in tried]
    is_clean = not any(each.failed or each.interrupted for each in results)
    return Exit.DONE if is_clean else Exit.HAD_ERRORS


def report_group_trial(source: GroupSource, tried: Sequence[Trial]) -> None:
    """Write what would become of the rows of each type, its first records before and after
    conversion, and what would fail, to standard output."""
    size = source.source_size
    write_facts(
        [
            ("dry run", "nothing was written"),
            ("source", source.name if size is None else f"{source.name} ({counted(size, 'row')})"),
            ("recognised as", "; ".join(source.why) or None),
            ("interrupted because", _interruption(tried)),
        ]
    )
    click.echo()
    write_counts([MemberCounts.of_dry_run(each.resource_type, each.result) for each in tried])
    write_examples(
        source.examples,
        {each.resource_type: each.result.inputs_size for each in tried},
        {each.resource_type: each.source_columns or {} for each in source.members},
    )
    is_long = sum(each.result.failed for each in tried) > LISTED_MAX
    write_group_errors(
        [
            MemberErrors(
                resource_type=each.resource_type,
                failed=each.result.failed,
                errors=islice(each.errors(), SHOWN_MAX + 1),
                digest=each.digest() if is_long else None,
            )
            for each in tried
            if each.result.failed
        ],
        all_in="--errors FILE, or --json",
    )


def write_group_trial(work: Work, source: GroupSource, tried: Sequence[Trial]) -> None:
    """Write the same as JSON, with all errors."""
    document = {
        "data": tried_group_resource(work.environment, source, [each.result for each in tried]),
        "included": [
            {
                "type": "imports",
                "id": None,
                "attributes": {"resource_type": each.resource_type},
                "meta": dry_run_meta(each.result),
            }
            for each in tried
        ],
    }
    write_document_and_many(document, "errors", _errors_of(tried))


def _errors_of(tried: Sequence[Trial]) -> Iterator[dict[str, Any]]:
    from longshore.operations import error_attributes

    for each in tried:
        for error in each.errors():
            yield {"resource_type": each.resource_type, **error_attributes(error)}


def _interruption(tried: Sequence[Trial]) -> str | None:
    """Where and why the import would stop."""
    for each in tried:
        result = each.result
        if result.interrupted:
            reason = THRESHOLD if result.stopped_by is None else result.stopped_by.reason
            return f"{each.resource_type}: {reason}"
    return None
