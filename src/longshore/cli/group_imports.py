"""An import of several types, submitted, tried, run to its end and told of."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from longshore.cli.documents import write_document
from longshore.cli.endings import Exit, silence_output
from longshore.cli.failed_rows import FailedRowsFile, SourceForm
from longshore.cli.findings import warn_of
from longshore.cli.forerunners import ended_by_newer
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
from longshore.cli.report import warn_of_rows
from longshore.cli.resources import group_documents
from longshore.errors import PermanentError, RequestRefused

if TYPE_CHECKING:
    from longshore.engine import DryRun
    from longshore.imports import Import, ImportGroup
    from longshore.operations import GroupRequest, GroupSource

__all__ = ["check_failed_rows", "run_group_to_end", "submit_group", "try_group"]


def submit_group(
    work: Work, source: GroupSource, request: GroupRequest, *, supersedes: bool = False
) -> ImportGroup:
    """Create the group, whose members this process is going to run.

    With `supersedes` the older imports that they would wait for are interrupted. Raises
    StopRequested when a signal came before; then nothing is stored.
    """
    encode = work.longshore.public_ids.encode

    def on_superseded(older: Import) -> None:
        say(ended_by_newer(encode(older.id), older))

    with show_progress(hidden=work.verbose) as progress:
        progress.begin("storing")
        return work.longshore.group_submissions.submit(
            work.environment,
            source,
            request,
            to_run=True,
            on_read=work.heeding(progress),
            on_superseded=on_superseded if supersedes else None,
        )


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
    written: list[str] = []
    if failed_rows is not None:
        try:
            written = _write_failed_rows(work, group, failed_rows)
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
            report_group(longshore, group, effort, written=written)
        say_next_step_of_group(longshore, group)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_output()  # nobody reads the report, and the group ended as it did
    return code


def try_group(
    work: Work,
    source: GroupSource,
    request: GroupRequest,
    failed_rows: FailedRowsFile | None,
    *,
    as_json: bool,
) -> Exit:
    """Tell what an import of the group would do; raises StopRequested."""
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


def _write_failed_rows(work: Work, group: ImportGroup, failed_rows: FailedRowsFile) -> list[str]:
    """Write a file for each type that has failed rows; the types are in the names."""
    longshore = work.longshore
    written = []
    for each in group.members:
        if not each.errors_count:
            continue
        file = failed_rows.of_type(each.resource_type)
        form = longshore.attachments.text_form(each.attachment_name, each.layout)
        file.write(longshore.imports.failed_rows(each), SourceForm(each.layout, form))
        written.append(str(file.path))
    return written
